"""Where the channel is, where it has gaps, and what depends on single partners."""

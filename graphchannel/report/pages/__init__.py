"""Reports as files that need no program: an HTML page, its PDF, and what a partner may be given."""

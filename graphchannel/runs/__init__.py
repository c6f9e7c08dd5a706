"""Runs: every scan is kept with what it judged and by what, so that it can be repeated."""

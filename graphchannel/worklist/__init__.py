"""The work list: who deals with which finding, kept as events that only grow."""

"""Analyses on NetworkX: pure functions from a rule's rows to offending rows."""

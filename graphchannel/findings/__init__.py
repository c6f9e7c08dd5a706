"""Offending rows grouped into findings."""

"""Clauses and whole queries: each a table expression onto the rows before it."""

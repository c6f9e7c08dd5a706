"""Portable Cypher: read it, check it against a graph schema, and print it as SQL."""

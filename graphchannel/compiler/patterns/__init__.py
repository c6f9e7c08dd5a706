"""MATCH: patterns resolved against the schema, then joined."""

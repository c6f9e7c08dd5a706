"""Copies of the workspace elsewhere, such as Neo4j and Parquet."""

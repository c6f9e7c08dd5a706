"""All that knows Spark: the graph as a lake of Parquet files, a session on it, and the engine."""

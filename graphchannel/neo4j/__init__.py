"""All that knows Neo4j: the engine, a server of one's own, published copies, Neo4j Browser."""

"""Engines: the same query on DuckDB, Neo4j or Spark, as Arrow or as rows beside the workspace."""

from __future__ import annotations

from graphchannel.engines.base import Engine, Query, Source
from graphchannel.engines.duckdb import DuckDBEngine

__all__ = ["DuckDBEngine", "Engine", "Query", "Source"]

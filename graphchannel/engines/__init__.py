"""Engines: what runs a query, as Arrow or as rows beside the workspace. DuckDB is here."""

from __future__ import annotations

from graphchannel.engines.base import Engine, PartedEngine, Parts, Query, SelectableRows
from graphchannel.engines.duckdb import DuckDBEngine

__all__ = ["DuckDBEngine", "Engine", "PartedEngine", "Parts", "Query", "SelectableRows"]

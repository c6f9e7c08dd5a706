"""How the two SQL dialects spell what they do not have in common."""

from __future__ import annotations

from graphchannel.compiler.sql.dialects._duckdb import DuckDB
from graphchannel.compiler.sql.dialects._spark import Spark
from graphchannel.compiler.sql.dialects.base import Dialect

__all__ = ["Dialect", "DuckDB", "Spark", "named"]


def named(name: str) -> Dialect:
    """Return the dialect called `duckdb` or `spark`; raise ValueError for any other name."""
    for dialect in (DuckDB(), Spark()):
        if dialect.name == name:
            return dialect
    raise ValueError(f"'{name}' is no SQL dialect of the compiler (has: duckdb, spark).")

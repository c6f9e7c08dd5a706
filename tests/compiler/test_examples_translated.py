"""Every example's SQL for Spark, read back by sqlglot as Spark's and run by DuckDB.

Spark itself runs a sample of them (`test_examples_spark.py`); this takes no Java. What sqlglot or
DuckDB cannot do of it is named below, and must keep failing.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import sqlglot

from graphchannel.compiler import compile as compile_cypher
from tests.compiler.examples import EXAMPLES, Example
from tests.compiler.sample import SCHEMA, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

# Functions of Spark that sqlglot hands on as they are.
MACROS = (
    "raise_error(message) AS error(message)",
    "get(list, place) AS list[place + 1]",
    "monotonically_increasing_id() AS row_number() OVER ()",
)
PARTS = {"YEAROFWEEK": "ISOYEAR", "DAYOFWEEK_ISO": "ISODOW"}
OTHERWISE = {
    "toInteger truncates": "DuckDB rounds where Spark cuts off",
    "not a number": "Spark stops at a division by zero",
    "list functions": "DuckDB reverses texts only",
    "collect in order": "DuckDB sorts by no function",
}


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        for macro in MACROS:
            connection.execute(f"CREATE MACRO {macro}")
        yield connection


def plain(value: Any) -> Any:
    """Return the day of a midnight: truncating a day makes a moment in DuckDB."""
    midnight = isinstance(value, dt.datetime) and value.time() == dt.time()
    return value.date() if midnight else value


def answer(example: Example, duck: duckdb.DuckDBPyConnection) -> list[Any]:
    compiled = compile_cypher(example.query, SCHEMA, "spark")
    (translated,) = sqlglot.transpile(compiled.sql, read="spark", write="duckdb")
    for theirs, ours in PARTS.items():
        translated = translated.replace(theirs, ours)
    return [tuple(map(plain, row)) for row in duck.execute(translated).fetchall()]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_sql_for_spark_says_what_neo4j_answers(
    example: Example, duck: duckdb.DuckDBPyConnection
) -> None:
    try:
        got = answer(example, duck)
    except duckdb.Error:
        assert example.name in OTHERWISE
        return
    same = got if example.ordered else sorted(map(repr, got))
    wanted = example.rows if example.ordered else sorted(map(repr, example.rows))
    assert (same == wanted) is (example.name not in OTHERWISE), f"{got}"

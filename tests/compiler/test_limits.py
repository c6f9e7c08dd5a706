"""Queries of a size that nobody means are refused before a database plans them for minutes."""

from __future__ import annotations

import duckdb
import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.errors import NotPortable
from tests.compiler.sample import SCHEMA, connect


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("MATCH (a)" + "-[:SUPPLIED]->()" * 41 + " RETURN 1 AS x", "41|40 relationships"),
        ("MATCH " + ", ".join(f"(n{n})" for n in range(9)) + " RETURN 1 AS x", "8 patterns"),
        ("WITH 1 AS x " + "WITH x " * 100 + "RETURN x", "100 clauses"),
        ("RETURN [" + "1, " * 6000 + "1] AS x", "5,000 values"),
        ("RETURN '" + "x" * 100_000 + "' AS x", "100,000 characters"),
        ("RETURN range(1, 1000001) AS x", "1,000,000 numbers"),
        ("RETURN range(-1, -3000000, -2) AS x", "1,000,000 numbers"),
    ],
)
def test_too_much_is_refused(query: str, words: str) -> None:
    with pytest.raises(NotPortable, match=words):
        compile_cypher(query, SCHEMA, exploring=True)


@pytest.mark.parametrize("bounds", ["1, k * 1000000", "k, -100000000, -3", "0 - k * 9999999, 5"])
def test_a_computed_range_stops_the_query(bounds: str) -> None:
    query = compile_cypher(f"WITH 5 AS k RETURN size(range({bounds})) AS x", SCHEMA)
    with pytest.raises(duckdb.Error, match="more than 100,000 numbers"):
        connect().execute(query.sql).fetchall()


@pytest.mark.parametrize(("bounds", "size"), [("1, 1000000", 1_000_000), ("k, k + 99998", 99_999)])
def test_one_within_the_limit_runs(bounds: str, size: int) -> None:
    query = compile_cypher(f"WITH 5 AS k RETURN size(range({bounds})) AS x", SCHEMA)
    assert connect().execute(query.sql).fetchall() == [(size,)]

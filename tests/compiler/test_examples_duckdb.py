from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.compiler import compile as compile_cypher
from tests.compiler.examples import EXAMPLES, Example
from tests.compiler.sample import SCHEMA, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection


def same_rows(got: list[Any], example: Example) -> bool:
    if example.ordered:
        return got == example.rows
    return sorted(map(repr, got)) == sorted(map(repr, example.rows))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_duckdb_answers_as_neo4j_does(example: Example, duck: duckdb.DuckDBPyConnection) -> None:
    compiled = compile_cypher(example.query, SCHEMA)
    got = duck.execute(compiled.sql).fetchall()
    assert same_rows(got, example), f"{got}\n{compiled.sql}"


def test_rounding_within_a_conversion_is_rounding_and_then_converting(
    duck: duckdb.DuckDBPyConnection,
) -> None:
    halves = ", ".join(f"{sign}{n}.5" for n in (0, 1, 6, 2**31, 2**51) for sign in ("", "-"))
    edges = (
        "9.223372036854775e18, -9.223372036854775e18, 9.3e18, -9.3e18, 1e300, 1.0 / 0.0, 0.0 / 0.0"
    )
    rows = f"UNWIND [{halves}, {edges}, -1.0 / 0.0, 0.49999999999999994, null] AS x"
    once, twice = (
        duck.execute(compile_cypher(f"{rows} {rest} AS whole", SCHEMA).sql).fetchall()
        for rest in ("RETURN toInteger(round(x))", "WITH round(x) AS r RETURN toInteger(r)")
    )
    assert sorted(map(str, once)) == sorted(map(str, twice))
    assert len(set(once)) > 12

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

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from graphchannel.compiler import DATE, FLOAT, INTEGER, STRING, Compiled, CypherType, ListType
from graphchannel.compiler import compile as compile_cypher
from graphchannel.engines import DuckDBEngine, Query
from graphchannel.errors import EngineError, QueryTimeout, TooManyRows
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def query(sql: str, **types: CypherType) -> Query:
    return Query("query", "", Compiled(sql, (), types, frozenset(), ordered=False))


def test_rows_come_as_arrow(connection: duckdb.DuckDBPyConnection) -> None:
    table = DuckDBEngine(connection).run(
        query(
            "SELECT $day::DATE AS day, len($l::VARCHAR[]) AS n",
            day=DATE,
            l=ListType(STRING),
        ),
        {"day": date(2015, 1, 1), "l": ("a", "b"), "unused": 1},
    )
    assert table.to_pylist() == [{"day": date(2015, 1, 1), "n": 2}]


def test_an_empty_result_keeps_its_columns(connection: duckdb.DuckDBPyConnection) -> None:
    table = DuckDBEngine(connection).run(query("SELECT 1 AS a WHERE false"), {})
    assert (table.column_names, table.num_rows) == (["a"], 0)


def test_rows_left_by_another_statement_do_not_disturb(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("FROM range(10)").fetchone()
    assert DuckDBEngine(connection).run(query("SELECT 1 AS a"), {}).num_rows == 1


def test_a_cap_is_an_error_and_never_a_cut(connection: duckdb.DuckDBPyConnection) -> None:
    engine = DuckDBEngine(connection, max_rows=10)
    assert engine.run(query("FROM range(10)"), {}).num_rows == 10
    with pytest.raises(TooManyRows, match="more than 10 rows"):
        engine.run(query("FROM range(11)"), {})
    assert engine.run(query("FROM range(3)"), {}).num_rows == 3


def test_a_slow_query_is_stopped(connection: duckdb.DuckDBPyConnection) -> None:
    engine = DuckDBEngine(connection, timeout=0.2)
    slow = (
        "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 1"
    )
    start = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.2 seconds"):
        engine.run(query(slow), {})
    assert time.monotonic() - start < 10
    assert engine.run(query("SELECT 1 AS a"), {}).num_rows == 1


def test_a_missing_parameter_is_named(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(EngineError, match=r"\$day.*--param day="):
        DuckDBEngine(connection).run(query("SELECT $day", day=DATE), {})


def test_a_value_of_another_type_is_refused_and_never_rounded(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    wants_integer = query("SELECT $n::BIGINT AS n", n=INTEGER)
    with pytest.raises(EngineError, match=r"\$n is an INTEGER in this query, 2\.5 is not\."):
        DuckDBEngine(connection).run(wants_integer, {"n": 2.5})
    with pytest.raises(EngineError, match=r"\$n is an INTEGER"):
        DuckDBEngine(connection).source(wants_integer, {"n": True})
    assert DuckDBEngine(connection).run(wants_integer, {"n": None}).to_pylist() == [{"n": None}]


def test_an_integer_is_a_float_where_one_is_wanted(connection: duckdb.DuckDBPyConnection) -> None:
    source = DuckDBEngine(connection).source(
        query("SELECT $x, $l", x=FLOAT, l=ListType(FLOAT)), {"x": 7, "l": (1, None, 2.5)}
    )
    assert repr(dict(source.parameters)) == "{'x': 7.0, 'l': [1.0, None, 2.5]}"


def test_what_duckdb_says_is_our_error(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(EngineError, match="DuckDB could not run the query"):
        DuckDBEngine(connection).run(query("SELECT nothing FROM nowhere"), {})


def test_a_source_is_selected_from_where_it_is(connection: duckdb.DuckDBPyConnection) -> None:
    source = DuckDBEngine(connection).source(query("SELECT $a AS a", a=STRING), {"a": "x", "b": 1})
    rows = connection.execute(f"SELECT a FROM {source.relation} s", dict(source.parameters))
    assert rows.fetchall() == [("x",)]


def test_few_lists_and_maps_are_those_of_many_rows(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    cypher = (
        "UNWIND [1, 2] AS i RETURN [i, null] AS l, [[i], []] AS n, {a: i, b: ['x', null]} AS m, "
        "[date('2015-01-31')] AS d, coalesce([null, 'x'][i - 1], i) AS mixed"
    )
    asked = Query("query", cypher, compile_cypher(cypher, CHANNEL, exploring=True))
    few, many = (DuckDBEngine(connection, max_rows=most).run(asked, {}) for most in (2, None))
    assert few.to_pylist() == many.to_pylist()
    assert few["l"].to_pylist() == [[1, None], [2, None]]


def test_few_rows_are_typed_as_many_are(connection: duckdb.DuckDBPyConnection) -> None:
    """A cap makes rows come one by one; nothing else may tell that they did."""
    cypher = (
        "UNWIND [1, null] AS i RETURN i, i * 0.5 AS f, 'a' AS s, i = 1 AS b, "
        "date('2015-01-31') AS d, 0.0 / 0.0 AS nan, null AS nothing"
    )
    asked = Query("query", cypher, compile_cypher(cypher, CHANNEL))
    few, many = (DuckDBEngine(connection, max_rows=most).run(asked, {}) for most in (2, None))
    assert few.schema == many.schema
    assert few.to_pydict().__repr__() == many.to_pydict().__repr__()
    with pytest.raises(TooManyRows):
        DuckDBEngine(connection, max_rows=1).run(asked, {})
    assert DuckDBEngine(connection, max_rows=2).run(asked, {}).num_rows == 2

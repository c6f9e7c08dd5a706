"""SQL for Spark, read back by sqlglot as Spark's and run by DuckDB: the rows are Neo4j's.

Spark itself runs a sample of the examples (`test_examples_spark.py`); this takes no Java. What
sqlglot or DuckDB cannot do of it is named below, and must keep failing.
"""

from __future__ import annotations

import datetime as dt
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import sqlglot

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler.sql.dialects._spark import _comparator
from tests.compiler.agree.sql import Dialect, Duck
from tests.compiler.cases.graph import case_graph
from tests.compiler.cases.test_cases import outcome
from tests.compiler.examples import EXAMPLES, Example
from tests.compiler.sample import SCHEMA, connect
from tests.compiler.test_accepted import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

# Functions of Spark that sqlglot hands on as they are.
MACROS = (
    "raise_error(message) AS error(message)",
    "get(list, place) AS list[place + 1]",
    "monotonically_increasing_id() AS row_number() OVER ()",
    "rint(number) AS round_even(number, 0)",
    "try_mod(number, divisor) AS CASE WHEN divisor <> 0 THEN number % divisor END",
)
PARTS = {"YEAROFWEEK": "ISOYEAR", "DAYOFWEEK_ISO": "ISODOW"}
OTHERWISE = {
    "toInteger truncates": "DuckDB rounds where Spark cuts off",
    "list functions": "DuckDB reverses texts only",
    "collect in order": "DuckDB sorts by no function",
}

UNTRANSLATED = ("reverse(", "collect(x.n)")  # for these reasons


@pytest.fixture(scope="module")
def duck() -> Iterator[Translating]:
    with connect() as connection:
        yield Translating(connection)


def plain(value: Any) -> Any:
    """Return the day of a midnight: truncating a day makes a moment in DuckDB."""
    midnight = isinstance(value, dt.datetime) and value.time() == dt.time()
    return value.date() if midnight else value


class Translating:
    """A DuckDB that takes Spark's SQL."""

    def __init__(self, duck: duckdb.DuckDBPyConnection) -> None:
        self._duck = duck
        for macro in MACROS:
            duck.execute(f"CREATE MACRO {macro}")

    def execute(self, sql: str, values: dict[str, Any] | None = None) -> Translating:
        (translated,) = sqlglot.transpile(sql, read="spark", write="duckdb")
        for theirs, ours in PARTS.items():
            translated = translated.replace(theirs, ours)
        self._duck.execute(translated, values)
        return self

    def fetchall(self) -> list[Any]:
        return [tuple(map(plain, row)) for row in self._duck.fetchall()]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_sql_for_spark_says_what_neo4j_answers(example: Example, duck: Translating) -> None:
    try:
        got = duck.execute(compile_cypher(example.query, SCHEMA, "spark").sql).fetchall()
    except duckdb.Error:
        assert example.name in OTHERWISE
        return
    same = got if example.ordered else sorted(map(repr, got))
    wanted = example.rows if example.ordered else sorted(map(repr, example.rows))
    assert (same == wanted) is (example.name not in OTHERWISE), f"{got}"


class TranslatingDuck(Duck):
    """A DuckDB that queries are compiled for as if it were Spark."""

    dialect: Dialect = "spark"


@pytest.mark.thorough
def test_accepted_queries_answer_alike_in_the_sql_for_spark_or_are_refused() -> None:
    whole = TranslatingDuck()
    whole.load(case_graph()[1])
    whole.connection.execute("COMMIT")
    whole.connection = Translating(whole.connection)  # type: ignore[assignment]  # what cases ask of it
    seen = {case["query"]: outcome(case, whole) for case in CASES}
    wrong = {
        query: said
        for query, said in seen.items()
        if said != "agrees" and not said.startswith("refused")
    }
    assert {query for query in wrong if not any(part in query for part in UNTRANSLATED)} == set()
    assert list(seen.values()).count("agrees") > 300


@pytest.mark.parametrize("descending", [[False], [True], [False, True], [True, False]])
def test_lists_are_sorted_for_spark_with_nulls_as_the_greatest(
    descending: list[bool], duck: Translating
) -> None:
    keys = [(1, 2), (1, None), (None, 1), (None, None), (2, 1), (1, 1), (2, 2)]
    order = _comparator(descending).sql("spark")

    def compared(a: tuple[int | None, ...], b: tuple[int | None, ...]) -> int:
        sides = ", ".join(
            f"NAMED_STRUCT('k0', {one[0]}, 'k1', {one[1]}) AS {name}".replace("None", "NULL")
            for name, one in (("a", a), ("b", b))
        )
        return int(duck.execute(f"SELECT {order} AS x FROM (SELECT {sides})").fetchall()[0][0])

    wanted = [key[: len(descending)] for key in keys]
    for place, down in reversed(list(enumerate(descending))):
        wanted.sort(key=lambda key: (key[place] is None, key[place] or 0), reverse=down)
    found = sorted(keys, key=cmp_to_key(compared))
    assert [key[: len(descending)] for key in found] == wanted

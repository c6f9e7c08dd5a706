"""EXISTS in EXISTS, rewritten so that no subquery reaches two levels up, keeps its rows."""

from __future__ import annotations

import random

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from graphchannel.compiler.sql.decorrelation import decorrelated

TABLES = ("t", "u", "v", "w")
_COMPARED = ("=", "<>", "<", "IS NOT DISTINCT FROM")


def condition(dice: random.Random, own: str, around: list[str], depth: int) -> str:
    """Return a condition on `own` and what is around it, with subqueries up to a depth."""
    parts = []
    for _ in range(dice.randint(1, 2)):
        left, right = f"{own}.{dice.choice('xy')}", f"{dice.choice(around)}.{dice.choice('xy')}"
        parts.append(f"{left} {dice.choice(_COMPARED)} {right}")
    if depth:
        inner = f"a{len(around)}"
        below = condition(dice, inner, [*around, own], depth - 1)
        exists = f"EXISTS (SELECT 1 FROM {dice.choice(TABLES)} AS {inner} WHERE {below})"
        parts.append(f"{dice.choice(('', 'NOT '))}{exists}")
    joined = f" {dice.choice(('AND', 'AND', 'OR'))} ".join(parts)
    return f"NOT ({joined})" if dice.random() < 0.2 else joined


def question(seed: int) -> str:
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    inner = condition(dice, "b", ["a"], dice.randint(1, 3))
    sources = f"{dice.choice(TABLES)} AS a"
    plain = dice.choice(("", "a.x > 0 AND ", "a.y IS NOT NULL AND "))
    exists = f"EXISTS (SELECT 1 FROM {dice.choice(TABLES)} AS b WHERE {inner})"
    return f"SELECT a.x, a.y FROM {sources} WHERE {plain}{dice.choice(('', 'NOT '))}{exists}"


def parsed(text: str) -> exp.Query:
    query = sqlglot.parse_one(text, read="duckdb")
    assert isinstance(query, exp.Query)
    return query


def reaches_beyond(query: exp.Query) -> bool:
    """Whether a subquery names a relation of more than one level up."""
    for column in query.find_all(exp.Column):
        select, level = column.find_ancestor(exp.Select), 0
        while select is not None:
            sources = [select.args["from_"].this, *(j.this for j in select.args.get("joins") or ())]
            if column.table in {source.alias_or_name for source in sources}:
                break
            select, level = select.find_ancestor(exp.Select), level + 1
        if level > 1:
            return True
    return False


@pytest.fixture(scope="module")
def tables() -> duckdb.DuckDBPyConnection:
    connection, dice = duckdb.connect(), random.Random(5)  # noqa: S311 - not for secrets
    for table in TABLES:
        connection.execute(f"CREATE TABLE {table} (x INTEGER, y INTEGER)")
        for _ in range(12):
            row = [dice.choice((None, 0, 1, 2, 3)) for _ in "xy"]
            connection.execute(f"INSERT INTO {table} VALUES (?, ?)", row)
    return connection


def test_the_rows_stay_the_same_and_nothing_reaches_beyond(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    deep, found = 0, 0
    for seed in range(120):
        before = parsed(question(seed))
        after = decorrelated(before)
        assert not reaches_beyond(after)
        rows = [
            sorted(tables.execute(one.sql("duckdb")).fetchall(), key=repr)
            for one in (before, after)
        ]
        assert rows[0] == rows[1], question(seed)
        deep += reaches_beyond(before)
        found += bool(rows[0])
    assert deep > 60
    assert found > 30


def test_a_query_that_needs_nothing_stays_as_it_is() -> None:
    text = "SELECT a.x FROM t AS a WHERE EXISTS(SELECT 1 FROM u AS b WHERE b.x = a.x)"
    assert decorrelated(parsed(text)).sql() == text

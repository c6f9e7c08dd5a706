"""EXISTS whose alternatives are asked one by one keeps its rows."""

from __future__ import annotations

import random

import duckdb
import pytest
from sqlglot import exp

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler.sql.alternatives import split_alternatives
from graphchannel.compiler.sql.builders import KEY
from tests.compiler.sample import SCHEMA
from tests.compiler.test_decorrelation import TABLES, parsed

_PLAIN = ("b.x < a.x", "b.y IS NOT NULL", "a.y IS NULL", "NOT b.x = a.y", "b.y <> a.y")
_EQUAL = ("b.x = a.x", "b.y = a.x", "a.y = b.y")


def question(seed: int) -> str:
    """Return a query whose EXISTS has alternatives, at some place among other conditions."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    deep = f"{dice.choice(('', 'NOT '))}EXISTS (SELECT 1 FROM v AS c WHERE c.x = a.x AND c.y = b.y)"
    either = [dice.choice(_EQUAL), dice.choice((*_PLAIN, deep, f"(b.x = 1 AND {deep})"))]
    either += dice.sample(_PLAIN, dice.randint(0, 1))
    dice.shuffle(either)
    conditions = [f"({' OR '.join(either)})", *dice.sample((*_PLAIN, deep), dice.randint(0, 2))]
    dice.shuffle(conditions)
    around = dice.choice(("", "a.x > 0 AND ", "(a.y = 1 OR a.y IS NULL) AND "))
    exists = f"EXISTS (SELECT 1 FROM {dice.choice(TABLES)} AS b WHERE {' AND '.join(conditions)})"
    other = dice.choice(("", ", w AS z"))
    asked = f"{dice.choice(TABLES)} AS a{other}"
    return f"SELECT a.x, a.y FROM {asked} WHERE {around}{exists}"


@pytest.fixture(scope="module")
def tables() -> duckdb.DuckDBPyConnection:
    connection, dice = duckdb.connect(), random.Random(8)  # noqa: S311 - not for secrets
    for table in TABLES:
        connection.execute(f"CREATE TABLE {table} (key VARCHAR, x INTEGER, y INTEGER)")
        for number in range(12):
            row = [f"{table}{number}", *(dice.choice((None, 0, 1, 2)) for _ in "xy")]
            connection.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", row)
    return connection


def keyed(query: exp.Query) -> exp.Query:
    for table in query.find_all(exp.Table):
        table.meta[KEY] = "key"
    return query


def test_the_rows_stay_the_same(tables: duckdb.DuckDBPyConnection) -> None:
    split, found = 0, 0
    for seed in range(120):
        before, after = parsed(question(seed)), split_alternatives(keyed(parsed(question(seed))))
        rows = [
            sorted(tables.execute(one.sql("duckdb")).fetchall(), key=repr)
            for one in (before, after)
        ]
        assert rows[0] == rows[1], question(seed)
        split += after.find(exp.In) is not None
        found += bool(rows[0])
    assert split == 120
    assert found > 30


_DEEPER = "EXISTS(SELECT 1 FROM u AS b WHERE b.x = a.x AND b.y = d.y OR b.y = 1)"
_KEPT = [
    "FROM t AS a WHERE EXISTS(SELECT 1 FROM u AS b WHERE b.x = a.x AND b.y > a.y)",
    "FROM t AS a WHERE EXISTS(SELECT 1 FROM u AS b WHERE b.x < a.x OR b.y > a.y)",
    "FROM t AS a WHERE NOT EXISTS(SELECT 1 FROM u AS b WHERE b.x = a.x OR b.y = 1)",
    "FROM t AS a, w AS c WHERE EXISTS(SELECT 1 FROM u AS b WHERE b.x = a.x OR b.x = c.x)",
    "FROM t AS a WHERE EXISTS(SELECT 1 FROM u AS b WHERE b.x = a.x OR b.y = 1 LIMIT 1)",
    "FROM t AS a WHERE EXISTS(SELECT 1 FROM u AS b LEFT JOIN v ON v.x = 1 WHERE b.x = a.x OR v.y)",
    f"FROM w AS d WHERE EXISTS(SELECT 1 FROM t AS a WHERE {_DEEPER})",
]


@pytest.mark.parametrize("text", _KEPT)
def test_nothing_else_is_changed(text: str) -> None:
    tree = keyed(parsed(f"SELECT 1 {text}"))
    before = tree.sql()
    assert split_alternatives(tree).sql() == before


def test_a_compiled_query_joins_by_what_is_equal() -> None:
    query = """MATCH (a:Partner)-[l:SUPPLIED]->(b:Party) WHERE EXISTS {
        MATCH (a)-[o:SUPPLIED]->(b) WHERE o.quantity < l.quantity
          AND (o.role = l.role OR o.shipped IS NULL AND l.shipped IS NULL) } RETURN l.id AS l"""
    assert compile_cypher(query, SCHEMA, parameters={}).sql.count("UNION ALL") == 1

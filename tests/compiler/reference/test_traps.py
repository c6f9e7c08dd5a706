"""The interpreter's answers where other engines go wrong: each was seen on a real Neo4j 5.26."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from graphchannel.compiler import parse
from tests.compiler.reference.graph import Graph, Node, Relationship, Value
from tests.compiler.reference.queries import run
from tests.compiler.reference.values import CypherRaises

ANSWERS: tuple[tuple[str, Value], ...] = (
    ("7/2", 3),
    ("-7/2", -3),
    ("-7%3", -1),
    ("7%-3", 1),
    ("-7.5%2", -1.5),
    ("1.1+2.2=3.3", False),
    ("1 = 1.0", True),
    ("1 = '1'", False),
    ("'a' < 1", None),
    ("null IN []", False),
    ("null IN [1]", None),
    ("1 IN [2, null]", None),
    ("1 IN null", None),
    ("NOT 2 IN [1, null]", None),
    ("[1, null] = [1, null]", None),
    ("[1, 2] = [1, 2]", True),
    ("any(x IN [] WHERE x = 1)", False),
    ("all(x IN [1, null] WHERE x = 1)", None),
    ("all(x IN [2, null] WHERE x = 1)", False),
    ("none(x IN [2, null] WHERE x = 1)", None),
    ("single(x IN [1, null] WHERE x = 1)", None),
    ("single(x IN [1, 1, null] WHERE x = 1)", False),
    ("any(x IN null WHERE x = 1)", None),
    ("null AND false", False),
    ("null OR true", True),
    ("null XOR true", None),
    ("CASE null WHEN null THEN 1 ELSE 2 END", 2),
    ("CASE WHEN null THEN 1 ELSE 2 END", 2),
    ("size('\U0001f600')", 1),
    ("'a ' = 'a'", False),
    ("toInteger('x')", None),
    ("toInteger('1.9')", 1),
    ("toInteger(-1.9)", -1),
    ("toInteger(' 7 ')", None),
    ("'a' + 1", "a1"),
    ("round(2.5)", 3.0),
    ("round(-2.5)", -2.0),
    ("round(1.005, 2)", 1.01),
    ("round(-2.345, 2)", -2.35),
    ("date('2024-01-31') + duration({months: 1})", dt.date(2024, 2, 29)),
    (
        "date('2024-01-31') + duration({months: 1}) + duration({months: 1})",
        dt.date(2024, 3, 29),
    ),
    ("date('2021-01-03').week", 53),
    ("date('2021-01-03').weekYear", 2020),
    ("date('2021-01-03').dayOfWeek", 7),
    ("range(1, 3)", [1, 2, 3]),
    ("range(3, 1)", []),
    ("[0, 1, 2, 3][0..2]", [0, 1]),
    ("[0, 1, 2, 3][..-1]", [0, 1, 2]),
    ("[0, 1, 2, 3][-2..]", [2, 3]),
    ("[0, 1, 2, 3][2..1]", []),
    ("[0, 1, 2, 3][-99..2]", [0, 1]),
    ("[0, 1][9]", None),
    ("10 - 2 IN [8]", True),
    ("1 < 2 = true", False),
    ("false = true = false", False),
)
EMPTY = Graph()
# A hub of three parallel relationships, one of them back, and a loop.
A, B = Node(0, frozenset({"A"}), {"n": 1}), Node(1, frozenset({"B"}), {})
PAIR = Graph(
    (A, B),
    tuple(
        Relationship(i, "T", *ends, {}) for i, ends in enumerate([(0, 1), (0, 1), (1, 0), (0, 0)])
    ),
)
ROWS: tuple[tuple[str, list[tuple[Value, ...]]], ...] = (
    (
        "UNWIND [] AS x RETURN sum(x), avg(x), min(x), collect(x), count(x)",
        [(0, None, None, [], 0)],
    ),
    ("UNWIND [] AS x RETURN 1 AS one, count(*)", []),
    ("UNWIND [1, null, 2] AS x RETURN collect(x)", [([1, 2],)]),
    ("UNWIND [1, null, 0] AS x RETURN x ORDER BY x", [(0,), (1,), (None,)]),
    ("UNWIND [1, null, 0] AS x RETURN x ORDER BY x DESC", [(None,), (1,), (0,)]),
    ("UNWIND [null] AS x RETURN x", [(None,)]),
    ("UNWIND null AS x RETURN x", []),
    ("UNWIND [1, 1.0] AS x RETURN count(DISTINCT x)", [(1,)]),
    ("RETURN 1 AS x, 2 AS y UNION RETURN 3 AS y, 4 AS x", [(1, 2), (4, 3)]),
    ("MATCH (:A)-[r]->(:B), (:A)-[q]->(:B) RETURN count(*)", [(2,)]),
    ("MATCH (:A)-[r]->(:B) MATCH (:A)-[q]->(:B) RETURN count(*)", [(4,)]),
    ("MATCH (a:A)-[r]-(b) RETURN count(*)", [(4,)]),
    ("MATCH (a:A)-[r]-(a) RETURN count(*)", [(1,)]),
    ("MATCH (:A)-[*0..1]->(b) RETURN count(*)", [(4,)]),
    ("MATCH (:A)-[*4]-(b) RETURN count(*)", [(12,)]),
    ("MATCH (b:B) OPTIONAL MATCH (b)-->(x:B) RETURN x, NOT (x)-->(b) AS n", [(None, True)]),
    ("MATCH (n {n: null}) RETURN n", []),
    ("MATCH (n) WHERE NOT n.n = 1 RETURN n", []),
    ("WITH 1 AS x RETURN [x IN [7, 8] | x] AS l, x", [([7, 8], 1)]),
)


@pytest.mark.parametrize(("text", "expected"), ANSWERS)
def test_expressions(text: str, expected: Value) -> None:
    ((answer,),) = run(parse(f"RETURN {text} AS x"), EMPTY, {}).rows
    assert answer == expected
    assert type(answer) is type(expected)


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_rows(text: str, expected: list[tuple[Value, ...]]) -> None:
    assert run(parse(text), PAIR, {}).rows == expected


@pytest.mark.parametrize(
    "text", ["7/0", "7%0", "9223372036854775807 + 1", "'a' + true", "substring('hello', -1)"]
)
def test_errors(text: str) -> None:
    with pytest.raises(CypherRaises):
        run(parse(f"RETURN {text} AS x"), EMPTY, {})


def test_floats_divide_by_zero() -> None:
    ((infinite, unknown),) = run(parse("RETURN 7.0/0 AS i, 0.0/0.0 AS n"), EMPTY, {}).rows
    assert infinite == math.inf
    assert isinstance(unknown, float)
    assert math.isnan(unknown)

"""Queries over the sample with the answers that Neo4j gives: run on every dialect.

Each is named after the construct or the trap that it is there for.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One query; `ordered` says that the order of its rows counts."""

    name: str
    query: str
    rows: list[Row]
    ordered: bool = False


def _values(name: str, expressions: str, values: Row) -> Example:
    items = ", ".join(f"{text.strip()} AS c{i}" for i, text in enumerate(expressions.split(";")))
    return Example(name, f"RETURN {items}", [values])


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


TRAPS = (
    _values(
        "integer division truncates",
        "7/2; -7/2; 7/2.0",
        (
            3,
            -3,
            3.5,
        ),
    ),
    _values(
        "modulo keeps the sign",
        "-7%3; 7%-3; -7.5%2",
        (
            -1,
            1,
            -1.5,
        ),
    ),
    _values(
        "floats are not decimals",
        "1.1+2.2=3.3; 1/3.0",
        (
            False,
            1 / 3,
        ),
    ),
    _values(
        "floats keep all digits",
        "0.12345678901234567; 123456789.12345679; 1e300; -1.5e-7",
        (0.12345678901234567, 123456789.12345679, 1e300, -1.5e-7),
    ),
    _values(
        "integers are 64 bits wide",
        "2147483647 + 1; -9223372036854775808",
        (
            2**31,
            -(2**63),
        ),
    ),
    _values(
        "integer equals float",
        "1 = 1.0; 1 IN [1.0, 2.0]; 2 < 2.5",
        (
            True,
            True,
            True,
        ),
    ),
    _values(
        "a null makes a longer list null",
        "[1] + null; null + [1]; [1] + [null]",
        (None, None, [1, None]),
    ),
    Example(
        "a null property makes a longer list null",
        "MATCH (p:Party) RETURN p.id AS id, [1] + p.size AS a, p.size + [1] AS b "
        "ORDER BY p.size DESC, id LIMIT 2",
        [("p3", None, None), ("v", [1, 900], [900, 1])],
        ordered=True,
    ),
    _values(
        "null in lists",
        "null IN []; null IN [1]; 1 IN [2, null]; 1 IN null; 1 IN [1, null]; NOT 2 IN [1, null]",
        (
            False,
            None,
            None,
            None,
            True,
            None,
        ),
    ),
    Example(
        "null in stored lists",
        "UNWIND [[1, null], [2], [null]] AS l RETURN 1 IN l AS a, 2 IN l AS b, null IN l AS c",
        [(True, None, None), (False, True, None), (None, None, None)],
    ),
    _values(
        "equality of lists",
        "[1, null] = [1, null]; [1, 2] = [1, 2]; [1, 2] = [1]; [1, null] = [2, null]; [] = []",
        (
            None,
            True,
            False,
            False,
            True,
        ),
    ),
    _values(
        "quantifiers are three-valued",
        "any(x IN [1, null] WHERE x = 1); any(x IN [2, null] WHERE x = 1); "
        "all(x IN [1, null] WHERE x = 1); all(x IN [2, null] WHERE x = 1); "
        "none(x IN [2, null] WHERE x = 1); single(x IN [1, null] WHERE x = 1); "
        "single(x IN [1, 1] WHERE x = 1); single(x IN [1, 2] WHERE x = 1)",
        (
            True,
            None,
            None,
            False,
            None,
            None,
            False,
            True,
        ),
    ),
    _values(
        "quantifiers over nothing",
        "any(x IN [] WHERE x); all(x IN [] WHERE x); none(x IN [] WHERE x); single(x IN [] "
        "WHERE x)",
        (
            False,
            True,
            True,
            False,
        ),
    ),
    Example(
        "quantifiers over stored lists",
        "UNWIND [[1, null], [2, null], [1, 2], [1, 1], [3]] AS l "
        "RETURN any(x IN l WHERE x = 1) AS a, all(x IN l WHERE x = 1) AS b, "
        "none(x IN l WHERE x = 1) AS c, single(x IN l WHERE x = 1) AS d",
        [
            (True, None, False, None),
            (None, False, None, None),
            (True, False, False, True),
            (True, True, False, False),
            (False, False, True, False),
        ],
    ),
    _values(
        "three-valued logic",
        "null AND false; null OR true; null XOR true; NOT null",
        (
            False,
            True,
            None,
            None,
        ),
    ),
    _values(
        "CASE over null",
        "CASE null WHEN null THEN 1 ELSE 2 END; CASE WHEN null THEN 1 ELSE 2 END; CASE 1 "
        "WHEN 1 THEN 'a' END",
        (
            2,
            2,
            "a",
        ),
    ),
    _values(
        "comparisons chain",
        "1 < 2 < 3; 1 = 1 = 1; 3 > 2 > 2",
        (
            True,
            True,
            False,
        ),
    ),
    _values(
        "precedence",
        "10 - 2 IN [8]; NOT 1 = 2; 2 + 3 * 4 % 5; 5--3",
        (
            True,
            True,
            4,
            8,
        ),
    ),
    Example(
        "aggregates over no rows",
        "MATCH (p:Party {id: 'none'}) RETURN sum(p.size) AS a, avg(p.size) AS b, min(p.size) AS c, "
        "max(p.name) AS d, collect(p.name) AS e, count(p) AS f, count(*) AS g",
        [(0, None, None, None, [], 0, 0)],
    ),
    Example(
        "constants are grouping keys",
        "MATCH (p:Party {id: 'none'}) RETURN 1 AS one, count(*) AS n",
        [],
    ),
    Example(
        "collect and count skip nulls",
        "UNWIND [1, null, 2, 2] AS x RETURN count(x) AS a, count(*) AS b, count(DISTINCT x) AS c, "
        "size(collect(x)) AS d, size(collect(DISTINCT x)) AS e, sum(x) AS f, avg(x) AS g",
        [(3, 4, 2, 3, 2, 5, 5 / 3)],
    ),
    Example(
        "nulls sort last",
        "MATCH (p:Party) RETURN p.size AS s ORDER BY s",
        [(5,), (10,), (30,), (900,), (None,)],
        ordered=True,
    ),
    Example(
        "nulls sort first descending",
        "MATCH (p:Party) RETURN p.size AS s ORDER BY s DESC",
        [(None,), (900,), (30,), (10,), (5,)],
        ordered=True,
    ),
    Example(
        "skip and limit",
        "MATCH (p:Party) RETURN p.id AS id ORDER BY id SKIP 1 LIMIT 2",
        [("p1",), ("p2",)],
        ordered=True,
    ),
    Example("limit zero", "MATCH (p:Party) RETURN p.id AS id LIMIT 0", []),
    Example(
        "union matches by name",
        "RETURN 1 AS x, 2 AS y UNION ALL RETURN 4 AS y, 3 AS x",
        [(1, 2), (3, 4)],
    ),
    Example("union removes duplicates", "RETURN 1 AS x UNION RETURN 1 AS x", [(1,)]),
    Example(
        "order in the last part of a union",
        "MATCH (p:Party) RETURN p.id AS id ORDER BY id LIMIT 1 UNION ALL "
        "MATCH (p:Party) RETURN p.id AS id ORDER BY id DESC LIMIT 1",
        [("e1",), ("v",)],
    ),
    Example("names are case-sensitive", "WITH 1 AS a, 2 AS A RETURN a, A", [(1, 2)]),
    Example(
        "comprehension variables shadow",
        "WITH 1 AS x RETURN [x IN [7, 8] | x] AS l, x",
        [([7, 8], 1)],
    ),
    _values(
        "size counts code points",
        "size('\U0001f600'); size([1, 2]); 'a ' = 'a'",
        (
            1,
            2,
            False,
        ),
    ),
    _values(
        "text order is by code point",
        "'Z' < 'a'; 'a' < '\xe9'; '\U0001f600' > '\uffee'",
        (
            True,
            True,
            True,
        ),
    ),
    _values(
        "toInteger of texts",
        "toInteger('1.9'); toInteger('-1.9'); toInteger('x'); toInteger(''); toInteger('.5')",
        (
            1,
            -1,
            None,
            None,
            0,
        ),
    ),
    _values(
        "toInteger truncates",
        "toInteger(1.9); toInteger(-1.9)",
        (
            1,
            -1,
        ),
    ),
    _values(
        "toFloat",
        "toFloat('1e3'); toFloat('x'); toFloat(2)",
        (
            1000.0,
            None,
            2.0,
        ),
    ),
    _values(
        "toString",
        "toString(12); toString(true); toString(date('2024-01-31'))",
        (
            "12",
            "true",
            "2024-01-31",
        ),
    ),
    _values(
        "round goes up at halves",
        "round(2.5); round(-2.5); round(-0.4); round(5)",
        (
            3.0,
            -2.0,
            0.0,
            5.0,
        ),
    ),
    _values(
        "a rounded number as an integer",
        "toInteger(round(2.5)); toInteger(round(-2.5)); toInteger(round(4503599627370497.5)); "
        "toInteger(round(0.49999999999999994)); toInteger(-round(2.5)); toInteger(round(7)); "
        "toInteger(round(1e20)); toInteger(round(-1e20))",
        (3, -2, 4503599627370498, 0, -3, 7, 2**63 - 1, -(2**63)),
    ),
    _values("round just below a half", "round(0.49999999999999994)", (0.0,)),
    _values(
        "floor, ceil, abs, sign",
        "floor(-1.5); ceil(1.2); abs(-3); sign(-2)",
        (
            -2.0,
            2.0,
            3,
            -1,
        ),
    ),
    _values(
        "floats divided by zero",
        "1.0/0.0; -2.5/0.0; 3/(-0.0); isNaN(7.5 % 0.0); isNaN(0.0/0); null/0.0",
        (float("inf"), -float("inf"), -float("inf"), True, True, None),
    ),
    _values(
        "whole floats",
        "floor(1e300); ceil(-1e300); 1/ceil(-0.4); ceil(-0.4) >= 0; ceil(0.4); floor(-0.6)",
        (1e300, -1e300, -float("inf"), False, 1.0, -1.0),
    ),
    _values("positions beyond 32 bits", "[1, 2][3000000000]; [1, 2][-3000000000]", (None, None)),
    _values(
        "a range wider than 64 bits",
        "range(-9000000000000000000, 9000000000000000000, 9000000000000000000)",
        ([-9 * 10**18, 0, 9 * 10**18],),
    ),
    Example(
        "discrete percentiles",
        "UNWIND [1, 2, 9007199254740993] AS x RETURN percentileDisc(x, 0.0) AS a, "
        "percentileDisc(x, 0.5) AS b, percentileDisc(x, 1.0) AS c",
        [(1, 2, 2**53 + 1)],
    ),
    _values(
        "not a number",
        "0.0/0.0 = 0.0/0.0; 0.0/0.0 > 1; 0.0/0.0 <> 1",
        (
            False,
            False,
            True,
        ),
    ),
    _values(
        "adding months keeps to the month",
        "date('2024-01-31') + duration({months: 1}); "
        "date('2024-01-31') + duration({months: 1}) + duration({months: 1}); "
        "date('2024-01-31') + duration({months: 2}); date('2024-03-31') - duration('P1M1D')",
        (
            _day("2024-02-29"),
            _day("2024-03-29"),
            _day("2024-03-31"),
            _day("2024-02-28"),
        ),
    ),
    _values(
        "of hours whole days move a date",
        "date('2024-01-01') + duration({hours: 30}); date('2024-01-01') - duration({hours: 25}); "
        "date('2024-01-01') - duration({minutes: 5}); "
        "date('2024-01-31') + duration('P1M1DT47H60M')",
        (_day("2024-01-02"), _day("2023-12-31"), _day("2024-01-01"), _day("2024-03-03")),
    ),
    _values("days between", "duration.inDays(date('2024-01-01'), date('2024-03-01')).days", (60,)),
    _values(
        "date components",
        "date('2021-01-03').week; date('2021-01-03').weekYear; date('2021-01-03').dayOfWeek; "
        "date('2024-05-17').quarter; date('2024-05-17').ordinalDay; "
        "date('2024-05-17').dayOfQuarter",
        (
            53,
            2020,
            7,
            2,
            138,
            47,
        ),
    ),
    _values(
        "date construction",
        "date({year: 2024, month: 2}); date.truncate('week', date('2024-05-17')); "
        "date.truncate('quarter', date('2024-05-17'))",
        (
            _day("2024-02-01"),
            _day("2024-05-13"),
            _day("2024-04-01"),
        ),
    ),
    _values(
        "ranges",
        "range(1, 3); range(3, 1); range(0, 9, 4); range(3, 1, -1)",
        (
            [1, 2, 3],
            [],
            [0, 4, 8],
            [3, 2, 1],
        ),
    ),
    Example(
        "slices",
        "WITH [1, 2, 3, 4] AS l RETURN l[0..2] AS a, l[..-1] AS b, l[-2..] AS c, l[2..1] AS d, "
        "l[0..99] AS e, l[-99..2] AS f, l[1..] AS g",
        [([1, 2], [1, 2, 3], [3, 4], [], [1, 2, 3, 4], [1, 2], [2, 3, 4])],
    ),
    Example(
        "indexes",
        "WITH [1, 2, 3] AS l UNWIND [0, 2, 3, -1, -4] AS i RETURN i, l[i] AS x",
        [(0, 1), (2, 3), (3, None), (-1, 3), (-4, None)],
    ),
    Example(
        "list functions",
        "WITH [1, 2, 3] AS l RETURN head(l) AS a, last(l) AS b, tail(l) AS c, reverse(l) AS d, "
        "l + [4] AS e, l + 4 AS f, size(l) AS g, [x IN l WHERE x > 1 | x * 2] AS h",
        [(1, 3, [2, 3], [3, 2, 1], [1, 2, 3, 4], [1, 2, 3, 4], 3, [4, 6])],
    ),
    _values(
        "head of nothing",
        "head([]); last([]); tail([])",
        (
            None,
            None,
            [],
        ),
    ),
    _values(
        "string functions",
        "toUpper('ab'); toLower('AB'); trim(' a\\t'); ltrim(' a'); rtrim('a '); "
        "replace('abab', 'a', 'x'); substring('hello', 1, 3); substring('hello', 3); "
        "left('abc', 2); "
        "right('abc', 2); reverse('abc'); split('a.b.', '.')",
        (
            "AB",
            "ab",
            "a",
            "a",
            "a",
            "xbxb",
            "ell",
            "lo",
            "ab",
            "bc",
            "cba",
            ["a", "b", ""],
        ),
    ),
    _values(
        "concatenation",
        "'a' + 1; 1 + 'a'; 'a' + null; 'it\\'s' + ' // no comment'",
        (
            "a1",
            "1a",
            None,
            "it's // no comment",
        ),
    ),
    _values(
        "string predicates",
        "'abc' STARTS WITH 'ab'; 'abc' ENDS WITH 'bc'; 'abc' CONTAINS 'x'; null CONTAINS 'x'",
        (
            True,
            True,
            False,
            None,
        ),
    ),
    _values(
        "coalesce",
        "coalesce(null, 2, 3); coalesce(null, null)",
        (
            2,
            None,
        ),
    ),
    Example("unwinding nothing", "UNWIND [] AS x RETURN x", []),
    Example("unwinding nulls", "UNWIND [1, null] AS x RETURN x", [(1,), (None,)]),
)

GRAPH = (
    Example(
        "rule over lines",
        "MATCH (s:Partner)-[l:SUPPLIED]->(b:Partner) WHERE l.role = 'vap' AND l.quantity > 10 "
        "RETURN s.id AS subject, b.id AS object, l.id AS shipment",
        [("p1", "p2", "s3")],
    ),
    Example(
        "not exists",
        "MATCH (s:Partner)-[l:SUPPLIED]->(b:EndUser) WHERE NOT EXISTS { MATCH "
        "(b)-[c:CERTIFIED_BY]->() "
        "WHERE c.valid_from <= l.shipped AND l.shipped <= c.valid_to } RETURN l.id AS shipment",
        [("s4",)],
    ),
    Example(
        "exists, two levels deep",
        "MATCH (r:Region) WHERE EXISTS { (p:Partner)-[:IN]->(r) "
        "WHERE EXISTS { (p)-[l:SUPPLIED]->(:EndUser) WHERE r.name <> 'One' } } RETURN r.id AS id",
        [("R2",)],
    ),
    Example(
        "exists in other places",
        "MATCH (p:Partner) RETURN p.id AS id, EXISTS { (p)-[:SUPPLIED]->(:EndUser) } AS a, "
        "CASE WHEN EXISTS { (p)<-[:SUPPLIED]-(:Vendor) } THEN 1 ELSE 0 END AS b",
        [("p1", False, 1), ("p2", True, 0), ("p3", False, 0)],
    ),
    Example(
        "pattern predicates",
        "MATCH (p:Partner) WHERE (p)-[:SUPPLIED]->() AND NOT (p)-[:SUPPLIED]->(:EndUser) "
        "RETURN p.id AS id",
        [("p1",)],
    ),
    Example(
        "count subquery",
        "MATCH (p:Partner) RETURN p.id AS id, COUNT { (p)-[l:SUPPLIED]->() WHERE l.quantity "
        "> 5 } AS n",
        [("p1", 2), ("p2", 1), ("p3", 0)],
    ),
    Example(
        "count subquery as condition",
        "MATCH (p:Partner) WHERE COUNT { (p)-[:SUPPLIED]->() } > 2 RETURN p.id AS id",
        [("p2",)],
    ),
    Example(
        "relationships are unique in one MATCH",
        "MATCH (a)-[r:SUPPLIED]->(b), (c)-[q:SUPPLIED]->(d) RETURN count(*) AS n",
        [(30,)],
    ),
    Example(
        "relationships repeat across MATCHes",
        "MATCH (a)-[r:SUPPLIED]->(b) MATCH (c)-[q:SUPPLIED]->(d) RETURN count(*) AS n",
        [(36,)],
    ),
    Example(
        "a bound relationship",
        "MATCH (a)-[r:SUPPLIED]->(b) MATCH (c)-[r]->(d) RETURN count(*) AS n",
        [(6,)],
    ),
    Example(
        "a loop is one undirected match",
        "MATCH (a {id: 'p2'})-[r:SUPPLIED]-(b) RETURN r.id AS r, b.id AS b",
        [("s2", "p1"), ("s3", "p1"), ("s4", "e1"), ("s5", "p2"), ("s6", "p1")],
    ),
    Example(
        "null property in a pattern",
        "MATCH (p:Party {country: null}) RETURN p.id AS id",
        [],
    ),
    Example(
        "NOT of an unknown",
        "MATCH (p:Party) WHERE NOT p.country = 'DE' RETURN p.id AS id",
        [("v",), ("p2",)],
    ),
    Example(
        "optional match keeps rows",
        "MATCH (p:Partner) OPTIONAL MATCH (p)-[l:SUPPLIED]->(b) WHERE l.quantity > 5 "
        "RETURN p.id AS p, l.id AS l, b.name AS b",
        [("p1", "s2", "Beta"), ("p1", "s3", "Beta"), ("p2", "s4", "Zeta"), ("p3", None, None)],
    ),
    Example(
        "optional match with a subquery",
        "MATCH (p:Partner) OPTIONAL MATCH (p)-[l:SUPPLIED]->(b) "
        "WHERE NOT EXISTS { (b)-[:CERTIFIED_BY]->(p) } RETURN p.id AS p, count(l) AS n",
        [("p1", 0), ("p2", 3), ("p3", 0)],
    ),
    Example(
        "matching on from what was not found",
        "MATCH (p:Partner) OPTIONAL MATCH (p)-[:SUPPLIED]->(e:EndUser) MATCH (e)<-[l:SUPPLIED]-() "
        "RETURN p.id AS p, l.id AS l",
        [("p2", "s4")],
    ),
    Example(
        "an outer null inside EXISTS",
        "MATCH (p:Partner) OPTIONAL MATCH (p)-[:SUPPLIED]->(e:EndUser) "
        "RETURN p.id AS p, EXISTS { (e)-[:CERTIFIED_BY]->() } AS x, COUNT { "
        "(e)<-[:SUPPLIED]-() } AS n",
        [("p1", False, 0), ("p2", True, 1), ("p3", False, 0)],
    ),
    Example(
        "variable length is a trail",
        "MATCH p = (:Vendor)-[:SUPPLIED*1..4]->(e) RETURN length(p) AS n, count(*) AS paths",
        [(1, 1), (2, 2), (3, 6), (4, 6)],
    ),
    Example(
        "zero hops",
        "MATCH (a:Partner {id: 'p1'})-[:SUPPLIED*0..1]->(b) RETURN b.id AS b, b.name AS name",
        [("p1", "Alpha"), ("p2", "Beta"), ("p2", "Beta")],
    ),
    Example(
        "conditions on every hop",
        "MATCH p = (:Vendor)-[ls:SUPPLIED*1..3]->(e) WHERE all(l IN relationships(p) WHERE "
        "l.quantity >= 10) "
        "RETURN [n IN nodes(p) | n.id] AS nodes, [l IN ls | l.id] AS lines, size(ls) AS n",
        [
            (["v", "p1"], ["s1"], 1),
            (["v", "p1", "p2"], ["s1", "s2"], 2),
            (["v", "p1", "p2"], ["s1", "s3"], 2),
        ],
    ),
    Example(
        "conditions on what is repeated",
        "MATCH (:Vendor)((a WHERE a.size > 20)-[l:SUPPLIED]->(b:Partner) WHERE l.quantity >= 10)"
        "{1,3}(c) RETURN c.id AS c",
        [("p1",), ("p2",), ("p2",)],
    ),
    Example(
        "a quantified path at the end",
        "MATCH p = (:Vendor)((a)-[l:SUPPLIED WHERE l.quantity > 10]->(b)){0,2} "
        "RETURN length(p) AS n",
        [(0,), (1,), (2,)],
    ),
    Example(
        "a type over two tables",
        "MATCH (a)-[:IN]->(b)-[:IN]->(c) RETURN a.id AS a, b.id AS b, c.name AS c",
        [("p1", "R1", "Root"), ("p2", "R1", "Root"), ("p2", "R2", "Root")],
    ),
    Example(
        "any type",
        "MATCH (p {id: 'p2'})-[r]->() RETURN type(r) AS t, count(*) AS n",
        [("SUPPLIED", 3), ("CERTIFIED_BY", 1), ("IN", 2)],
    ),
    Example(
        "any node",
        "MATCH (n) RETURN count(*) AS n, count(n.name) AS names",
        [(8, 8)],
    ),
    Example(
        "label expressions",
        "MATCH (n:Party&!Partner) WHERE (n:Vendor|EndUser) RETURN n.id AS id, n:Vendor AS v",
        [("v", True), ("e1", False)],
    ),
    Example(
        "labels of a node",
        "MATCH (n:Vendor) UNWIND labels(n) AS l RETURN l ORDER BY l",
        [("Party",), ("Vendor",)],
        ordered=True,
    ),
    Example(
        "grouping by a node",
        "MATCH (p:Partner)-[l:SUPPLIED]->() WITH p, sum(l.quantity) AS q, sum(l.amount) AS a "
        "WHERE q > 7 RETURN p.name AS name, q, a",
        [("Alpha", 30, 2.25), ("Beta", 8, 4.6)],
    ),
    Example(
        "keys beside aggregates",
        "MATCH (p:Party) RETURN p.country AS c, sum(p.size) + count(*) AS n ORDER BY c",
        [("CN", 901), ("DE", 37), ("FR", 11), (None, 1)],
        ordered=True,
    ),
    Example(
        "collect in order",
        "MATCH (p:Party) WITH p ORDER BY p.name DESC, p.id WITH collect(p) AS ps "
        "RETURN [p IN ps | p.name] AS names, ps[0].id AS first, head(ps).size AS size",
        [(["Zeta", "Vend", "Gamma", "Beta", "Alpha"], "e1", 5)],
    ),
    Example(
        "distinct and order",
        "MATCH (p:Party) RETURN DISTINCT p.country AS c ORDER BY c",
        [("CN",), ("DE",), ("FR",), (None,)],
        ordered=True,
    ),
    Example(
        "filtering after WITH sees both names",
        "MATCH (p:Party) WITH p.size AS s, p AS q WHERE p.country = 'DE' AND s > 5 RETURN "
        "q.id AS id, s",
        [("p1", 30)],
    ),
    Example(
        "an alias hides its source",
        "MATCH (p:Party) WHERE p.size IS NOT NULL WITH -p.size AS s ORDER BY s LIMIT 1 RETURN s",
        [(-900,)],
    ),
    Example(
        "limit in the middle",
        "MATCH (p:Party) WITH p ORDER BY p.id LIMIT 2 MATCH (p)-[l:SUPPLIED]->() RETURN "
        "p.id AS p, l.id AS l",
        [("p1", "s2"), ("p1", "s3")],
    ),
    Example(
        "descending limit in the middle",
        "MATCH (p:Party) WITH p ORDER BY p.size DESC, p.id LIMIT 2 RETURN p.id AS id, p.size AS s",
        [("p3", None), ("v", 900)],
    ),
    Example(
        "unwinding nodes",
        "MATCH (p:Partner) WITH collect(p) AS ps UNWIND ps AS q MATCH (q)-[l:SUPPLIED]->(:EndUser) "
        "RETURN q.name AS name, l.id AS l",
        [("Beta", "s4")],
    ),
    Example(
        "membership of nodes",
        "MATCH p = (a:Vendor)-[:SUPPLIED*2..2]->(c) MATCH (x:Party) WHERE NOT x IN nodes(p) "
        "RETURN DISTINCT x.id AS x",
        [("p3",), ("e1",)],
    ),
    Example(
        "cross product",
        "MATCH (a:Region), (b:Region) WHERE a.id < b.id RETURN count(*) AS n",
        [(3,)],
    ),
    Example(
        "subqueries in columns over several tables",
        "MATCH (n) RETURN n.id AS n, EXISTS { (n)-[:IN]->() } AS x, "
        "COUNT { (n)-[:SUPPLIED]->() } AS c",
        [
            *(("v", False, 1), ("p1", True, 2), ("p2", True, 3), ("p3", False, 0)),
            *(("e1", False, 0), ("R", False, 0), ("R1", True, 0), ("R2", True, 0)),
        ],
    ),
    Example(
        "subqueries in columns over paths of several lengths",
        "MATCH (:Vendor)-[:SUPPLIED]->{1,2}(b) RETURN b.id AS b, "
        "COUNT { (b)-[:SUPPLIED]->() } AS c",
        [("p1", 2), ("p2", 3), ("p2", 3)],
    ),
    Example(
        "a subquery that is compared",
        "MATCH (p:Partner) RETURN p.id AS p, (p.size > 20) = EXISTS { (p)-[:IN]->() } AS x",
        [("p1", True), ("p2", False), ("p3", None)],
    ),
    Example(
        "a path of no hops around a subquery",
        "MATCH (p:Partner) WHERE EXISTS { (p)-[:SUPPLIED*0..1]->() "
        "WHERE NOT EXISTS { (p)-[:IN]->(:Region {id: 'R1'}) } } RETURN p.id AS p",
        [("p3",)],
    ),
    Example(
        "comparing nodes",
        "MATCH (a:Partner)-[:SUPPLIED]->(b) WHERE a = b RETURN a.id AS a",
        [("p2",)],
    ),
    Example(
        "nodes in results are keys",
        "MATCH (a:Vendor)-[r:SUPPLIED]->(b) RETURN a, r, b",
        [("v", "s1", "p1")],
    ),
    Example(
        "paths in results are keys",
        "MATCH p = (:Vendor)-[:SUPPLIED]->() RETURN p",
        [({"nodes": ["v", "p1"], "relationships": ["s1"]},)],
    ),
    Example(
        "start and end of a relationship",
        "MATCH (p {id: 'p1'})-[r:SUPPLIED]->(q) WHERE startNode(r) = p AND endNode(r).name "
        "= 'Beta' "
        "RETURN r.id AS r",
        [("s2",), ("s3",)],
    ),
)

EXAMPLES = (*TRAPS, *GRAPH)

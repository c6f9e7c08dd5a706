"""What the SQL must not do: join a node's table for nothing, or scan what cannot match."""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys

import duckdb
import pytest

from graphchannel.compiler import Compiled, misfits
from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler import types as t
from graphchannel.errors import TypeMismatch, UnknownName
from graphchannel.schema.model import GraphSchema, NodeTable, Property
from tests.compiler.sample import SCHEMA, N, connect


def compiled(query: str, **parameters: t.CypherType) -> Compiled:
    return compile_cypher(query, SCHEMA, parameters=parameters)


def test_a_label_and_a_key_come_from_the_relationship_row() -> None:
    query = "MATCH (a:Partner)-[l:SUPPLIED]->(b:EndUser) RETURN a.id AS a, b.id AS b, l.id AS l"
    assert compiled(query).tables == {"supplied"}


def test_another_property_joins_the_node() -> None:
    query = "MATCH (a:Partner)-[l:SUPPLIED]->(b:EndUser) RETURN a.name AS a, b.id AS b"
    result = compiled(query)
    assert result.tables == {"supplied", "party"}
    assert result.sql.count('"party"') == 1


def test_tables_that_the_ends_rule_out_are_not_read() -> None:
    query = "MATCH (p:Partner)-[:IN]->(r) RETURN p.id AS p, r.id AS r"
    assert "region_region" not in compiled(query).tables


def test_relationships_that_cannot_be_the_same_are_not_compared() -> None:
    chain = "MATCH (:Vendor)-[a:SUPPLIED]->(:Partner)-[b:SUPPLIED]->(:EndUser) RETURN count(*) AS n"
    assert "<>" not in compiled(chain).sql
    loop = "MATCH (:Partner)-[a:SUPPLIED]->(:Partner)-[b:SUPPLIED]->() RETURN count(*) AS n"
    assert "<>" in compiled(loop).sql


@pytest.mark.parametrize(
    ("comparison", "ids"),
    [
        ("> 0", ["p1", "p2"]),
        (">= 1", ["p1", "p2"]),
        ("<> 0", ["p1", "p2"]),
        ("= 0", ["p3"]),
        ("< 1", ["p3"]),
        ("<= 0", ["p3"]),
    ],
)
def test_a_count_compared_with_nothing_is_an_exists(comparison: str, ids: list[str]) -> None:
    where = f"COUNT {{ (p)-[:SUPPLIED]->() }} {comparison}"
    result = compiled(f"MATCH (p:Partner) WHERE {where} RETURN p.id AS id ORDER BY id")
    assert "COUNT" not in result.sql
    with connect() as duck:
        assert [row[0] for row in duck.execute(result.sql).fetchall()] == ids


def test_a_hub_of_parallel_lines_pairs_each_line_with_all_others() -> None:
    lines = 4100
    with connect() as duck:
        duck.execute("DELETE FROM supplied")
        duck.execute(
            "INSERT INTO supplied SELECT 'l' || i, 'p1', 'p2', 'partner', 'partner', 1, 1, "
            f"DATE '2024-01-01', 'vap' FROM range({lines}) AS t(i)"
        )
        one = "MATCH (a)-[r:SUPPLIED]->(b)<-[q:SUPPLIED]-(c) RETURN count(*) AS n"
        two = "MATCH (a)-[r:SUPPLIED]->(b) MATCH (b)<-[q:SUPPLIED]-(c) RETURN count(*) AS n"
        assert duck.execute(compiled(one).sql).fetchone() == (lines * (lines - 1),)
        assert duck.execute(compiled(two).sql).fetchone() == (lines * lines,)


def test_an_anti_join_is_what_not_exists_becomes() -> None:
    query = (
        "MATCH (a:Partner)-[l:SUPPLIED]->(b:EndUser) WHERE NOT EXISTS "
        "{ (b)-[c:CERTIFIED_BY]->() WHERE c.valid_from <= l.shipped } RETURN l.id AS l"
    )
    with connect() as duck:
        plan = str(duck.execute("EXPLAIN " + compiled(query).sql).fetchall())
    assert "Hash Join" in plan
    assert not {"cross", "nested"} & set(plan.lower().split())


# --- parameters and columns ---


def test_a_parameter_takes_the_type_of_what_it_is_compared_with() -> None:
    query = (
        "MATCH (p:Party) WHERE p.joined <= $day AND p.country IN $countries AND p.size > $size "
        "RETURN p.id AS id ORDER BY id LIMIT $most"
    )
    assert dict(compiled(query).parameters) == {
        "day": t.DATE,
        "countries": t.ListType(t.STRING),
        "size": t.INTEGER,
        "most": t.INTEGER,
    }


def test_a_parameter_may_be_used_before_the_use_that_tells_its_type() -> None:
    query = "MATCH (p:Party) WHERE $day IS NULL OR p.joined <= $day RETURN p.id AS id"
    result = compiled(query)
    assert dict(result.parameters) == {"day": t.DATE}
    with connect() as duck:
        assert len(duck.execute(result.sql, {"day": None}).fetchall()) == 5


def test_a_declared_type_wins_and_is_checked() -> None:
    with pytest.raises(TypeMismatch):
        compiled("MATCH (p:Party) WHERE p.joined <= $day RETURN p.id AS id", day=t.INTEGER)


def test_parameters_are_exactly_those_in_the_text() -> None:
    assert not compiled("RETURN ($x = null) AS a", x=t.INTEGER).parameters


def test_values_that_would_be_converted_are_told() -> None:
    types: dict[str, t.CypherType] = {
        "n": t.INTEGER,
        "d": t.DATE,
        "l": t.ListType(t.STRING),
        "f": t.FLOAT,
        "b": t.BOOLEAN,
    }
    fine = {"n": 1, "d": dt.date(2024, 1, 1), "l": ["a", None], "f": 1, "b": None}
    assert misfits(types, fine) == ()
    wrong = {"n": 1.5, "d": dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "l": [1], "f": True}
    assert [sentence.split(" ")[0] for sentence in misfits(types, wrong)] == [
        "$n",
        "$d",
        "$l",
        "$f",
        "$b",
    ]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (t.FLOAT, math.nan),
        (t.INTEGER, 2**63),
        (t.ListType(t.INTEGER), [1, 2.5]),
        (t.ListType(t.STRING, nullable=False), ["a", None]),
        (t.ListType(t.STRING), "a"),
        (t.BOOLEAN, 1),
    ],
)
def test_values_that_sql_knows_otherwise_are_told(type_: t.CypherType, value: object) -> None:
    assert len(misfits({"x": type_}, {"x": value})) == 1


def test_properties_that_differ_in_case_are_kept_apart() -> None:
    properties = {"a": Property("low", N), "A": Property("high", N)}
    node = NodeTable("n", "n", "id", properties, {"N": None})
    query = "MATCH (n:N) WITH n, [n] AS l UNWIND l AS m RETURN n.a, n.A, m.a, m.A"
    with duckdb.connect() as duck:
        duck.execute("CREATE TABLE n AS SELECT 'x' AS id, 1 AS low, 2 AS high")
        text = compile_cypher(query, GraphSchema((node,), ())).sql
        assert duck.execute(text).fetchall() == [(1, 2, 1, 2)]


def test_parameters_can_skip_and_limit() -> None:
    query = "MATCH (p:Party) RETURN p.id AS id ORDER BY id SKIP $n LIMIT $n"
    with connect() as duck:
        rows = duck.execute(compiled(query).sql, {"n": 2}).fetchall()
    assert rows == [("p2",), ("p3",)]
    assert "LIMIT CAST(CAST(:n AS BIGINT) AS INT)" in compile_cypher(query, SCHEMA, "spark").sql


def test_a_negative_limit_fails() -> None:
    result = compiled("MATCH (p:Party) RETURN p.id AS id ORDER BY id LIMIT $n")
    with connect() as duck:
        assert len(duck.execute(result.sql, {"n": 2}).fetchall()) == 2
        with pytest.raises(duckdb.InvalidInputException, match="must not be negative"):
            duck.execute(result.sql, {"n": -1})


def test_columns_have_names_and_types() -> None:
    result = compiled(
        "MATCH (p:Vendor)-[r:SUPPLIED]->() RETURN p, r, p.name, p.size AS s, r.amount AS a"
    )
    assert [(c.name, str(c.type)) for c in result.columns] == [
        ("p", "NODE"),
        ("r", "RELATIONSHIP"),
        ("p.name", "STRING"),
        ("s", "INTEGER"),
        ("a", "FLOAT"),
    ]


def test_a_decimal_column_shows_as_a_float() -> None:
    with connect() as duck:
        query = "MATCH ()-[r:SUPPLIED {id: 's1'}]->() RETURN r.amount AS a, r.amount / 3 AS b"
        assert duck.execute(compiled(query).sql).fetchall() == [(10.5, 3.5)]


def test_order_is_told() -> None:
    assert compiled("MATCH (p:Party) RETURN p.id AS id ORDER BY id").ordered
    assert not compiled("MATCH (p:Party) RETURN p.id AS id").ordered


def test_unknown_labels_in_a_dead_alternative_are_errors_all_the_same() -> None:
    with pytest.raises(UnknownName):
        compiled("MATCH (r:Region)-[:SUPPLIED]->(x) WHERE x.nam = 'a' RETURN x")


def test_a_pattern_that_the_schema_rules_out_has_no_rows() -> None:
    query = "MATCH (r:Region)-[:SUPPLIED]->(x) RETURN r.name AS r, x.id AS x"
    with connect() as duck:
        assert duck.execute(compiled(query).sql).fetchall() == []


def test_importing_the_compiler_imports_no_parser_and_no_engine() -> None:
    program = (
        "import sys, graphchannel.compiler as c; "
        "print([m for m in ('lark', 'sqlglot', 'duckdb', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("condition", "begins"),
    [
        ("a.name = 'Vend'", "first"),
        ("e.name = 'Vend'", "last"),
        ("a.name = 'Vend' AND e.size > 3", "first"),
        ("a.name = e.name", "first"),
        ("a.name = 'Vend' AND EXISTS { (a)-[:IN]->() }", "first"),
    ],
)
def test_a_walk_begins_at_the_end_that_a_condition_narrows(condition: str, begins: str) -> None:
    walk = f"MATCH (a:Party)-[:SUPPLIED*]->(e:Party) WHERE {condition} RETURN a.id AS a, e.id AS e"
    sql = compiled(walk).sql
    seeds = sql.partition("UNION ALL")[0].partition('FROM "party"')[2]
    assert ("'Vend'" in seeds) is ("'Vend'" in condition)
    assert "EXISTS" not in seeds
    assert ("LIST_PREPEND" in sql) is (begins == "last")
    assert ("LIST_APPEND" in sql) is (begins == "first")

"""Texts whose open patterns are spelled out, and which texts stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler import spelled_out
from graphchannel.schema import CHANNEL
from graphchannel.schema.model import EdgeTable, Endpoint, GraphSchema, Kind, NodeTable

RULES = Path(__file__).parents[3] / "cypher"
NODES = tuple(
    NodeTable(name, name, "id", {}, {label: None}, Kind.STRING)
    for name, label in (("a", "A"), ("b", "B c"))
)
SCHEMA = GraphSchema(
    NODES,
    tuple(
        EdgeTable(type_, type_, "id", Endpoint("a", "a"), Endpoint("b", "b"), {})
        for type_ in ("R", "S")
    ),
)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("MATCH (n) RETURN 1", "MATCH (n:A|`B c`) RETURN 1"),
        ("MATCH () RETURN 1", "MATCH (:A|`B c`) RETURN 1"),
        ("MATCH (n {id: 1}) RETURN 1", "MATCH (n:A|`B c` {id: 1}) RETURN 1"),
        ("MATCH (n WHERE true) RETURN 1", "MATCH (n:A|`B c` WHERE true) RETURN 1"),
        ("MATCH (n:!A) RETURN 1", "MATCH (n:(!A)&(A|`B c`)) RETURN 1"),
        ("MATCH (n:%) RETURN 1", "MATCH (n:(%)&(A|`B c`)) RETURN 1"),
        ("MATCH (a)-->(b) RETURN 1", "MATCH (a)-[:R|S]->(b) RETURN 1"),
        ("MATCH (a)<--(b) RETURN 1", "MATCH (a)<-[:R|S]-(b) RETURN 1"),
        ("MATCH (a)--(b) RETURN 1", "MATCH (a)-[:R|S]-(b) RETURN 1"),
        ("MATCH (a)<-->(b) RETURN 1", "MATCH (a)-[:R|S]-(b) RETURN 1"),
        ("MATCH (a)-[ r ]->(b) RETURN 1", "MATCH (a)-[ r:R|S ]->(b) RETURN 1"),
        ("MATCH (a)<-[*1..2 {x: 1}]-(b) RETURN 1", "MATCH (a)<-[:R|S*1..2 {x: 1}]-(b) RETURN 1"),
        ("MATCH (a)-[r:!R]->(b) RETURN 1", "MATCH (a)-[r:(!R)&(R|S)]->(b) RETURN 1"),
        (
            "MATCH (a)-[:R*0..1]->(b) RETURN 1",
            "MATCH (a:A|`B c`)-[:R*0..1]->(b:A|`B c`) RETURN 1",
        ),
        (
            "MATCH (a:A:A), (b) WHERE a:A:A RETURN 1",
            "MATCH (a:A&A), (b:A|`B c`) WHERE a:A&A RETURN 1",
        ),
        (
            "MATCH (a:A) WHERE (a)--() AND EXISTS { (a)-->() } RETURN [(a)<--(b) | b.x] AS l",
            (
                "MATCH (a:A) WHERE (a)-[:R|S]-() AND EXISTS { (a)-[:R|S]->() }"
                " RETURN [(a)<-[:R|S]-(b) | b.x] AS l"
            ),
        ),
        (
            "MATCH (a:A) RETURN size(labels(a)), count(*)",
            (
                "MATCH (a:A) RETURN size([`a label` IN labels(a) WHERE `a label` IN ['A', 'B c']])"
                " AS `size(labels(a))`, count(*)"
            ),
        ),
        (
            "MATCH (a:A)-[r:R]->() RETURN keys(a) AS k, size(keys(r))",
            (
                "MATCH (a:A)-[r:R]->() RETURN"
                " [`a key` IN keys(a) WHERE NOT `a key` STARTS WITH '_'] AS k,"
                " size([`a key` IN keys(r) WHERE NOT `a key` STARTS WITH '_']) AS `size(keys(r))`"
            ),
        ),
        (
            "MATCH (a:A)-->{1,2}(b)-[*0..1]->(c:A) RETURN 1",
            "MATCH (a:A)-[:R|S]->{1,2}(b:A|`B c`)-[:R|S*0..1]->(c:A) RETURN 1",
        ),
        (
            "MATCH p = shortestPath((a:A)-[*]-(b:A)) WHERE a <> b RETURN 1",
            "MATCH p = shortestPath((a:A)-[:R|S*]-(b:A)) WHERE a <> b RETURN 1",
        ),
        ("RETURN '(n)--()' AS x // (n)", "RETURN '(n)--()' AS x // (n)"),
        ("MATCH (a:A)-[:R]->(b) RETURN 1", "MATCH (a:A)-[:R]->(b) RETURN 1"),
    ],
)
def test_what_is_left_open_is_spelled_out(text: str, spelled: str) -> None:
    assert spelled_out(text, SCHEMA) == spelled


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (a)-[r]-(b)<--(c) RETURN type(r) AS t, count(*) AS n",
        "MATCH (p:Party)-[*1..2]->(c) RETURN c.id AS c",
        "MATCH (p:Party) WHERE NOT (p)--(:City) RETURN p.id AS p",
    ],
)
def test_a_spelled_text_compiles_to_the_same_sql(text: str) -> None:
    spelled = spelled_out(text, CHANNEL)
    assert spelled != text
    assert compile_cypher(spelled, CHANNEL).sql == compile_cypher(text, CHANNEL).sql


def test_shipped_rules_are_sent_as_they_are_written() -> None:
    for path in RULES.rglob("*.cypher"):
        text = path.read_text(encoding="utf-8")
        assert spelled_out(text, CHANNEL) == text, path

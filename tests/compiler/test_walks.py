"""Walks of any length against the reference: random paths, none of them unrolled."""

from __future__ import annotations

import re

import duckdb
import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler.patterns import alternatives
from graphchannel.schema.model import EdgeTable, Endpoint, GraphSchema, Kind, NodeTable, Property
from tests.compiler.agree.cases import HUB_EVERY, Status, check, generate_case
from tests.compiler.agree.sql import Duck
from tests.sampling import sampled

_ID = Property("id", Kind.STRING)
_SUPPLY = GraphSchema(
    (NodeTable("party", "graph.party", "id", {"id": _ID}, {"Party": None}),),
    (
        EdgeTable(
            "SUPPLIED",
            "graph.supplied",
            "_id",
            Endpoint("seller_id", "party"),
            Endpoint("buyer_id", "party"),
            {},
        ),
    ),
)
RANGED = re.compile(r"\*\d*\.\.\d|\*\d")


@pytest.mark.parametrize("first", sampled([0, 50, 100], 1))
def test_walks_give_the_rows_that_unrolling_gives(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alternatives, "MAX_HOPS", 0)
    duck, compared = Duck(), 0
    for seed in range(first, first + 50):
        case = generate_case(seed)
        if seed % HUB_EVERY == 0 or not RANGED.search(case.query_text):
            continue
        outcome = check(case, duck)
        compared += outcome.status is Status.AGREES
        assert outcome.status is not Status.DISAGREES, (
            f"seed {seed}: {outcome.detail}\n{case.query_text}\n{dict(case.parameters)}"
        )
    assert compared > 1


@pytest.mark.parametrize(
    ("asked", "long", "hops"),
    [
        ("SHORTEST 1", "+", [2]),
        ("ALL SHORTEST", "+", [2, 2]),
        ("SHORTEST 1", "{1,4}", [2]),
        ("ALL SHORTEST", "{1,4}", [2, 2]),
        ("SHORTEST 5", "{1,4}", [2, 2, 3, 3, 3]),
        ("ANY 2", "{1,4}", [2, 2]),
    ],
)
def test_shortest_paths_stray_into_no_hub(asked: str, long: str, hops: list[int]) -> None:
    """Two ways of two lines lead to P9, as do 3,000 x 3,000 parallel ones; more lead elsewhere."""
    duck = duckdb.connect(config={"threads": 1, "memory_limit": "400MB"})
    duck.execute("CREATE SCHEMA graph")
    duck.execute("CREATE TABLE graph.party AS SELECT 'P' || i AS id FROM range(10) r(i)")
    duck.execute(
        "CREATE TABLE graph.supplied AS SELECT 'L' || row_number() OVER () AS _id, * FROM ("
        "SELECT 'P0' AS seller_id, 'P1' AS buyer_id FROM range(3000) UNION ALL "
        "SELECT 'P1', 'P2' FROM range(3000) UNION ALL SELECT 'P0', 'P5' FROM range(2) UNION ALL "
        "SELECT 'P1', 'P3' FROM range(3000) UNION ALL SELECT 'P3', 'P4' FROM range(3000) UNION ALL "
        "SELECT 'P5', 'P9' UNION ALL SELECT 'P2', 'P9')"
    )
    query = (
        f"MATCH p = {asked} (a:Party {{id: 'P0'}})-[:SUPPLIED]->{long}(b:Party {{id: 'P9'}}) "
        "RETURN length(p) AS hops ORDER BY hops"
    )
    compiled = compile_cypher(query, _SUPPLY, exploring=True)
    assert duck.execute(compiled.sql).fetchall() == [(length,) for length in hops]


def test_of_paths_of_one_length_a_question_may_get_any() -> None:
    query = "MATCH p = SHORTEST 2 (a)-[:SUPPLIED]->{1,4}(b) WHERE a <> b RETURN p"
    compiled = compile_cypher(query, _SUPPLY, exploring=True)
    assert compiled.notes == ("SHORTEST 2: of several paths of one length it may be any.",)
    groups = query.replace("SHORTEST 2", "SHORTEST 2 GROUPS")
    assert compile_cypher(groups, _SUPPLY).notes == ()

"""Rules are determined: what cuts rows, or picks from a list, needs a total order."""

from __future__ import annotations

import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.errors import NotPortable
from tests.compiler.sample import SCHEMA, connect

TOTAL = (
    "MATCH (p:Party) RETURN p.id AS id ORDER BY id LIMIT 2",
    "MATCH (p:Party) RETURN p.id AS id, p.name AS name ORDER BY p.size, p.id SKIP 1 LIMIT 2",
    "MATCH (p:Party) RETURN p.country AS c ORDER BY c LIMIT 2",
    "MATCH (p:Party) RETURN DISTINCT p.country AS c ORDER BY c LIMIT 2",
    "MATCH (p:Party) RETURN p.country AS c, count(*) AS n ORDER BY n DESC, c LIMIT 1",
    "MATCH (p:Party) RETURN count(*) AS n ORDER BY n LIMIT 1",
    "MATCH (p:Party) WITH p ORDER BY p.size, p.id LIMIT 2 RETURN p.name AS n",
    "MATCH (p)-[l:SUPPLIED]->(q) RETURN p.id AS p, q.id AS q ORDER BY l.id LIMIT 3",
    "MATCH (p:Party) WITH p.country AS c, min(p.id) AS first RETURN first, c ORDER BY c LIMIT 1",
    "MATCH (p:Party) RETURN p.id AS id LIMIT 0",
    "MATCH (p:Party) WITH p ORDER BY p.id RETURN collect(p.name)[0] AS x",
    (
        "MATCH (p:Party) WITH p ORDER BY p.country, p.id WITH p.country AS c, collect(p) AS l "
        "RETURN c, head(l).name AS x"
    ),
    (
        "MATCH (p:Party) WITH p.country AS c, p.name AS name, min(p.size) AS s ORDER BY name "
        "WITH c, collect(s) AS l RETURN c, head(l) AS x"
    ),
)
TIES = (
    ("MATCH (p:Party) RETURN p.id AS id LIMIT 2", "LIMIT without ORDER BY"),
    ("MATCH (p:Party) RETURN p.id AS id ORDER BY p.country LIMIT 2", "leaves ties"),
    ("MATCH (p:Party) RETURN p.country AS c, count(*) AS n ORDER BY n LIMIT 1", "leaves ties"),
    ("MATCH (p)-[l]->(q) RETURN p.id AS p, q.id AS q ORDER BY p SKIP 1", "SKIP with"),
    ("MATCH (p:Party) WITH p ORDER BY p.size LIMIT 2 RETURN p.name AS n", "leaves ties"),
    ("MATCH (p:Party) RETURN collect(p.name)[..2] AS x", "a slice of"),
    ("MATCH (p:Party) WITH p ORDER BY p.country RETURN collect(p.name)[0] AS x", "an index into"),
    ("MATCH (p:Party) WITH p ORDER BY p.size RETURN head(collect(p.id)) AS x", "head()"),
)


@pytest.mark.parametrize("query", TOTAL)
def test_a_total_order_is_seen(query: str) -> None:
    compile_cypher(query, SCHEMA)
    assert compile_cypher(query, SCHEMA, exploring=True).notes == ()


@pytest.mark.parametrize(("query", "words"), TIES)
def test_ties_are_refused_in_a_rule_and_told_in_a_question(query: str, words: str) -> None:
    with pytest.raises(NotPortable) as caught:
        compile_cypher(query, SCHEMA)
    assert words in str(caught.value)
    assert len(compile_cypher(query, SCHEMA, exploring=True).notes) == 1


@pytest.mark.parametrize("query", [query for query, _ in TIES])
def test_a_question_repeats_itself(query: str) -> None:
    compiled = compile_cypher(query, SCHEMA, exploring=True)
    answers = []
    for order in ("id", "id DESC", "hash(id)"):
        with connect() as duck:
            for table in ("party", "supplied"):
                duck.execute(f"CREATE TABLE shuffled AS FROM {table} ORDER BY {order}")
                duck.execute(f"DELETE FROM {table}")
                duck.execute(f"INSERT INTO {table} FROM shuffled")
                duck.execute("DROP TABLE shuffled")
            answers.append(duck.execute(compiled.sql).fetchall())
    assert answers[0] == answers[1] == answers[2]

"""A rewording means the same: each one that is offered is applied, and the rows are compared.

The expected rows are what Neo4j answers to the refused query on the sample; the reworded one must
give them on DuckDB.
"""

from __future__ import annotations

from typing import Any

import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler.functions.table import _INSTEAD
from graphchannel.compiler.syntax.parser import _PUNCTUATION, _REFUSED_WORDS
from graphchannel.errors import CypherError
from tests.compiler.sample import SCHEMA, connect

# the refused query, words of the rewording, the query reworded, the rows of both
REWORDED: tuple[tuple[str, str, str, list[tuple[Any, ...]]], ...] = (
    (
        "MATCH (:Vendor)((a)-[:SUPPLIED]->(b) WHERE a.country <> b.country){2}(c) RETURN c.id AS c",
        "(a)-[r:T]->(b)-[s:T]->(c)",
        (
            "MATCH (a:Vendor)-[:SUPPLIED]->(b)-[:SUPPLIED]->(c) "
            "WHERE a.country <> b.country AND b.country <> c.country RETURN c.id AS c"
        ),
        [("p2",), ("p2",)],
    ),
    (
        "MATCH (a:Partner), (b:Partner) WHERE id(a) < id(b) RETURN count(*) AS pairs",
        "a.id < b.id",
        "MATCH (a:Partner), (b:Partner) WHERE a.id < b.id RETURN count(*) AS pairs",
        [(3,)],
    ),
    (
        "MATCH (p:Partner) WHERE p.size > 9 RETURN id(p) AS p, count(*) AS n",
        "return the node itself",
        "MATCH (p:Partner) WHERE p.size > 9 RETURN p, count(*) AS n",
        [("p1", 1), ("p2", 1)],
    ),
    (
        "MATCH (p:Party) WHERE size((p)-[:SUPPLIED]->()) > 0 RETURN p.id AS p",
        "COUNT {",
        "MATCH (p:Party) WHERE COUNT { (p)-[:SUPPLIED]->() } > 0 RETURN p.id AS p",
        [("p1",), ("p2",), ("v",)],
    ),
    (
        "MATCH (p:Party) FILTER p.size > 20 RETURN p.id AS p",
        "WITH * WHERE",
        "MATCH (p:Party) WITH * WHERE p.size > 20 RETURN p.id AS p",
        [("p1",), ("v",)],
    ),
    (
        "MATCH (p:Vendor) LET n = p.size RETURN p.id AS p, n",
        "WITH *, … AS name",
        "MATCH (p:Vendor) WITH *, p.size AS n RETURN p.id AS p, n",
        [("v", 900)],
    ),
    (
        "MATCH (p:Party) WHERE exists(p.size) RETURN p.id AS p",
        "IS NOT NULL",
        "MATCH (p:Party) WHERE p.size IS NOT NULL RETURN p.id AS p",
        [("e1",), ("p1",), ("p2",), ("v",)],
    ),
    (
        "WITH {a: 1} AS m RETURN m['' + 'a'] AS n",
        "write map.key",
        "WITH {a: 1} AS m RETURN m.a AS n",
        [(1,)],
    ),
    (
        "MATCH (p:Vendor {name: 'Vend'}) RETURN p {x: 1, .id} AS m",
        "begin with a property",
        "MATCH (p:Vendor {name: 'Vend'}) RETURN p {.id, x: 1} AS m",
        [({"id": "v", "x": 1},)],
    ),
    (
        "RETURN date('2024-03-01') - date('2024-02-01') AS d",
        "duration.inDays(a, b).days",
        "RETURN duration.inDays(date('2024-02-01'), date('2024-03-01')).days AS d",
        [(29,)],
    ),
    (
        "MATCH (p:Party) RETURN p.country AS c ORDER BY p.country LIMIT 1 UNION RETURN 1 + 1 AS d",
        "same names",
        "MATCH (p:Party) RETURN p.country AS c ORDER BY c LIMIT 1",
        [("CN",)],
    ),
    (
        "MATCH (p:Party) RETURN (p)-[:SUPPLIED]->() AS supplies, p.id AS p",
        "EXISTS { (a)-[:TYPE]->(b) }",
        "MATCH (p:Party) RETURN EXISTS { (p)-[:SUPPLIED]->() } AS supplies, p.id AS p",
        [(False, "e1"), (False, "p3"), (True, "p1"), (True, "p2"), (True, "v")],
    ),
    (
        "WITH [1, 2] AS l RETURN reduce(n = 0, x IN l | n + COUNT { (:Party {size: x}) }) > 0 AS y",
        "UNWIND the list",
        "UNWIND [1, 2] AS x WITH x WHERE EXISTS { (:Party {size: x}) } RETURN count(*) > 0 AS y",
        [(False,)],
    ),
    (
        "MATCH (p:Party) RETURN p.size + count(*) AS n",
        "grouping key",
        "MATCH (p:Party) WITH p.size AS s, count(*) AS c RETURN s + c AS n",
        [(None,), (6,), (11,), (31,), (901,)],
    ),
)
# what has no other form: nothing is offered that would mean something else
NOTHING_OFFERED = ("have no portable form", "it has no portable form", "only read", "only days")


@pytest.mark.parametrize(("query", "words", "reworded", "rows"), REWORDED)
def test_a_rewording_gives_the_rows_of_the_refused_query(
    query: str, words: str, reworded: str, rows: list[tuple[Any, ...]]
) -> None:
    with pytest.raises(CypherError) as refused:
        compile_cypher(query, SCHEMA)
    assert words in refused.value.message
    with connect() as duck:
        got = duck.execute(compile_cypher(reworded, SCHEMA).sql).fetchall()
    assert sorted(map(repr, got)) == sorted(map(repr, rows))


def test_no_clause_is_reworded_into_another_meaning() -> None:
    """What once ran with other rows is not offered any more."""
    offered = [instead for _, instead in (*_REFUSED_WORDS.values(), *_PUNCTUATION.values())]
    offered += _INSTEAD.values()
    for word in ("*1..3 and order by length", "the pattern itself with MATCH", "bounded path such"):
        assert not [text for text in offered if word in text and "-[:T*1..3]->" not in text]


@pytest.mark.parametrize("word", ["shortestpath", "allshortestpaths", "call", "yield"])
def test_what_has_no_other_form_says_so(word: str) -> None:
    assert any(text in _REFUSED_WORDS[word][1] for text in NOTHING_OFFERED)


def test_the_word_that_was_written_is_never_offered() -> None:
    query = "MATCH (q:Party) WITH q.id AS id RETURN q.name AS n"
    with pytest.raises(CypherError) as refused:
        compile_cypher(query, SCHEMA)
    assert "Did you mean 'q'" not in refused.value.message
    assert "WITH passes on" in refused.value.message


def test_the_case_of_a_function_does_not_matter() -> None:
    query = "MATCH (p:Party) RETURN p.country AS c, COUNT(p) AS n ORDER BY count(p) DESC, c LIMIT 1"
    with connect() as duck:
        assert duck.execute(compile_cypher(query, SCHEMA).sql).fetchall() == [("DE", 2)]


def test_a_query_that_stops_says_where() -> None:
    query = "MATCH (p:Party)\nRETURN date.truncate('month', p.joined) AS m"
    with connect() as duck, pytest.raises(Exception, match=r"2:8: date\.truncate\(\) of null"):
        duck.execute(compile_cypher(query, SCHEMA).sql).fetchall()


def test_a_deviation_over_nothing_stops_and_offers_one_that_runs() -> None:
    """Releases differ in it: 0.0 or null."""
    query = "MATCH (p:Party) WHERE p.size > 999 RETURN stDevP(p.size) AS s"
    reworded = query.replace(
        "stDevP(p.size)", "CASE WHEN count(p.size) > 0 THEN stDevP(p.size) END"
    )
    with connect() as duck:
        with pytest.raises(
            Exception, match=r"1:43: stDevP\(\) over nothing .*CASE WHEN count\(x\)"
        ):
            duck.execute(compile_cypher(query, SCHEMA).sql).fetchall()
        assert duck.execute(compile_cypher(reworded, SCHEMA).sql).fetchall() == [(None,)]


def test_order_by_what_an_engine_numbers_says_that_it_follows_keys() -> None:
    query = "MATCH (p:Party) RETURN p.name AS name ORDER BY elementId(p) DESC"
    compiled = compile_cypher(query, SCHEMA, exploring=True)
    assert compiled.notes == ("ORDER BY elementId(): it follows keys, not Neo4j's own ids.",)
    with pytest.raises(CypherError, match="order by a property"):
        compile_cypher(query, SCHEMA)

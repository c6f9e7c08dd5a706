from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.engines import DuckDBEngine, Query
from graphchannel.errors import EngineError, QueryTimeout, TooManyRows
from graphchannel.neo4j.engine import Neo4jEngine
from graphchannel.neo4j.link import Login, connect, known_password
from graphchannel.schema import CHANNEL
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY
from tests.neo4j.published import AWKWARD, load, login, published, small, wipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    import neo4j

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.server import LocalServer
    from graphchannel.workspace import Workspace


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with create_workspace(None, POLICY) as created:
        load(created, small())
        yield created


@pytest.fixture(scope="module")
def link(server: LocalServer, driver: neo4j.Driver, workspace: Workspace) -> Iterator[Link]:
    wipe(driver)
    with login(server) as connected:
        published(workspace, connected)
        yield connected
    wipe(driver)


def query(text: str) -> Query:
    return Query("query", text, compile_cypher(text, CHANNEL))


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (p:Partner) RETURN p, p.id AS id, p.name AS name ORDER BY id",
        "MATCH (c:City) RETURN c.id AS id, c.key_city AS key_city, c.population AS n ORDER BY id",
        "MATCH (:Party)-[c:CERTIFIED_BY]->(i) RETURN c, c.valid_from AS d, i.id AS i ORDER BY i",
        "MATCH (r:Region) RETURN r.id AS id, r.demand AS demand ORDER BY id",
        "MATCH (a {id: 'A'})-[s:SUPPLIED]->() WITH s ORDER BY s.id RETURN collect(s.id) AS ids",
        "MATCH (a:Party {id: 'A'})-[s:SUPPLIED]->() RETURN toFloat(sum(s.amount)) AS total",
        "MATCH (a:Party {id: 'none'})-[s:SUPPLIED]->() RETURN toFloat(sum(s.amount)) AS total",
        "MATCH (e:EndUser) RETURN e.id AS id, e.joined_on AS nothing",
    ],
)
def test_arrow_is_that_of_the_embedded_engine(workspace: Workspace, link: Link, text: str) -> None:
    native = Neo4jEngine(link, workspace.connection).run(query(text), {})
    embedded = DuckDBEngine(workspace.connection).run(query(text), {})
    assert native.to_pylist() == embedded.to_pylist()
    assert native.num_rows > 0


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n) RETURN count(*) AS n",
        "MATCH () RETURN count(*) AS n",
        "MATCH (n:!Party) RETURN n.id AS id ORDER BY id",
        "MATCH (a)-[r]-(b) RETURN type(r) AS type, count(*) AS n ORDER BY type",
        "MATCH (a)-->()<--(b) RETURN a.id AS a, b.id AS b, count(*) AS n ORDER BY a, b",
        "MATCH (a:Party)-[*1..2]->(b) RETURN a.id AS a, count(b) AS n ORDER BY a",
        "MATCH (a)-[:SUPPLIED*0..1]->(b) RETURN a.id AS a, count(b) AS n ORDER BY a",
        "MATCH (a)-[r:!SUPPLIED]->(b) RETURN count(r) AS n",
        "MATCH (p:Partner) RETURN p.id AS p, size(labels(p)) AS n ORDER BY p",
        "MATCH (p:Partner) RETURN size(labels(p)), count(*) ORDER BY size(labels(p))",
        "MATCH (p:Party:Partner) WHERE NOT (p)<--() RETURN p.id AS p ORDER BY p",
        "MATCH (a:Party) RETURN a.id AS a, COUNT { (a)--() } AS n ORDER BY a",
        "MATCH allShortestPaths((a:Vendor)-[*]-(b:City)) WHERE a <> b RETURN b.id AS b ORDER BY b",
    ],
)
def test_what_is_left_open_means_the_declared_graph(
    workspace: Workspace, link: Link, text: str
) -> None:
    assert link.rows("MATCH ()-[r:TRADES_WITH]->() RETURN count(r) > 0") == [(True,)]
    native = Neo4jEngine(link, workspace.connection).run(query(text), {})
    embedded = DuckDBEngine(workspace.connection).run(query(text), {})
    assert native.to_pylist() == embedded.to_pylist()


def test_values_of_any_content_survive_and_change_nothing(workspace: Workspace, link: Link) -> None:
    asked = query("MATCH (p:Party) WHERE p.name = $name RETURN p.id AS id")
    engine = Neo4jEngine(link, workspace.connection)
    found = {name: engine.run(asked, {"name": name}).to_pylist() for name in AWKWARD}
    assert [len(rows) for rows in found.values()] == [1, 1, 0, 0, 1, 1, 0]
    assert link.rows("MATCH (n:Party) RETURN count(n)") == [(5,)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"'O\u0027Neil\u000a'", "O'Neil\n"),
        (r'"\u0022 + \u005c"', '" + \\'),
        (r"'\ud83d\ude80'", "\N{ROCKET}"),
        (r"'\\u0041'", r"\u0041"),
        (r"'\u005cu0041\\u0042'", r"\u0041\u0042"),
    ],
)
def test_escapes_mean_what_they_mean_here(
    workspace: Workspace, link: Link, text: str, value: str
) -> None:
    asked = query(f"// it's // one\rRETURN 2 AS b\nRETURN {text} /* two */ AS a, 1 /* - */ + 1")
    for engine in (Neo4jEngine(link, workspace.connection), DuckDBEngine(workspace.connection)):
        (row,) = engine.run(asked, {}).to_pylist()
        assert list(row.values()) == [value, 2]


def test_a_comment_smuggles_no_clause(workspace: Workspace, link: Link) -> None:
    """What came by the compiler's check would still be no more than blanks to a server."""
    smuggled = replace(query("RETURN 1 AS a"), text="// \\u000a UNWIND [1, 2] AS x\nRETURN 1 AS a")
    assert Neo4jEngine(link, workspace.connection).run(smuggled, {}).num_rows == 1


def test_parameters_are_dates_and_lists(workspace: Workspace, link: Link) -> None:
    text = "MATCH ()-[s:SUPPLIED]->() WHERE s.shipped_on > $day AND s.id IN $ids RETURN s.id AS id"
    parameters = {"day": dt.date(2015, 1, 31), "ids": ("L1", "L2"), "unused": object()}
    for engine in (
        Neo4jEngine(link, workspace.connection),
        DuckDBEngine(workspace.connection),
    ):
        assert engine.run(query(text), parameters).to_pylist() == [{"id": "L2"}]


def test_rows_stand_beside_the_workspace(workspace: Workspace, link: Link) -> None:
    engine = Neo4jEngine(link, workspace.connection)
    held = workspace.connection.execute("FROM range(10)")
    assert held.fetchone() == (0,)  # a result that is still open must not be in the way
    for _ in range(2):
        source = engine.source(query("MATCH (v:Vendor) RETURN v.id AS id"), {})
        rows = workspace.connection.execute(f"SELECT id FROM {source.relation} AS rows")
        assert rows.fetchall() == [("V",)]
        assert source.parameters == {}


def test_the_row_cap_is_an_error(workspace: Workspace, link: Link) -> None:
    engine = Neo4jEngine(link, workspace.connection, max_rows=2)
    with pytest.raises(TooManyRows, match="query: the query returns more than 2 rows"):
        engine.run(query("MATCH (p:Partner) RETURN p.id AS id"), {})


def test_a_long_query_is_stopped(workspace: Workspace, link: Link) -> None:
    slow = query("MATCH (p:Party) RETURN count(*) AS n")
    endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*) AS n"
    engine = Neo4jEngine(link, workspace.connection, timeout=0.5)
    with pytest.raises(QueryTimeout, match="longer than allowed"):
        engine.run(replace(slow, text=endless), {})


def test_a_rule_cannot_write(
    workspace: Workspace, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    # what a text is spelled out by would refuse it
    monkeypatch.setattr("graphchannel.neo4j.engine.spelled_out", lambda text, _: text)
    harmless = query("MATCH (p:Party) RETURN count(*) AS n")
    writing = replace(harmless, text="CREATE (x:Party {id: 'new'}) RETURN count(*) AS n")
    with pytest.raises(EngineError, match="query: Neo4j could not run the query"):
        Neo4jEngine(link, workspace.connection).run(writing, {})
    assert link.rows("MATCH (n {id: 'new'}) RETURN n") == []


def test_wrong_columns_are_told(workspace: Workspace, link: Link) -> None:
    other = replace(query("MATCH (p:Party) RETURN p.id AS id"), text="RETURN 1 AS other")
    with pytest.raises(EngineError, match=r"returns the columns other; expected id\."):
        Neo4jEngine(link, workspace.connection).run(other, {})


def test_what_is_wrong_with_a_connection_is_one_sentence(server: LocalServer) -> None:
    good = Login(server.uri, server.user, server.password)
    assert server.password not in repr(good)
    wrong = {
        "does not accept the password of user 'neo4j'": replace(good, password="guess"),  # noqa: S106 - wrong on purpose
        "there is no database 'nowhere'": replace(good, database="nowhere"),
        "the server cannot be reached": replace(good, uri="bolt://127.0.0.1:1"),
        "is no address of a Neo4j server; expected neo4j://host:7687": replace(
            good, uri="http://x"
        ),
    }
    for said, login_ in wrong.items():
        with pytest.raises(EngineError, match=said):
            connect(login_)


def test_a_server_too_old_is_told(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphchannel.neo4j.link._OLDEST", (9999, 1))
    with pytest.raises(EngineError, match=r"the server is Neo4j .*; graphchannel needs 9999\.1"):
        connect(Login(server.uri, server.user, server.password))


def test_the_password_of_a_server_started_here_is_known(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    home = server.password_file.parent.parent
    monkeypatch.setattr("graphchannel.neo4j.server.default_home", lambda: home)
    assert known_password(server.uri) == server.password
    assert known_password("neo4j://elsewhere:7687") is None
    monkeypatch.setenv("NEO4J_PASSWORD", "given")
    assert known_password(server.uri) == "given"


def test_an_answer_unlike_the_declared_type_is_an_error(workspace: Workspace, link: Link) -> None:
    text = replace(query("MATCH (p:Party) RETURN p.name AS n"), text="RETURN 1 AS n")
    with pytest.raises(EngineError, match="a value in 'n' that is no STRING"):
        Neo4jEngine(link, workspace.connection).run(text, {})
    assert isinstance(workspace.connection, duckdb.DuckDBPyConnection)

"""A team's own `py2neo.Graph`, on real servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import py2neo
import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.engines import DuckDBEngine, Query
from graphchannel.errors import EngineError, NotPortable
from graphchannel.findings import scan
from graphchannel.interop.py2neo import engine_from, subgraph
from graphchannel.neo4j.published_findings import publish_findings
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.schema import CHANNEL
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY
from tests.neo4j.published import load, login, published, small, wipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    import neo4j

    from graphchannel.findings import Finding
    from graphchannel.neo4j.server import LocalServer
    from graphchannel.workspace import Workspace

CATALOGUE = load_catalogue(pack())


@pytest.fixture(scope="module")
def workspace(server: LocalServer, driver: neo4j.Driver) -> Iterator[Workspace]:
    """Publish a small workspace with its findings."""
    wipe(driver)
    with create_workspace(None, POLICY) as created, login(server) as link:
        load(created, small())
        published(created, link)
        publish_findings(link, scan(created, CATALOGUE))
        yield created
    wipe(driver)


@pytest.fixture(scope="module")
def graph(server: LocalServer, workspace: Workspace) -> Iterator[py2neo.Graph]:
    assert workspace.connection
    connected = py2neo.Graph(server.uri, auth=(server.user, server.password))
    yield connected
    connected.service.connector.close()


def query(text: str) -> Query:
    return Query("query", text, compile_cypher(text, CHANNEL))


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (p:Partner) RETURN p, p.name AS name, p.capital AS capital ORDER BY p.id",
        "MATCH (:Party)-[c:CERTIFIED_BY]->(i) RETURN c, c.valid_from AS d, i.id AS i ORDER BY i",
        "MATCH (a {id: 'A'})-[s:SUPPLIED]->() WITH s ORDER BY s.id RETURN collect(s.id) AS ids",
        "MATCH p = (:Vendor)-[:SUPPLIED]->(:Partner) RETURN p",
    ],
)
def test_arrow_is_that_of_the_embedded_engine(
    graph: py2neo.Graph, workspace: Workspace, text: str
) -> None:
    native = engine_from(graph, workspace).run(query(text), {})
    embedded = DuckDBEngine(workspace.connection).run(query(text), {})
    assert native.to_pylist() == embedded.to_pylist()
    assert native.schema.names == embedded.schema.names
    assert native.num_rows > 0


def test_a_scan_finds_what_the_embedded_engine_finds(
    graph: py2neo.Graph, workspace: Workspace
) -> None:
    embedded = list(scan(workspace, CATALOGUE).findings())
    native = list(scan(workspace, CATALOGUE, engine=engine_from(graph, workspace)).findings())
    assert native == embedded
    assert len(native) > 3


def test_it_only_reads_and_says_what_went_wrong(graph: py2neo.Graph) -> None:
    writing = Query(
        "query", "CREATE (n:Note) RETURN n.id AS id", query("RETURN 'a' AS id").compiled
    )
    with pytest.raises(NotPortable, match="rules and queries only read"):
        engine_from(graph).run(writing, {})
    assert graph.evaluate("MATCH (n:Note) RETURN count(n)") == 0
    failing = Query("query", "RETURN toString(1 / 0) AS id", writing.compiled)
    with pytest.raises(EngineError, match="query: Neo4j could not run the query"):
        engine_from(graph).run(failing, {})


def some(workspace: Workspace) -> Finding:
    return next(f for f in scan(workspace, CATALOGUE).findings() if f.object and f.lines)


def test_a_finding_is_a_subgraph_of_its_own(workspace: Workspace) -> None:
    finding = some(workspace)
    assert finding.object is not None
    found = subgraph(finding)
    assert len(found.nodes) == 3
    ends: dict[str, Any] = {r["as"]: r.end_node for r in found.relationships}
    assert ends["subject"]["id"] == finding.subject.id
    assert ends["object"]["id"] == finding.object.id
    assert ends["object"].has_label("Party")
    (node,) = (n for n in found.nodes if n.has_label("Finding"))
    assert node["fingerprint"] == finding.fingerprint


def test_a_finding_is_a_subgraph_of_the_graph(graph: py2neo.Graph, workspace: Workspace) -> None:
    finding = some(workspace)
    found = subgraph(finding, graph)
    assert all(node.graph is not None for node in found.nodes)
    assert {"CONCERNS", "SUPPLIED"} <= found.types()
    lines = {r["id"] for r in found.relationships if type(r).__name__ == "SUPPLIED"}
    assert lines == {row["shipment"] for row in finding.evidence}

"""What is code elsewhere is text in Neo4j: the same graph, findings and answers with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.neo4j.engine import Neo4jEngine
from graphchannel.workspace import create_workspace
from tests.channels import judged
from tests.channels.told import as_text
from tests.hostile.payloads import PAYLOADS, given_back, named, without_payloads
from tests.neo4j.published import login, published, wipe

if TYPE_CHECKING:
    from typing import Any

    import neo4j

    from graphchannel.neo4j.server import LocalServer

ALL = """
MATCH (n) WHERE NOT n:GraphChannel
RETURN null AS a, labels(n) AS kind, null AS b, n {.*, _load: null} AS of
UNION ALL MATCH (a)-[r]->(b)
RETURN a.id AS a, type(r) AS kind, b.id AS b,
       r {.*, _load: null, _id: null, says: null, sale: null} AS of"""
CATALOGUE = judged.catalogue_of(judged.given(0))


def test_no_payload_changes_the_graph_or_what_is_found_in_it(
    server: LocalServer, driver: neo4j.Driver
) -> None:
    graphs = []
    for hostile in (False, True):
        wipe(driver)
        (channel,) = judged.drawn(0, 1, 1)
        tables = named(channel, hostile=hostile)
        with create_workspace(None, CATALOGUE.policy) as workspace:
            judged.load(workspace, [tables], CATALOGUE)
            with login(server) as link:
                published(workspace, link)
                engine = Neo4jEngine(link, workspace.connection, timeout=60)
                native = judged.by_scan(workspace, CATALOGUE, engine)
                if hostile:
                    assert given_back(engine) == list(PAYLOADS)
            assert judged.difference(native, judged.by_scan(workspace, CATALOGUE)) == {}
        graphs.append(sorted(map(as_text, without_payloads(everything(driver)))))
    wipe(driver)
    assert len(native) > 30
    assert graphs[0] == graphs[1]


def everything(driver: neo4j.Driver) -> list[dict[str, Any]]:
    """Return all nodes and relationships but graphchannel's own."""
    return [record.data() for record in driver.execute_query(ALL).records]

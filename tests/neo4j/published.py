"""Workspaces to publish, and the published graph read back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from graphchannel.ingest import load_rows
from graphchannel.neo4j.link import Login, connect
from graphchannel.neo4j.publishing import publish
from tests.findings.network import POLICY, line, network

if TYPE_CHECKING:
    import neo4j

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.publishing import Published
    from graphchannel.neo4j.server import LocalServer
    from graphchannel.workspace import Workspace

DAY = date(2015, 6, 30)
_WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS"
# Quotes, backticks, what looks like an escape or like Cypher, beyond the basic plane, and newlines.
AWKWARD = ('O\'Neil "& Co"', "back`tick", "\\u0041", "{}) DELETE n //", "漢字 🚀", "a\nb\tc", " ")


def login(server: LocalServer) -> Link:
    """Connect as publish does."""
    return connect(Login(server.uri, server.user, server.password))


def published(workspace: Workspace, link: Link, **options: Any) -> Published:
    """Publish with labels for the roles of a fixed day."""
    return publish(workspace, link, DAY, **options)


def small(**tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Return tables that reach every label and relationship type."""
    valid = {"valid_from": "2014-01-01"}
    further: dict[str, list[dict[str, Any]]] = {
        "partners": [
            {"id": "A", "name": AWKWARD[0], "country": "DE", "city_id": "BER", "group_id": "G"},
            {"id": "B", "name": AWKWARD[4], "country": "FR", "employees": 12},
            {"id": "C", "name": AWKWARD[5], "capital": "1000000.5"},
        ],
        "end_users": [{"id": "E", "name": AWKWARD[1], "industry_id": "gov"}],
        "industries": [{"id": "gov", "name": AWKWARD[2]}],
        "regions": [
            {"id": "DE", "name": "Germany", "demand": 7.5},
            {"id": "DE-BE", "name": "Berlin", "parent_id": "DE"},
            {"id": "FR", "name": "France"},
        ],
        "cities": [
            {"id": "BER", "name": "Berlin", "region_id": "DE-BE", "key_city": True},
            {"id": "PAR", "name": "Paris", "region_id": "FR", "population": 2_000_000},
        ],
        "certifications": [
            {"holder_id": "A", "role": "distributor", "issuer_id": "V", **valid},
            {"holder_id": "B", "role": "gold", "issuer_id": "A", **valid},
        ],
        "authorizations": [
            {"partner_id": "A", "region_id": "DE", **valid},
            {"partner_id": "B", "industry_id": "gov", **valid},
        ],
        "branches": [{"partner_id": "A", "city_id": "BER"}],
        "capabilities": [{"partner_id": "A", "capability": "logistics", **valid}],
        "programs": [{"partner_id": "A", "kind": "incentive", "audience": "gold", **valid}],
        "serials": [{"shipment_id": "L2", "serial": AWKWARD[3]}],
        "targets": [
            {
                "partner_id": "A",
                "region_id": "DE",
                "period_start": "2015-01-01",
                "period_end": "2015-12-31",
                "amount": "5.5",
            },
            {
                "partner_id": "B",
                "industry_id": "gov",
                "period_start": "2015-01-01",
                "period_end": "2015-12-31",
                "amount": "7",
            },
        ],
        "surveys": [
            {"respondent_id": "B", "subject_id": "A", "answered_on": "2015-03-01", "score": 7.5}
        ],
    }
    return network(
        line("L1", "V", "A", shipped_on="2015-01-10", amount="10.25", currency="EUR"),
        line("L2", "A", "B", shipped_on="2015-02-10", document=AWKWARD[0]),
        line("L3", "A", "B", product_id="Y", ship_to_city_id="PAR", amount="3", currency="USD"),
        line("L4", "B", "E", approval=AWKWARD[3]),
        **(further | tables),
    )


def load(workspace: Workspace, tables: dict[str, Any], *, replace: tuple[str, ...] = ()) -> None:
    """Load rows; a rejected one fails the test."""
    report = load_rows(workspace, tables, POLICY, replace=replace)
    assert report.rejected == 0, report


def wipe(driver: neo4j.Driver) -> None:
    """Leave no data in the database; constraints stay, for they take long to create.

    In parts: a small heap does not hold all that thousands of networks leave behind.
    """
    with driver.session() as session:
        session.run(_WIPE).consume()


def everything(driver: neo4j.Driver) -> tuple[set[Any], list[Any]]:
    """Return all nodes and relationships but graphchannel's own, in a form to compare."""
    nodes = driver.execute_query("MATCH (n) WHERE NOT n:GraphChannel RETURN n").records
    relationships = driver.execute_query(
        "MATCH (a)-[r]->(b) RETURN a.id AS source, r, b.id AS target"
    ).records
    return (
        {(frozenset(n.labels), frozenset(_shown(n).items())) for (n,) in nodes},
        sorted(
            (r.type, str(source), str(target), sorted(_shown(r).items()))
            for source, r, target in relationships
        ),
    )


def _shown(entity: Any) -> dict[str, str]:
    """Return properties without the version: it tells of the way, not of the content."""
    return {name: repr(value) for name, value in entity.items() if name != "_load"}

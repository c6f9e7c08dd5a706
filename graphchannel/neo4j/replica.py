"""A workspace in memory, read back from a published graph: for scans where there is no other.

Rules run on the server; the workspace gives names, papers and the lines' figures. Amounts are
floats in the graph, so that totals are rounded to cents. Waivers are not in the graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import EngineError
from graphchannel.neo4j import published_state as state
from graphchannel.neo4j.parts import VERSION
from graphchannel.neo4j.values import driver_value
from graphchannel.schema import EVERYWHERE, TABLES
from graphchannel.workspace import COPIED, DERIVED_COLUMNS, SQL_TYPES, create_workspace

if TYPE_CHECKING:
    from graphchannel.neo4j.link import Link
    from graphchannel.policy import Policy
    from graphchannel.schema import Table
    from graphchannel.workspace import Workspace

__all__ = ["MISSING", "replica"]

MISSING = (
    "There is no workspace: names, papers and lines come from the graph, totals are rounded to "
    "cents, and waivers are not known."
)
_READ = 20_000  # rows fetched at a time
_NODES = {
    "vendors": "Vendor",
    "partners": "Partner",
    "end_users": "EndUser",
    "regions": "Region",
    "cities": "City",
    "industries": "Industry",
    "products": "Product",
}
_REGION = f"CASE b.id WHEN '{EVERYWHERE}' THEN null ELSE b.id END"
_EDGES = {  # relationship type, and the columns that are not its own properties
    "certifications": ("CERTIFIED_BY", {"holder_id": "a.id", "issuer_id": "b.id"}),
    "authorizations": ("AUTHORIZED_IN", {"partner_id": "a.id", "region_id": _REGION}),
    "branches": ("HAS_BRANCH", {"partner_id": "a.id", "city_id": "b.id"}),
    "shipments": ("SUPPLIED", {"seller_id": "a.id", "buyer_id": "b.id"}),
    "capabilities": ("OFFERS", {"partner_id": "a.id", "capability": "b.id"}),
    "programs": ("RUNS", {"partner_id": "a.id", "kind": "b.id"}),
    "targets": (
        "PROMISED",
        {
            "partner_id": "a.id",
            "region_id": "CASE WHEN b:Region THEN b.id END",
            "industry_id": "CASE WHEN b:Industry THEN b.id END",
        },
    ),
    "serials": ("HANDED_OVER", {}),
    "surveys": ("RATED", {"respondent_id": "a.id", "subject_id": "b.id"}),
}


def replica(link: Link, policy: Policy) -> Workspace:
    """Read a published graph into a workspace in memory.

    Closures and days are not derived: it serves scans whose rules run on the server. Raises
    EngineError unless the graph is one that a publish completed.
    """
    found = state.read(link)
    if found is None or found.mode != "complete":
        raise EngineError(
            f"{link.login.uri}: no complete graph was published there; run 'graphchannel publish' "
            "with the workspace first."
        )
    state.check(link, found, found)
    workspace = create_workspace(None, policy)
    try:
        for table in TABLES:
            types = _types(table)
            if (query := _query(table, list(types))) is not None:
                _fill(workspace, link, f"main.{table.name}", types, query)
        workspace.connection.execute(
            "INSERT INTO admin.meta VALUES ($key, $uri)", {"key": COPIED, "uri": link.login.uri}
        )
    except BaseException:
        workspace.close()
        raise
    return workspace


def _types(table: Table) -> dict[str, str]:
    """Return the SQL type of each column; shipments bring along what publish found derived."""
    own = {column.name: SQL_TYPES[column.kind] for column in table.columns}
    derived = DERIVED_COLUMNS if table.name == "shipments" else ()
    return own | dict.fromkeys(derived, "VARCHAR")


def _query(table: Table, columns: list[str]) -> str | None:
    """Return what fetches the rows of a table, None for one that is not in the graph."""
    if label := _NODES.get(table.name):
        return (
            f"MATCH (n:{label}) WHERE n.{VERSION} IS NOT NULL AND n.id <> '{EVERYWHERE}' "
            f"RETURN {', '.join(f'n.{name}' for name in columns)}"
        )
    if table.name not in _EDGES:
        return None
    type_, ends = _EDGES[table.name]
    values = ", ".join(ends.get(name, f"r.{name}") for name in columns)
    return f"MATCH (a)-[r:{type_}]->(b) WHERE r.{VERSION} IS NOT NULL RETURN {values}"


def _fill(
    workspace: Workspace, link: Link, relation: str, types: dict[str, str], query: str
) -> None:
    import pyarrow as pa  # noqa: PLC0415 - not needed to import this module

    names = ", ".join(f'"{name}"' for name in types)
    casts = ", ".join(f'"{name}"::{type_}' for name, type_ in types.items())
    for rows in link.batches(query, _READ):
        arrays = [pa.array(map(driver_value, values)) for values in zip(*rows, strict=True)]
        workspace.connection.register("fetched", pa.Table.from_arrays(arrays, names=list(types)))
        workspace.connection.execute(
            f"INSERT INTO {relation} ({names}, _load) SELECT {casts}, 1 FROM fetched"
        )
        workspace.connection.unregister("fetched")

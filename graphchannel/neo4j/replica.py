"""A workspace in memory, read back from a published graph: for scans where there is no other.

Rules run on the server; the workspace gives names, credentials and the lines' figures. Amounts are
floats in the graph, so that totals are rounded to cents. Waivers are not in the graph.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.errors import EngineError
from graphchannel.neo4j import published_state as state
from graphchannel.neo4j.grain import FORMATS
from graphchannel.neo4j.parts import VERSION, main_label
from graphchannel.neo4j.values import driver_value
from graphchannel.schema import CHANNEL, EVERYWHERE, TABLES
from graphchannel.workspace import COPIED, DERIVED_COLUMNS, SQL_TYPES, create_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.neo4j.link import Link
    from graphchannel.policy import Policy
    from graphchannel.schema import EdgeTable, Table
    from graphchannel.workspace import Workspace

__all__ = ["MISSING", "replica"]

MISSING = (
    "There is no workspace: names, credentials and lines come from the graph, totals are rounded "
    "to cents, and waivers are not known."
)
_READ = 20_000  # rows fetched at a time
_REGION = "Region"  # of these, `*` is in the graph only: an empty region in the tables


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
    state.check(link, found, replace(found, format=FORMATS["line"]))
    workspace = create_workspace(None, policy)
    try:
        for table in TABLES:
            types = _types(table)
            for query in _queries(table, list(types)):
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


def _queries(table: Table, columns: list[str]) -> Iterator[str]:
    """Return what fetches the rows of a table; nothing for one that is not in the graph."""
    for node in CHANNEL.nodes:
        for label, held in node.tables.items():
            if held == table.name:
                own = f" AND n.id <> '{EVERYWHERE}'" if label == _REGION else ""
                yield (
                    f"MATCH (n:{label}) WHERE n.{VERSION} IS NOT NULL{own} "
                    f"RETURN {', '.join(f'n.{name}' for name in columns)}"
                )
    for edge in CHANNEL.edges:
        if edge.table == table.name:
            target = main_label(CHANNEL.node(edge.target.node))
            yield (
                f"MATCH (a)-[r:{edge.type}]->(b:{target}) WHERE r.{VERSION} IS NOT NULL "
                f"RETURN {', '.join(_value(edge, name) for name in columns)}"
            )


def _value(edge: EdgeTable, column: str) -> str:
    """Return where a column of a canonical table is in the relationship of its row.

    A column of neither is one of a sister type: a target is for a region or for an industry.
    """
    if column in edge.properties:
        return f"r.{column}"
    if column == edge.source.column:
        return "a.id"
    if column == edge.target.column:
        region = main_label(CHANNEL.node(edge.target.node)) == _REGION
        return f"CASE b.id WHEN '{EVERYWHERE}' THEN null ELSE b.id END" if region else "b.id"
    return "null"


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

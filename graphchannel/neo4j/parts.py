"""What a published graph is made of, label by label and type by type.

For each there is SQL to read the rows from the workspace and Cypher to write, count and remove
them; all follows from the schema. A row begins with its key and its version; relationships go on
with the keys of both ends. What graphchannel wrote carries `_load`: for most rows the load that
last changed them, for rows that no load numbers a hash of their content. The rest is not ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.schema import CHANNEL, Filter, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.schema import EdgeTable
    from graphchannel.schema.model import NodeTable

__all__ = [
    "VERSION",
    "GraphPart",
    "Piece",
    "key_property",
    "main_label",
    "node_parts",
    "relationship_parts",
]

VERSION = "_load"
# Relations that follow from the policy alone: no load numbers their rows.
_UNNUMBERED = frozenset({"graph.role", "graph.may_supply", "graph.must_offer"})
# Types of lines, which are many: the keys of versions that ended after a load, as of the relation.
_ENDED = {
    "SUPPLIED": "SELECT id AS key FROM history.shipments WHERE _ended > {after}",
    "HANDED_OVER": """
        SELECT concat_ws(':', length(shipment_id), shipment_id, serial) AS key
        FROM (SELECT shipment_id, serial, _ended FROM history.serials
              UNION ALL SELECT shipment_id, serial, NULL FROM main.serials)
        WHERE _ended > {after}
           OR shipment_id IN (SELECT id FROM history.shipments WHERE _ended > {after})""",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one SQL relation and the statement that writes them.

    `columns` say what stands in a row after key, version and ends. `clear` removes what is there
    under the same keys; it comes first wherever there may be something. `read` returns what is
    there, as in a row but without the version.
    """

    name: str
    select: str
    write: str
    read: str
    columns: tuple[tuple[str, Kind], ...]
    clear: str | None = None


@dataclass(frozen=True, slots=True)
class GraphPart:
    """All nodes of one main label, or all relationships of one type.

    `constraint` is a name and the statement that creates it. `present` returns key and version of
    what is there, `remove` takes away what has one of `$keys`. `key` is the property
    that holds the key. `by_load` tells that versions are load numbers. `ended` selects the keys
    among which those are that went away after a load, `{after}`; None where nothing tells them.
    """

    name: str
    pieces: tuple[Piece, ...]
    constraint: tuple[str, str]
    count: str
    present: str
    remove: tuple[str, ...]
    relationships: bool
    key: str
    by_load: bool = True
    ended: str | None = None


def main_label(table: NodeTable) -> str:
    """Return the label that all nodes of a table carry."""
    return next(label for label, condition in table.labels.items() if condition is None)


def key_property(edge: EdgeTable) -> str:
    """Return the property that holds a relationship's key: its own `id` where it has one."""
    return "id" if "id" in edge.properties else "_id"


def node_parts(further_labels: tuple[str, ...] = ()) -> Iterator[GraphPart]:
    """Return a part for each node table; `further_labels` are others that its nodes may carry."""
    for table in CHANNEL.nodes:
        label = main_label(table)
        stripped = ":".join(f"`{name}`" for name in (*table.labels, *further_labels))
        each = f"UNWIND $keys AS key MATCH (n:{label} {{id: key}})"
        yield GraphPart(
            name=label,
            pieces=tuple(_node_pieces(table)),
            constraint=_constraint(label, f"(x:{label})", "id"),
            count=f"MATCH (n:{label}) WHERE n.{VERSION} IS NOT NULL RETURN count(n)",
            present=f"MATCH (n:{label}) WHERE n.{VERSION} IS NOT NULL RETURN n.id, n.{VERSION}",
            # A node that has relationships of somebody else stays, but no rule sees it.
            remove=(
                f"{each}<-[r:CONCERNS]-(:Finding) WHERE r.{VERSION} IS NOT NULL DELETE r",
                f"{each} WHERE NOT EXISTS {{ (n)--() }} DELETE n",
                f"{each} REMOVE n:{stripped}, n.{VERSION}",
            ),
            relationships=False,
            key="id",
            by_load=table.relation not in _UNNUMBERED,
        )


def relationship_parts() -> Iterator[GraphPart]:
    """Return a part for each relationship type."""
    for type_ in sorted(CHANNEL.types):
        edges = [edge for edge in CHANNEL.edges if edge.type == type_]
        yield relationship_part(edges, by_load=edges[0].relation not in _UNNUMBERED)


def relationship_part(edges: list[EdgeTable], *, by_load: bool) -> GraphPart:
    """Return the part of one relationship type, which may come from several tables."""
    type_, key = edges[0].type, key_property(edges[0])
    every = f"MATCH ()-[r:{type_}]->() WHERE r.{VERSION} IS NOT NULL"
    remove = f"MATCH ()-[r:{type_} {{{key}: key}}]->() DELETE r"
    return GraphPart(
        name=type_,
        pieces=tuple(_edge_piece(edge, by_load=by_load) for edge in edges),
        constraint=_constraint(type_, f"()-[x:{type_}]-()", key),
        count=f"{every} RETURN count(r)",
        present=f"{every} RETURN r.{key}, r.{VERSION}",
        remove=(f"UNWIND $keys AS key {remove}",),
        relationships=True,
        key=key,
        by_load=by_load,
        ended=_ENDED.get(type_),
    )


def _constraint(label: str, pattern: str, key: str) -> tuple[str, str]:
    name = f"graphchannel_{label.lower()}"
    return name, f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR {pattern} REQUIRE x.{key} IS UNIQUE"


def _node_pieces(table: NodeTable) -> Iterator[Piece]:
    """Return one piece for each set of labels; the labels that rows select exclude each other."""
    label = main_label(table)
    columns = tuple(name for name in table.properties if name != "id")
    assignments = [f"n.{name} = row[{place}]" for place, name in enumerate(columns, 2)]
    version = _version(table.relation, columns)
    select = ", ".join(
        [f"{table.key} AS key", f"{version} AS version"]
        + [f"{table.properties[name].column} AS {name}" for name in columns]
    )
    chosen = [name for name, condition in table.labels.items() if condition is not None]
    for own in chosen or [label]:
        others = [name for name in chosen if name != own]
        added = [f"n:{own}"] if own != label else []
        remove = f" REMOVE n:{':'.join(others)}" if others else ""
        sets = ", ".join([*added, f"n.{VERSION} = row[1]", *assignments])
        pattern = f"(n:{label})" if own == label else f"(n:{label}:{own})"
        read = ", ".join(f"n.{name}" for name in ("id", *columns))
        yield Piece(
            name=own,
            select=f"SELECT {select} FROM {table.relation} WHERE {_condition(table.labels[own])}",
            write=f"UNWIND $rows AS row MERGE (n:{label} {{id: row[0]}}) SET {sets}{remove}",
            read=f"MATCH {pattern} WHERE n.{VERSION} IS NOT NULL RETURN {read}",
            columns=tuple((name, table.properties[name].kind) for name in columns),
        )


def _edge_piece(edge: EdgeTable, *, by_load: bool) -> Piece:
    key = key_property(edge)
    source, target = (main_label(CHANNEL.node(end.node)) for end in (edge.source, edge.target))
    columns = tuple(name for name in edge.properties if name != key)
    held = [f"{key}: row[0]", f"{VERSION}: row[1]"]
    held += [f"{name}: row[{place}]" for place, name in enumerate(columns, 4)]
    version = VERSION if by_load else _hashed(columns)
    select = ", ".join(
        [f"{edge.key} AS key", f"{version} AS version"]
        + [f"{edge.source.column} AS source", f"{edge.target.column} AS target"]
        + [f"{edge.properties[name].column} AS {name}" for name in columns]
    )
    read = ", ".join([f"r.{key}", "a.id", "b.id", *(f"r.{name}" for name in columns)])
    return Piece(
        name=f"{source}-{edge.type}-{target}",
        select=f"SELECT {select} FROM {edge.relation}",
        write=(
            f"UNWIND $rows AS row MATCH (a:{source} {{id: row[2]}}) "
            f"MATCH (b:{target} {{id: row[3]}}) "
            f"CREATE (a)-[:{edge.type} {{{', '.join(held)}}}]->(b)"
        ),
        clear=f"UNWIND $rows AS row MATCH ()-[r:{edge.type} {{{key}: row[0]}}]->() DELETE r",
        read=(
            f"MATCH (a:{source})-[r:{edge.type}]->(b:{target}) WHERE r.{VERSION} IS NOT NULL "
            f"RETURN {read}"
        ),
        columns=tuple((name, edge.properties[name].kind) for name in columns),
    )


def _version(relation: str, columns: tuple[str, ...]) -> str:
    return _hashed(columns) if relation in _UNNUMBERED else VERSION


def _hashed(columns: tuple[str, ...]) -> str:
    """Return an expression for a number that changes with the content; Neo4j's are signed."""
    return f"(hash({', '.join(columns)}) >> 1)::BIGINT"


def _condition(condition: Filter | None) -> str:
    if condition is None:
        return "true"
    values = ", ".join(f"'{value}'" for value in condition.values)
    return f"{condition.column} {'NOT ' if condition.negated else ''}IN ({values})"

"""The type that each variable of a MATCH has over all of its alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.compiler import types as t
from graphchannel.compiler.patterns.slots import NodeSlot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.patterns.slots import Alternative, HopSlot
    from graphchannel.compiler.values.session import Session


@dataclass(frozen=True, slots=True)
class Declared:
    """What each new or repeated variable can be over all alternatives."""

    nodes: Mapping[str, t.NodeType]
    hops: Mapping[str, t.RelationshipType]
    lists: Mapping[str, t.RelationshipType]
    paths: Mapping[str, t.PathType]

    @property
    def names(self) -> list[str]:
        """All names, in the order of their first kind."""
        return [*self.nodes, *self.hops, *self.lists, *self.paths]


def declared_types(session: Session, ways: list[Alternative]) -> Declared:
    """Return the types of all variables over these alternatives."""
    nodes: dict[str, list[NodeSlot]] = {}
    hops: dict[str, list[HopSlot]] = {}
    lists: dict[str, list[HopSlot]] = {}
    paths: dict[str, tuple[list[NodeSlot], list[HopSlot]]] = {}
    for way in ways:
        for slot in way.nodes:
            for name in slot.variables:
                nodes.setdefault(name, []).append(slot)
        for hop in way.hops:
            if hop.variable is not None:
                hops.setdefault(hop.variable, []).append(hop)
        for name, numbers in way.lists.items():
            lists.setdefault(name, []).extend(way.hops[n] for n in numbers)
        for name, (passed, walked) in way.paths.items():
            on_path = paths.setdefault(name, ([], []))
            on_path[0].extend(way.nodes[n] for n in passed)
            if any(way.hops[n].walk is not None for n in walked):  # which may pass any node
                on_path[0].append(NodeSlot(tables=[one.name for one in session.schema.nodes]))
            on_path[1].extend(way.hops[n] for n in walked)
    return Declared(
        {name: node_type(session, slots) for name, slots in nodes.items()},
        {name: hop_type(session, slots) for name, slots in hops.items()},
        {name: hop_type(session, slots) for name, slots in lists.items()},
        {
            name: t.PathType(node_type(session, passed), hop_type(session, walked))
            for name, (passed, walked) in paths.items()
        },
    )


def node_type(session: Session, slots: list[NodeSlot]) -> t.NodeType:
    """Return the type of a node that is in one of the slots; any node if no table is left."""
    tables = [table.name for table in session.schema.nodes]
    kept = {name for slot in slots for name in slot.tables}
    return t.NodeType(tuple(name for name in tables if name in kept) or tuple(tables))


def hop_type(session: Session, slots: list[HopSlot]) -> t.RelationshipType:
    """Return the type of a hop that is in one of the slots; any if no table is left."""
    kept = sorted({index for slot in slots for index, _ in slot.tables})
    return t.RelationshipType(tuple(kept) or tuple(range(len(session.schema.edges))))

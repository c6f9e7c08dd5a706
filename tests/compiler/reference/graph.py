"""A property graph held in memory: what the reference interpreter walks and the TCK sets up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


# What a Cypher expression can evaluate to. Lists and maps nest; null is None.
Value: TypeAlias = (
    "bool | int | float | str | dt.date | Duration | list[Value] | dict[str, Value]"
    " | Node | Relationship | Path | None"
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar duration: months and days do not convert into each other."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node; two nodes are the same only if they are one object of one graph."""

    id: int
    labels: frozenset[str]
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True, eq=False)
class Relationship:
    """A relationship from `source` to `target` (node ids); compared by identity like nodes."""

    id: int
    type: str
    source: int
    target: int
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Path:
    """Nodes and the relationships between them: always one node more than relationships."""

    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """All nodes and relationships, with the lookups that a pattern walk needs."""

    nodes: tuple[Node, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    node_by_id: Mapping[int, Node] = field(init=False, repr=False)
    relationship_by_id: Mapping[int, Relationship] = field(init=False, repr=False)
    leaving: Mapping[int, tuple[Relationship, ...]] = field(init=False, repr=False)
    arriving: Mapping[int, tuple[Relationship, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        leaving: dict[int, list[Relationship]] = {node.id: [] for node in self.nodes}
        arriving: dict[int, list[Relationship]] = {node.id: [] for node in self.nodes}
        for relationship in self.relationships:
            leaving[relationship.source].append(relationship)
            arriving[relationship.target].append(relationship)
        # A frozen dataclass sets derived fields through object.__setattr__.
        object.__setattr__(self, "node_by_id", {node.id: node for node in self.nodes})
        object.__setattr__(self, "relationship_by_id", {r.id: r for r in self.relationships})
        object.__setattr__(self, "leaving", {key: tuple(v) for key, v in leaving.items()})
        object.__setattr__(self, "arriving", {key: tuple(v) for key, v in arriving.items()})

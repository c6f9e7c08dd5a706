"""The slots of a MATCH: its nodes and hops, before any SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphchannel.compiler import syntax as s
    from graphchannel.compiler.values.model import Entity


@dataclass(slots=True)
class NodeSlot:
    """One node of a pattern. `tables` are the node tables that it may still come from."""

    patterns: list[s.NodePattern] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    bound: list[Entity] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    in_path: bool = False


@dataclass(slots=True)
class HopSlot:
    """One hop. `tables` are edge tables, each with whether it is walked against its direction.

    `walk` is the range of one that stands for hops of any number, `nodes_asked` whether a path
    needs the nodes between them.
    """

    pattern: s.RelationshipPattern
    start: int
    end: int
    variable: str | None
    bound: Entity | None = None
    tables: list[tuple[int, bool]] = field(default_factory=list)
    in_path: bool = False
    walk: s.HopRange | None = None
    nodes_asked: bool = False
    shortest: s.Selector | None = None


@dataclass(slots=True)
class Alternative:
    """One way of matching: slots, and which of them each list or path variable is made of."""

    nodes: list[NodeSlot]
    hops: list[HopSlot]
    lists: dict[str, list[int]]
    paths: dict[str, tuple[list[int], list[int]]]
    impossible: bool = False

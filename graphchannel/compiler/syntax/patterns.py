"""Patterns: nodes, relationships, and paths of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal as OneOf

if TYPE_CHECKING:
    from graphchannel.compiler.syntax.base import Expression, Position
    from graphchannel.compiler.syntax.labels import LabelExpression
    from graphchannel.compiler.syntax.terms import MapLiteral, ParameterReference


@dataclass(frozen=True, slots=True)
class NodePattern:
    """`(variable:labels {properties} WHERE where)`, every part optional."""

    at: Position
    variable: str | None
    labels: LabelExpression | None
    properties: MapLiteral | ParameterReference | None
    where: Expression | None


@dataclass(frozen=True, slots=True)
class HopRange:
    """`*`, `*n`, `*m..n`: both bounds as written; `*n` has both bounds n, `*` has none."""

    at: Position
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class RelationshipPattern:
    """`-[variable:types*m..n {properties} WHERE where]->`; `both` is the undirected one.

    `quantified`: written `->{m,n}` or `((a)-[…]->(b) WHERE …){m,n}`, where `inner` are a and b, and
    `repeated` the conditions of each repetition.
    """

    at: Position
    variable: str | None
    types: LabelExpression | None
    direction: OneOf["out", "in", "both"]
    hops: HopRange | None
    properties: MapLiteral | ParameterReference | None
    where: Expression | None
    quantified: bool = False
    inner: tuple[str, ...] = ()
    repeated: tuple[Repetition, ...] = ()


@dataclass(frozen=True, slots=True)
class Repetition:
    """A condition of each repetition of a quantified path: what `where` says of `variable`.

    `part` tells which one that is: the first node, the relationship or the second node.
    """

    part: OneOf["first", "relationship", "second"]
    variable: str
    where: Expression


@dataclass(frozen=True, slots=True)
class Selector:
    """Which paths between two nodes are taken: the `count` shortest, or all of so many lengths."""

    count: int
    groups: bool

    def __str__(self) -> str:
        return f"SHORTEST {self.count}{' GROUPS' if self.groups else ''}"


@dataclass(frozen=True, slots=True)
class PathPattern:
    """`variable = (n0)-[r0]-(n1)-[r1]-(n2)`: one relationship fewer than nodes."""

    at: Position
    variable: str | None
    nodes: tuple[NodePattern, ...]
    relationships: tuple[RelationshipPattern, ...]
    shortest: Selector | None = None

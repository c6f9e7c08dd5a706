"""Static types of Cypher expressions, as far as the compiler needs to tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from graphchannel.schema.model import Kind


@dataclass(frozen=True, slots=True)
class ScalarType:
    """A string, integer, float, boolean or date."""

    kind: Kind

    def __str__(self) -> str:
        return self.kind.value.upper()


@dataclass(frozen=True, slots=True)
class NullType:
    """The type of `null` itself; fits everywhere."""

    def __str__(self) -> str:
        return "NULL"


@dataclass(frozen=True, slots=True)
class ListType:
    """A list.

    `nullable`: it may hold nulls; `ordered`: which element comes first is defined; `canonical`: the
    same elements always come in the same order, whichever it is.
    """

    element: CypherType
    nullable: bool = True
    ordered: bool = True
    canonical: bool = False

    def __str__(self) -> str:
        return f"LIST OF {self.element}"


@dataclass(frozen=True, slots=True)
class MapType:
    """A map whose keys are known when the query is compiled.

    In a `sparse` one a key is not there where its value is null, as with a node's properties.
    """

    entries: tuple[tuple[str, CypherType], ...]
    sparse: bool = False

    def __str__(self) -> str:
        return "MAP"


@dataclass(frozen=True, slots=True)
class NodeType:
    """A node out of one of the node tables with these names."""

    tables: tuple[str, ...]

    def __str__(self) -> str:
        return "NODE"


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """A relationship out of one of the schema's edge tables, given by their positions there."""

    tables: tuple[int, ...]

    def __str__(self) -> str:
        return "RELATIONSHIP"


IDENTITIES = ("id", "elementId")  # functions that tell a node or relationship from others


@dataclass(frozen=True, slots=True)
class IdentityType:
    """What `id` or `elementId` tells a node or relationship by: only whether two are the same."""

    function: str
    of: str

    def __str__(self) -> str:
        return f"{self.function}() OF A {self.of}"


@dataclass(frozen=True, slots=True)
class PathType:
    """A path; results hold it as a struct of two lists of keys, `nodes` and `relationships`."""

    nodes: NodeType
    relationships: RelationshipType

    def __str__(self) -> str:
        return "PATH"


@dataclass(frozen=True, slots=True)
class DurationType:
    """A number of months and days; only ever added to a date."""

    def __str__(self) -> str:
        return "DURATION"


@dataclass(frozen=True, slots=True)
class MixedType:
    """One of several types, told row by row: of lists at most one is among them."""

    members: tuple[CypherType, ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.members))


@dataclass(frozen=True, slots=True)
class MomentType:
    """A time, with a day or a zone or not; `kind` is the function that makes one."""

    kind: str

    def __str__(self) -> str:
        return self.kind.upper()


CypherType: TypeAlias = (
    ScalarType
    | MomentType
    | MixedType
    | NullType
    | ListType
    | MapType
    | NodeType
    | RelationshipType
    | IdentityType
    | PathType
    | DurationType
)

CLASSES = CypherType.__args__  # all of them, for those who keep types between runs
STRING = ScalarType(Kind.STRING)
INTEGER = ScalarType(Kind.INTEGER)
FLOAT = ScalarType(Kind.FLOAT)
BOOLEAN = ScalarType(Kind.BOOLEAN)
DATE = ScalarType(Kind.DATE)
NULL = NullType()


def of_kind(kind: Kind) -> ScalarType:
    """Return the type that a property of this kind has in the graph: decimals show as floats."""
    return FLOAT if kind is Kind.DECIMAL else ScalarType(kind)


def is_numeric(type_: CypherType) -> bool:
    """Whether it is an integer or a float."""
    return type_ in (INTEGER, FLOAT)


def is_entity(type_: CypherType) -> bool:
    """Whether it is a node or a relationship."""
    return isinstance(type_, NodeType | RelationshipType)


def identity_in(type_: CypherType) -> IdentityType | None:
    """Return what of a type, or inside of it, `id` or `elementId` gives; else None."""
    if isinstance(type_, MapType):
        return next(filter(None, (identity_in(inner) for _, inner in type_.entries)), None)
    if isinstance(type_, ListType):
        return identity_in(type_.element)
    return type_ if isinstance(type_, IdentityType) else None


def unified(left: CypherType, right: CypherType) -> CypherType | None:
    """Return the type that holds values of both without changing one of them, or None.

    Integer and float do not unify: a column would turn `7` into `7.0`, and `7 / 2` then differs.
    """
    if isinstance(left, NullType):
        return right
    if isinstance(right, NullType) or left == right:
        return left
    if isinstance(left, NodeType) and isinstance(right, NodeType):
        return NodeType(tuple(dict.fromkeys(left.tables + right.tables)))
    if isinstance(left, RelationshipType) and isinstance(right, RelationshipType):
        return RelationshipType(tuple(sorted({*left.tables, *right.tables})))
    if isinstance(left, ListType) and isinstance(right, ListType):
        element = unified(left.element, right.element)
        if element is None:
            return None
        return ListType(
            element, left.nullable or right.nullable, ordered=left.ordered and right.ordered
        )
    return _unified_maps(left, right)


def either(left: CypherType, right: CypherType) -> CypherType:
    """Return a type that holds values of both: a mixed one where they do not unify."""
    both = unified(left, right)
    if both is not None:
        return both
    if isinstance(left, ListType) and isinstance(right, ListType):
        return ListType(
            either(left.element, right.element),
            left.nullable or right.nullable,
            ordered=left.ordered and right.ordered,
        )
    members: list[CypherType] = []
    for side in (left, right):
        for member in side.members if isinstance(side, MixedType) else (side,):
            _add_member(members, member)
    return MixedType(tuple(sorted(members, key=str)))


def _add_member(members: list[CypherType], member: CypherType) -> None:
    for i, known in enumerate(members):
        if isinstance(known, ListType) and isinstance(member, ListType):
            members[i] = either(known, member)
            return
    if member not in members:
        members.append(member)


def holds_mixed(type_: CypherType) -> bool:
    """Whether values of it, or their elements, are of one of several types."""
    if isinstance(type_, ListType):
        return holds_mixed(type_.element)
    return isinstance(type_, MixedType)


def is_number_of_both_kinds(type_: CypherType) -> bool:
    """Whether values of it are integers or floats, told row by row."""
    return isinstance(type_, MixedType) and set(type_.members) == {INTEGER, FLOAT}


def _unified_maps(left: CypherType, right: CypherType) -> CypherType | None:
    if not (isinstance(left, MapType) and isinstance(right, MapType)):
        return None
    if left.sparse is not right.sparse:
        return None
    others = dict(right.entries)
    if [key for key, _ in left.entries] != [key for key, _ in right.entries]:
        return None
    entries = []
    for key, type_ in left.entries:
        both = unified(type_, others[key])
        if both is None:
            return None
        entries.append((key, both))
    return MapType(tuple(entries), left.sparse)

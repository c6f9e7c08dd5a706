"""What an expression is lowered to: SQL, together with everything that is known about it.

Most values are one SQL expression (`Scalar`). Nodes and relationships are a group of columns
(`Entity`), lists and paths whose length is known while compiling stay open (`Items`, `Path`), so
that `all(r IN relationships(p) WHERE …)` becomes one condition per hop. Durations never become
SQL by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlglot import exp

    from graphchannel.compiler.syntax.liveness import Attribute
    from graphchannel.compiler.types import (
        CypherType,
        ListType,
        MomentType,
        NodeType,
        PathType,
        RelationshipType,
    )
    from graphchannel.compiler.values.moments import Instant


class Doubt(Flag):
    """In what a value may be something that SQL treats unlike Cypher; see `doubts`."""

    NEGATIVE_ZERO = auto()  # a float that may be -0.0
    EMPTY_SUM = auto()  # a sum of floats, null where nothing was added: then Cypher has integer 0
    ZERO_KIND = auto()  # a float of such sums: where it is 0.0, Cypher may have integer 0
    FAR_DATE = auto()  # a date that may lie outside the years 1 to 9999


@dataclass(frozen=True, slots=True)
class Scalar:
    """One SQL expression.

    `raw` marks a property column whose physical type may be narrower than its Cypher type: it is
    cast before it is computed with or handed out. `nan` marks a float that may be NaN. `constant`
    marks what does not depend on any row. `doubts` name what else SQL would take for another thing.
    `rounded` is a float's short form as an integer, and holds for the very `sql` that it names.
    """

    sql: exp.Expression
    type: CypherType
    nullable: bool = True
    raw: bool = False
    nan: bool = False
    constant: bool = False
    doubts: Doubt = Doubt(0)  # noqa: RUF009 - an immutable flag
    rounded: Rounded | None = None


@dataclass(frozen=True, slots=True)
class Rounded:
    """A rounded float and the integer that it is, 64 bits, the nearest where it does not fit.

    Rounding and turning a float into an integer each name their operand several times: one in the
    other would name it forty times, each of which the engine has to bind.
    """

    sql: exp.Expression
    integer: exp.Expression


@dataclass(frozen=True, slots=True)
class Entity:
    """A node or relationship as columns.

    `tag` tells the table among several (its position in the schema), None where there is only
    one. `attributes` holds the columns for everything that the query asks of it. A relationship
    knows its ends only where the query asks for them, which is in the clause that matches it.
    """

    type: NodeType | RelationshipType
    key: exp.Expression
    tag: exp.Expression | None
    attributes: Mapping[Attribute, exp.Expression]
    nullable: bool = True
    source: Entity | None = None
    target: Entity | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list whose elements are known one by one."""

    items: tuple[Value, ...]
    type: ListType
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A path of known length, or one that has been stored.

    Then `nodes` and `relationships` are lists.
    """

    type: PathType
    nodes: Items | Scalar
    relationships: Items | Scalar
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Duration:
    """Months, days and seconds, each an integer expression or nothing."""

    months: exp.Expression | None
    days: exp.Expression | None
    type: CypherType
    nullable: bool = False
    seconds: exp.Expression | None = None


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """A time that is known while compiling; it becomes a text where a result shows it."""

    instant: Instant
    type: MomentType
    nullable: bool = False


Value: TypeAlias = Scalar | Entity | Items | Path | Duration | WrittenTime

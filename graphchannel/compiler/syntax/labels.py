"""Label expressions of nodes, and type expressions of relationships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from graphchannel.compiler.syntax.base import Position


@dataclass(frozen=True, slots=True)
class LabelName:
    """One label (or relationship type)."""

    at: Position
    name: str


@dataclass(frozen=True, slots=True)
class LabelAny:
    """`%`: any label at all."""

    at: Position


@dataclass(frozen=True, slots=True)
class LabelNot:
    """`!operand`."""

    at: Position
    operand: LabelExpression


@dataclass(frozen=True, slots=True)
class LabelAnd:
    """`a&b`, and the older `:a:b`."""

    at: Position
    operands: tuple[LabelExpression, ...]


@dataclass(frozen=True, slots=True)
class LabelOr:
    """`a|b`, and the older `a|:b` of relationship types."""

    at: Position
    operands: tuple[LabelExpression, ...]


LabelExpression: TypeAlias = LabelName | LabelAny | LabelNot | LabelAnd | LabelOr

"""Expressions made of other expressions alone: values, operators, calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from typing import Literal as OneOf

from graphchannel.compiler.syntax.base import Expression

if TYPE_CHECKING:
    from graphchannel.compiler.syntax.labels import LabelExpression

UnaryOperator: TypeAlias = OneOf["not", "-", "+"]
BinaryOperator: TypeAlias = OneOf[
    "or",
    "xor",
    "and",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "||",
    "=~",
    "in",
    "starts with",
    "ends with",
    "contains",
]
ComparisonOperator: TypeAlias = OneOf["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    """null, a boolean, an integer (of 64 bits, sign included), a float or a string."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class ParameterReference(Expression):
    """`$name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable(Expression):
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class PropertyAccess(Expression):
    """`subject.name`: of a node, relationship, map, date or duration."""

    subject: Expression
    name: str


@dataclass(frozen=True, slots=True)
class HasLabels(Expression):
    """`variable:Label` as a predicate; also asks for a relationship's type."""

    subject: Expression
    labels: LabelExpression


@dataclass(frozen=True, slots=True)
class ListLiteral(Expression):
    """`[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MapLiteral(Expression):
    """`{key: value}`, in written order."""

    entries: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Index(Expression):
    """`subject[index]`."""

    subject: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Slice(Expression):
    """`subject[start..end]`; an end that is not written is None."""

    subject: Expression
    start: Expression | None
    end: Expression | None


@dataclass(frozen=True, slots=True)
class Unary(Expression):
    """A prefix operator; the sign of a number literal is part of the literal."""

    operator: UnaryOperator
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """An infix operator other than the six comparisons."""

    operator: BinaryOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class ComparisonChain(Expression):
    """`a < b`, and chains: `a < b = c` means `a < b AND b = c`.

    There is one operator fewer than operands.
    """

    operands: tuple[Expression, ...]
    operators: tuple[ComparisonOperator, ...]


@dataclass(frozen=True, slots=True)
class IsNull(Expression):
    """`operand IS NULL`, `operand IS NOT NULL`."""

    operand: Expression
    negated: bool


@dataclass(frozen=True, slots=True)
class Case(Expression):
    """Both forms of CASE: `subject` is None in the searched form."""

    subject: Expression | None
    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None


@dataclass(frozen=True, slots=True)
class FunctionCall(Expression):
    """`name(arguments)`, aggregates included; `name` as written (`toUpper`, `duration.inDays`)."""

    name: str
    arguments: tuple[Expression, ...]
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class CountStar(Expression):
    """`count(*)`."""


@dataclass(frozen=True, slots=True)
class ListComprehension(Expression):
    """`[variable IN source WHERE where | result]`."""

    variable: str
    source: Expression
    where: Expression | None
    result: Expression | None


@dataclass(frozen=True, slots=True)
class Reduce(Expression):
    """`reduce(total = start, variable IN source | step)`."""

    total: str
    start: Expression
    variable: str
    source: Expression
    step: Expression


@dataclass(frozen=True, slots=True)
class MapProjection(Expression):
    """`subject {.name, key: value, .*}`; an entry without value is the property of that name."""

    subject: Variable
    entries: tuple[tuple[str, Expression], ...]
    everything: bool


@dataclass(frozen=True, slots=True)
class Quantifier(Expression):
    """`all(variable IN source WHERE where)` and its kin."""

    kind: OneOf["all", "any", "none", "single"]
    variable: str
    source: Expression
    where: Expression

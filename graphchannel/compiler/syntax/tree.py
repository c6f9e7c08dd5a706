"""The syntax tree of portable Cypher: values only, as the parser reads them.

Every node carries `at`, the place of its first character. Nothing is resolved here: names are as
written (backticks removed), labels are not checked, types are unknown. Constructs that the grammar
reads but the compiler refuses (`^`, `=~`, pattern comprehensions …) are nodes like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the text: line and column, both from 1."""

    line: int
    column: int


# --- label and type expressions -------------------------------------------------------------------


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


# --- expressions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal:
    """null, a boolean, an integer (of 64 bits, sign included), a float or a string."""

    at: Position
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name`."""

    at: Position
    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable."""

    at: Position
    name: str


@dataclass(frozen=True, slots=True)
class PropertyAccess:
    """`subject.name`: of a node, relationship, map, date or duration."""

    at: Position
    subject: Expression
    name: str


@dataclass(frozen=True, slots=True)
class HasLabels:
    """`variable:Label` as a predicate; also asks for a relationship's type."""

    at: Position
    subject: Expression
    labels: LabelExpression


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """`[a, b]`."""

    at: Position
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MapLiteral:
    """`{key: value}`, in written order."""

    at: Position
    entries: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Index:
    """`subject[index]`."""

    at: Position
    subject: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Slice:
    """`subject[start..end]`; an end that is not written is None."""

    at: Position
    subject: Expression
    start: Expression | None
    end: Expression | None


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
    "=~",
    "in",
    "starts with",
    "ends with",
    "contains",
]
ComparisonOperator: TypeAlias = OneOf["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Unary:
    """A prefix operator; the sign of a number literal is part of the literal."""

    at: Position
    operator: UnaryOperator
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """An infix operator other than the six comparisons."""

    at: Position
    operator: BinaryOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b`, and chains: `a < b = c` means `a < b AND b = c`.

    There is one operator fewer than operands.
    """

    at: Position
    operands: tuple[Expression, ...]
    operators: tuple[ComparisonOperator, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """`operand IS NULL`, `operand IS NOT NULL`."""

    at: Position
    operand: Expression
    negated: bool


@dataclass(frozen=True, slots=True)
class Case:
    """Both forms of CASE: `subject` is None in the searched form."""

    at: Position
    subject: Expression | None
    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """`name(arguments)`, aggregates included; `name` as written (`toUpper`, `duration.inDays`)."""

    at: Position
    name: str
    arguments: tuple[Expression, ...]
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class CountStar:
    """`count(*)`."""

    at: Position


@dataclass(frozen=True, slots=True)
class ListComprehension:
    """`[variable IN source WHERE where | result]`."""

    at: Position
    variable: str
    source: Expression
    where: Expression | None
    result: Expression | None


@dataclass(frozen=True, slots=True)
class Quantifier:
    """`all(variable IN source WHERE where)` and its kin."""

    at: Position
    kind: OneOf["all", "any", "none", "single"]
    variable: str
    source: Expression
    where: Expression


@dataclass(frozen=True, slots=True)
class PatternPredicate:
    """A pattern used as a predicate: `WHERE (a)-->(b)`."""

    at: Position
    pattern: PathPattern


@dataclass(frozen=True, slots=True)
class PatternComprehension:
    """`[(a)-->(b) WHERE where | result]`."""

    at: Position
    pattern: PathPattern
    where: Expression | None
    result: Expression


@dataclass(frozen=True, slots=True)
class Exists:
    """`EXISTS { … }`.

    The short form `EXISTS { (a)-->(b) WHERE … }` is read as the query of one MATCH clause. Of all
    queries only those in braces may end without RETURN.
    """

    at: Position
    query: Query


@dataclass(frozen=True, slots=True)
class CountSubquery:
    """`COUNT { … }`; its body is read like that of `EXISTS`."""

    at: Position
    query: Query


Expression: TypeAlias = (
    Literal
    | Parameter
    | Variable
    | PropertyAccess
    | HasLabels
    | ListLiteral
    | MapLiteral
    | Index
    | Slice
    | Unary
    | Binary
    | Comparison
    | IsNull
    | Case
    | FunctionCall
    | CountStar
    | ListComprehension
    | Quantifier
    | PatternPredicate
    | PatternComprehension
    | Exists
    | CountSubquery
)


# --- patterns -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NodePattern:
    """`(variable:labels {properties} WHERE where)`, every part optional."""

    at: Position
    variable: str | None
    labels: LabelExpression | None
    properties: MapLiteral | Parameter | None
    where: Expression | None


@dataclass(frozen=True, slots=True)
class HopRange:
    """`*`, `*n`, `*m..n`: both bounds as written; `*n` has both bounds n, `*` has none."""

    at: Position
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class RelationshipPattern:
    """`-[variable:types*m..n {properties} WHERE where]->`; `both` is the undirected one."""

    at: Position
    variable: str | None
    types: LabelExpression | None
    direction: OneOf["out", "in", "both"]
    hops: HopRange | None
    properties: MapLiteral | Parameter | None
    where: Expression | None


@dataclass(frozen=True, slots=True)
class PathPattern:
    """`variable = (n0)-[r0]-(n1)-[r1]-(n2)`: one relationship fewer than nodes."""

    at: Position
    variable: str | None
    nodes: tuple[NodePattern, ...]
    relationships: tuple[RelationshipPattern, ...]


# --- clauses --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Match:
    """`[OPTIONAL] MATCH patterns [WHERE where]`."""

    at: Position
    optional: bool
    patterns: tuple[PathPattern, ...]
    where: Expression | None


@dataclass(frozen=True, slots=True)
class Unwind:
    """`UNWIND expression AS variable`."""

    at: Position
    expression: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of WITH or RETURN; `text` is its source, the column name where `alias` is None."""

    at: Position
    expression: Expression
    alias: str | None
    text: str


@dataclass(frozen=True, slots=True)
class SortItem:
    """One key of ORDER BY."""

    at: Position
    expression: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class Projection:
    """The common part of WITH and RETURN; `star` is a leading `*`."""

    at: Position
    distinct: bool
    star: bool
    items: tuple[Item, ...]
    order: tuple[SortItem, ...]
    skip: Expression | None
    limit: Expression | None


@dataclass(frozen=True, slots=True)
class With:
    """`WITH projection [WHERE where]`."""

    at: Position
    projection: Projection
    where: Expression | None


@dataclass(frozen=True, slots=True)
class Return:
    """`RETURN projection`: only the last clause of a query."""

    at: Position
    projection: Projection


Clause: TypeAlias = Match | Unwind | With | Return


@dataclass(frozen=True, slots=True)
class SingleQuery:
    """Clauses in order; the last is a Return, except in the body of EXISTS or COUNT."""

    at: Position
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One query, or several joined by UNION (`all_rows`: by UNION ALL)."""

    at: Position
    parts: tuple[SingleQuery, ...]
    all_rows: bool = False

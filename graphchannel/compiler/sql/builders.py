"""Small builders over sqlglot: identifiers quoted, operands parenthesised where they must be.

sqlglot does not add parentheses to trees built by hand, so `wrapped` is used for each operand.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLOSED = (
    exp.Column,
    exp.Literal,
    exp.Paren,
    exp.Cast,
    exp.Func,
    exp.Boolean,
    exp.Null,
    exp.Placeholder,
    exp.Subquery,
    exp.Array,
)
_OPEN_FUNCTIONS = (exp.And, exp.Or, exp.Xor, exp.Case, exp.IntDiv, exp.Mod)


KEY = "key"  # in a table's `meta`: the name of a column


def constant(expression: exp.Expression) -> exp.Expression:
    """Return an expression that `own` always copies, so that modules can share it."""
    exp.Paren(this=expression)
    return expression


TRUE = constant(exp.true())
FALSE = constant(exp.false())


def own(expression: exp.Expression) -> exp.Expression:
    """Return the expression itself, or a copy if it is part of another expression already."""
    return expression if expression.parent is None else expression.copy()


def name(text: str) -> exp.Identifier:
    """Return a quoted identifier."""
    return exp.Identifier(this=text, quoted=True)


def column(alias: str, text: str) -> exp.Column:
    """Return `alias.text`, both quoted."""
    return exp.Column(this=name(text), table=name(alias))


def variable(text: str) -> exp.Column:
    """Return a bare name: a lambda's parameter."""
    return exp.Column(this=name(text))


def relation(path: str, alias: str, key: str | None = None) -> exp.Table:
    """Return the table at the dotted `path`, under an alias.

    No two rows have the same value in the column `key`, and none has null.
    """
    parts = [name(part) for part in path.split(".")]
    table = exp.Table(this=parts[-1], alias=exp.TableAlias(this=name(alias)))
    if len(parts) > 1:
        table.set("db", parts[-2])
    if len(parts) > 2:
        table.set("catalog", parts[-3])
    if key is not None:
        table.meta[KEY] = key
    return table


def derived(query: exp.Query, alias: str) -> exp.Subquery:
    """Return `(query) AS alias`."""
    return exp.Subquery(this=query, alias=exp.TableAlias(this=name(alias)))


def aliased(expression: exp.Expression, text: str) -> exp.Alias:
    """Return `expression AS text`."""
    return exp.Alias(this=expression, alias=name(text))


def one() -> exp.Expression:
    """Return `1 AS one`, for rows of no columns."""
    return aliased(exp.Literal.number(1), "one")


def wrapped(expression: exp.Expression) -> exp.Expression:
    """Return the expression in parentheses, unless it can be an operand as it is."""
    if isinstance(expression, _CLOSED) and not isinstance(expression, _OPEN_FUNCTIONS):
        return own(expression)
    return exp.Paren(this=own(expression))


@cache
def _parsed_type(text: str) -> exp.DataType:
    return exp.DataType.build(text, dialect="duckdb")


def data_type(text: str) -> exp.DataType:
    """Return the type that DuckDB calls `text`."""
    return _parsed_type(text).copy()


def cast(expression: exp.Expression, to: exp.DataType | str) -> exp.Cast:
    """Return `CAST(expression AS to)`.

    sqlglot's own `cast` drops a cast of one list type to another: it compares only "it is a list".
    """
    type_ = data_type(to) if isinstance(to, str) else to.copy()
    return exp.Cast(this=own(expression), to=type_)


def try_cast(expression: exp.Expression, to: exp.DataType) -> exp.Expression:
    """Return `TRY_CAST(expression AS to)`: null where it cannot be cast.

    Unless it is called safe, sqlglot prints a plain CAST for Spark.
    """
    return exp.TryCast(this=own(expression), to=to.copy(), safe=True)


def integer(value: int) -> exp.Expression:
    """Return a 64-bit integer constant."""
    number: exp.Expression = exp.Literal.number(str(abs(value)))
    if value == -(2**63):  # its absolute value does not fit: spelled as a sum
        least = exp.Neg(this=exp.Literal.number(str(2**63 - 1)))
        return exp.Sub(this=cast(least, "bigint"), expression=exp.Literal.number("1"))
    return cast(exp.Neg(this=number) if value < 0 else number, "bigint")


def string(value: str) -> exp.Expression:
    """Return a string constant."""
    return exp.Literal.string(value)


def call(function: str, *arguments: exp.Expression) -> exp.Anonymous:
    """Return a call that is printed as it stands, in either dialect."""
    return exp.Anonymous(this=function, expressions=[own(argument) for argument in arguments])


def lambda_(parameter: str, body: exp.Expression, *more: str) -> exp.Lambda:
    """Return a lambda of one parameter, or of several."""
    return exp.Lambda(this=own(body), expressions=[name(one) for one in (parameter, *more)])


def field(struct: exp.Expression, text: str) -> exp.Expression:
    """Return the field of a struct."""
    return exp.Dot(this=exp.Paren(this=own(struct)), expression=name(text))


def all_of(conditions: Iterable[exp.Expression]) -> exp.Expression:
    """Return the conjunction: TRUE if there are no conditions."""
    return _joined(exp.And, conditions, empty=True)


def any_of(conditions: Iterable[exp.Expression]) -> exp.Expression:
    """Return the disjunction: FALSE if there are no conditions."""
    return _joined(exp.Or, conditions, empty=False)


def _joined(
    connector: type[exp.And | exp.Or], conditions: Iterable[exp.Expression], *, empty: bool
) -> exp.Expression:
    result: exp.Expression | None = None
    for condition in conditions:
        if isinstance(condition, exp.Boolean) and condition.this is empty:
            continue  # the neutral element
        if result is None:
            result = wrapped(condition)
        else:
            result = connector(this=result, expression=wrapped(condition))
    return exp.Boolean(this=empty) if result is None else result


def not_(condition: exp.Expression) -> exp.Expression:
    """Return the negation."""
    return exp.Not(this=exp.Paren(this=own(condition)))


def is_null(expression: exp.Expression) -> exp.Expression:
    """Return `expression IS NULL`."""
    return exp.Is(this=wrapped(expression), expression=exp.Null())


def is_not_null(expression: exp.Expression) -> exp.Expression:
    """Return `expression IS NOT NULL`."""
    return exp.Not(this=is_null(expression))


def equal(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    """Return `left = right`."""
    return exp.EQ(this=wrapped(left), expression=wrapped(right))


def among(expression: exp.Expression, values: Iterable[exp.Expression]) -> exp.Expression:
    """Return `expression IN (values)`."""
    return exp.In(this=wrapped(expression), expressions=[own(value) for value in values])


def case(
    branches: Iterable[tuple[exp.Expression, exp.Expression]], otherwise: exp.Expression | None
) -> exp.Case:
    """Return a searched CASE."""
    ifs = [exp.If(this=own(when), true=own(then)) for when, then in branches]
    return exp.Case(ifs=ifs, default=own(otherwise) if otherwise is not None else None)


def select(
    columns: Iterable[exp.Expression],
    sources: Iterable[exp.Expression],
    conditions: Iterable[exp.Expression] = (),
) -> exp.Select:
    """Return `SELECT columns FROM a, b WHERE …`.

    No FROM without sources, no WHERE without conditions.
    """
    query = exp.Select(expressions=list(columns))
    first, *others = [*sources, None]
    if first is not None:
        others.pop()
        query.set("from_", exp.From(this=first))
        query.set("joins", [exp.Join(this=other, kind="CROSS") for other in others])
    conditions = list(conditions)
    if conditions:
        query.set("where", exp.Where(this=all_of(conditions)))
    return query


def union_all(queries: list[exp.Select]) -> exp.Query:
    """Return the queries joined by UNION ALL."""
    result: exp.Query = queries[0]
    for query in queries[1:]:
        result = exp.Union(this=result, expression=query, distinct=False)
    return result

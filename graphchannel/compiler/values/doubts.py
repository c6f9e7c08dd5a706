"""Values that SQL would treat unlike Cypher, and what is done about them where it matters.

Each doubt is named in `model.Doubt`. A value with a doubt is computed like any other; where the
difference could show it is either said in SQL (`less`, `at_least` …) or the query stops with a
sentence when such a value is met.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.model import Doubt, Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphchannel.compiler.values.session import Session

_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"


OF_SUMS = Doubt.EMPTY_SUM | Doubt.ZERO_KIND


def doubts_of(values: Iterable[Value]) -> Doubt:
    """Return the doubts about any of the values, for a value that may be each of them."""
    found = Doubt(0)
    for value in values:
        if isinstance(value, Scalar):
            found |= value.doubts
    return found & ~OF_SUMS  # a sum is settled when it is mixed with others


def is_sum(value: Value) -> bool:
    """Whether a value may be the integer 0 where SQL has a float or null."""
    return isinstance(value, Scalar) and bool(value.doubts & OF_SUMS)


def handed_out(session: Session, value: Scalar) -> exp.Expression:
    """Return the SQL of a value that leaves the place where its doubts are known."""
    found = value.sql.copy()
    if Doubt.EMPTY_SUM in value.doubts:
        found = _or_fail(session, sql.is_null(found), found, value.type, EMPTY_SUM)
    if Doubt.ZERO_KIND in value.doubts:
        zero = sql.equal(found.copy(), exp.Literal.number(0))
        found = _or_fail(session, zero, found, value.type, EMPTY_SUM)
    if Doubt.FAR_DATE in value.doubts:
        days = [sql.cast(sql.string(day), "date") for day in (_FIRST_DAY, _LAST_DAY)]
        far = exp.Not(
            this=exp.Paren(this=exp.Between(this=sql.wrapped(found), low=days[0], high=days[1]))
        )
        found = _or_fail(session, far, found, value.type, "a day outside the years 1 to 9999")
    return found


EMPTY_SUM = (
    "sum() of floats over nothing, the integer 0 in Cypher, is not portable; write toFloat(sum(x))"
)


def as_float(session: Session, value: Scalar) -> Scalar:
    """Return a sum of floats where it does not matter that it may be the integer 0."""
    value = replace(value, doubts=value.doubts & ~Doubt.ZERO_KIND)
    if Doubt.EMPTY_SUM not in value.doubts:
        return value
    zero = sql.cast(exp.Literal.number(0), "double")
    del session
    whole = exp.Coalesce(this=sql.own(value.sql), expressions=[zero])
    return replace(value, sql=whole, doubts=value.doubts & ~Doubt.EMPTY_SUM, nullable=False)


def not_negative_zero(session: Session, value: Scalar, where: str) -> Scalar:
    """Return a value that is compared as a whole: -0.0 is less than 0.0 in Cypher, not in SQL."""
    if Doubt.NEGATIVE_ZERO not in value.doubts:
        return value
    negative = session.dialect.negative_zero(value.sql)
    found = _or_fail(session, negative, value.sql, value.type, f"-0.0 in {where}")
    return replace(value, sql=found, doubts=value.doubts & ~Doubt.NEGATIVE_ZERO)


def in_text_order(session: Session, value: Scalar) -> Scalar:
    """Return a text whose order is asked for: Neo4j's own is not one for all characters."""
    if value.type != t.STRING or value.constant:
        return value
    wide = session.dialect.wide(value.sql)
    found = _or_fail(session, wide, value.sql, value.type, "the order of characters beyond U+FFFF")
    return replace(value, sql=found)


def _or_fail(
    session: Session,
    condition: exp.Expression,
    value: exp.Expression,
    type_: t.CypherType,
    what: str,
) -> exp.Expression:
    message = what if "is not portable" in what else f"{what} is not portable"
    failing = session.failing(message, session.sql_type(type_))
    return sql.case([(condition, failing)], value)


# --- comparisons of floats that may be -0.0 ---


def compared(
    session: Session, operator: str, plain: exp.Expression, left: Scalar, right: Scalar
) -> exp.Expression:
    """Return a comparison of numbers that also tells -0.0 from 0.0."""
    if operator in ("=", "<>"):
        return plain
    if operator in (">", ">="):
        left, right = right, left
        operator = "<" if operator == ">" else "<="
    doubtful = left if operator == "<" else right  # whose -0.0 would change the answer
    other = right if operator == "<" else left
    if Doubt.NEGATIVE_ZERO not in doubtful.doubts or _nonzero_constant(other):
        return plain
    crossing = [
        session.dialect.negative_zero(doubtful.sql),
        sql.equal(other.sql, exp.Literal.number(0)),
    ]
    if Doubt.NEGATIVE_ZERO in other.doubts:
        crossing.append(sql.not_(session.dialect.negative_zero(other.sql)))
    if operator == "<":
        return sql.any_of([plain, sql.all_of(crossing)])
    return sql.all_of([plain, sql.not_(sql.all_of(crossing))])


def _nonzero_constant(value: Scalar) -> bool:
    number = value.sql if value.constant else None
    while isinstance(number, exp.Cast | exp.Neg | exp.Paren):
        number = number.this
    return isinstance(number, exp.Literal) and not number.is_string and float(number.name) != 0.0

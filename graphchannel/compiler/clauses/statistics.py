"""Aggregates of numbers: totals, means, deviations and percentiles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.values.doubts import OF_SUMS, as_float
from graphchannel.compiler.values.model import Doubt, Scalar, Value
from graphchannel.compiler.values.ranks import of_mixed
from graphchannel.compiler.values.representation import to_mixed, with_kinds

if TYPE_CHECKING:
    from graphchannel.compiler.values.session import Session


def with_one_zero(session: Session, name: str, value: Value, *, distinct: bool) -> Value:
    """Return the argument of an aggregate; to some the integer 0 and 0.0 are one number."""
    if not (isinstance(value, Scalar) and value.doubts & OF_SUMS):
        return value
    if name == "collect":
        return value if distinct else with_kinds(session, value)
    if name == "sum" and Doubt.ZERO_KIND not in value.doubts:
        # the integer 0 adds nothing: of nothing else it is the integer 0 again
        return replace(value, doubts=value.doubts & ~Doubt.EMPTY_SUM, nullable=True)
    return as_float(session, value)


def of_either_zero(name: str, value: Value, result: Value) -> Value:
    """Return an aggregate of sums of floats: one that is 0 may be the integer 0, as one of them."""
    if not (isinstance(value, Scalar) and isinstance(result, Scalar)):
        return result
    passed_on = name in ("min", "max", "percentilecont", "percentiledisc") or (
        name == "sum" and Doubt.ZERO_KIND in value.doubts
    )
    if not (passed_on and value.doubts & OF_SUMS):
        return result
    return replace(result, doubts=result.doubts | Doubt.ZERO_KIND)


def total(
    session: Session,
    value: Scalar,
    argument: exp.Expression,
    column: exp.Expression,
    *,
    keyed: bool,
) -> Scalar:
    """Return sum(); `keyed` tells that no group is empty."""
    added_up: exp.Expression = exp.Sum(this=argument)
    if value.type == t.FLOAT:
        # in Cypher the sum of nothing is the integer 0; and 0 + -0.0 is 0.0
        zero = sql.cast(exp.Literal.number(0), "double")
        added = sql.cast(exp.Add(this=added_up, expression=zero), "double")
        possible = value.nullable or not keyed
        doubt = Doubt.EMPTY_SUM if possible else Doubt(0)
        return Scalar(added, t.FLOAT, nullable=False, nan=value.nan, doubts=doubt)
    counted = sql.cast(
        exp.Coalesce(this=added_up.copy(), expressions=[exp.Literal.number(0)]), "bigint"
    )
    if isinstance(argument, exp.Distinct):
        positive: exp.Expression = added_up
    else:
        above = exp.GT(this=column.copy(), expression=exp.Literal.number(0))
        positive = exp.Sum(this=sql.case([(above, column)], None))
    whole = sql.case([(_overflows(added_up, positive), _too_large(session))], counted)
    return Scalar(whole, t.INTEGER, nullable=False)


def as_floats(session: Session, value: Scalar) -> Scalar:
    """Return numbers of both kinds as floats."""
    if not isinstance(value.type, t.MixedType):
        raise TypeError(str(value.type))
    found = of_mixed(session, value.sql, value.type, lambda held, _: sql.cast(held, "double"))
    return Scalar(found, t.FLOAT, nan=True, doubts=Doubt.NEGATIVE_ZERO)


def total_of_both_kinds(session: Session, value: Scalar, column: exp.Expression) -> Scalar:
    """Return sum() of integers and floats: a float, unless all were integers.

    Of integers alone it is told for 0 only, which is what CASE … ELSE 0 adds up to.
    """
    if not isinstance(value.type, t.MixedType):
        raise TypeError(str(value.type))
    held = {
        kind: exp.Sum(this=_of_kind(session, column, value.type, kind))
        for kind in (t.FLOAT, t.INTEGER)
    }
    zero = exp.Literal.number(0)
    whole = sql.cast(exp.Coalesce(this=held[t.INTEGER], expressions=[zero]), "double")
    failing = session.failing(
        "sum() of integers and floats that were all integers is not portable; write "
        "sum(toFloat(x))",
        sql.data_type("double"),
    )
    added = exp.Add(this=held[t.FLOAT], expression=whole)
    found = sql.case(
        [
            (sql.is_not_null(held[t.FLOAT]), sql.cast(added, "double")),
            (sql.equal(whole, zero), sql.cast(exp.Null(), "double")),
        ],
        failing,
    )
    return Scalar(found, t.FLOAT, nullable=False, nan=True, doubts=Doubt.EMPTY_SUM)


def _of_kind(
    session: Session, column: exp.Expression, type_: t.MixedType, kind: t.CypherType
) -> exp.Expression:
    """Return the values of one kind, null in the places of all others."""
    return of_mixed(
        session,
        column,
        type_,
        lambda held, member: held if member == kind else session.null(kind),
    )


def deviation(
    session: Session, name: str, value: Scalar, argument: exp.Expression, *, keyed: bool
) -> Scalar:
    """Return stDev() or stDevP(); `keyed` tells that no group is empty.

    Over nothing the query stops: Neo4j 5.26 answers 0.0 there, later releases null.
    """
    function = "stddev_samp" if name == "stDev" else "stddev_pop"
    zero = sql.cast(exp.Literal.number(0), "double")
    number = (
        exp.Distinct(expressions=[sql.cast(one, "double") for one in argument.expressions])
        if isinstance(argument, exp.Distinct)
        else sql.cast(argument, "double")
    )
    found = exp.Anonymous(this=function, expressions=[number])
    whole: exp.Expression = exp.Coalesce(this=found, expressions=[zero])
    if not keyed or value.nullable:
        failing = session.failing(
            f"{name}() over nothing is not portable; "
            f"write CASE WHEN count(x) > 0 THEN {name}(x) END",
            session.sql_type(t.FLOAT),
        )
        nothing = sql.equal(exp.Count(this=argument.copy()), sql.integer(0))
        whole = sql.case([(nothing, failing)], whole)
    return Scalar(whole, t.FLOAT, nullable=False, nan=value.nan)


def percentile(
    session: Session, node: s.FunctionCall, value: Scalar, argument: exp.Expression
) -> Scalar:
    """Return percentileCont() or percentileDisc(), at a literal share."""
    name = node.name.lower()
    share = node.arguments[1]
    part = share.value if isinstance(share, s.Literal) else None
    if not isinstance(part, int | float) or isinstance(part, bool) or not 0 <= part <= 1:
        raise session.refuse(
            share.at, f"{node.name}() at a computed share", "write a number from 0.0 to 1.0"
        )
    of_integers = name == "percentilecont" and value.type == t.INTEGER
    if of_integers and not session.exploring:
        raise session.refuse(
            node.at,
            "percentileCont() of integers, which is one or a float,",
            "write percentileCont(toFloat(x), 0.5)",
        )
    if node.distinct:
        raise session.refuse(node.at, f"{node.name}(DISTINCT …)", "leave DISTINCT out")
    if of_integers:
        return _of_integers(session, argument, float(part))
    exact = exp.Literal.number(repr(float(part)))
    found = session.dialect.percentile(name, argument, exact)
    return Scalar(found, value.type, nan=value.nan)


def _of_integers(session: Session, argument: exp.Expression, part: float) -> Scalar:
    """Return percentileCont() of integers: one of them where it falls on one, else a float."""
    share = exp.Literal.number(repr(part))
    number = sql.cast(argument, "double")
    found = session.dialect.percentile("percentilecont", number, share)
    others = exp.Sub(this=exp.Count(this=argument.copy()), expression=exp.Literal.number(1))
    place = exp.Mul(this=sql.wrapped(others), expression=sql.cast(share.copy(), "double"))
    on_one = sql.equal(place, exp.Floor(this=place.copy()))
    largest = exp.Max(this=exp.Abs(this=number.copy()))
    failing = session.failing(
        "percentileCont() of integers beyond 2^53 is not portable", sql.data_type("double")
    )
    beyond = exp.GT(this=largest, expression=sql.cast(sql.integer(2**53), "double"))
    exact = Scalar(sql.case([(beyond, failing)], found), t.FLOAT)
    kinds = t.MixedType((t.FLOAT, t.INTEGER))
    whole = Scalar(sql.cast(exact.sql.copy(), "bigint"), t.INTEGER)
    either = sql.case([(on_one, to_mixed(session, whole, kinds))], to_mixed(session, exact, kinds))
    return Scalar(either, kinds)


def _overflows(total: exp.Expression, positive: exp.Expression) -> exp.Expression:
    """Whether adding could leave 64 bits on the way: Neo4j goes on with floats then."""
    negative = exp.Sub(this=sql.wrapped(total), expression=sql.wrapped(positive))
    largest = exp.Literal.number(2**63 - 1)
    return sql.any_of(
        [
            exp.GT(this=sql.own(positive), expression=largest),
            exp.LT(this=negative, expression=exp.Neg(this=largest.copy())),
        ]
    )


def _too_large(session: Session) -> exp.Expression:
    return session.failing("sum() beyond 64 bits is not portable", sql.data_type("bigint"))


def mean(session: Session, value: Scalar, argument: exp.Expression) -> Scalar:
    """Return avg()."""
    zero = sql.cast(exp.Literal.number(0), "double")
    found = exp.Add(this=sql.cast(exp.Avg(this=argument), "double"), expression=zero)
    if value.type == t.INTEGER:
        return Scalar(found, t.FLOAT)
    # the sum on the way may be too large for a float where the mean is not
    endless = sql.equal(exp.Abs(this=found), sql.cast(sql.string("infinity"), "double"))
    failing = session.failing(
        "avg() of numbers whose sum is infinite is not portable", sql.data_type("double")
    )
    return Scalar(sql.case([(endless, failing)], found), t.FLOAT, nan=value.nan)


def holds_aggregate(column: exp.Expression) -> bool:
    """Whether an aggregate stands in the SQL of a column."""
    names = (
        *("stddev_samp", "stddev_pop", "quantile_cont", "quantile_disc", "percentile"),
        *("arg_min", "arg_max"),
    )
    calls = (call.name for call in column.find_all(exp.Anonymous))
    return column.find(exp.AggFunc) is not None or any(name in names for name in calls)

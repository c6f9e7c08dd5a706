"""Durations: months and days, to move a date by or to ask for between two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.signature import ANY, DAY, Call, Function
from graphchannel.compiler.values.model import Duration, Scalar, Value
from graphchannel.compiler.values.representation import present

if TYPE_CHECKING:
    from graphchannel.compiler.values.context import Context, Lowering
    from graphchannel.compiler.values.session import Session


def _duration(c: Call) -> Value:
    argument = c.node.arguments[0]
    if isinstance(argument, s.Literal) and isinstance(argument.value, str):
        return _duration_text(c, argument)
    raise c.session.refuse(c.node.at, "a computed duration", "write duration({days: …})")


_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?",
    re.ASCII,
)


def _duration_text(c: Call, argument: s.Literal) -> Value:
    found = _DURATION.fullmatch(str(argument.value))
    if found is None or not any(found.groups()):
        raise c.session.refuse(
            argument.at, f"the duration '{argument.value}'", "write whole numbers: P1Y2M3DT4H"
        )
    years, months, weeks, days, *times = (int(group or 0) for group in found.groups())
    amounts = (years * 12 + months, weeks * 7 + days, times[0] * 3600 + times[1] * 60 + times[2])
    in_months, in_days, seconds = (sql.integer(n) if n else None for n in amounts)
    return Duration(in_months, in_days, t.DurationType(), seconds=seconds)


# what a part counts in, and how many of these it is
_DURATION_KEYS = {
    "years": ("months", 12),
    "months": ("months", 1),
    "weeks": ("days", 7),
    "days": ("days", 1),
    "hours": ("seconds", 3600),
    "minutes": ("seconds", 60),
    "seconds": ("seconds", 1),
}


def duration_of_parts(lowering: Lowering, context: Context, entries: s.MapLiteral) -> Value:
    """Lower `duration({months: …, days: …})`."""
    session = lowering.session
    amounts: dict[str, exp.Expression | None] = dict.fromkeys(("months", "days", "seconds"))
    for key, expression in entries.entries:
        if key not in _DURATION_KEYS:
            raise session.refuse(
                expression.at, f"duration({{{key}: …}})", "use whole years to seconds"
            )
        value = lowering.lower(expression, context, t.INTEGER)
        if value.type != t.INTEGER:
            raise session.refuse(
                expression.at, f"a duration of {value.type} {key}", "use whole numbers"
            )
        number = sql.wrapped(present(session, value, f"duration({{{key}: null}})"))
        group, factor = _DURATION_KEYS[key]
        if factor > 1:
            number = exp.Mul(this=number, expression=sql.integer(factor))
        before = amounts[group]
        amounts[group] = number if before is None else exp.Add(this=before, expression=number)
    return Duration(
        amounts["months"], amounts["days"], t.DurationType(), seconds=amounts["seconds"]
    )


def _in_days(c: Call) -> Value:
    days = sql.cast(c.session.dialect.days_between(c.sql(0), c.sql(1)), "bigint")
    return Duration(None, days, t.DurationType(), c.nullable)


def _between(c: Call) -> Value:
    """Return whole months, then the days that remain, both towards zero."""
    start, end = c.sql(0), c.sql(1)
    months = _months_between(c, start, end)
    moved = c.session.dialect.plus_months(start, months)
    days = sql.cast(c.session.dialect.days_between(moved, end), "bigint")
    return Duration(months, days, t.DurationType(), c.nullable)


def _in_months(c: Call) -> Value:
    months = _months_between(c, c.sql(0), c.sql(1))
    return Duration(months, sql.integer(0), t.DurationType(), c.nullable)


def _months_between(c: Call, start: exp.Expression, end: exp.Expression) -> exp.Expression:
    """Return the whole months between two days: the 31st to the 29th is less than one."""

    def part(name: str, date: exp.Expression) -> exp.Expression:
        return sql.cast(c.session.dialect.date_part(name, date), "bigint")

    def month(date: exp.Expression) -> exp.Expression:
        year = exp.Mul(this=part("year", date), expression=exp.Literal.number(12))
        return exp.Paren(this=exp.Add(this=year, expression=part("month", date)))

    months = exp.Paren(this=exp.Sub(this=month(end), expression=month(start)))
    zero, one = exp.Literal.number(0), exp.Literal.number(1)
    ahead = exp.GT(this=months.copy(), expression=zero.copy())
    behind = exp.LT(this=months.copy(), expression=zero)
    earlier = exp.LT(this=part("day", end), expression=part("day", start))
    later = exp.GT(this=part("day", end), expression=part("day", start))
    whole = sql.case(
        [
            (sql.all_of([ahead, earlier]), exp.Sub(this=months.copy(), expression=one)),
            (sql.all_of([behind, later]), exp.Add(this=months.copy(), expression=one.copy())),
        ],
        months,
    )
    return sql.cast(whole, "bigint")


# the parts of a duration: of its months or its days, how many of them make one
_PARTS = {"years": ("months", 12), "quarters": ("months", 3), "months": ("months", 1)}
_PARTS |= {"weeks": ("days", 7), "days": ("days", 1)}


def duration_part(session: Session, at: s.Position, duration: Duration, name: str) -> Value:
    """Lower a component of a duration, such as `.days`."""
    group, size = _PARTS.get(name, ("", 1))
    amount = duration.months if group == "months" else duration.days
    if not group or amount is None:
        raise session.refuse(at, f".{name} of a duration", "use duration.inDays(a, b).days")
    number = sql.own(amount)
    if size > 1:
        number = exp.IntDiv(this=sql.wrapped(number), expression=sql.integer(size))
    return Scalar(number, t.INTEGER, nullable=duration.nullable)


FUNCTIONS = (
    Function("duration", "duration({months: …, days: …})", "to add to a date", (ANY,), _duration),
    Function(
        "duration.between",
        "duration.between(from, to).months",
        "whole months between, `.days` those that remain",
        (DAY, DAY),
        _between,
        t.INTEGER,
    ),
    Function(
        "duration.inMonths",
        "duration.inMonths(from, to).months",
        "whole months between",
        (DAY, DAY),
        _in_months,
        t.INTEGER,
    ),
    Function(
        "duration.inDays",
        "duration.inDays(from, to).days",
        "days between",
        (DAY, DAY),
        _in_days,
        t.INTEGER,
    ),
)

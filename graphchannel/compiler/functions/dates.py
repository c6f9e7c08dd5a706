"""Dates and durations: days only, and durations only to move a date."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.signature import (
    ANY,
    DAY,
    TEXT,
    Call,
    Function,
)
from graphchannel.compiler.values.model import Doubt, Duration, Scalar, Value
from graphchannel.compiler.values.representation import is_null_value, present

if TYPE_CHECKING:
    from graphchannel.compiler.values.context import Context, Lowering
    from graphchannel.compiler.values.session import Session

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _date(c: Call) -> Value:
    argument = c.node.arguments[0] if c.node.arguments else None
    if argument is None:
        raise c.session.refuse(
            c.node.at, "date() without an argument", "pass the day: date($as_of)"
        )
    value = c.values[0]
    if value.type in (t.DATE, t.NULL):
        return value
    if isinstance(argument, s.Literal) and isinstance(argument.value, str):
        return Scalar(
            sql.cast(sql.string(_checked_day(c.session, argument.at, argument.value)), "date"),
            t.DATE,
            nullable=False,
            constant=True,
        )
    raise c.session.refuse(
        c.node.at, f"date() of {value.type}", "load it as a date, or write date('2024-01-31')"
    )


def _checked_day(session: Session, at: s.Position, text: str) -> str:
    if not _ISO_DATE.fullmatch(text):
        raise session.refuse(at, f"the date '{text}'", "write it as YYYY-MM-DD")
    try:
        dt.date.fromisoformat(text)
    except ValueError as problem:
        raise session.wrong(at, f"'{text}' is not a day of the calendar.") from problem
    return text


def date_of_parts(
    lowering: Lowering, node: s.FunctionCall, context: Context, entries: s.MapLiteral
) -> Value:
    """Lower `date({year: …, month: …, day: …})`."""
    session = lowering.session
    parts: dict[str, exp.Expression] = {}
    for key, expression in entries.entries:
        value = lowering.lower(expression, context, t.INTEGER)
        if key == "year" and isinstance(expression, s.Literal) and not _usual(expression.value):
            raise session.refuse(expression.at, "a year outside 1 to 9999", "use a year of those")
        if key not in ("year", "month", "day"):
            raise session.refuse(expression.at, f"date({{{key}: …}})", "use year, month and day")
        if value.type != t.INTEGER:
            raise session.mismatch(expression.at, f"{key} is an integer, this is {value.type}.")
        parts[key] = present(session, value, f"date({{{key}: null}})")
    if "year" not in parts or ("day" in parts and "month" not in parts):
        raise session.wrong(node.at, "date({…}) needs year, then month, then day.")
    one = sql.integer(1)
    made = session.dialect.made_date(parts["year"], parts.get("month", one), parts.get("day", one))
    return Scalar(made, t.DATE, nullable=False, doubts=Doubt.FAR_DATE)


def _usual(year: object) -> bool:
    return not isinstance(year, int) or 1 <= year <= 9999


_UNITS = ("year", "quarter", "month", "week", "day")


_DATE_PARTS = (
    "year",
    "quarter",
    "month",
    "week",
    "weekYear",
    "day",
    "ordinalDay",
    "dayOfWeek",
    "weekDay",
    "dayOfQuarter",
)


def _truncate(c: Call) -> Value:
    unit = c.literal(0)
    if unit not in _UNITS:
        raise c.session.refuse(
            c.node.at, "date.truncate() to this unit", f"use one of {', '.join(_UNITS)}"
        )
    if any(is_null_value(value) for value in c.values):
        raise c.session.refuse(c.node.at, "date.truncate() of null", "give it a date")
    day = present(c.session, c.values[1], "date.truncate() of null")
    return c.scalar(c.session.dialect.truncated(str(unit), day), t.DATE)


def date_part(session: Session, at: s.Position, date: Scalar, name: str) -> Value:
    """Lower a component of a date."""
    if name not in _DATE_PARTS:
        raise session.unknown(at, "The date component", name, _DATE_PARTS)
    part = session.dialect.date_part(name, date.sql)
    return Scalar(
        sql.cast(part, "bigint"), t.INTEGER, nullable=date.nullable, constant=date.constant
    )


def _duration(c: Call) -> Value:
    argument = c.node.arguments[0]
    if isinstance(argument, s.Literal) and isinstance(argument.value, str):
        return _duration_text(c, argument)
    raise c.session.refuse(c.node.at, "a computed duration", "write duration({days: …})")


_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", re.ASCII)


def _duration_text(c: Call, argument: s.Literal) -> Value:
    found = _DURATION.fullmatch(str(argument.value))
    if found is None or not any(found.groups()):
        raise c.session.refuse(
            argument.at, f"the duration '{argument.value}'", "write whole years to days: P1Y2M3D"
        )
    years, months, weeks, days = (int(group or 0) for group in found.groups())
    in_months, in_days = years * 12 + months, weeks * 7 + days
    return Duration(
        sql.integer(in_months) if in_months else None,
        sql.integer(in_days) if in_days else None,
        t.DurationType(),
    )


_DURATION_KEYS = {"years": 12, "months": 1, "weeks": 7, "days": 1}


def duration_of_parts(lowering: Lowering, context: Context, entries: s.MapLiteral) -> Value:
    """Lower `duration({months: …, days: …})`."""
    session = lowering.session
    amounts: dict[str, exp.Expression | None] = {"months": None, "days": None}
    for key, expression in entries.entries:
        if key not in _DURATION_KEYS:
            raise session.refuse(
                expression.at, f"duration({{{key}: …}})", "use years, months, weeks and days"
            )
        value = lowering.lower(expression, context, t.INTEGER)
        if value.type != t.INTEGER:
            raise session.refuse(
                expression.at, f"a duration of {value.type} {key}", "use whole numbers"
            )
        number = sql.wrapped(present(session, value, f"duration({{{key}: null}})"))
        factor = _DURATION_KEYS[key]
        if factor > 1:
            number = exp.Mul(this=number, expression=sql.integer(factor))
        group = "days" if key in ("weeks", "days") else "months"
        before = amounts[group]
        amounts[group] = number if before is None else exp.Add(this=before, expression=number)
    return Duration(amounts["months"], amounts["days"], t.DurationType(), nullable=False)


def _in_days(c: Call) -> Value:
    days = sql.cast(c.session.dialect.days_between(c.sql(0), c.sql(1)), "bigint")
    return Duration(None, days, t.DurationType(), c.nullable)


def duration_part(session: Session, at: s.Position, duration: Duration, name: str) -> Value:
    """Lower `.days` of a duration that has nothing but days."""
    if name != "days" or duration.months is not None or duration.days is None:
        raise session.refuse(at, f".{name} of a duration", "use duration.inDays(a, b).days")
    return Scalar(duration.days, t.INTEGER, nullable=duration.nullable)


FUNCTIONS = (
    Function(
        "date",
        "date('2024-01-31'), date($day), date({year: …})",
        "a day",
        (ANY,),
        _date,
        optional=1,
    ),
    Function(
        "date.truncate",
        "date.truncate(unit, date)",
        "first day of it",
        (TEXT, DAY),
        _truncate,
        t.DATE,
        null_in_null_out=False,
    ),
    Function("duration", "duration({months: …, days: …})", "to add to a date", (ANY,), _duration),
    Function(
        "duration.inDays",
        "duration.inDays(from, to).days",
        "days between",
        (DAY, DAY),
        _in_days,
        t.INTEGER,
    ),
)

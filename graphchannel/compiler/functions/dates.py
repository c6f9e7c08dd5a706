"""Dates: days only."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.moments import of_parts, truncater, value_of
from graphchannel.compiler.functions.signature import (
    ANY,
    TEXT,
    Call,
    Function,
)
from graphchannel.compiler.values.model import Doubt, Scalar, Value, WrittenTime
from graphchannel.compiler.values.moment_texts import day_in
from graphchannel.compiler.values.moments import Instant, Unknown
from graphchannel.compiler.values.representation import is_null_value, present
from graphchannel.compiler.values.written import written_day

if TYPE_CHECKING:
    from sqlglot import exp

    from graphchannel.compiler.values.context import Context, Lowering
    from graphchannel.compiler.values.session import Session

_SHORT_DATE = re.compile(r"([0-9]{4})(?:([0-9]{2})([0-9]{2})|-([0-9]{2}))?", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _date(c: Call) -> Value:
    argument = c.node.arguments[0] if c.node.arguments else None
    if argument is None:
        if c.session.exploring:
            return Scalar(sql.call("current_date"), t.DATE, nullable=False, constant=True)
        raise c.session.refuse(
            c.node.at, "date() without an argument", "pass the day: date($as_of)"
        )
    value = c.values[0]
    if value.type in (t.DATE, t.NULL):
        return value
    if isinstance(value, WrittenTime):
        if value.instant.date is None:
            raise c.session.refuse(c.node.at, f"date() of a {value.type}", "give it a day")
        return value_of(Instant(value.instant.date))
    if isinstance(argument, s.Literal) and isinstance(argument.value, str):
        return Scalar(
            sql.cast(sql.string(_checked_day(c.session, argument.at, argument.value)), "date"),
            t.DATE,
            nullable=False,
            constant=True,
        )
    if value.type == t.STRING:
        return _date_of_text(c)
    raise c.session.refuse(
        c.node.at, f"date() of {value.type}", "load it as a date, or write date('2024-01-31')"
    )


def _date_of_text(c: Call) -> Value:
    """Return the day that a text names; other forms than YYYY-MM-DD stop the query."""
    text, dialect = c.sql(0), c.session.dialect
    usual = dialect.matches(text, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    failing = c.session.failing(
        "date() of a text other than YYYY-MM-DD is not portable", sql.data_type("date")
    )
    missing = (sql.is_null(text), c.session.null(t.DATE))
    day = sql.case([missing, (usual, sql.cast(text, "date"))], failing)
    return c.scalar(day, t.DATE)


def _checked_day(session: Session, at: s.Position, text: str) -> str:
    shorter = _SHORT_DATE.fullmatch(text)
    if shorter is not None:
        text = f"{shorter[1]}-{shorter[2] or shorter[4] or '01'}-{shorter[3] or '01'}"
    if not _ISO_DATE.fullmatch(text):
        try:
            text = day_in(text).isoformat()
        except Unknown as problem:
            raise session.refuse(at, str(problem), "write it as YYYY-MM-DD") from problem
    try:
        dt.date.fromisoformat(text)
    except ValueError as problem:
        raise session.wrong(at, f"'{text}' is not a day of the calendar.") from problem
    return text


def date_of_parts(
    lowering: Lowering, node: s.FunctionCall, context: Context, entries: s.MapLiteral
) -> Value:
    """Lower `date({year: …, month: …, day: …})`; other parts are written out."""
    session = lowering.session
    if not {key for key, _ in entries.entries} <= {"year", "month", "day"}:
        return of_parts(lowering, node, context, entries)
    if all(isinstance(value, s.Literal) for _, value in entries.entries):
        return of_parts(lowering, node, context, entries)
    parts: dict[str, exp.Expression] = {}
    for key, expression in entries.entries:
        value = lowering.lower(expression, context, t.INTEGER)
        if key == "year" and isinstance(expression, s.Literal) and not _usual(expression.value):
            raise session.refuse(expression.at, "a year outside 1 to 9999", "use a year of those")
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
    written = isinstance(c.values[1], WrittenTime) or written_day(c.values[1]) is not None
    if (
        len(c.values) > 2
        or (written and unit not in _UNITS)
        or isinstance(c.values[1], WrittenTime)
    ):
        return truncater("date")(c)
    if unit not in _UNITS:
        raise c.session.refuse(
            c.node.at, "date.truncate() to this unit", f"use one of {', '.join(_UNITS)}"
        )
    if any(is_null_value(value) for value in c.values):
        raise c.session.refuse(c.node.at, "date.truncate() of null", "give it a date")
    if c.values[1].type != t.DATE:
        raise c.session.mismatch(
            c.node.at, f"date.truncate() takes DATE, this is {c.values[1].type}."
        )
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
        (TEXT, ANY, ANY),
        _truncate,
        t.DATE,
        optional=1,
        null_in_null_out=False,
    ),
)

"""Times that a query writes: made, selected from others, truncated, and asked for their parts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.signature import ANY, TEXT, Builder, Call, Function
from graphchannel.compiler.values import moments
from graphchannel.compiler.values.model import Scalar, Value, WrittenTime
from graphchannel.compiler.values.moment_rules import made, selected, truncated
from graphchannel.compiler.values.moment_texts import instant_in
from graphchannel.compiler.values.moments import DATE_PARTS, TIME_PARTS, UTC, Instant, Unknown
from graphchannel.compiler.values.representation import is_null_value
from graphchannel.compiler.values.written import literal_integer, written_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphchannel.compiler.values.context import Context, Lowering
    from graphchannel.compiler.values.session import Session

KINDS = ("localtime", "time", "localdatetime", "datetime")


def value_of(instant: Instant) -> Value:
    """Return a moment as a value: a day alone is a date like any other."""
    if instant.nanos is None and instant.date is not None:
        day = sql.cast(sql.string(instant.date.isoformat()), "date")
        return Scalar(day, t.DATE, nullable=False, constant=True)
    return WrittenTime(instant, t.MomentType(instant.kind))


def _known(session: Session, at: s.Position, value: Value) -> int | str | Instant:
    """Return what a value is, if it is written out."""
    if isinstance(value, WrittenTime):
        return value.instant
    day = written_day(value)
    if day is not None:
        return Instant(day)
    number = literal_integer(value)
    if number is not None:
        return number
    if isinstance(value, Scalar) and isinstance(value.sql, exp.Literal) and value.sql.is_string:
        return value.sql.name
    raise session.refuse(at, "a time out of what is not written out", "only days are portable")


def of_parts(
    lowering: Lowering, node: s.FunctionCall, context: Context, entries: s.MapLiteral
) -> Value:
    """Lower `datetime({…})` and its kin."""
    parts = _parts(lowering, context, entries)
    return _guarded(lowering.session, node, lambda: made(node.name.lower(), parts))


def _parts(
    lowering: Lowering, context: Context, entries: s.MapLiteral
) -> dict[str, int | str | Instant]:
    session = lowering.session
    parts: dict[str, int | str | Instant] = {}
    for key, expression in entries.entries:
        parts[key] = _known(session, expression.at, lowering.lower(expression, context))
        number = key in DATE_PARTS or key in TIME_PARTS
        bases = ("date", "time", "datetime")
        wanted = int if number else str if key == "timezone" else Instant
        if not (number or key == "timezone" or key in bases) or not isinstance(parts[key], wanted):
            raise session.refuse(expression.at, f"{{{key}: …}} of a time", "use other parts")
    return parts


def _guarded(session: Session, node: s.FunctionCall, make: Callable[[], Instant]) -> Value:
    try:
        return value_of(make())
    except (Unknown, OverflowError) as problem:
        raise session.refuse(
            node.at, f"{node.name}() of {problem}", "write a time of the calendar"
        ) from problem


def _maker(kind: str) -> Builder:
    def build(c: Call) -> Value:
        if not c.values:
            return _now(c, kind)
        value = c.values[0]
        if is_null_value(value):
            return Scalar(exp.Null(), t.NULL)
        known = _known(c.session, c.node.at, value)
        if isinstance(known, int):
            raise c.session.mismatch(c.node.at, f"{kind}() takes a text or a time, not INTEGER.")
        if isinstance(known, str):
            return _guarded(c.session, c.node, lambda: instant_in(known, kind))
        return _guarded(c.session, c.node, lambda: selected(kind, known))

    return build


def _now(c: Call, kind: str) -> Value:
    """Return the time of asking, which a rule must not know."""
    if not c.session.exploring:
        raise c.session.refuse(
            c.node.at, f"{kind}() without an argument", "pass the day: date($as_of)"
        )
    now = dt.datetime.now(dt.UTC)
    nanos = ((now.hour * 60 + now.minute) * 60 + now.second) * 10**9 + now.microsecond * 1000
    return _guarded(c.session, c.node, lambda: selected(kind, Instant(now.date(), nanos, UTC)))


def truncater(kind: str) -> Builder:
    """Return what lowers the truncation of a time that is written out."""

    def build(c: Call) -> Value:
        if any(is_null_value(value) for value in c.values[:2]):
            raise c.session.refuse(c.node.at, f"{kind}.truncate() of null", "give it a time")
        unit = c.literal(0)
        other = _known(c.session, c.node.at, c.values[1])
        changes: dict[str, int | str | Instant] = {}
        if len(c.node.arguments) > 2:
            written = c.node.arguments[2]
            if not isinstance(written, s.MapLiteral):
                raise c.session.refuse(written.at, "changes that are not written out", "use a map")
            changes = _parts(c.lowering, c.context, written)
        if not isinstance(unit, str) or not isinstance(other, Instant):
            raise c.session.refuse(c.node.at, f"{kind}.truncate() of this", "write unit and time")
        return _guarded(c.session, c.node, lambda: truncated(kind, unit, other, changes))

    return build


_DAY_PARTS: Mapping[str, Callable[[dt.date], int]] = {
    "year": lambda d: d.year,
    "quarter": lambda d: (d.month + 2) // 3,
    "month": lambda d: d.month,
    "week": lambda d: d.isocalendar().week,
    "weekYear": lambda d: d.isocalendar().year,
    "day": lambda d: d.day,
    "ordinalDay": lambda d: d.timetuple().tm_yday,
    "dayOfWeek": lambda d: d.isoweekday(),
    "weekDay": lambda d: d.isoweekday(),
    "dayOfQuarter": lambda d: (d - moments.truncated_day("quarter", d)).days + 1,
}
_CLOCK_PARTS: Mapping[str, Callable[[int], int]] = {
    "hour": lambda n: n // (3600 * 10**9),
    "minute": lambda n: n // (60 * 10**9) % 60,
    "second": lambda n: n // 10**9 % 60,
    "millisecond": lambda n: n % 10**9 // 10**6,
    "microsecond": lambda n: n % 10**9 // 10**3,
    "nanosecond": lambda n: n % 10**9,
}


def moment_part(session: Session, at: s.Position, moment: WrittenTime, name: str) -> Value:
    """Lower a component of a time."""
    instant = moment.instant
    number: int | None = None
    if name in _DAY_PARTS and instant.date is not None:
        number = _DAY_PARTS[name](instant.date)
    elif name in _CLOCK_PARTS and instant.nanos is not None:
        number = _CLOCK_PARTS[name](instant.nanos)
    elif name in ("offsetMinutes", "offsetSeconds") and instant.zone is not None:
        number = instant.zone.offset // (60 if name == "offsetMinutes" else 1)
    if number is None:
        raise session.refuse(at, f".{name} of a {moment.type}", "use year to nanosecond")
    return Scalar(sql.integer(number), t.INTEGER, nullable=False, constant=True)


def _clock(kind: str) -> Builder:
    def build(c: Call) -> Value:
        if c.values and is_null_value(c.values[0]):
            return Scalar(exp.Null(), t.NULL)
        if c.values:
            raise c.session.refuse(c.node.at, f"{c.node.name}() in a zone", "leave the zone out")
        return _now(c, kind)

    return build


_CLOCKS = ("transaction", "statement", "realtime")
FUNCTIONS = (
    *(
        Function(
            f"{kind}.{clock}",
            f"{kind}.{clock}()",
            "now; in questions only",
            (ANY,),
            _clock(kind),
            optional=1,
        )
        for kind in ("date", *KINDS)
        for clock in _CLOCKS
    ),
    *(
        Function(
            kind, f"{kind}('…'), {kind}({{…}})", "written out", (ANY,), _maker(kind), optional=1
        )
        for kind in KINDS
    ),
    *(
        Function(
            f"{kind}.truncate",
            f"{kind}.truncate(unit, time, changes)",
            "of a time that is written out",
            (TEXT, ANY, ANY),
            truncater(kind),
            optional=1,
            null_in_null_out=False,
        )
        for kind in KINDS
    ),
)

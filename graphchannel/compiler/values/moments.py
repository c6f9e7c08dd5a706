"""Days with times, as values that are known while compiling: to nine decimals, with a zone or not.

The workspace holds days. What a query writes of times is computed here, as Java's calendar does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = 86_400_000_000_000  # nanoseconds
_PER = {"hour": 3600 * 10**9, "minute": 60 * 10**9, "second": 10**9}
_PER |= {"millisecond": 10**6, "microsecond": 10**3, "nanosecond": 1}
DATE_PARTS = ("year", "month", "day", "week", "dayOfWeek", "quarter", "dayOfQuarter", "ordinalDay")
TIME_PARTS = tuple(_PER)


_KNOWN_SINCE = 1971  # what regions did before is told one way or another


class Unknown(ValueError):
    """A moment cannot be told from what is given; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Zone:
    """An offset in seconds from UTC, and the name of the region that it follows from."""

    offset: int
    name: str | None = None

    def __str__(self) -> str:
        if self.offset == 0:
            shown = "Z"
        else:
            hours, rest = divmod(abs(self.offset), 3600)
            minutes, seconds = divmod(rest, 60)
            shown = f"{'-' if self.offset < 0 else '+'}{hours:02}:{minutes:02}"
            shown += f":{seconds:02}" if seconds else ""
        return shown if self.name is None else f"{shown}[{self.name}]"


UTC = Zone(0)


@dataclass(frozen=True, slots=True)
class Instant:
    """A day, nanoseconds of the day, a zone: those that its kind has."""

    date: dt.date | None = None
    nanos: int | None = None
    zone: Zone | None = None

    def __str__(self) -> str:
        parts = []
        if self.date is not None:
            parts.append(self.date.isoformat())
        if self.nanos is not None:
            parts.append(time_text(self.nanos))
        return "T".join(parts) + (str(self.zone) if self.zone is not None else "")

    @property
    def kind(self) -> str:
        """The name of the function that makes such a value."""
        if self.nanos is None:
            return "date"
        if self.date is None:
            return "localtime" if self.zone is None else "time"
        return "localdatetime" if self.zone is None else "datetime"


def time_text(nanos: int) -> str:
    """Return a time as toString() shows it, with as many decimals as there are."""
    seconds, rest = divmod(nanos, 10**9)
    shown = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{shown}.{rest:09}".rstrip("0") if rest else shown


def zone_at(text: str, date: dt.date | None, nanos: int) -> Zone:
    """Return the zone that a text names; of a region, as it is at that time of that day."""
    offset = offset_of(text)
    if offset is not None:
        return Zone(offset)
    if date is None:
        raise Unknown(f"the zone '{text}' needs a day")
    if date.year < _KNOWN_SINCE:
        raise Unknown(f"a year before {_KNOWN_SINCE} in a region")
    try:
        region = ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise Unknown(f"the zone '{text}'") from problem
    local = dt.datetime.combine(date, dt.time(), region) + dt.timedelta(microseconds=nanos // 1000)
    found = local.replace(tzinfo=region).utcoffset()
    back = local.astimezone(dt.UTC).astimezone(region)
    if found is None or back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Unknown(f"a time that '{text}' leaves out")
    return Zone(int(found.total_seconds()), text)


def offset_of(text: str) -> int | None:
    """Return the seconds of `Z`, `+01:00`, `+0100`, `+01`; None for anything else."""
    if text in ("Z", "z"):
        return 0
    sign, digits = text[:1], text[1:].replace(":", "")
    if sign not in ("+", "-") or not digits.isdigit() or len(digits) not in (2, 4, 6):
        return None
    hours, minutes, seconds = (int(digits[i : i + 2] or 0) for i in (0, 2, 4))
    if hours > 18 or minutes > 59 or seconds > 59:
        raise Unknown(f"the offset '{text}'")
    return (hours * 3600 + minutes * 60 + seconds) * (-1 if sign == "-" else 1)


def moved(instant: Instant, text: str) -> Instant:
    """Return the same moment in another zone."""
    if instant.nanos is None or instant.zone is None:
        raise Unknown("a time without a zone")
    utc = instant.nanos - instant.zone.offset * 10**9
    if instant.date is None:
        zone = zone_at(text, None, 0)
        return Instant(None, (utc + zone.offset * 10**9) % DAY, zone)
    days, rest = divmod(utc, DAY)
    day = instant.date + dt.timedelta(days=days)
    offset = offset_of(text)
    if offset is None:
        if day.year < _KNOWN_SINCE:
            raise Unknown(f"a year before {_KNOWN_SINCE} in a region")
        there = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(
            microseconds=rest // 1000
        )
        try:
            shift = there.astimezone(ZoneInfo(text)).utcoffset()
        except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
            raise Unknown(f"the zone '{text}'") from problem
        zone = Zone(int(shift.total_seconds()) if shift is not None else 0, text)
    else:
        zone = Zone(offset)
    days, nanos = divmod(rest + zone.offset * 10**9, DAY)
    return Instant(day + dt.timedelta(days=days), nanos, zone)


# --- from parts ---


def day_of(parts: Mapping[str, int], base: dt.date | None) -> dt.date:
    """Return the day that parts name; what they leave out comes from a day, if there is one."""
    given = {name: parts[name] for name in DATE_PARTS if name in parts}
    groups = [
        bool(given.keys() & group)
        for group in ({"week", "dayOfWeek"}, {"quarter", "dayOfQuarter"}, {"ordinalDay"})
    ]
    if sum(groups) + bool(given.keys() & {"month", "day"}) > 1:
        raise Unknown("a day of parts that do not go together")
    if "year" not in given and base is None:
        raise Unknown("a day without a year")
    try:
        if groups[0]:
            return _of_week(given, base)
        if groups[1]:
            return _of_quarter(given, base)
        year = given.get("year", base.year if base else 1)
        if groups[2]:
            found = dt.date(year, 1, 1) + dt.timedelta(days=given["ordinalDay"] - 1)
            return _same_year(found, year)
        if base is None and "day" in given and "month" not in given:
            raise Unknown("a day without a month")
        month = given.get("month", base.month if base else 1)
        return dt.date(year, month, given.get("day", base.day if base else 1))
    except (ValueError, OverflowError) as problem:
        raise problem if isinstance(problem, Unknown) else Unknown(str(problem)) from problem


def _of_week(given: Mapping[str, int], base: dt.date | None) -> dt.date:
    if base is None and "week" not in given:
        raise Unknown("a day of the week without a week")
    known = base.isocalendar() if base else dt.date(1, 1, 1).isocalendar()
    year, week = given.get("year", known.year), given.get("week", known.week)
    return dt.date.fromisocalendar(year, week, given.get("dayOfWeek", known.weekday))


def _of_quarter(given: Mapping[str, int], base: dt.date | None) -> dt.date:
    year = given.get("year", base.year if base else 1)
    quarter = given.get("quarter", (base.month + 2) // 3 if base else 0)
    if not 1 <= quarter <= 4:
        raise Unknown("a quarter outside 1 to 4")
    first = dt.date(year, quarter * 3 - 2, 1)
    if "dayOfQuarter" not in given and base is not None:
        return dt.date(year, first.month + (base.month - 1) % 3, base.day)
    found = first + dt.timedelta(days=given.get("dayOfQuarter", 1) - 1)
    if (found.month + 2) // 3 != quarter or found.year != year:
        raise Unknown("a day that the quarter does not have")
    return found


def _same_year(found: dt.date, year: int) -> dt.date:
    if found.year != year:
        raise Unknown("a day that the year does not have")
    return found


_LIMITS = {"hour": 24, "minute": 60, "second": 60}


def nanos_of(parts: Mapping[str, int], base: int | None) -> int:
    """Return the time that parts name; what they leave out comes from a time, if there is one."""
    for name, limit in _LIMITS.items():
        if not 0 <= parts.get(name, 0) < limit:
            raise Unknown(f"{name} {parts[name]}")
    held = base or 0
    found = 0
    missing = False
    for name, limit in _LIMITS.items():
        missing = missing or (base is None and name not in parts)
        if missing and base is None and name in parts:
            raise Unknown(f"{name} without what comes before it")
        found += parts.get(name, held // _PER[name] % limit if base is not None else 0) * _PER[name]
    small = [name for name in TIME_PARTS[3:] if name in parts]
    if small and missing and base is None:
        raise Unknown("fractions without a second")
    if not small:
        return found + held % 10**9
    return found + _fraction(parts, small)


def _fraction(parts: Mapping[str, int], small: list[str]) -> int:
    limit, total = 10**9, 0
    for name in small:
        if not 0 <= parts[name] < limit // _PER[name]:
            raise Unknown(f"{name} {parts[name]}")
        total += parts[name] * _PER[name]
        limit = _PER[name]
    return total


def added_fraction(unit: str, parts: Mapping[str, int]) -> int:
    """Return what fractions add to a time that was truncated: less than its unit."""
    if not parts:
        return 0
    found = _fraction(parts, [name for name in TIME_PARTS[3:] if name in parts])
    if found >= min(_PER.get(unit, 10**9), 10**9):
        raise Unknown("a fraction beyond what was truncated")
    return found


# --- truncation ---

_YEARS = {"millennium": 1000, "century": 100, "decade": 10, "year": 1}
DATE_UNITS = (*_YEARS, "weekYear", "quarter", "month", "week", "day")


def truncated_day(unit: str, day: dt.date) -> dt.date:
    """Return the first day of the unit that holds a day."""
    if unit in _YEARS:
        year = day.year // _YEARS[unit] * _YEARS[unit]
        if year < 1:
            raise Unknown("a year before 1")
        return dt.date(year, 1, 1)
    if unit == "weekYear":
        return dt.date.fromisocalendar(day.isocalendar().year, 1, 1)
    if unit == "quarter":
        return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    if unit == "month":
        return day.replace(day=1)
    return day - dt.timedelta(days=day.weekday()) if unit == "week" else day


def truncated_nanos(unit: str, nanos: int) -> int:
    """Return the beginning of the unit that holds a time of the day."""
    if unit in DATE_UNITS:
        return 0
    if unit not in _PER or unit == "nanosecond":
        raise Unknown(f"truncating to '{unit}'")
    return nanos // _PER[unit] * _PER[unit]

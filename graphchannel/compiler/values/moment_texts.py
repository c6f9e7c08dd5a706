"""Moments out of texts, in the forms of ISO 8601 that Cypher reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphchannel.compiler.values.moments import (
    UTC,
    Instant,
    Unknown,
    day_of,
    moved,
    nanos_of,
    offset_of,
    zone_at,
)

if TYPE_CHECKING:
    import datetime as dt

_DATES = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)",
        r"(?P<year>\d{4})-?W(?P<week>\d\d)(?:-?(?P<dayOfWeek>\d))?",
        r"(?P<year>\d{4})-?Q(?P<quarter>\d)-?(?P<dayOfQuarter>\d\d)",
        r"(?P<year>\d{4})-?(?P<ordinalDay>\d{3})",
        r"(?P<year>\d{4})-?(?P<month>\d\d)",
        r"(?P<year>\d{4})",
    )
)
_TIME = re.compile(
    r"(?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<nanosecond>\d{1,9}))?)?)?",
    re.ASCII,
)
_ZONE = re.compile(
    r"(?P<offset>Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?(?:\[(?P<name>[\w/+-]+)\])?", re.ASCII
)


def day_in(text: str) -> dt.date:
    """Return the day that a text names."""
    for form in _DATES:
        found = form.fullmatch(text)
        if found is not None:
            return day_of({k: int(v) for k, v in found.groupdict().items() if v}, None)
    raise Unknown(f"the date '{text}'")


def nanos_in(text: str) -> int:
    """Return the time of the day that a text names, in nanoseconds."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise Unknown(f"the time '{text}'")
    parts = {k: v for k, v in found.groupdict().items() if v}
    if "nanosecond" in parts:
        parts["nanosecond"] = parts["nanosecond"].ljust(9, "0")
    return nanos_of({k: int(v) for k, v in parts.items()}, None)


def instant_in(text: str, kind: str) -> Instant:
    """Return the moment of a kind that a text names; a day alone is read by `day_in`."""
    day: dt.date | None = None
    rest = text
    if kind in ("localdatetime", "datetime"):
        before, _, rest = text.partition("T")
        day = day_in(before)
        rest = rest or "00"
    if kind in ("localtime", "localdatetime"):
        return Instant(day, nanos_in(rest))
    clock = re.split(r"[Z+\-\[]", rest, maxsplit=1)[0]
    nanos = nanos_in(clock)
    found = _ZONE.fullmatch(rest[len(clock) :])
    if found is None:
        raise Unknown(f"the zone in '{text}'")
    offset, name = found["offset"], found["name"]
    if name is None:
        seconds = offset_of(offset) if offset else 0
        return Instant(day, nanos, zone_at(offset, day, nanos) if seconds else UTC)
    if day is None:
        raise Unknown(f"a region in the time '{text}'")
    if offset is None:
        return Instant(day, nanos, zone_at(name, day, nanos))
    there = moved(Instant(day, nanos, zone_at(offset, day, nanos)), name)
    if (there.date, there.nanos) != (day, nanos):
        raise Unknown(f"an offset that '{name}' does not have then")
    return there

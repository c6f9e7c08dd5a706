"""How moments are made of parts and of other moments, as Neo4j does; see `moments`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from graphchannel.compiler.values.moments import (
    DATE_PARTS,
    DATE_UNITS,
    TIME_PARTS,
    UTC,
    Instant,
    Unknown,
    Zone,
    added_fraction,
    day_of,
    moved,
    nanos_of,
    truncated_day,
    truncated_nanos,
    zone_at,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

_WITH_DAY = ("date", "localdatetime", "datetime")
_WITH_ZONE = ("time", "datetime")
Parts: TypeAlias = "Mapping[str, int | str | Instant]"


def _base(parts: Parts, *names: str) -> Instant | None:
    found = [parts[name] for name in names if name in parts]
    if len(found) > 1:
        raise Unknown("two times to begin with")
    return found[0] if found and isinstance(found[0], Instant) else None


def made(kind: str, parts: Parts) -> Instant:
    """Return the moment of a kind that parts name, other moments among them."""
    numbers = {key: value for key, value in parts.items() if isinstance(value, int)}
    day: dt.date | None = None
    days = _base(parts, "date", "datetime")
    times = _base(parts, "time", "datetime")
    if kind in _WITH_DAY:
        if days is not None and days.date is None:
            raise Unknown("a day out of a time alone")
        day = day_of(numbers, days.date if days else None)
    elif days is not None or numbers.keys() & set(DATE_PARTS):
        raise Unknown("a day in a time")
    if kind == "date":
        if times is not None or numbers.keys() & set(TIME_PARTS):
            raise Unknown("a time in a day")
        return Instant(day)
    if times is not None and times.nanos is None:
        raise Unknown("a time out of a day alone")
    _check_complete(kind, parts, numbers)
    base = times.nanos if times is not None else None
    if day is not None and base is None and not numbers.keys() & set(TIME_PARTS):
        base = 0
    nanos = nanos_of(numbers, base)
    return _zoned(kind, Instant(day, nanos), times, parts.get("timezone"))


def _check_complete(kind: str, parts: Parts, numbers: Mapping[str, int]) -> None:
    """Refuse an hour of no day: Neo4j takes no default before a part that is written."""
    ends = {"day", "dayOfWeek", "dayOfQuarter", "ordinalDay"}
    timed = bool(numbers.keys() & set(TIME_PARTS)) or "time" in parts
    whole = numbers.keys() & ends or "date" in parts or "datetime" in parts
    if kind in _WITH_DAY and timed and not whole:
        raise Unknown("an hour without a day")


def _zoned(kind: str, local: Instant, times: Instant | None, zone: object) -> Instant:
    if kind not in _WITH_ZONE:
        if zone is not None:
            raise Unknown("a zone in a local time")
        return local
    nanos = local.nanos or 0
    before = times.zone if times is not None else None
    if before is None:
        name = str(zone) if zone is not None else "Z"
        return Instant(local.date, nanos, zone_at(name, local.date, nanos))
    held = before.name if before.name and kind == "datetime" else None
    there = zone_at(held, local.date, nanos) if held else Zone(before.offset)
    whole = Instant(local.date, nanos, there)
    return moved(whole, str(zone)) if zone is not None else whole


def selected(kind: str, other: Instant) -> Instant:
    """Return a moment as one of another kind."""
    day = other.date if kind in _WITH_DAY else None
    if kind in _WITH_DAY and day is None:
        raise Unknown("a day out of a time alone")
    if kind == "date":
        return Instant(day)
    nanos = other.nanos
    if nanos is None:
        raise Unknown("a time out of a day alone")
    return _zoned(kind, Instant(day, nanos), other if other.zone else None, None)


def truncated(kind: str, unit: str, other: Instant, changes: Parts) -> Instant:
    """Return the beginning of the unit, with changes made to it."""
    numbers = {key: value for key, value in changes.items() if isinstance(value, int)}
    if any(isinstance(value, Instant) for value in changes.values()):
        raise Unknown("changes that are times")
    day: dt.date | None = None
    if kind in _WITH_DAY:
        if other.date is None:
            raise Unknown("a day out of a time alone")
        day = truncated_day(unit, other.date) if unit in DATE_UNITS else other.date
        day = day_of(numbers, day)
    elif unit in DATE_UNITS and unit != "day":
        raise Unknown(f"a time truncated to '{unit}'")
    if kind == "date":
        if unit not in DATE_UNITS or numbers.keys() & set(TIME_PARTS):
            raise Unknown("a time in a day")
        return Instant(day)
    if other.nanos is None and (day is None or unit not in DATE_UNITS):
        raise Unknown("a time out of a day alone")
    nanos = truncated_nanos(unit, other.nanos or 0)
    whole = {name: value for name, value in numbers.items() if name in TIME_PARTS[:3]}
    small = {name: value for name, value in numbers.items() if name in TIME_PARTS[3:]}
    nanos = nanos_of(whole, nanos) + added_fraction(unit, small)
    if kind not in _WITH_ZONE:
        if "timezone" in changes:
            raise Unknown("a zone in a local time")
        return Instant(day, nanos)
    zone = changes.get("timezone") or (
        other.zone.name if other.zone and kind == "datetime" else None
    )
    if zone is not None:
        return Instant(day, nanos, zone_at(str(zone), day, nanos))
    return Instant(day, nanos, Zone(other.zone.offset) if other.zone else UTC)

"""The days that key figures look at: ends of months and of quarters up to the as-of day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from graphchannel.errors import GraphChannelError

__all__ = ["CalendarMonths", "last_months"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarMonths:
    """Some calendar months; the last is that of the as-of day and ends with it.

    `month_ends` and `quarter_ends` begin with the day before the first of them and end with
    `as_of`. `until` is the last day on which a certificate that ends is due.
    """

    month_ends: tuple[date, ...]
    quarter_ends: tuple[date, ...]
    until: date

    @property
    def as_of(self) -> date:
        """The last day."""
        return self.month_ends[-1]

    @property
    def before(self) -> date:
        """The day before the first."""
        return self.month_ends[0]

    @property
    def since(self) -> date:
        """The first day."""
        return self.before + _DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.as_of - self.before).days

    @property
    def parameters(self) -> dict[str, object]:
        """What the queries `kpi_*` need beside the as-of day."""
        days = sorted({*self.month_ends, *self.quarter_ends})
        return {"days": days, "before": self.before, "since": self.since, "until": self.until}


def last_months(as_of: date, months: int, due_days: int) -> CalendarMonths:
    """Return the last calendar months, the as-of day's included, and the quarters that they touch.

    Raises GraphChannelError if they begin before the calendar does.
    """
    if (as_of.year - 1) * 12 + as_of.month <= months + 2:  # quarters reach back further
        raise GraphChannelError(
            f"{months} months before {as_of} the calendar has not begun; name a later --as-of, or "
            "fewer --months."
        )
    return CalendarMonths(
        _ends(as_of, months, 1),
        _ends(as_of, -(-months // 3), 3),
        as_of + timedelta(days=min(due_days, (date.max - as_of).days)),
    )


def _ends(as_of: date, count: int, months: int) -> tuple[date, ...]:
    """Return the last days of the last `count` spans of so many months, and that before them.

    >>> [str(day) for day in _ends(date(2015, 5, 20), 2, 3)]
    ['2014-12-31', '2015-03-31', '2015-05-20']
    """
    current = (as_of.year * 12 + as_of.month - 1) // months
    firsts = (span * months for span in range(current - count + 1, current + 1))
    starts = tuple(date(month // 12, month % 12 + 1, 1) - _DAY for month in firsts)
    return (*starts, as_of)

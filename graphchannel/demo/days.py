"""The calendar of the demo: what is recorded, the day it is judged, and when goods move."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

START = date(2014, 1, 1)  # first day with shipment lines
END = date(2015, 12, 31)  # last day with shipment lines
AS_OF = date(2015, 6, 30)  # the day on which the network is judged
SINCE = date(2012, 1, 1)  # facts of the planted actors hold from here on
WIND_DOWN = date(2015, 4, 30)  # last day of the distributor whose contract ended

HALVES = (
    (date(2014, 1, 1), date(2014, 6, 30)),
    (date(2014, 7, 1), date(2014, 12, 31)),
    (date(2015, 1, 1), date(2015, 6, 30)),
    (date(2015, 7, 1), date(2015, 12, 31)),
)


def after(day: date, days: int = 1) -> date:
    """Return the day `days` later (earlier, if negative)."""
    return day + timedelta(days=days)


def index(day: date) -> int:
    """Return how many days `day` is after START."""
    return (day - START).days


def same_day(year: int, day: date) -> date:
    """Return the day of another year; `day` is never a 29 February."""
    return day.replace(year=year)


def season() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return how much trade has happened before each day from START on, and in all (last).

    Whole numbers: weekends count 1, working days 20, the last month of a quarter 32, its last
    fortnight 50.
    """
    weights = []
    for offset in range((END - START).days + 1):
        day = after(START, offset)
        left = next(end for _, end in _quarters(day.year) if day <= end) - day
        busy = 50 if left.days < 14 else 32 if left.days < 30 else 20
        weights.append(busy if day.weekday() < 5 else 1)
    return np.concatenate([[0], np.cumsum(np.asarray(weights, dtype=np.int64))])


def _quarters(year: int) -> tuple[tuple[date, date], ...]:
    ends = (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))
    starts = (date(year, 1, 1), *(after(end) for end in ends[:-1]))
    return tuple(zip(starts, ends, strict=True))

"""What a cell shows, from the number that it holds and the format that it has.

A spreadsheet keeps fifteen digits of a number, a day as the number of days since 1899-12-30 and a
moment as a fraction of a day. What cannot be told for certain is a flaw of the cell: a sentence
that says what it holds and what to do.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from graphchannel.ingest.flaws import ZERO_DATE
from graphchannel.ingest.values import unmistakable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GENERAL = "General"
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
NO_RESULT = (
    "holds a formula without a stored result; open the workbook in a spreadsheet program, "
    "save it and load it again"
)

_EXACT = 10**15  # from here on, a spreadsheet makes up the last digits
_LAST_DAY = 2_958_466  # the day after 9999-12-31
_LEAP_DAY = 60  # 1900-02-29, which never was
_DAY, _MOMENT, _TIME = "day", "moment", "time"
_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ZEROS = re.compile(r"0{2,}")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|([-/ .()])')


class Row(NamedTuple):
    """A row of a sheet by its number there: texts and flaws by the position of the cell, from 0.

    A cell that shows nothing has no text. One with a flaw has the text that people see in it.
    `merged` counts the texts that merged cells above it say. `unseen` are the positions of hidden
    columns.
    """

    number: int
    texts: dict[int, str]
    flaws: dict[int, str]
    hidden: bool = False
    merged: int = 0
    unseen: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, whose rows are read when they are asked for."""

    name: str
    hidden: bool
    rows: Callable[[], Iterator[Row]]


class Shown(NamedTuple):
    """The text of a cell, None if it shows nothing; `flaw` says why it is not to be trusted."""

    text: str | None
    flaw: str = ""


def error(text: str) -> Shown:
    """Return a cell in which a formula failed."""
    return Shown(text, f"shows {text}, an error of the spreadsheet; correct the cell")


def of_text(text: str) -> Shown:
    """Return a cell that holds text; blanks alone show nothing."""
    return Shown(text if text.strip() else None)


def of_number(held: str | float, code: str, *, since_1904: bool = False) -> Shown:
    """Return a cell that holds a number and has the format `code`."""
    try:
        number = float(held)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return Shown(str(held), f"holds '{held}' as a number, which is none; correct the cell")
    kind = _kind(code)
    if kind:
        return _of_serial(number, kind, since_1904=since_1904)
    if number.is_integer():
        if abs(number) >= _EXACT:
            return Shown(f"{Decimal(held):f}", _TOO_LONG)
        return Shown(_padded(int(number), code))
    text = unmistakable(f"{number:.15g}")
    return Shown(f"{Decimal(text):f}" if "e" in text else text)


def of_day(day: dt.datetime) -> Shown:
    """Return a cell that holds a moment; midnight is the day."""
    return Shown(day.date().isoformat() if day.time() == dt.time() else day.isoformat())


_TOO_LONG = (
    "holds a number of more than 15 digits, of which a spreadsheet makes up the last; "
    "write it as text"
)


@lru_cache(maxsize=1024)
def _kind(code: str) -> str:
    """Say whether a format shows days, moments or times of a day; empty if it shows numbers."""
    if code.casefold() == "general":
        return ""
    letters = _ASIDE.sub("", code.split(";", maxsplit=1)[0]).casefold()
    if "general" in letters or "0" in letters.split(".")[0] or "#" in letters:
        return ""
    day = any(each in letters for each in "dyjt")
    time = any(each in letters for each in "hs[")
    if day or ("m" in letters and not time):
        return _MOMENT if time else _DAY
    return _TIME if time else ""


@lru_cache(maxsize=1024)
def _pattern(code: str) -> tuple[tuple[str, bool], ...]:
    """Return literals and places of digits of a format that does nothing but show leading zeros."""
    pieces: list[tuple[str, bool]] = []
    first = code.split(";", maxsplit=1)[0]
    position = 0
    while position < len(first):
        if first[position] == "0":
            pieces.append(("0", True))
            position += 1
            continue
        match = _LITERAL.match(first, position)
        if not match or match[3] == ".":
            return ()
        pieces.append((match[1] or match[2] or match[3] or "", False))
        position = match.end()
    return tuple(pieces) if _ZEROS.search(first) else ()


def _padded(number: int, code: str) -> str:
    """Return a whole number with the leading zeros that its format shows."""
    pieces = _pattern(code) if number >= 0 else ()
    if not pieces:
        return str(number)
    places = sum(place for _, place in pieces)
    digits = str(number).rjust(places, "0")
    # What the places do not hold stands at the first of them.
    left = iter([digits[: len(digits) - places + 1], *digits[len(digits) - places + 1 :]])
    return "".join(next(left) if place else literal for literal, place in pieces)


def _of_serial(number: float, kind: str, *, since_1904: bool) -> Shown:
    """Return what a cell shows whose format is one of days."""
    text = f"{number:.15g}"
    if kind == _TIME:
        return Shown(_time(number)) if 0 <= number < _LAST_DAY else Shown(text, _no_day(text))
    first = 0 if since_1904 else 1
    if not first <= number < _LAST_DAY:
        return Shown("1900-01-00", ZERO_DATE) if number == 0 else Shown(text, _no_day(text))
    if since_1904:
        start = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - cells have no time zone
    elif int(number) == _LEAP_DAY:
        return Shown("1900-02-29", _no_day("1900-02-29"))
    else:
        start = dt.datetime(1899, 12, 30 + (number < _LEAP_DAY))  # noqa: DTZ001 - as above
    try:
        return of_day(start + dt.timedelta(seconds=round(number * 86_400)))
    except OverflowError:
        return Shown(text, _no_day(text))


def _no_day(text: str) -> str:
    return f"holds {text} in the format of a date, which is no day; correct the cell"


def _time(number: float) -> str:
    seconds = round(number * 86_400)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"

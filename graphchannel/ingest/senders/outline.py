"""Rows of a file that are no records: headings above groups of records, and sums below them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.ingest.senders.synonyms import footer_word

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Outline", "outline_of"]

_LEAST = 3  # filled cells of a record


@dataclass(frozen=True, slots=True)
class Outline:
    """The records of a file with headings or sums between them.

    `heading` is the place of the column that headings stand in, whose text each record has here;
    `sums` are the rows of sums, which all begin or end with `word`.
    """

    records: tuple[tuple[str, ...], ...]
    heading: int | None
    word: str | None
    sums: tuple[str, ...]


def outline_of(rows: Sequence[tuple[str, ...]]) -> Outline | None:
    """Tell headings, records and sums apart; None if all are records, but for one sum below."""
    word = _common([_word(row) for row in rows])
    kinds = ["sum" if word and _word(row) == word else _kind(row) for row in rows]
    sums = tuple(_first(row) for row, kind in zip(rows, kinds, strict=True) if kind == "sum")
    heading = _heading(rows, kinds)
    if heading is None and len(sums) < 2:
        return None
    records: list[tuple[str, ...]] = []
    above = ""
    for row, kind in zip(rows, kinds, strict=True):
        if kind == "record":
            records.append(row if heading is None else _with(row, heading, above))
        elif kind == "alone" and heading is not None and len(row) > heading and row[heading]:
            above = row[heading]
        elif kind == "alone" and heading is None:
            records.append(row)
    return Outline(tuple(records), heading, word if sums else None, sums)


def _kind(row: tuple[str, ...]) -> str:
    return "alone" if sum(map(bool, row)) == 1 else "record"


def _word(row: tuple[str, ...]) -> str | None:
    """Return the word that makes a row one of sums: it is called so, and little else is in it."""
    filled = sum(map(bool, row))
    found = footer_word(_first(row)) if filled * 2 <= len(row) + 1 else None
    return found.casefold() if found else None


def _common(words: Sequence[str | None]) -> str | None:
    counts = Counter(word for word in words if word)
    return counts.most_common(1)[0][0] if counts else None


def _heading(rows: Sequence[tuple[str, ...]], kinds: Sequence[str]) -> int | None:
    """Return the place where headings stand: above records that have nothing there."""
    places = Counter(
        next(at for at, cell in enumerate(row) if cell)
        for row, kind in zip(rows, kinds, strict=True)
        if kind == "alone"
    )
    records = [row for row, kind in zip(rows, kinds, strict=True) if kind == "record"]
    full = any(sum(map(bool, row)) >= _LEAST for row in records)
    if not places or not full or kinds[0] != "alone":
        return None
    place, count = places.most_common(1)[0]
    empty = not any(len(row) > place and row[place] for row in records)
    return place if empty and (count > 1 or "sum" in kinds) else None


def _with(row: tuple[str, ...], place: int, text: str) -> tuple[str, ...]:
    cells = [*row, *[""] * (place + 1 - len(row))]
    cells[place] = text
    return tuple(cells)


def _first(row: tuple[str, ...]) -> str:
    return next((cell for cell in row if cell), "")

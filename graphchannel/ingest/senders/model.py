"""What a sender file says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphchannel.ingest.staged import NO_TERMS, LineTerms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphchannel.ingest.source import Reading
    from graphchannel.ingest.values import Forms

SENDER = "sender "  # before its name where what read a record is named
OPEN = "?"  # in place of a value: a question that nobody has answered yet

ReturnSign = Literal["negative", "amount", "all", "none", "marked"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the value of one canonical column comes from.

    The first of `columns` (headers of the sender) that is filled, turned by `map`; else `value`.
    With `fill_down` an empty cell repeats the one above. With `names` it holds the name of a party,
    product or place, whose id is looked up.
    """

    columns: tuple[str, ...]
    value: str | None
    map: Mapping[str, str]
    names: bool
    fill_down: bool


@dataclass(frozen=True, slots=True)
class Returns:
    """Which lines are returns: goods that go from the buyer back to the seller.

    `negative`: those with a quantity below 0. `amount`: those with a quantity, an amount or a price
    below 0. `all`: all, whatever the sign. `none`: none, and a quantity below 0 is wrong. `marked`:
    those whose `column` is one of `values`.
    """

    sign: ReturnSign = "negative"
    column: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SenderSection:
    """What the sender delivers for one canonical table.

    `cells` by canonical column; for shipments also `unit_price` and `serial`. `key` are headers
    that together identify a line of the sender; `terms` are his.
    """

    table: str
    cells: Mapping[str, Cell]
    key: tuple[str, ...] = ()
    returns: Returns = Returns()
    terms: LineTerms = NO_TERMS

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers of the sender that the section reads."""
        named = [header for cell in self.cells.values() for header in cell.columns]
        named += [*self.key, self.returns.column]
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True, slots=True)
class Sender:
    """A parsed sender file. `open` names, as `[table] key`, what still is to be answered.

    `files` are patterns of file names; without one, a file is the sender's if it has its columns.
    `ignore` are headers that are not read, and of which no load need speak. A row of sums begins or
    ends with `subtotals`.
    """

    path: Path
    name: str
    about: str
    files: tuple[str, ...]
    confirmed: bool
    open: tuple[str, ...]
    reading: Reading
    forms: Forms
    sections: tuple[SenderSection, ...]
    ignore: tuple[str, ...]
    text: str
    subtotals: str | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers that it reads."""
        return tuple(dict.fromkeys(each for section in self.sections for each in section.headers))

    @property
    def filled_down(self) -> tuple[str, ...]:
        """The headers whose empty cells repeat the one above."""
        cells = [cell for section in self.sections for cell in section.cells.values()]
        return tuple(header for cell in cells if cell.fill_down for header in cell.columns)

    @property
    def terms(self) -> LineTerms:
        """What it says of lines as events."""
        return next((each.terms for each in self.sections if each.table == "shipments"), NO_TERMS)

    @property
    def tables(self) -> tuple[str, ...]:
        """The canonical tables that it fills."""
        return tuple(section.table for section in self.sections)

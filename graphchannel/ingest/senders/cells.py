"""SQL for what a sender's cells say, before lines and returns are made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.ingest.senders.catalogue import same_header
from graphchannel.ingest.source import RECORD
from graphchannel.ingest.values.reading import Need
from graphchannel.ingest.values.reading import need as need_of
from graphchannel.schema import Kind
from graphchannel.schema import table as canonical
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from graphchannel.ingest.senders.model import Cell, Sender, SenderSection
    from graphchannel.ingest.source import Source
    from graphchannel.schema import Table

_EXTRA = {
    "unit_price": Need("", Kind.DECIMAL, "", few=True, exact=True),
    "document_date": Need("", Kind.DATE, "", few=True, exact=True),
    "serial": Need("", Kind.STRING, "", identifier=True),
}


def needs_of(sender: Sender, source: Source) -> list[Need]:
    """Say what the sender's columns of a source should hold, under the source's names.

    Numbers and days are wanted in one form, since lines are made of them. A value that is turned by
    a map is text, and what becomes of it is looked at later.
    """
    found: dict[str, Need] = {}
    for section in sender.sections:
        table = canonical(section.table)
        wanted = [
            (header, _need(table, name, cell))
            for name, cell in section.cells.items()
            for header in cell.columns
        ]
        wanted += [(header, Need("", Kind.STRING, "", identifier=True)) for header in section.key]
        wanted += [(header, Need("", Kind.STRING, "")) for header in [section.returns.column]]
        for header, need in wanted:
            own = own_name(source, header)
            if own and (own not in found or found[own].kind is Kind.STRING):
                found[own] = replace(need, name=own, label=own)
    return list(found.values())


def _need(table: Table, name: str, cell: Cell) -> Need:
    if cell.map:
        return Need("", Kind.STRING, "")
    if name in _EXTRA:
        return _EXTRA[name]
    column = need_of(table.column(name))
    if column.kind in {Kind.STRING, Kind.BOOLEAN}:
        identifier = column.identifier and not cell.names
        return Need("", Kind.STRING, "", identifier=identifier, few=column.few)
    return replace(column, required=False, least=None, few=True, exact=True)


def own_name(source: Source, header: str) -> str | None:
    """Return the source's name of a column, None if it has none like it."""
    wanted = same_header(header)
    return next((name for name in source.columns if same_header(name) == wanted), None)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a section; `values` has the source's columns as they have been read."""

    table: Table
    section: SenderSection
    source: Source
    values: str

    @property
    def present(self) -> dict[str, Cell]:
        """The cells for which the source has a column, or the sender a constant."""
        return {
            name: cell
            for name, cell in self.section.cells.items()
            if cell.value is not None or any(self.own(header) for header in cell.columns)
        }

    def own(self, header: str) -> str | None:
        """Return the source's name of a column, None if it has none like it."""
        return own_name(self.source, header)

    def select(self) -> str:
        """Select `_record`, each present cell under its name, and `_key_N` and `_marked`."""
        items = [f"{self._value(cell)} AS {quoted(name)}" for name, cell in self.present.items()]
        items += [
            f"{self._text(header)} AS _key_{at}" for at, header in enumerate(self.section.key)
        ]
        returns = self.section.returns
        if returns.sign == "marked":
            marks = ", ".join(f"lower({literal(each.strip())})" for each in returns.values)
            text = self._text(returns.column)
            items.append(f"coalesce(lower({text}) IN ({marks}), false) AS _marked")
        return f"SELECT {RECORD}, {', '.join(items)} FROM {self.values}"

    def _value(self, cell: Cell) -> str:
        """Return SQL for a cell: the first column that is filled, turned, else the constant."""
        texts = [self._text(header) for header in cell.columns if self.own(header)]
        text = f"coalesce({', '.join(texts)})" if texts else "NULL::VARCHAR"
        if cell.map:
            pairs = (
                f"WHEN lower({literal(given.strip())}) THEN {literal(meant)}"
                for given, meant in cell.map.items()
            )
            text = f"CASE lower({text}) {' '.join(pairs)} ELSE {text} END"
        return text if cell.value is None else f"coalesce({text}, {literal(cell.value)})"

    def _text(self, header: str) -> str:
        return f"{quoted(str(self.own(header)))}::VARCHAR"

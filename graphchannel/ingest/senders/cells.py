"""SQL for what a sender's cells say, before lines and returns are made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.ingest.senders.catalogue import same_header
from graphchannel.ingest.senders.forms import date, number
from graphchannel.ingest.source import RECORD, drop, fresh_name
from graphchannel.schema import Kind
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import duckdb

    from graphchannel.ingest.senders.model import Cell, Section
    from graphchannel.ingest.source import Source
    from graphchannel.ingest.values import Forms
    from graphchannel.schema import Table

_BLANKS = r"[\s\x{00a0}\x{2007}\x{202f}]"
_EXTRA_KINDS = {"unit_price": Kind.DECIMAL, "document_date": Kind.DATE}
_FLOATS = {"FLOAT", "DOUBLE"}
_NUMBERS = _FLOATS | {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a section, for a source with columns of these DuckDB types."""

    table: Table
    section: Section
    source: Source
    types: Mapping[str, str]
    forms: Forms

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
        for column in self.source.columns:
            if same_header(column) == same_header(header):
                return column
        return None

    def select(self) -> str:
        """Select `_record`, each present cell under its name, and `_key_N` and `_marked`."""
        items = [
            f"{self.value(name, cell)} AS {quoted(name)}" for name, cell in self.present.items()
        ]
        items += [
            f"{self._text(header)} AS _key_{at}" for at, header in enumerate(self.section.key)
        ]
        returns = self.section.returns
        if returns.sign == "marked":
            marks = ", ".join(f"lower({literal(each.strip())})" for each in returns.values)
            text = self._text(returns.column)
            items.append(f"coalesce(lower({text}) IN ({marks}), false) AS _marked")
        return f"SELECT {RECORD}, {', '.join(items)} FROM {self.source.relation}"

    def value(self, name: str, cell: Cell) -> str:
        """Return SQL for a cell as canonical text: mapped, in canonical form, never blank."""
        found = [header for header in cell.columns if self.own(header)]
        texts = [self._text(header) for header in found]
        text = f"coalesce({', '.join(texts)})" if texts else "NULL::VARCHAR"
        if cell.map:
            pairs = (
                f"WHEN lower({literal(given.strip())}) THEN {literal(meant)}"
                for given, meant in cell.map.items()
            )
            text = f"CASE lower({text}) {' '.join(pairs)} ELSE {text} END"
        typed = {self.types[str(self.own(header))] for header in found} - {"VARCHAR", "JSON"}
        kind = _EXTRA_KINDS.get(name) or self._kind(name)
        if not typed and kind in {Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT}:
            text = number(text, self.forms)
        elif not typed and kind is Kind.DATE:
            text = date(text, self.forms.days)
        return text if cell.value is None else f"coalesce({text}, {literal(cell.value)})"

    def _kind(self, name: str) -> Kind:
        return self.table.column(name).kind if name in self.table.column_names else Kind.STRING

    def _text(self, header: str) -> str:
        """Return SQL for the text of a column, without blanks around it; null if it is empty."""
        own = self.own(header)
        column = quoted(str(own))
        text = _as_text(column, self.types[str(own)])
        if self.types[str(own)] == "VARCHAR":
            text = _stripped(text)
        if self.forms.nothing:
            listed = ", ".join(f"lower({literal(each.strip())})" for each in self.forms.nothing)
            text = f"CASE WHEN lower({text}) IN ({listed}) THEN NULL ELSE {text} END"
        return text


def fill_down(
    connection: duckdb.DuckDBPyConnection, source: Source, headers: Collection[str]
) -> Source:
    """Return a source whose empty cells in some columns repeat the one above.

    What is read of a record then stands in it, so that it can be corrected by itself.
    """
    wanted = {same_header(header) for header in headers}
    columns = [name for name in source.columns if same_header(name) in wanted]
    if not columns:
        return source
    relation = fresh_name("filled")
    filled = ", ".join(f"{_repeating(name)} AS {quoted(name)}" for name in columns)
    connection.execute(
        f"CREATE TEMP TABLE {relation} AS SELECT * REPLACE ({filled}) FROM {source.relation}"
    )
    drop(connection, [source.relation])
    return replace(source, relation=relation)


def _repeating(name: str) -> str:
    text = _stripped(quoted(name))
    return f"coalesce({text}, last_value({text} IGNORE NULLS) OVER (ORDER BY {RECORD}))"


def _stripped(text: str) -> str:
    return f"nullif(regexp_replace({text}::VARCHAR, '^{_BLANKS}+|{_BLANKS}+$', '', 'g'), '')"


def _as_text(column: str, type_: str) -> str:
    """Write a typed value as a text file would: a whole number without point, midnight as a day."""
    if type_ in _FLOATS:
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        return f"CASE WHEN {whole} THEN {column}::BIGINT::VARCHAR ELSE {column}::VARCHAR END"
    if type_.startswith("TIMESTAMP"):
        midnight = f"{column} = date_trunc('day', {column})"
        return f"CASE WHEN {midnight} THEN {column}::DATE::VARCHAR ELSE {column}::VARCHAR END"
    return f"{column}::VARCHAR"

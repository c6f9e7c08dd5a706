"""The rows of a sheet as a source: columns by its header, flaws of cells beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.errors import InputError
from graphchannel.ingest.readers.streams import MOST_SWOLLEN
from graphchannel.ingest.readers.workbooks.package import most_swollen
from graphchannel.ingest.source import (
    HEAD,
    MOST_COLUMNS,
    RECORD,
    Source,
    check_header,
    counted,
    fresh_name,
    listed,
)
from graphchannel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.readers.workbooks.cells import Row, Sheet
    from graphchannel.ingest.source import Reading

_BATCH = 1 << 24  # characters, roughly
_MOST_ROWS = 1 << 20
_A_CELL = 8  # what a cell weighs besides its text


def stage_sheet(
    connection: duckdb.DuckDBPyConnection, path: Path, sheet: Sheet, reading: Reading
) -> Source | None:
    """Stage a sheet; None if it is empty. A header that cannot be used is the source's `problem`.

    Rows without any content are no records, nor are those that repeat the header.
    """
    label = f"{path.name} [{sheet.name}]"
    rows = _filled(label, sheet, reading)
    header = next(rows, None)
    if header is None:
        return None
    staging = _Staging(connection, path, label, fresh_name("source"), header.texts, header.unseen)
    try:
        _refuse_header(label, header, reading)
    except InputError as problem:
        return staging.unusable(sheet.name, str(problem), header, rows)
    staging.note(header)
    staging.create()
    for row in rows:
        staging.take(row)
    staging.flush()
    return staging.source(sheet.name)


def _filled(label: str, sheet: Sheet, reading: Reading) -> Iterator[Row]:
    """Yield the rows with content from the header to the footer."""
    first, footer = reading.header_row or 1, (reading.footer or "").casefold()
    for row in sheet.rows():
        if row.number > _MOST_ROWS:
            raise InputError(f"{label}: there are more than {_MOST_ROWS:,} rows; split the sheet.")
        if row.number < first or not row.texts:
            continue
        if footer and row.texts[min(row.texts)].strip().casefold().startswith(footer):
            return
        yield row


def _refuse_header(label: str, header: Row, reading: Reading) -> None:
    if reading.header_row not in (None, header.number):
        raise InputError(f"{label}: row {reading.header_row} is empty; it should name the columns.")
    check_header(label, [header.texts[at] for at in sorted(header.texts)])


@dataclass(slots=True)
class _Staging:
    """A sheet on its way into a table, and what was seen of it."""

    connection: duckdb.DuckDBPyConnection
    path: Path
    label: str
    relation: str
    header: dict[int, str]
    unseen: frozenset[int]  # positions of hidden columns
    names: dict[int, str] = field(default_factory=dict)  # of columns, by position
    records: int = 0
    hidden: int = 0
    merged: int = 0
    repeated: int = 0
    size: int = 0
    flushed: int = 0
    rows: list[dict[int, str]] = field(default_factory=list)
    head: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    flaws: list[tuple[int, int, str]] = field(default_factory=list)

    def note(self, row: Row) -> None:
        """Keep a row that may turn out to be the header."""
        if len(self.head) < HEAD:
            self.head.append((row.number, tuple(row.texts[at].strip() for at in sorted(row.texts))))

    def create(self) -> None:
        """Make the table with the columns that the header names."""
        self.names = {at: self.header[at].strip() for at in sorted(self.header)}
        columns = "".join(f", {quoted(name)} VARCHAR" for name in self.names.values())
        self.connection.execute(f"CREATE TEMP TABLE {self.relation} ({RECORD} BIGINT{columns})")

    def take(self, row: Row) -> None:
        """Take a row in; raise InputError if the sheet grows beyond measure."""
        self.note(row)
        if _folded(row.texts) == _folded(self.header):
            self.repeated += 1
            return
        self.records += 1
        self.hidden += row.hidden
        self.merged += row.merged
        for at in row.texts.keys() - self.names.keys():
            self._add_column(at)
        self.rows.append(row.texts)
        self.flaws += [(self.records, at, flaw) for at, flaw in row.flaws.items()]
        self.size += sum(map(len, row.texts.values())) + _A_CELL * len(row.texts)
        if self.size - self.flushed > _BATCH:
            if self.size > most_swollen(self.path):
                raise InputError(
                    f"{self.label}: the sheet swells to more than {MOST_SWOLLEN} times the size of "
                    "the file; no table does. Nothing of it is loaded."
                )
            self.flush()

    def flush(self) -> None:
        """Write what was taken in."""
        if self.rows:
            first = self.records - len(self.rows) + 1
            columns = {RECORD: pa.array(range(first, self.records + 1), pa.int64())}
            for at, name in self.names.items():
                columns[name] = pa.array([row.get(at) for row in self.rows], pa.string())
            batch = fresh_name("batch")
            self.connection.register(batch, pa.table(columns))
            self.connection.execute(f"INSERT INTO {self.relation} BY NAME FROM {batch}")
            self.connection.unregister(batch)
        self.rows.clear()
        self.flushed = self.size

    def unusable(self, name: str, problem: str, header: Row, rows: Iterator[Row]) -> Source:
        """Return a sheet whose first row is no header; the head may have a better one."""
        for row in (header, *islice(rows, HEAD)):
            self.note(row)
        head = tuple(self.head)
        return Source(
            self.label, (name,), self.relation, (), 0, problem=problem, head=head, sheet=True
        )

    def source(self, name: str) -> Source:
        """Return what was staged."""
        return Source(
            self.label,
            (name,),
            self.relation,
            tuple(self.names[at] for at in sorted(self.names)),
            self.records,
            warnings=tuple(self._warnings()),
            flaws=self._keep_flaws(),
            head=tuple(self.head),
            sheet=True,
        )

    def _add_column(self, at: int) -> None:
        """Add a column that the header does not name: spreadsheets often leave one behind."""
        if len(self.names) >= MOST_COLUMNS:
            raise InputError(f"{self.label}: there are more than {MOST_COLUMNS:,} columns.")
        name = f"column_{at + 1}"
        while name.casefold() in {each.casefold() for each in self.names.values()}:
            name += "_"
        self.names[at] = name
        self.connection.execute(f"ALTER TABLE {self.relation} ADD COLUMN {quoted(name)} VARCHAR")

    def _warnings(self) -> Iterator[str]:
        unseen = [self.names[at] for at in sorted(self.unseen & self.names.keys())]
        if unseen:
            yield (
                f"{self.label}: {counted(len(unseen), 'column')} hidden in the spreadsheet, and "
                f"read like the others: {listed(unseen)}."
            )
        if self.hidden:
            yield (
                f"{self.label}: {counted(self.hidden, 'row')} hidden in the spreadsheet, by a "
                "filter or by hand, and read like the others."
            )
        if self.merged:
            yield (
                f"{self.label}: {counted(self.merged, 'cell')} merged with the one above, whose "
                "text is read again."
            )
        if self.repeated:
            yield f"{self.label}: {counted(self.repeated, 'row')} repeating the header, not read."

    def _keep_flaws(self) -> str | None:
        if not self.flaws:
            return None
        name, batch = fresh_name("flaws"), fresh_name("batch")
        columns = {
            RECORD: pa.array([record for record, _, _ in self.flaws], pa.int64()),
            "name": pa.array([self.names.get(at, "") for _, at, _ in self.flaws], pa.string()),
            "flaw": pa.array([flaw for _, _, flaw in self.flaws], pa.string()),
        }
        self.connection.register(batch, pa.table(columns))
        self.connection.execute(f"CREATE TEMP TABLE {name} AS FROM {batch}")
        self.connection.unregister(batch)
        return name


def _folded(texts: dict[int, str]) -> dict[int, str]:
    return {at: text.strip().casefold() for at, text in texts.items()}

"""Stage a CSV file record by record, for the files that DuckDB does not read in full."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pa_csv

from graphchannel.errors import InputError
from graphchannel.ingest.readers.csv_exact import fields_of, read_records, readable, undecodable
from graphchannel.ingest.readers.csv_fit import fit, uncertain
from graphchannel.ingest.readers.csv_tidy import no_records
from graphchannel.ingest.readers.files import stem_of
from graphchannel.ingest.source import RECORD, Source, counted, fresh_name, size
from graphchannel.ingest.staged import SourceReject
from graphchannel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    import duckdb

    from graphchannel.ingest.readers.csv_exact import Record
    from graphchannel.ingest.readers.csv_layout import Layout
    from graphchannel.ingest.readers.csv_tidy import NoRecords

_BATCH = 50_000
_ASCII_STAND_IN = ","  # the parser of sound records takes no other delimiter
_FIRST_LINE = "-\n"  # skipped again: a byte-order mark would be dropped from the first line


@dataclass(slots=True)
class _Progress:
    """What was seen of a file so far.

    `surplus` is how many empty fields too many each record has, None once two differ. `waiting` are
    the records of which that is to say whether they are sound.
    """

    records: int = 0
    rejects: list[SourceReject] = field(default_factory=list)
    surplus: set[int] = field(default_factory=set)
    waiting: list[tuple[int, Record]] = field(default_factory=list)


def read_carefully(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Source:
    """Stage every record that the exact reader takes, and reject every other.

    Raises InputError where a record got lost.
    """
    relation, batch_name = fresh_name("source"), fresh_name("batch")
    columns = "".join(f", {quoted(name)} VARCHAR" for name in layout.columns)
    connection.execute(f"CREATE TEMP TABLE {relation} ({RECORD} BIGINT{columns})")
    seen = _Progress()
    for table in _batches(layout, seen):
        connection.register(batch_name, table)
        connection.execute(f"INSERT INTO {relation} FROM {batch_name}")
        connection.unregister(batch_name)
    staged = size(connection, relation)
    if staged + len(seen.rejects) != seen.records:
        raise InputError(
            f"{layout.path}: {seen.records} records were read, but {staged} staged and "
            f"{len(seen.rejects)} rejected. This is a fault of graphchannel; please report it."
        )
    none = no_records(connection, relation, layout.columns, layout.header)
    if none.blank or none.repeated:
        connection.execute(f"DELETE FROM {relation} WHERE NOT {none.kept}")
    return as_source(layout, relation, seen.records, seen.rejects, none)


def as_source(
    layout: Layout, relation: str, records: int, rejects: Sequence[SourceReject], none: NoRecords
) -> Source:
    """Return what was read, under the names of the file; of the `records`, some are `none`."""
    path = layout.path
    said = f"{path.name}: {counted(none.repeated, 'record')} repeating the header, not read."
    return Source(
        path.name,
        (stem_of(path),),
        relation,
        layout.columns,
        records - none.blank - none.repeated,
        tuple(sorted(rejects, key=lambda reject: reject.record)),
        warnings=(said,) if none.repeated else (),
    )


def _batches(layout: Layout, seen: _Progress) -> Iterator[pa.Table]:
    """Yield good records in columns; at last those that only the whole file says to be good."""
    with layout.open_text() as stream:
        numbered = enumerate(_records(stream, layout), start=1)
        while batch := list(islice(numbered, _BATCH)):
            seen.records += len(batch)
            yield _to_arrow(batch, layout, seen)
    if len(seen.surplus) == 1:  # each record ends in the same empty fields
        lines = [
            _rewritten(fields_of(record, layout.delimiter), layout) for _, record in seen.waiting
        ]
        yield _parse([number for number, _ in seen.waiting], lines, layout)
        return
    for number, record in seen.waiting:
        reason = fit(fields_of(record, layout.delimiter), len(layout.columns), ended=True)
        seen.rejects.append(SourceReject(number, str(reason), record.raw))


def _records(stream: TextIO, layout: Layout) -> Iterator[Record]:
    """Yield the records between the header and the footer."""
    for record in islice(read_records(stream, layout.delimiter), 1, None):
        if layout.footer and _begins(record, layout):
            return
        yield record


def _begins(record: Record, layout: Layout) -> bool:
    fields = [record.raw] if record.problem else fields_of(record, layout.delimiter)
    first = next((each.strip() for each in fields if each.strip()), "")
    return first.casefold().startswith((layout.footer or "").casefold())


def _to_arrow(batch: list[tuple[int, Record]], layout: Layout, seen: _Progress) -> pa.Table:
    """Return the good records of a batch in columns; note the others."""
    numbers: list[int] = []
    lines: list[str] = []
    width = len(layout.columns)
    for number, record in batch:
        raw = record.raw
        sound = record.plain and raw.isascii() and layout.delimiter.isascii()
        if sound and raw.count(layout.delimiter) == width - 1:
            numbers.append(number)
            lines.append(raw)
            seen.surplus.add(0)
            continue
        line = _line_of(number, record, layout, seen)
        if line is not None:
            numbers.append(number)
            lines.append(line)
    return _parse(numbers, lines, layout)


def _line_of(number: int, record: Record, layout: Layout, seen: _Progress) -> str | None:
    """Return a record as it is to be parsed; None if it is rejected or has to wait."""
    reason = undecodable(record.raw, layout.codec) or record.problem
    if reason:
        seen.rejects.append(SourceReject(number, reason, readable(record.raw)))
        return None
    fields, width = fields_of(record, layout.delimiter), len(layout.columns)
    seen.surplus.add(len(fields) - width)
    if uncertain(fields, width):
        seen.waiting.append((number, record))
        return None
    fitting = fit(fields, width, ended=record.ended)
    if isinstance(fitting, str):
        seen.rejects.append(SourceReject(number, fitting, record.raw))
        return None
    return _rewritten(fitting, layout)


def _parse(numbers: list[int], lines: list[str], layout: Layout) -> pa.Table:
    """Parse records that are known to be sound, far faster than Python could."""
    if not lines:
        table = pa.table({name: pa.array([], pa.string()) for name in layout.columns})
    else:
        data = (_FIRST_LINE + "\n".join(lines)).encode()
        table = pa_csv.read_csv(
            io.BytesIO(data),
            pa_csv.ReadOptions(
                column_names=layout.columns,
                skip_rows=1,
                block_size=len(data) + 1,
                use_threads=False,
            ),
            pa_csv.ParseOptions(
                delimiter=_inner_delimiter(layout),
                newlines_in_values=True,
                ignore_empty_lines=False,
            ),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(layout.columns, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    return table.add_column(0, RECORD, [pa.array(numbers, pa.int64())])


def _rewritten(fields: list[str], layout: Layout) -> str:
    """Return a record with every filled field in quotes, and without fields too many."""
    doubled = (each.replace('"', '""') for each in fields[: len(layout.columns)])
    return _inner_delimiter(layout).join(f'"{each}"' if each else "" for each in doubled)


def _inner_delimiter(layout: Layout) -> str:
    return layout.delimiter if layout.delimiter.isascii() else _ASCII_STAND_IN

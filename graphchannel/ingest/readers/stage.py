"""Stage one file: read it in its format, then decide what each of its sources delivers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.loaders.catalogue import all_loaders, find_loader, lacking
from graphchannel.ingest.readers.assign import assign, table_named
from graphchannel.ingest.readers.csv_file import read_csv
from graphchannel.ingest.readers.files import format_of
from graphchannel.ingest.readers.json_lines import read_json_lines
from graphchannel.ingest.readers.parquet import read_parquet
from graphchannel.ingest.readers.workbook import read_workbook
from graphchannel.ingest.source import listed
from graphchannel.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.source import ReadOptions, Source
    from graphchannel.ingest.staged import Staged

_READERS: Mapping[str, Callable[..., list[Source]]] = {
    "csv": read_csv,
    "json": read_json_lines,
    "parquet": read_parquet,
    "workbook": read_workbook,
}


def stage(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[Staged]:
    """Read one file into temporary relations of the connection.

    A workbook gives an entry a recognised sheet, a loader one a table that it fills; the same
    source may stand in several. Stage before a transaction begins: DuckDB aborts the transaction
    in which a file turns out to be unreadable. Raises InputError or LoaderError.
    """
    format_ = format_of(path)
    sources = _READERS[format_](connection, path, options.reading)
    if len(sources) > 1:
        sources = _asked_for(path, sources, options)
    staged: list[Staged] = []
    ignored: list[Source] = []
    for source in sources:
        delivered = assign(connection, source, format_, options)
        staged += delivered
        if not delivered:
            ignored.append(source)
    if not staged:
        raise InputError(_unrecognised(path, ignored, all_loaders(options.loaders).broken))
    warnings = tuple(
        f"{source.label}: the sheet is named after no table and fits no loader; it is not read."
        for source in ignored
    )
    return [replace(staged[0], warnings=staged[0].warnings + warnings), *staged[1:]]


def _asked_for(path: Path, sources: list[Source], options: ReadOptions) -> list[Source]:
    """Return the sheets that `--table` or `--loader` mean; all, if neither is given."""
    if options.loader:
        loader = find_loader(options.loader, options.loaders)
        fitting = [source for source in sources if not lacking(loader, source.columns)]
        return fitting or sources[:1]  # the first says what it lacks
    if options.table:
        named = [
            source
            for source in sources
            for table in [table_named(source.stems[0])]
            if table and table.name == options.table
        ]
        if not named:
            sheets = listed([source.stems[0] for source in sources])
            raise InputError(
                f"{path}: no sheet is named after table '{options.table}' (sheets: {sheets})."
            )
        return named
    return sources


def _unrecognised(path: Path, sources: list[Source], broken: tuple[str, ...]) -> str:
    columns = "; ".join(f"{source.label}: {listed(source.columns)}" for source in sources)
    tables = ", ".join(table.name for table in TABLES)
    return (
        f"{path}: no table has this name, and no loader fits the columns ({columns}). "
        f"Name the table (--table, one of {tables}) or a loader (--loader)."
        f"{''.join(f' Left out: {each}' for each in broken)}"
    )

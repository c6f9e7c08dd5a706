"""Stage one file: read it in its format, then decide what each of its sources delivers."""

from __future__ import annotations

import shlex
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
from graphchannel.ingest.senders.catalogue import all_senders
from graphchannel.ingest.senders.stage import by_columns, claimed, stage_claimed
from graphchannel.ingest.source import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.loaders.catalogue import Loaders
    from graphchannel.ingest.source import Reading, ReadOptions, Source
    from graphchannel.ingest.staged import Staged

_READERS: Mapping[str, Callable[[duckdb.DuckDBPyConnection, Path, Reading], list[Source]]] = {
    "csv": read_csv,
    "json": read_json_lines,
    "parquet": read_parquet,
    "workbook": read_workbook,
}


def stage(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[Staged]:
    """Read one file into temporary relations of the connection.

    A workbook gives an entry a recognised sheet, a loader or sender one a table that it fills; the
    same source may stand in several. Stage before a transaction begins: DuckDB aborts the
    transaction in which a file turns out to be unreadable. Raises InputError, LoaderError or
    SenderError.
    """
    format_ = format_of(path)
    read = _READERS[format_]
    by_sender = claimed(path, options)
    if by_sender:
        return stage_claimed(connection, path, options, by_sender, read)
    try:
        sources = read(connection, path, options.reading)
    except InputError:
        found = by_columns(connection, path, options, read)
        if found:
            return found
        raise
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
        staged = by_columns(connection, path, options, read)
        if staged:
            return staged
        raise InputError(_unrecognised(path, ignored, options))
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


def _unrecognised(path: Path, sources: list[Source], options: ReadOptions) -> str:
    columns = "; ".join(f"{source.label}: {listed(source.columns)}" for source in sources)
    loaders, senders = all_loaders(options.loaders), all_senders(options.senders)
    near = _nearest(loaders, sources)
    return (
        f"{path}: no table has this name, and no loader or sender fits the columns ({columns}). "
        f"{near}Name the table that it holds (--table); or say what the columns mean, once for "
        f"this sender: 'graphchannel senders new {shlex.quote(str(path))}'."
        f"{''.join(f' Left out: {each}' for each in (*loaders.broken, *senders.broken))}"
    )


def _nearest(loaders: Loaders, sources: list[Source]) -> str:
    """Say what a loader lacks of which most columns are there."""
    for loader in loaders:
        for source in sources:
            missing = lacking(loader, source.columns)
            if len(missing) * 2 < len(loader.columns):
                return f"Loader '{loader.name}' lacks {listed(missing)}. "
    return ""

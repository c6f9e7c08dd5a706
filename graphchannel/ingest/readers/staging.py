"""Stage one file: read it in its format, then decide what each of its sources delivers."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.loaders.catalogue import all_loaders, find_loader, lacking
from graphchannel.ingest.readers.assign import assign
from graphchannel.ingest.readers.fitting import Fitting, asked_table, missing_columns, table_named
from graphchannel.ingest.readers.read import read_file, read_sources
from graphchannel.ingest.readers.sheets import (
    named_by_file,
    refuse_alike,
    with_header,
    without_copies,
)
from graphchannel.ingest.senders.catalogue import all_senders
from graphchannel.ingest.senders.stage import by_columns, claimed, stage_claimed
from graphchannel.ingest.source import drop, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from graphchannel.ingest.loaders.catalogue import Loaders
    from graphchannel.ingest.source import ReadOptions, Source
    from graphchannel.ingest.staged import Staged

_WRAPPERS = {"items", "records", "data", "rows", "results", "value", "values", "lines", "shipments"}
_PIVOTS = {
    *("row labels", "zeilenbeschriftungen", "étiquettes de lignes", "etiquetas de fila"),
    *("etichette di riga", "rijlabels", "etykiety wierszy", "行ラベル"),
}


class Unrecognised(InputError):
    """Nobody knows what a file holds, though it can be read; `brief` says so without advice."""

    def __init__(self, message: str, brief: str) -> None:
        super().__init__(message)
        self.brief = brief


def stage(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[Staged]:
    """Read one file into temporary relations of the connection.

    A workbook gives an entry a recognised sheet, a loader or sender one a table that it fills; the
    same source may stand in several. Stage before a transaction begins: DuckDB aborts the
    transaction in which a file turns out to be unreadable. Raises InputError, LoaderError or
    SenderError; Unrecognised if nobody knows what the file holds.
    """
    if str(path).startswith("~"):  # DuckDB would look in the home folder
        path = Path.cwd() / path
    by_sender = claimed(path, options)
    if by_sender:
        return stage_claimed(connection, path, options, by_sender, read_sources)
    try:
        return _stage(connection, path, options)
    except InputError:
        asked = options.table or options.loader
        found = [] if asked else by_columns(connection, path, options, read_sources)
        if not found:
            raise
        return found


def _stage(connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions) -> list[Staged]:
    format_, sources = read_file(connection, path, options.reading)
    fitting = Fitting(options, format_)
    said: list[str] = []
    several = len(sources) > 1
    if several:
        sources = named_by_file(path, without_copies(path, sources, options, said))
        sources = _of_the_table(sources, options)
    staged: list[Staged] = []
    taken: list[Source] = []
    left: list[Source] = []
    for each in sources:
        source = with_header(connection, path, each, options, fitting)
        wanted = not several or fitting.fits(source.columns, source.stems)
        wanted = wanted or _is_named(source, options)
        if wanted and source.problem:
            raise InputError(source.problem)
        delivered = assign(connection, source, format_, options) if wanted else []
        staged += delivered
        (taken if delivered else left).append(source)
    drop(connection, {name for each in left for name in (each.relation, each.flaws) if name})
    if not staged:
        raise _nothing(path, left, options)
    for source in left:
        if not table_named(source.stems[0]):
            refuse_alike(path, source, taken)
        said.append(_left_out(source, options))
    return [replace(staged[0], warnings=(*staged[0].warnings, *said)), *staged[1:]]


def _of_the_table(sources: list[Source], options: ReadOptions) -> list[Source]:
    """Return the sheets that are named after the table that was asked for; all, if none is."""
    if not options.table or options.loader:
        return sources
    asked = asked_table(options.table)
    return [each for each in sources if table_named(each.stems[0]) == asked] or sources


def _is_named(source: Source, options: ReadOptions) -> bool:
    """Tell whether a sheet's name alone says its table: then it says what is wrong with it."""
    asked = options.table or options.loader
    return not asked and table_named(source.stems[0]) is not None


def _left_out(source: Source, options: ReadOptions) -> str:
    if source.problem:
        return f"{source.problem} The sheet is not read."
    if options.loader:
        missing = lacking(find_loader(options.loader, options.loaders), source.columns)
        why = f"the sheet lacks what loader '{options.loader}' needs ({listed(missing)})"
    elif options.table:
        missing = missing_columns(asked_table(options.table), source.columns)
        why = f"the sheet lacks what table {options.table} requires ({listed(missing)})"
    else:
        why = "the sheet is named after no table and fits no loader"
    return f"{source.label}: {why}; it is not read."


def _nothing(path: Path, sources: Sequence[Source], options: ReadOptions) -> InputError:
    """Return the error for a file of which nothing can be taken."""
    if options.table or options.loader:
        return InputError(" ".join(_left_out(source, options) for source in sources))
    unusable = [source.problem for source in sources if source.problem]
    usable = [source for source in sources if not source.problem]
    columns = "; ".join(f"{source.label}: {listed(source.columns)}" for source in usable)
    loaders, senders = all_loaders(options.loaders), all_senders(options.senders)
    broken = "".join(f" Left out: {each}" for each in (*loaders.broken, *senders.broken))
    is_json = ".json" in path.name.casefold()
    told = next((said for each in usable if (said := _why_no_records(each, is_json=is_json))), None)
    if told:
        return Unrecognised(f"{path}: {told}", f"{path}: {told}")
    brief = f"{path}: no table has this name, and no loader or sender fits the columns ({columns})."
    return Unrecognised(
        f"{brief} {_nearest(loaders, usable)}Name the table that it holds (--table), or the line "
        "or row that names the columns (--header-row); or say what the columns mean, once for this "
        f"sender: 'graphchannel senders new {shlex.quote(str(path))}'."
        f"{''.join(f' {each}' for each in unusable)}{broken}",
        brief,
    )


def _why_no_records(source: Source, *, is_json: bool) -> str | None:
    """Say of a source that is no table of records what it is."""
    first = source.columns[0] if source.columns else ""
    if source.columns == (first,) and first.casefold() in _WRAPPERS and is_json:
        return (
            f"the records stand in a list '{first}' of one object; write one object a line: "
            f"\"jq -c '.{first}[]'\"."
        )
    if first.casefold() in _PIVOTS:
        return (
            f"'{first}' is the first column of a pivot table, which sums up; load the records that "
            "it was made of."
        )
    if len(source.columns) == 1 and len(re.split(" {2,}", first.strip())) > 2:
        return (
            "the columns seem to have fixed widths, which graphchannel does not read; have the "
            "file sent with a delimiter."
        )
    return None


def _nearest(loaders: Loaders, sources: Sequence[Source]) -> str:
    """Say what a loader lacks of which most columns are there."""
    for loader in loaders:
        for source in sources:
            missing = lacking(loader, source.columns)
            if len(missing) * 2 < len(loader.columns):
                return f"Loader '{loader.name}' lacks {listed(missing)}. "
    return ""

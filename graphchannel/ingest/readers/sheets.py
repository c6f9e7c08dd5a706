"""Which sheets of a workbook count, and where their header is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.readers.backups import copies
from graphchannel.ingest.readers.files import stem_of
from graphchannel.ingest.readers.fitting import table_named
from graphchannel.ingest.readers.read import read_file
from graphchannel.ingest.source import drop
from graphchannel.text import folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.readers.fitting import Fitting
    from graphchannel.ingest.source import ReadOptions, Source

_ALIKE = 0.6  # of a sheet's columns in another make the two sheets of one kind
_FEWEST = 3  # columns that say of which kind a sheet is


def without_copies(
    path: Path, sources: Sequence[Source], options: ReadOptions, said: list[str]
) -> list[Source]:
    """Leave out sheets that are named as copies of others, unless sheets were asked for."""
    if options.reading.sheet is not None:
        return list(sources)
    left = copies([source.stems[0] for source in sources])
    for at, other in left.items():
        name = sources[at].stems[0]
        said.append(
            f"{path.name}: sheet '{name}' is named as a copy of '{other}', which is read; it is "
            f"not (--sheet '{name}' reads it)."
        )
    return [source for at, source in enumerate(sources) if at not in left]


def named_by_file(path: Path, sources: Sequence[Source]) -> list[Source]:
    """Let the file's name say the table where no sheet's does, as with a sheet for each month."""
    if any(table_named(source.stems[0]) for source in sources):
        return list(sources)
    return [
        replace(each, stems=tuple(dict.fromkeys((*each.stems, stem_of(path))))) for each in sources
    ]


def with_header(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    source: Source,
    options: ReadOptions,
    fitting: Fitting,
) -> Source:
    """Return the source as it reads with the header that fits, further below a title perhaps.

    The first filled row stays the header where nothing below it says more.
    """
    if options.reading.header_row is not None or fitting.fits(source.columns, source.stems):
        return source
    for number, names in source.head[1:]:
        if fitting.fits(names, source.stems):
            sheet = source.stems[0] if source.sheet else None
            reading = replace(options.reading, header_row=number, sheet=sheet)
            [found] = read_file(connection, path, reading)[1]
            drop(connection, {name for name in (source.relation, source.flaws) if name})
            row = "row" if source.sheet else "line"
            warning = (
                f"{source.label}: {row} {number} names the columns; what stands above is not read."
            )
            kept = tuple(each for each in source.warnings if each not in found.warnings)
            return replace(found, stems=source.stems, warnings=(*kept, *found.warnings, warning))
    return source


def refuse_alike(path: Path, left: Source, taken: Sequence[Source]) -> None:
    """Raise InputError if a sheet that is not read looks like one that is."""
    own = {folded(name): name for name in left.columns}
    for source in taken:
        others = {folded(name): name for name in source.columns}
        shared = own.keys() & others.keys()
        if len(own) < _FEWEST or len(shared) < _ALIKE * max(len(own), len(others)):
            continue
        lacks = [name for key, name in others.items() if key not in own]
        has = [name for key, name in own.items() if key not in others]
        raise InputError(
            f"{path}: sheet '{left.stems[0]}' looks like sheet '{source.stems[0]}', but lacks "
            f"{_columns(lacks)}{f' and has {_columns(has)} instead' if has else ''}. Nothing is "
            "loaded: rename the columns, or name the sheets to read (--sheet)."
        )


def _columns(names: Sequence[str]) -> str:
    return f"column{'s' * (len(names) != 1)} {', '.join(repr(name) for name in names)}"

"""Which columns somebody knows what to do with: a table, a loader, an export of rejects."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from graphchannel.errors import InputError, did_you_mean
from graphchannel.ingest.loaders.catalogue import all_loaders, find_loader, lacking
from graphchannel.ingest.readers.corrected import is_export
from graphchannel.schema import TABLES
from graphchannel.schema import table as canonical
from graphchannel.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphchannel.ingest.loaders.header import Loader
    from graphchannel.ingest.source import ReadOptions
    from graphchannel.schema import Table


class Fitting:
    """What a load asks for, looked up once for all sheets and rows that may be a header."""

    def __init__(self, options: ReadOptions, format_: str) -> None:
        self._options = options
        self._format = format_

    def fits(self, columns: Sequence[str], stems: Iterable[str]) -> bool:
        """Tell whether a source of these columns and names can be read as it is asked for."""
        if self._options.loader:
            return all(not lacking(loader, columns) for loader in self._loaders)
        if self._options.table:
            return not missing_columns(asked_table(self._options.table), columns)
        if is_export(columns):
            return True
        tables = [table for stem in stems if (table := table_named(stem))]
        if tables and not missing_columns(tables[0], columns):
            return True
        return any(
            self._format in loader.reads and not lacking(loader, columns)
            for loader in self._loaders
        )

    @cached_property
    def _loaders(self) -> tuple[Loader, ...]:
        if self._options.loader:
            return (find_loader(self._options.loader, self._options.loaders),)
        return tuple(all_loaders(self._options.loaders))


def missing_columns(table: Table, columns: Iterable[str]) -> list[str]:
    """Return required columns of the table that are not among `columns`."""
    present = {folded(name) for name in columns}
    return [
        each.name for each in table.columns if each.required and folded(each.name) not in present
    ]


def table_named(stem: str) -> Table | None:
    """Return the table that a file or sheet is named after: `partners`, `shipments_2014-03`."""
    name = "".join(each if each.isalnum() else "_" for each in stem.strip().casefold())
    fitting = [table for table in TABLES if name == table.name or name.startswith(table.name + "_")]
    return max(fitting, key=lambda table: len(table.name), default=None)


def asked_table(name: str) -> Table:
    """Return the table of this name; raise InputError if there is none."""
    try:
        return canonical(name)
    except KeyError:
        known = [table.name for table in TABLES]
        raise InputError(
            f"There is no table '{name}' (tables: {', '.join(known)}).{did_you_mean(name, known)}"
        ) from None

"""Parse a loader file: its header, and one SELECT for each table that it fills.

::

    -- @name     pos-flat
    -- @reads    csv, workbook
    -- @columns  invoice, line, sold_by
    -- @optional price, currency, ship_date
    -- @numbers  price
    -- @days     ship_date
    -- @tables   partners
    --
    -- Why the source looks as it does.
    -- @into shipments
    SELECT _record, … FROM source
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import LoaderError, did_you_mean
from graphchannel.schema import TABLES
from graphchannel.text import folded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMATS = ("csv", "json", "parquet", "workbook")

_KEY = re.compile(r"--\s*@(\w*)\s*(.*)")
_LONGEST = 100  # characters of a name
_COLUMN = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class LoaderSection:
    """One `@into`: the table that `select` fills, and the line of the file that it begins on."""

    table: str
    select: str
    line: int


@dataclass(frozen=True, slots=True)
class Loader:
    """A parsed loader file; `optional` columns are null where a source does not have them.

    `reads_tables` are the canonical tables that its SQL may read besides the source. `numbers` and
    `days` are columns that it gets in one form, whatever the source writes.
    """

    path: Path
    name: str
    reads: tuple[str, ...]
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    reads_tables: tuple[str, ...]
    sections: tuple[LoaderSection, ...]
    about: str
    text: str
    numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it fills, in file order."""
        return tuple(section.table for section in self.sections)


def parse_loader(path: Path, text: str) -> Loader:
    """Parse a loader file; raises LoaderError with the line at which it goes wrong."""
    head: dict[str, tuple[int, str]] = {}
    about: list[str] = []
    sections: list[tuple[str, int, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        key = _KEY.fullmatch(line.strip())
        if key and key[1] == "into":
            sections.append((_table(path, number, key[2].strip()), number + 1, []))
        elif key:
            _take_key(path, number, key[1], key[2].strip(), head, begun=bool(sections))
        elif sections:
            sections[-1][2].append(line)
        elif line.strip() and not line.lstrip().startswith("--"):
            raise LoaderError(
                f"{path}:{number}: SQL stands before any '-- @into TABLE'; "
                "say which table the SELECT fills."
            )
        else:
            about.append(line.strip().removeprefix("--").strip())
    return _assemble(path, text, head, about, sections)


def _assemble(
    path: Path,
    text: str,
    head: dict[str, tuple[int, str]],
    about: list[str],
    sections: list[tuple[str, int, list[str]]],
) -> Loader:
    for required in ("name", "reads", "columns"):
        if required not in head:
            raise LoaderError(f"{path}:1: the header lacks '-- @{required}'.")
    if not sections:
        raise LoaderError(f"{path}:1: no '-- @into TABLE' with a SELECT follows the header.")
    name = head["name"][1]
    if name != path.stem:
        raise LoaderError(
            f"{path}:{head['name'][0]}: the loader is called '{name}', but its file '{path.name}'; "
            f"call the file '{name}.sql'."
        )
    columns = _names(path, *head["columns"], _column)
    optional = _names(path, *head["optional"], _column) if "optional" in head else ()
    by_fold: dict[str, str] = {}
    for column in columns + optional:
        if by_fold.setdefault(folded(column), column) is not column:
            raise LoaderError(f"{path}:1: column '{column}' is named twice in the header.")
    return Loader(
        path,
        name,
        _names(path, *head["reads"], _format),
        columns,
        optional,
        _names(path, *head["tables"], _read_table) if "tables" in head else (),
        tuple(_section(path, *section) for section in sections),
        "\n".join(about).strip(),
        text,
        *(_some(path, head, key, columns + optional) for key in ("numbers", "days")),
    )


def _some(
    path: Path, head: dict[str, tuple[int, str]], key: str, columns: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the columns that a key names, which the header must have."""
    if key not in head:
        return ()
    names = _names(path, *head[key], _column)
    for name in names:
        if name not in columns:
            raise LoaderError(
                f"{path}:{head[key][0]}: '@{key} {name}' names no column of the header "
                f"(columns: {', '.join(columns)}).{did_you_mean(name, columns)}"
            )
    return names


def _take_key(
    path: Path, number: int, key: str, value: str, head: dict[str, tuple[int, str]], *, begun: bool
) -> None:
    known = ("name", "reads", "columns", "optional", "numbers", "days", "tables", "into")
    if key not in known:
        raise LoaderError(
            f"{path}:{number}: header key '@{key}' is unknown (known: "
            f"{', '.join('@' + each for each in known)}).{did_you_mean(key, known)}"
        )
    if begun:
        raise LoaderError(f"{path}:{number}: '@{key}' must stand before the first '@into'.")
    if key in head:
        raise LoaderError(
            f"{path}:{number}: '@{key}' is given twice, first in line {head[key][0]}."
        )
    if not value:
        raise LoaderError(f"{path}:{number}: '@{key}' has no value.")
    head[key] = (number, value)


def _table(path: Path, number: int, name: str) -> str:
    return _canonical(path, number, "into", name)


def _read_table(path: Path, number: int, name: str) -> str:
    return _canonical(path, number, "tables", name)


def _canonical(path: Path, number: int, key: str, name: str) -> str:
    known = [table.name for table in TABLES]
    if name not in known:
        raise LoaderError(
            f"{path}:{number}: '@{key} {name}' names no canonical table "
            f"(tables: {', '.join(known)}).{did_you_mean(name, known)}"
        )
    return name


def _section(path: Path, table: str, line: int, lines: list[str]) -> LoaderSection:
    select = "\n".join(lines).strip().removesuffix(";").rstrip()
    if not select:
        raise LoaderError(f"{path}:{line - 1}: no SELECT follows '@into {table}'.")
    first = next(index for index, each in enumerate(lines) if each.strip())
    return LoaderSection(table, select, line + first)


def _names(
    path: Path, number: int, value: str, check: Callable[[Path, int, str], str]
) -> tuple[str, ...]:
    return tuple(check(path, number, name.strip()[:_LONGEST]) for name in value.split(","))


def _column(path: Path, number: int, name: str) -> str:
    if not _COLUMN.fullmatch(name):
        raise LoaderError(
            f"{path}:{number}: '{name}' is no column name; write it as the SELECT does, in lower "
            "case with underscores (sources may spell it 'Ship-To City' or 'shipToCity')."
        )
    return name


def _format(path: Path, number: int, name: str) -> str:
    if name not in FORMATS:
        raise LoaderError(
            f"{path}:{number}: '@reads {name}' is no format (formats: {', '.join(FORMATS)})."
            f"{did_you_mean(name, FORMATS)}"
        )
    return name

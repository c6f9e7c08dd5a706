"""What a format reader returns: the records of one file or sheet in a temporary DuckDB table."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.values import OPEN, Forms
from graphchannel.workspace import one_number

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import duckdb

    from graphchannel.ingest.staged import SourceReject

RECORD = "_record"
COPIED = "_copied"  # ends the name of a table that a source's relation is a view of
HEAD = 20  # records that may show where a header is
MOST_COLUMNS = 2_000
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """How to find the records of a file; what is None, the file tells.

    `encoding` and `delimiter` are for delimited text alone, `sheet`, a pattern such as `POS *`, for
    workbooks. `header_row` is the line or row with the names of the columns, counted from 1 as an
    editor or a spreadsheet shows it; what stands above is not read. A record whose first filled
    field begins with `footer` ends the records: neither it nor what follows is read.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    footer: str | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the caller knows better than the files tell.

    `table`, `loader` and `sender` override recognition. `loaders` is a folder of loader files
    besides the shipped ones, `senders` are folders of sender files. `forms` says how values are
    written, where the files leave it open. `encodings` are those of files whose names fit a
    pattern; of several that fit, the last counts.
    """

    table: str | None = None
    loader: str | None = None
    loaders: Path | None = None
    reading: Reading = Reading()
    forms: Forms = OPEN
    sender: str | None = None
    senders: tuple[Path, ...] = ()
    encodings: tuple[tuple[str, str], ...] = ()

    def of(self, path: Path) -> ReadOptions:
        """Return the options for one file."""
        named = [name for pattern, name in self.encodings if fits(path, pattern)]
        if not named:
            return self
        return replace(self, reading=replace(self.reading, encoding=named[-1]))


def fits(path: Path, pattern: str) -> bool:
    """Tell whether a file is called so: by its name, or by its folders too if the pattern has some.

    >>> fits(Path("in/rotkamp/POS-june.csv"), "rotkamp/pos-*")
    True
    """
    return PurePosixPath(path.as_posix().casefold()).match(pattern.casefold())


def declared_encodings(
    given: Sequence[str],
) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """Return the encoding for all files, and those for some, of what was asked for.

    `cp1252` is for all files, `march*.csv=cp1252` for those that are called so.

    >>> declared_encodings(["utf-16", "march*.csv=cp1252"])
    ('utf-16', (('march*.csv', 'cp1252'),))
    """
    parted = [each.rpartition("=") for each in given]
    everywhere = [name for pattern, _, name in parted if not pattern]
    return (
        everywhere[-1] if everywhere else None,
        tuple((pattern, name) for pattern, _, name in parted if pattern),
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Records of one file or sheet, before anybody decided what they mean.

    `relation` is a temporary table or view: `_record` and `columns`, empty text already null.
    `records` is counted independently of what the relation holds. `label` is how people know the
    source, `stems` are the sheet and file names that may name a table, the nearest first.

    `problem` says why the source cannot be read, as of a sheet without a sound header: it matters
    if somebody wants it. `flaws` is a relation of `_record`, `name` of the column, and `flaw`: what
    the cell holds and what to do, to be said where the column is read. `head` are the first
    lines or rows, each with its number, from the header on. `sheet` tells whether it is a sheet.
    """

    label: str
    stems: tuple[str, ...]
    relation: str
    columns: tuple[str, ...]
    records: int
    rejects: tuple[SourceReject, ...] = ()
    warnings: tuple[str, ...] = ()
    problem: str = ""
    flaws: str | None = None
    head: tuple[tuple[int, tuple[str, ...]], ...] = ()
    sheet: bool = False


def fresh_name(prefix: str) -> str:
    """Return a name for a temporary relation that nothing else on the connection has."""
    return f"{prefix}_{uuid.uuid4().hex[:12]}"


def exact_path(path: Path) -> str:
    """Return a path for DuckDB, which would take some characters for a pattern.

    Raises InputError for one that no pattern says: in a pattern, a backslash parts folders.
    """
    text = str(path)
    marked = "".join(f"[{each}]" if each in "*?[" else each for each in text)
    if marked != text and "\\" in text and os.sep != "\\":
        raise InputError(
            f"{path}: a name with a backslash beside *, ? or [ cannot be read; rename it."
        )
    return marked


def size(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Return how many rows a relation has."""
    return one_number(connection, f"SELECT count(*) FROM {relation}")


def drop(connection: duckdb.DuckDBPyConnection, names: Collection[str]) -> None:
    """Drop temporary relations, and what they are views of."""
    found = connection.execute(
        "SELECT view_name, 'VIEW' FROM duckdb_views() WHERE temporary"
        " UNION ALL SELECT table_name, 'TABLE' FROM duckdb_tables() WHERE temporary"
    ).fetchall()
    for name, kind in found:
        if name.removesuffix(COPIED) in names:
            connection.execute(f'DROP {kind} "{name}"')


def counted(number: int, what: str) -> str:
    """Return a number of things with its verb: `1 row is`, `2 rows are`.

    >>> counted(1, "row"), counted(2_000, "row")
    ('1 row is', '2,000 rows are')
    """
    return f"{number:,} {what} is" if number == 1 else f"{number:,} {what}s are"


def listed(names: Sequence[str]) -> str:
    """Return names as they stand in a message, cut to a readable length."""
    shown = (name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..." for name in names)
    return ", ".join(shown) if names else "no columns"


def check_header(label: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return column names as the source table has them, stripped; raise InputError if two agree.

    An unnamed column is kept as `column_N`: spreadsheets often leave one behind the last name.
    Names that differ in case only agree too, since SQL does not tell them apart.
    """
    if len(names) > MOST_COLUMNS:
        raise InputError(
            f"{label}: the header names {len(names):,} columns; no table has more than "
            f"{MOST_COLUMNS:,}."
        )
    stripped = tuple(
        name.strip() or f"column_{position}" for position, name in enumerate(names, start=1)
    )
    seen: dict[str, str] = {}
    for name in stripped:
        folded = name.casefold()
        if folded == RECORD:
            raise InputError(
                f"{label}: column '{name}' has a name that graphchannel keeps for itself; "
                "rename it in the source."
            )
        if folded in seen:
            raise InputError(
                f"{label}: columns '{seen[folded]}' and '{name}' have the same name "
                f"(the header has: {listed(stripped)}); rename or remove one of them."
            )
        seen[folded] = name
    return stripped

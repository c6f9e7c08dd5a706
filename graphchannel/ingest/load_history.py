"""The numbers of loads: each change of the workspace has one, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.files import sha256_of
from graphchannel.session import read_meta
from graphchannel.workspace import LAKE, one_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.outcome import FileReport
    from graphchannel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LoadEntry:
    """One change of the workspace.

    `kind` is `load`, `unloaded` (a load that was taken back), `unload` (which took back the load
    that `about` names), `policy` (another policy, named by `about`), `dismiss` (of rejects),
    `refused` (a file that was dropped and could not be loaded, `about` says why), `reply` (a sheet
    of a partner's answers that was dropped, named by `about`) or `purge` (of the versions that
    ended up to the load that `about` names).
    """

    load: int
    kind: str
    about: str | None
    finished_at: datetime
    files: int
    added: int
    corrected: int
    unchanged: int
    rejected: int
    withdrawn: int
    retried: int


def loads(workspace: Workspace) -> tuple[LoadEntry, ...]:
    """List all changes of the workspace, oldest first; times are UTC."""
    rows = workspace.connection.execute(
        """SELECT l.id, l.kind, l.about, l.finished_at, count(f.load),
               coalesce(sum(f.added), 0)::BIGINT, coalesce(sum(f.corrected), 0)::BIGINT,
               coalesce(sum(f.unchanged), 0)::BIGINT, coalesce(sum(f.rejected), 0)::BIGINT,
               l.withdrawn, l.retried
           FROM admin.loads AS l LEFT JOIN admin.files AS f ON f.load = l.id
           GROUP BY ALL ORDER BY l.id"""
    ).fetchall()
    return tuple(LoadEntry(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What a load read: the file's name, its size in bytes and its SHA-256, as hex."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LoadInForce:
    """A load whose rows stand, as was known at some load, and the files that it read."""

    load: int
    about: str | None
    finished_at: datetime
    files: tuple[LoadedFile, ...]


def loads_in_force(workspace: Workspace, known_at: int) -> tuple[LoadInForce, ...]:
    """List the loads that were not taken back as of a change, oldest first; times are UTC."""
    rows = workspace.connection.execute(
        f"""SELECT l.id, about, finished_at,
               list({{'file': h.file, 'bytes': h.bytes, 'sha256': h.sha256}} ORDER BY h.file)
                   FILTER (h.file IS NOT NULL)
           FROM ({known_loads(known_at)}) AS l LEFT JOIN admin.file_hashes AS h ON h.load = l.id
           WHERE kind = 'load' GROUP BY ALL ORDER BY l.id"""
    ).fetchall()
    return tuple(
        LoadInForce(load, about, at, tuple(LoadedFile(**file) for file in files or ()))
        for load, about, at, files in rows
    )


def known_loads(load: int, source: str = "") -> str:
    """Select the changes up to one as they were known then, of the database `source`."""
    return f"""SELECT id, CASE WHEN kind = 'unloaded' AND NOT EXISTS (
            SELECT 1 FROM {source}admin.loads AS u
            WHERE u.kind = 'unload' AND u.about = l.id::VARCHAR AND u.id <= {load})
            THEN 'load' ELSE kind END AS kind, about, finished_at, withdrawn, retried
        FROM {source}admin.loads AS l WHERE id <= {load}"""


def content_hash(path: Path) -> LoadedFile:
    """Return what tells a file from any other. Raises OSError."""
    return LoadedFile(path.name, path.stat().st_size, sha256_of(path))


def keep_files(
    connection: duckdb.DuckDBPyConnection, load: int, files: Sequence[FileReport]
) -> None:
    """Write what became of each source of a load."""
    if files:
        values: list[object] = []
        for f in files:
            values += (load, f.file, f.table, f.loader, f.because, f.records)
            values += (f.added, f.corrected, f.unchanged, f.rejected, f.skipped)
        marks = ", ".join("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" for _ in files)
        connection.execute(f"INSERT INTO admin.files VALUES {marks}", values)


def keep_hashes(
    connection: duckdb.DuckDBPyConnection, load: int, files: Sequence[LoadedFile]
) -> None:
    """Write which files a load read."""
    if files:
        rows = [(load, file.file, file.bytes, file.sha256) for file in files]
        connection.executemany("INSERT INTO admin.file_hashes VALUES (?, ?, ?, ?)", rows)


def begin_load(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the next number; it is taken once `finish_load` is committed.

    Raises InputError for a workspace whose lines stand in a lake: nothing changes them there.
    """
    if read_meta(connection, LAKE) is not None:
        raise InputError(
            "The lines of this workspace stand in a lake, which is written as a whole; load all "
            "files again with 'graphchannel load --into'."
        )
    return one_number(connection, "SELECT coalesce(max(id), 0) + 1 FROM admin.loads")


def finish_load(
    connection: duckdb.DuckDBPyConnection,
    load: int,
    *,
    kind: str = "load",
    about: str | None = None,
    withdrawn: int = 0,
    retried: int = 0,
) -> None:
    """Write the entry of a change."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    connection.execute(
        "INSERT INTO admin.loads VALUES (?, ?, ?, ?, ?, ?)",
        [load, kind, about, now, withdrawn, retried],
    )

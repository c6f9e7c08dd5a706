"""The workspace: one DuckDB file with the canonical tables, their history and what follows.

What stands in it says `workspace_tables`. One process writes, or many read.
"""

from __future__ import annotations

import weakref
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from graphchannel.closing import Closing
from graphchannel.errors import WorkspaceError, WorkspaceOutdated
from graphchannel.session import Revision, WorkspaceSession, open_session, read_meta, revision_of
from graphchannel.workspace_file import connect, discard, part_name, put_in_place
from graphchannel.workspace_tables import (
    DERIVED_COLUMNS,
    FORMAT,
    FORMAT_BEFORE,
    SQL_TYPES,
    create_tables,
    renew_views,
    write_policy,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphchannel.policy import Policy

__all__ = [
    "COPIED",
    "DERIVED_COLUMNS",
    "LAKE",
    "PURGED",
    "SQL_TYPES",
    "Workspace",
    "create_workspace",
    "first_row",
    "one_number",
    "open_or_create_workspace",
    "open_workspace",
    "workspace_to_fill",
    "write_policy",
]

PURGED = "purged"  # `meta`: versions that ended up to this load are there no more
LAKE = "lake"  # `meta` of a workspace whose lines stand in the lake around it
COPIED = "copied"  # `meta` of a workspace in memory that was read from a graph: from where


@dataclass(frozen=True, slots=True)
class Workspace(Closing):
    """An open workspace; leaving it as a context manager closes it. `path` is None in memory.

    `connection` is for one thread at a time, and for no temporary table that outlives a call: see
    `session`. `fixed` is its revision where it is open to be read: as long as this process has the
    file open, DuckDB lets nobody write, so what it says of itself need not be read again.
    """

    connection: duckdb.DuckDBPyConnection
    path: Path | None
    fixed: Revision | None = None
    _sessions: weakref.WeakSet[WorkspaceSession] = field(
        default_factory=weakref.WeakSet, init=False, repr=False, compare=False
    )

    _idle: list[WorkspaceSession] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def close(self) -> None:
        """Close the file and the sessions on it; harmless when closed already."""
        for session in list(self._sessions):
            session.close("The workspace of this result was closed; open it and run it again.")
        self.connection.close()

    def session(self) -> WorkspaceSession:
        """Open a session of its own for a scan or an analysis; each thread needs one."""
        session = open_session(self.connection, self.fixed)
        self._sessions.add(session)
        return session

    @contextmanager
    def lent(self) -> Iterator[WorkspaceSession]:
        """Lend a session that is opened once, for work that leaves no temporary table there."""
        try:
            session = self._idle.pop()
        except IndexError:
            session = self.session()
        yield session  # what raised has closed it, or left it in an unknown state
        self._idle.append(session)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block did, or, when it raises, nothing of it."""
        self.connection.execute("BEGIN")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            # A statement that failed to commit has ended the transaction already.
            with suppress(duckdb.TransactionException):
                self.connection.execute("ROLLBACK")
            raise

    def meta(self, key: str) -> str | None:
        """Return what `admin.meta` says of `key`."""
        return read_meta(self.connection, key)

    @property
    def policy_fingerprint(self) -> str | None:
        """The fingerprint of the policy that the derived rows follow."""
        return self.fixed.policy if self.fixed is not None else self.meta("policy")


def create_workspace(path: Path | None, policy: Policy) -> Workspace:
    """Make a workspace at `path`, where there is none yet; in memory if `path` is None.

    Raise WorkspaceError if there is any file, WorkspaceBusy if another process makes one at the
    same time. A kill leaves all of it or nothing.
    """
    if path is None or path.exists():
        return _made(path, policy)
    made = part_name(path)
    try:
        _made(made, policy).close()
        made.chmod(0o600)  # what partners report is for its owner, who may open it to others
    except WorkspaceError as error:
        made.unlink(missing_ok=True)
        raise WorkspaceError(str(error).replace(str(made), str(path))) from error
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    put_in_place(made, path)
    return open_workspace(path, write=True)


def _made(path: Path | None, policy: Policy) -> Workspace:
    connection = connect(path, write=True)
    try:
        _refuse_used(connection, path)
        workspace = Workspace(connection, path)
        with workspace.transaction():
            create_tables(connection, policy)
    except BaseException:
        connection.close()
        raise
    return workspace


def open_workspace(path: Path, *, write: bool = False) -> Workspace:
    """Open the workspace at `path`, read-only unless `write`.

    One of the format before this one gets the views of this one first, which is written. Raise
    WorkspaceError if it is missing, foreign or of another format, WorkspaceBusy if another process
    holds it.
    """
    if not path.exists():
        raise WorkspaceError(
            f"{path}: there is no workspace here; run 'graphchannel load' first, or name another "
            "file with --workspace."
        )
    connection = connect(path, write=write)
    try:
        found = _format_of(connection, path)
        if found == FORMAT_BEFORE:
            connection.close()
            with Workspace(connect(path, write=True), path) as before, before.transaction():
                renew_views(before.connection)
            connection = connect(path, write=write)
            found = _format_of(connection, path)
        _check(found, path)
        fixed = None if write else revision_of(connection)
    except duckdb.Error as error:
        connection.close()
        said = str(error).split("\n", maxsplit=1)[0].rstrip(".")
        raise WorkspaceError(
            f"{path}: the workspace is damaged ({said}); take a copy of it, or load the files "
            "again into a new one."
        ) from error
    except BaseException:
        connection.close()
        raise
    return Workspace(connection, path, fixed)


def open_or_create_workspace(path: Path, policy: Policy) -> Workspace:
    """Open the workspace at `path` for writing; make it where there is none."""
    if not path.exists():
        return create_workspace(path, policy)
    connection = connect(path, write=True)
    try:
        known = _is_workspace(connection)
    finally:
        connection.close()
    return open_workspace(path, write=True) if known else create_workspace(path, policy)


@contextmanager
def workspace_to_fill(path: Path, policy: Policy) -> Iterator[Workspace]:
    """Open the workspace at `path` for writing, or make it; close it in the end.

    One that was made goes again when the block raises: a misspelt first load leaves no empty
    workspace, which would look like one with no rows.
    """
    new = not path.exists()
    workspace = open_or_create_workspace(path, policy)
    try:
        yield workspace
    except BaseException:
        if new:
            discard(workspace.connection, path)
        raise
    finally:
        workspace.close()


def first_row(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: object = None
) -> tuple[Any, ...] | None:
    """Return the first row of a query, None if it has none.

    All of the result is fetched: DuckDB refuses some work while a result stands open, and
    `fetchone` leaves it open.
    """
    rows = connection.execute(sql, parameters).fetchall()
    return rows[0] if rows else None


def one_number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Return the one number that a query or a statement that writes gives."""
    row = first_row(connection, sql)
    return 0 if row is None else int(row[0])


def _is_workspace(connection: duckdb.DuckDBPyConnection) -> bool:
    sql = (
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'admin' AND table_name = 'meta'"
        " AND database_name = current_database()"
    )
    return first_row(connection, sql) is not None


def _refuse_used(connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    if _is_workspace(connection):
        raise WorkspaceError(f"{path}: there is a workspace here already.")
    _refuse_foreign(connection, path)


def _refuse_foreign(connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    tables = first_row(connection, "SELECT table_name FROM duckdb_tables() LIMIT 1")
    if tables:
        raise WorkspaceError(
            f"{path}: this DuckDB file is no workspace (it has a table '{tables[0]}'); name "
            "another file with --workspace."
        )


def _format_of(connection: duckdb.DuckDBPyConnection, path: Path) -> str | None:
    """Return the format of a workspace; raise WorkspaceError where there is none."""
    if not _is_workspace(connection):
        _refuse_foreign(connection, path)
        raise WorkspaceError(f"{path}: nothing is loaded yet; run 'graphchannel load' first.")
    return read_meta(connection, "format")


def _check(found: str | None, path: Path) -> None:
    if found != FORMAT:
        raise WorkspaceOutdated(
            f"{path}: the workspace has format {found}, this version reads format {FORMAT}; load "
            "the files again into a new workspace."
        )

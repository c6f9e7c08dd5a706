"""A connection of one's own to the workspace's database, for work that keeps temporary tables.

DuckDB's temporary tables belong to a connection. Each scan, trace or analysis works in a session of
its own, so that what one leaves there is never another's, also in several threads.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from graphchannel.closing import Closing
from graphchannel.errors import ResultGone
from graphchannel.stopping import noted

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Revision", "WorkspaceSession", "open_session", "read_meta", "revision_of"]

_REVISION = """
SELECT (SELECT coalesce(max(id), 0) FROM admin.loads),
       (SELECT value FROM admin.meta WHERE key = 'policy')
"""


@dataclass(frozen=True, slots=True)
class Revision:
    """What tells two states of a workspace apart: its last load, and the policy that it follows.

    Whatever changes a row of the workspace, also another policy or a load taken back, is a load.
    """

    load: int
    policy: str | None


@dataclass(slots=True, eq=False, weakref_slot=True)
class WorkspaceSession(Closing):
    """A connection that nobody else uses, and the `revision` of the workspace when it was opened.

    Leaving it as a context manager closes it; so does letting go of it, or closing the workspace.
    A workspace that is `fixed` stays as it is while it is open.
    """

    revision: Revision
    _connection: duckdb.DuckDBPyConnection
    fixed: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _ended: str | None = None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection, for work that goes on; raises ResultGone when the session is closed."""
        if self._ended is not None:
            raise ResultGone(self._ended)
        return self._connection

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Read from what earlier work left, as long as the workspace is what it was then.

        All statements of the block see one state of it, and no other thread's block comes between.
        Raises ResultGone when the workspace has changed, or the session is closed.
        """
        with self._lock:
            connection = self.connection
            connection.execute("BEGIN")
            try:
                self.check()
                yield connection
            finally:  # temporary tables that the block made are of no use after it
                with suppress(duckdb.Error):
                    connection.execute("ROLLBACK")

    @contextmanager
    def working(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Work out a result, which then is of one state of the workspace.

        Closes the session when the block raises. Raises ResultGone when the workspace has changed
        meanwhile, or was closed.
        """
        try:
            try:
                yield self.connection
            except duckdb.Error:
                self.check()  # a connection that was closed says less
                raise
            self.check()
        except BaseException:
            self.close()
            raise

    def check(self) -> None:
        """Raise ResultGone if the workspace has changed since the session was opened."""
        connection = self.connection
        if self.fixed:
            return
        now = revision_of(connection)
        if now.load != self.revision.load:
            raise ResultGone(
                "The workspace has changed since this result was made (load "
                f"{self.revision.load + 1} came after it); run it again."
            )
        if now != self.revision:
            raise ResultGone(
                "The workspace follows another policy since this result was made; run it again."
            )

    def meta(self, key: str) -> str | None:
        """Return what `admin.meta` says of `key`."""
        return read_meta(self.connection, key)

    def close(self, why: str = "This result was closed; run it again.") -> None:
        """Free the temporary tables; harmless when done twice. `why` is told to those who read."""
        with self._lock:
            if self._ended is None:
                self._ended = why
                self._connection.close()


def open_session(
    connection: duckdb.DuckDBPyConnection, fixed: Revision | None = None
) -> WorkspaceSession:
    """Return a session on the database of a workspace's connection.

    `fixed` is the revision of a workspace that cannot change while it is open.
    """
    own = noted(connection.cursor())
    return WorkspaceSession(fixed or revision_of(own), own, fixed is not None)


def read_meta(connection: duckdb.DuckDBPyConnection, key: str) -> str | None:
    """Return what `admin.meta` of a workspace says of `key`."""
    sql = "SELECT value FROM admin.meta WHERE key = $key"
    rows = connection.execute(sql, {"key": key}).fetchall()
    return str(rows[0][0]) if rows else None


def revision_of(connection: duckdb.DuckDBPyConnection) -> Revision:
    """Return the revision of the workspace that a connection leads to."""
    ((load, policy),) = connection.execute(_REVISION).fetchall()
    return Revision(load, policy)

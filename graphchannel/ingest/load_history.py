"""The numbers of loads: each change of the workspace has one, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graphchannel.workspace import one_number

if TYPE_CHECKING:
    import duckdb

    from graphchannel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LoadEntry:
    """One change of the workspace.

    `kind` is `load`, `unloaded` (a load that was taken back), `unload` (which took back the load
    that `about` names) or `policy` (another policy, named by `about`).
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


def begin_load(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the next number; it is taken once `finish_load` is committed."""
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

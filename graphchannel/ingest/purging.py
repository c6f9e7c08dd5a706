"""Versions of rows that are no longer kept: what was known before a load can then not be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.known_at import load_known_at
from graphchannel.ingest.load_history import begin_load, finish_load
from graphchannel.schema import TABLES
from graphchannel.workspace import PURGED, one_number
from graphchannel.workspace_tables import forget_kept

if TYPE_CHECKING:
    import duckdb

    from graphchannel.workspace import Workspace

__all__ = ["PurgeReport", "purge"]


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What was purged: versions that ended up to the load `upto`; `runs` are lost for repeating."""

    upto: int
    versions: int
    runs: tuple[int, ...]


def purge(workspace: Workspace, moment: str, *, only_look: bool = False) -> PurgeReport:
    """Purge the versions that ended up to a load, or to the end of a day (UTC).

    What is known since then stays. `only_look` says what would go. Raises InputError for what is no
    such moment, and where a run that waits beside the workspace would be lost.
    """
    upto = load_known_at(workspace, moment)
    connection = workspace.connection
    if upto <= int(workspace.meta(PURGED) or 0):
        raise InputError(f"Versions that ended up to load {upto} were purged already.")
    runs = connection.execute(
        "SELECT number FROM admin.runs WHERE load < $upto ORDER BY number", {"upto": upto}
    ).fetchall()
    report = PurgeReport(upto, _count(connection, upto), tuple(number for (number,) in runs))
    if not only_look:
        with workspace.transaction():
            load = begin_load(connection)
            for where, condition in _going(upto):
                connection.execute(f"DELETE FROM {where} WHERE {condition}")
            forget_kept(connection)
            connection.execute(f"DELETE FROM admin.meta WHERE key = '{PURGED}'")
            connection.execute("INSERT INTO admin.meta VALUES (?, ?)", [PURGED, str(upto)])
            finish_load(connection, load, kind="purge", about=f"up to load {upto}")
    return report


def _going(upto: int) -> list[tuple[str, str]]:
    """Return the tables of versions, each with the condition of those that go."""
    ended = f"_ended <= {upto}"
    return [
        *((f"history.{table.name}", ended) for table in TABLES),
        *((f"past.{table.name}", f"_until <= {upto} OR {ended}") for table in TABLES),
        ("past.rejects", f"_until <= {upto}"),
    ]


def _count(connection: duckdb.DuckDBPyConnection, upto: int) -> int:
    return sum(
        one_number(connection, f"SELECT count(*) FROM {where} WHERE {condition}")
        for where, condition in _going(upto)
    )

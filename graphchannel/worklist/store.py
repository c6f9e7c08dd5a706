"""Events of work in the workspace: written once, in their order, and never changed.

They stand in `admin.work`, which a workspace of an earlier version gets when the first is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.findings.work import WorkEvent
from graphchannel.workspace import first_row, one_number
from graphchannel.workspace_tables import WORK_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

__all__ = ["add_events", "ensure_tables", "events_by_finding", "has_work"]

_COLUMNS = "fingerprint, what, who, done_at, value, reason, line, run, number"
_TYPES = {"done_at": "TIMESTAMP", "run": "INTEGER", "number": "BIGINT"}
_THERE = """
SELECT 1 FROM duckdb_tables()
WHERE schema_name = 'admin' AND table_name = $name AND database_name = current_database()
"""


def has_work(connection: duckdb.DuckDBPyConnection, table: str = "work") -> bool:
    """Tell whether the workspace has the table; one of an earlier version may not."""
    return first_row(connection, _THERE, {"name": table}) is not None


def ensure_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the work list where they are not there."""
    connection.execute(WORK_TABLES)


def events_by_finding(
    connection: duckdb.DuckDBPyConnection, fingerprints: Iterable[str] | None = None
) -> dict[str, tuple[WorkEvent, ...]]:
    """Return the events of each finding, or of these, in their order."""
    if not has_work(connection):
        return {}
    where, parameters = "", {}
    if fingerprints is not None:
        where = "WHERE fingerprint IN (SELECT unnest($chosen::VARCHAR[]))"
        parameters = {"chosen": sorted(fingerprints)}
    found: dict[str, list[WorkEvent]] = {}
    sql = f"SELECT {_COLUMNS} FROM admin.work {where} ORDER BY number"
    for row in connection.execute(sql, parameters).fetchall():
        event = WorkEvent(*row)
        found.setdefault(event.fingerprint, []).append(event)
    return {name: tuple(events) for name, events in found.items()}


def add_events(connection: duckdb.DuckDBPyConnection, events: Sequence[WorkEvent]) -> None:
    """Write events at the end, in their order; the caller's transaction is theirs."""
    if not events:
        return
    ensure_tables(connection)
    last = one_number(connection, "SELECT coalesce(max(number), 0) FROM admin.work")
    columns = {
        "fingerprint": [e.fingerprint for e in events],
        "what": [e.what for e in events],
        "who": [e.who for e in events],
        "done_at": [e.at for e in events],
        "value": [e.value for e in events],
        "reason": [e.reason for e in events],
        "line": [e.line for e in events],
        "run": [e.run for e in events],
        "number": list(range(last + 1, last + 1 + len(events))),
    }
    each = ", ".join(f"unnest(${name}::{_TYPES.get(name, 'VARCHAR')}[])" for name in columns)
    connection.execute(f"INSERT INTO admin.work ({', '.join(columns)}) SELECT {each}", columns)

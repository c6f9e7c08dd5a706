"""What a workspace holds, at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.ingest.load_history import loads
from graphchannel.schema import TABLES
from graphchannel.workspace import first_row

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.ingest.load_history import LoadEntry
    from graphchannel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TableStatus:
    """One canonical table: rows that stand, versions in history, open rejects."""

    table: str
    rows: int
    history: int
    rejects: int


@dataclass(frozen=True, slots=True)
class Status:
    """A workspace; `first` and `last` are the days of its lines, None where it has none."""

    tables: tuple[TableStatus, ...]
    first: date | None
    last: date | None
    last_load: LoadEntry | None


def status(workspace: Workspace) -> Status:
    """Count what the workspace holds."""
    connection = workspace.connection
    counts = " UNION ALL ".join(
        f"""SELECT {number}, '{table.name}', (SELECT count(*) FROM main.{table.name}),
                (SELECT count(*) FROM history.{table.name}),
                (SELECT count(*) FROM admin.rejects
                 WHERE closed IS NULL AND "table" = '{table.name}')"""
        for number, table in enumerate(TABLES)
    )
    rows = connection.execute(f"{counts} ORDER BY 1").fetchall()
    days = first_row(connection, "SELECT min(shipped_on), max(shipped_on) FROM main.shipments")
    first, last = days or (None, None)
    entries = loads(workspace)
    tables = tuple(TableStatus(*row[1:]) for row in rows)
    return Status(tables, first, last, entries[-1] if entries else None)

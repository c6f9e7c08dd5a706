"""Whether a workspace's file can be read to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import duckdb

from graphchannel.errors import GraphChannelError, WorkspaceBusy, WorkspaceError, WorkspaceOutdated
from graphchannel.text import counted, quoted
from graphchannel.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["WorkspaceHealth", "workspace_health"]

HealthState = Literal["healthy", "missing", "busy", "outdated", "foreign", "damaged"]
_TABLES = """
SELECT schema_name, table_name FROM duckdb_tables()
WHERE database_name = current_database() AND NOT temporary ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class WorkspaceHealth:
    """What is known of a workspace's file: its state, and a sentence about it."""

    path: Path
    state: HealthState
    sentence: str

    @property
    def damaged(self) -> bool:
        """Whether the file is one of ours and cannot be read."""
        return self.state == "damaged"


def workspace_health(path: Path) -> WorkspaceHealth:
    """Read all of a workspace and say how it is; raises nothing for what is wrong with it."""
    if not path.exists():
        return WorkspaceHealth(
            path, "missing", "There is no workspace; 'graphchannel load' makes one."
        )
    try:
        with open_workspace(path) as workspace:
            tables, rows = _read(workspace.connection)
    except WorkspaceBusy as error:
        return WorkspaceHealth(path, "busy", str(error))
    except WorkspaceOutdated as error:
        return WorkspaceHealth(path, "outdated", str(error))
    except WorkspaceError as error:
        damaged = isinstance(error.__cause__, duckdb.Error)
        return WorkspaceHealth(path, "damaged" if damaged else "foreign", str(error))
    except (duckdb.Error, GraphChannelError, RuntimeError, UnicodeError) as error:
        said = str(error).split("\n", maxsplit=1)[0].rstrip(".")
        return WorkspaceHealth(
            path, "damaged", f"It cannot be read ({said}); take a copy, or load the files again."
        )
    return WorkspaceHealth(
        path,
        "healthy",
        f"All of it can be read: {counted(rows, 'row')} in {counted(tables, 'table')}.",
    )


def _read(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Read every value of every table; return the numbers of tables and of rows."""
    tables = connection.execute(_TABLES).fetchall()
    total = 0
    for schema, table in tables:
        select = f"SELECT count(*), bit_xor(hash(r)) FROM {quoted(schema)}.{quoted(table)} AS r"
        [[rows, _]] = connection.execute(select).fetchall()
        total += rows
    return len(tables), total

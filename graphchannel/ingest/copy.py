"""A workspace in memory with what stands in another: for questions that must change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.derive import derive
from graphchannel.schema import TABLES
from graphchannel.text import literal
from graphchannel.workspace import create_workspace, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

__all__ = ["copy_workspace"]


def copy_workspace(path: Path, policy: Policy) -> Workspace:
    """Copy the rows that stand in the workspace at `path` into one in memory that follows `policy`.

    History, loads and rejects stay behind. The file is only read. Raises what `open_workspace`
    raises.
    """
    with open_workspace(path) as source:
        current = source.policy_fingerprint == policy.fingerprint
    copy = create_workspace(None, policy)
    try:
        connection = copy.connection
        connection.execute(f"ATTACH {literal(path.absolute())} AS source (READ_ONLY)")
        with copy.transaction():
            _copy_rows(connection)
            if not current:
                derive(connection, 0)
        connection.execute("DETACH source")
    except BaseException:
        copy.close()
        raise
    return copy


def _copy_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy all tables but the policy's, which the new workspace has already."""
    derived = connection.execute(
        """SELECT table_name FROM duckdb_tables() WHERE schema_name = 'derived'
            AND database_name = current_database() AND NOT starts_with(table_name, 'policy_')
            ORDER BY table_name"""
    ).fetchall()
    names = [
        *(f"main.{table.name}" for table in TABLES),
        *(f"derived.{name}" for (name,) in derived),
    ]
    for name in names:
        connection.execute(f"DELETE FROM {name}")
        connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM source.{name}")

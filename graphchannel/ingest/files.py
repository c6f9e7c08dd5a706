"""Loading source files: the front door of ingest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError, did_you_mean
from graphchannel.ingest.load import load_staged
from graphchannel.ingest.readers import ReadOptions, expand, stage
from graphchannel.schema import TABLES
from graphchannel.workspace import first_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from graphchannel.ingest.outcome import LoadReport
    from graphchannel.ingest.staged import Staged
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace


def load(
    workspace: Workspace,
    sources: Iterable[Path],
    policy: Policy,
    options: ReadOptions | None = None,
    *,
    replace: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> LoadReport:
    """Load folders, files and globs as one load, in one transaction.

    `progress` is told each step, as a phrase for people. Raise InputError or LoaderError for a
    source that cannot be read, and then leave the workspace as it was.
    """
    names = [table.name for table in TABLES]
    for name in replace:
        if name not in names:
            raise InputError(
                f"There is no table '{name}' to replace (there are: {', '.join(names)})."
                f"{did_you_mean(name, names)}"
            )
    connection = workspace.connection
    said = progress or _silent
    staged: list[Staged] = []
    try:
        files = expand(sources)
        for number, file in enumerate(files, 1):
            said(f"reading {file.name} ({number} of {len(files)})")
            staged.extend(stage(connection, file, options or ReadOptions()))
        return load_staged(workspace, staged, policy, replace=replace, progress=said)
    finally:
        for source in staged:
            _drop(workspace, source.rows)
            _drop(workspace, source.source)


def _drop(workspace: Workspace, relation: str) -> None:
    """Drop a temporary relation, if it still is there; several sources may share one."""
    row = first_row(
        workspace.connection,
        "SELECT type FROM (SELECT view_name AS name, 'VIEW' AS type FROM duckdb_views()"
        " WHERE temporary UNION ALL SELECT table_name, 'TABLE' FROM duckdb_tables()"
        " WHERE temporary) WHERE name = $name",
        {"name": relation},
    )
    if row is not None:
        workspace.connection.execute(f'DROP {row[0]} "{relation}"')


def _silent(_: str) -> None:
    """Say nothing."""

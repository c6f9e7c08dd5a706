"""Loading source files: the front door of ingest."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from graphchannel.errors import InputError, did_you_mean
from graphchannel.ingest.load_history import content_hash
from graphchannel.ingest.loading import load_staged
from graphchannel.ingest.readers import Found, ReadOptions, Unrecognised, find_files, stage
from graphchannel.ingest.source import drop, fits
from graphchannel.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.outcome import LoadReport
    from graphchannel.ingest.periods import Reported
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
    keep_empty: Sequence[str] = (),
    reported: Reported | None = None,
    progress: Callable[[str], None] | None = None,
    leave: Collection[Path] = (),
) -> LoadReport:
    """Load folders, files and globs as one load, in one transaction.

    What `replace`, `keep_empty` and `reported` say of the files is described in `Terms`. `progress`
    is told each step, as a phrase for people. Files in `leave` are not read. Raise InputError or
    LoaderError for a source that cannot be read, and then leave the workspace as it was.
    """
    _refuse_unknown(replace, "replace")
    _refuse_unknown(keep_empty, "load into")
    connection = workspace.connection
    said = progress or _silent
    asked = options or ReadOptions()
    staged: list[Staged] = []
    try:
        found = find_files(sources)
        kept = tuple(file for file in found.files if file not in leave)
        found = dataclasses.replace(found, files=kept)
        _refuse_idle(asked, found.files)
        hashes = [content_hash(file) for file in found.files]  # of what is read from here on
        passed_over = _stage_all(connection, found, asked, staged, said)
        report = load_staged(
            workspace,
            staged,
            policy,
            replace=replace,
            keep_empty=keep_empty,
            reported=reported,
            progress=said,
            files=hashes,
        )
        return dataclasses.replace(report, passed_over=passed_over)
    finally:
        drop_staged(workspace, staged)


def _stage_all(
    connection: duckdb.DuckDBPyConnection,
    found: Found,
    options: ReadOptions,
    staged: list[Staged],
    said: Callable[[str], None],
) -> tuple[str, ...]:
    """Append what the files deliver to `staged`; return sentences on what is passed over."""
    passed_over = list(found.passed_over)
    for number, file in enumerate(found.files, 1):
        said(f"reading {file.name} ({number} of {len(found.files)})")
        try:
            staged.extend(stage(connection, file, options.of(file)))
        except Unrecognised as error:
            # Somebody named the file, or nothing else may be left to load.
            if file not in found.swept or len(found.files) == 1:
                raise
            passed_over.append(f"{error.brief} It is not read.")
    if not staged:
        raise InputError("\n".join(passed_over))
    return tuple(passed_over)


def _refuse_unknown(tables: Sequence[str], purpose: str) -> None:
    names = [table.name for table in TABLES]
    for name in tables:
        if name not in names:
            raise InputError(
                f"There is no table '{name}' to {purpose} (there are: {', '.join(names)})."
                f"{did_you_mean(name, names)}"
            )


def _refuse_idle(options: ReadOptions, files: Sequence[Path]) -> None:
    """Raise InputError for an encoding that is of no file: its pattern is probably misspelt."""
    for pattern, name in options.encodings:
        if not any(fits(file, pattern) for file in files):
            raise InputError(f"No file is called '{pattern}', which encoding {name} is given for.")


def drop_staged(workspace: Workspace, staged: Iterable[Staged]) -> None:
    """Drop the temporary relations of sources; several sources may share one."""
    names = {name for source in staged for name in (source.rows, source.source, source.problems)}
    drop(workspace.connection, {name for name in names if name})


def _silent(_: str) -> None:
    """Say nothing."""

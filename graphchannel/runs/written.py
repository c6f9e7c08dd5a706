"""Runs written into the workspace, or beside it while another process holds it."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import duckdb

from graphchannel.errors import WorkspaceBusy, WorkspaceError
from graphchannel.runs.store import drop_set_aside, set_aside, set_aside_records, write_runs
from graphchannel.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from graphchannel.runs.model import RunRecord

__all__ = ["write_or_set_aside"]

_ATTEMPTS, _PAUSE = 3, 0.05  # to get hold of the workspace, and seconds between


def write_or_set_aside(
    path: Path, records: Sequence[RunRecord], say: Callable[[str], None]
) -> None:
    """Write runs into the workspace at `path`, or beside it while another process holds it.

    Says that no run was kept where neither may be written.
    """
    try:
        try:
            _write(path, records)
        except WorkspaceBusy:
            set_aside(path, records)
    except (WorkspaceError, OSError, duckdb.Error) as error:
        say(f"No run was kept: {error}")


def _write(path: Path, records: Sequence[RunRecord]) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            with open_workspace(path, write=True) as workspace:
                aside = set_aside_records(path)
                write_runs(workspace, [*aside.values(), *records])
            drop_set_aside(aside)
        except WorkspaceBusy:
            if attempt + 1 == _ATTEMPTS:
                raise
            time.sleep(_PAUSE * (1 + random.random()))  # noqa: S311 - so that two do not meet again
        else:
            return

"""What stops a command and is no fault of graphchannel, as a sentence for whoever can change it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from graphchannel.cli._options import WORKSPACE
from graphchannel.errors import GraphChannelError

__all__ = ["told"]

_NO_ROOM = re.compile(r"No space left|File too large|quota", re.IGNORECASE)
_NO_MEMORY = (
    "there is not enough memory for this; ask for less at a time, or run it where there is more."
)


def told(error: Exception) -> str | None:
    """Return what to say of an error; None of one that is a fault of graphchannel."""
    if isinstance(error, GraphChannelError):
        return str(error)
    if isinstance(error, OSError):  # a full disk, a folder that may not be written to
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}."
    if isinstance(error, MemoryError):
        return _NO_MEMORY
    if isinstance(error, RecursionError):
        return "what was given is nested too deep to be followed; make it flatter."
    if isinstance(error, UnicodeEncodeError):
        return f"{error.object!a}: this name is not UTF-8; give the file another one."
    return _of_database(error)


def _of_database(error: Exception) -> str | None:
    duckdb = sys.modules.get("duckdb")
    if duckdb is None or not isinstance(error, duckdb.Error):
        return None
    said = str(error).split("\n", maxsplit=1)[0]
    if isinstance(error, duckdb.OutOfMemoryException):
        return _NO_MEMORY
    if _NO_ROOM.search(said):
        return f"the disk is full, or a file may not grow: {said.rstrip('.')}."
    workspace = _workspace()
    if workspace is not None and _is_damaged(workspace):
        return (
            f"{workspace}: the workspace seems to be damaged ({said.rstrip('.')}); take a copy of "
            "it, or load the files again into a new one. 'graphchannel doctor' tells more."
        )
    if isinstance(error, duckdb.IOException):
        return f"a file cannot be read or written: {said.rstrip('.')}."
    return None


def _workspace() -> Path | None:
    """Return the workspace of the command that runs."""
    ctx = click.get_current_context(silent=True)
    found = ctx.meta.get(WORKSPACE) if ctx else None
    return found if isinstance(found, Path) else None


def _is_damaged(workspace: Path) -> bool:
    from graphchannel.channel.health import workspace_health  # noqa: PLC0415 - after a fault only

    return workspace_health(workspace).damaged

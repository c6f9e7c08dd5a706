"""The file of a workspace: what may be opened as one, how it is made, when it may go.

A new one is made beside its place and then linked there, which fails if another process was
quicker: at no time is there half of a workspace. A file goes only while this process holds it.
"""

from __future__ import annotations

import glob
import os
import platform
import re
import secrets
import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import duckdb

from graphchannel.errors import WorkspaceBusy, WorkspaceError
from graphchannel.stopping import noted

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LAKE_MANIFEST", "allowed_threads", "connect", "discard", "part_name", "put_in_place"]

LAKE_MANIFEST = "manifest.json"  # in the folder of a lake, where a workspace may stand
_PATIENCE, _PAUSE = 1.0, 0.02  # seconds to wait in all, and between two attempts
_MAGIC = b"DUCK"
_MAGIC_AT = 8
_SQLITE = b"SQLite format 3"
_AMOUNT = re.compile(r"[0-9]*[1-9][0-9]*(\.[0-9]+)? ?[MGT]i?B", re.IGNORECASE)
_CORES = re.compile(r"[1-9][0-9]{0,2}")
# Nothing is ever fetched, whatever a path or a query asks for.
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def connect(path: Path | None, *, write: bool) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file, or make it; None is for a database in memory.

    Raises WorkspaceError for what is no such file and for a wrong GRAPHCHANNEL_MEMORY or
    GRAPHCHANNEL_THREADS, WorkspaceBusy if another process holds it. Who reads waits a moment for a
    scan that writes its run.
    """
    if path is None:
        return noted(duckdb.connect(":memory:", config=_settings()))
    _refuse_other(path)
    until = time.monotonic() + (0 if write else _PATIENCE)
    while True:
        try:
            return _connected(path, write=write)
        except WorkspaceBusy:
            if time.monotonic() >= until:
                raise
            time.sleep(_PAUSE)


def _connected(path: Path, *, write: bool) -> duckdb.DuckDBPyConnection:
    settings = _settings() | {"temp_directory": _room_for_work(path)}
    folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120 - as below
    if os.path.exists(os.path.join(folder, LAKE_MANIFEST)):  # noqa: PTH110, PTH118 - with it
        settings["file_search_path"] = folder  # of lines that stand in the lake around it
    try:
        # A path from the root: others may name a protocol, for which DuckDB has extensions.
        opened = duckdb.connect(os.path.abspath(path), read_only=not write, config=settings)  # noqa: PTH100 - it must not follow links
    except duckdb.ConnectionException as error:
        raise WorkspaceBusy(f"{path}: this process has the workspace open already.") from error
    except (duckdb.Error, UnicodeError) as error:
        raise _opening_error(path, str(error)) from error
    return noted(opened)


def _settings() -> dict[str, str | bool | int | float | list[str]]:
    """Return what connections are opened with; what is above the memory allowed goes to disk."""
    settings = dict(_SETTINGS)
    if memory := os.environ.get("GRAPHCHANNEL_MEMORY", "").strip():
        if not _AMOUNT.fullmatch(memory):
            raise WorkspaceError(
                f"GRAPHCHANNEL_MEMORY is '{memory}'; expected such as 4GB or 500MB."
            )
        settings["memory_limit"] = memory
    return settings | allowed_threads()


def allowed_threads() -> dict[str, int]:
    """Return the setting of how many cores DuckDB may use, if that is limited.

    Raises WorkspaceError for a wrong GRAPHCHANNEL_THREADS.
    """
    threads = os.environ.get("GRAPHCHANNEL_THREADS", "").strip()
    if not threads:
        return {}
    if not _CORES.fullmatch(threads):
        raise WorkspaceError(f"GRAPHCHANNEL_THREADS is '{threads}'; expected such as 1 or 8.")
    return {"threads": int(threads)}


def _room_for_work(path: Path) -> str:
    """Return the folder, beside the file, for what does not fit into memory; nobody else has it.

    DuckDB makes it when it is needed and removes it. What processes of this machine left that were
    killed goes now.
    """
    machine = re.sub(r"\W", "-", platform.node())[:40]
    if os.name == "posix":
        for left in path.parent.glob(f"{glob.escape(path.name)}.{machine}.*.tmp"):
            number = left.name.split(".")[-2]
            if number.isdigit() and not _is_alive(int(number)):
                shutil.rmtree(left, ignore_errors=True)
    return os.path.abspath(f"{path}.{machine}.{os.getpid()}.tmp")  # noqa: PTH100 - as below


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it is somebody else's
        return True
    return True


def part_name(path: Path) -> Path:
    """Return a name in the folder of `path` that nothing else has."""
    return path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}.part")


def put_in_place(made: Path, path: Path) -> None:
    """Give a file that was made beside `path` its place.

    Raises WorkspaceBusy if something stands there by now: another process made a workspace.
    """
    try:
        try:
            os.link(made, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if path.exists():
                raise FileExistsError from None
            made.rename(path)
    except FileExistsError:
        raise WorkspaceBusy(
            f"{path}: another process has just made a workspace here; try again."
        ) from None
    finally:
        made.unlink(missing_ok=True)


def discard(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Remove the file that `connection` has open, and close it.

    Nobody else can hold the file until it is gone, so what goes is this process' own.
    """
    with suppress(duckdb.Error):
        connection.execute("CHECKPOINT")  # else a log would be left, or taken from the next one
    try:
        path.unlink(missing_ok=True)
        connection.close()
    except PermissionError:  # systems that keep open files
        connection.close()
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _refuse_other(path: Path) -> None:
    """Raise WorkspaceError for what DuckDB would open as something else than a file of its own."""
    if str(path).startswith(":memory:"):
        raise WorkspaceError(
            f"'{path}' is no file, and nothing would be kept; name a file with --workspace."
        )
    if not path.exists():
        return
    if not path.is_file():
        what = "a folder" if path.is_dir() else "a device or a pipe"
        raise WorkspaceError(f"{path}: this is {what} and no workspace; name a file.")
    try:
        with path.open("rb") as stream:
            start = stream.read(64)
    except OSError as error:
        raise WorkspaceError(
            f"{path}: the workspace cannot be opened ({error.strerror})."
        ) from error
    if start.startswith(_SQLITE):
        raise WorkspaceError(
            f"{path}: this is an SQLite database and no workspace; name another file with "
            "--workspace."
        )
    if not start:
        raise WorkspaceError(
            f"{path}: the file is empty and no workspace; delete it, or name another file with "
            "--workspace."
        )
    if start[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] != _MAGIC:
        raise WorkspaceError(
            f"{path}: this is no workspace, nor any DuckDB file; name another file with "
            "--workspace."
        )


def _opening_error(path: Path, message: str) -> WorkspaceError:
    """Turn what DuckDB says of a file that it could not open into an error of ours."""
    if re.search(r"\block\b", message):
        holder = re.search(r"held in (?P<program>.*?) \(PID (?P<pid>\d+)\)", message)
        who = (
            f"process {holder['pid']} ({holder['program']}) holds the workspace"
            if holder
            else "another process holds the workspace"
        )
        return WorkspaceBusy(f"{path}: {who}; wait until it has ended, then try again.")
    if not path.parent.is_dir():
        return WorkspaceError(
            f"{path}: there is no folder '{path.parent}'; make it, or name another file with "
            "--workspace."
        )
    first = message.split("\n", maxsplit=1)[0].rstrip(".")
    return WorkspaceError(f"{path}: the workspace cannot be opened: {first}.")

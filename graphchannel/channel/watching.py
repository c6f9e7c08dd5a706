"""One watch on a workspace at a time: two would load each other's files and scan twice."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from graphchannel.errors import WorkspaceBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["only_watch"]


@contextmanager
def only_watch(workspace: Path) -> Iterator[None]:
    """Hold the file `<workspace>.watch`, which the system lets go of with the process.

    Raises WorkspaceBusy where another process holds it, OSError where it cannot be written.
    """
    place = workspace.resolve()
    file = place.with_name(f"{place.name}.watch")
    with file.open("a+", encoding="ascii") as stream:
        if not _locked(stream):
            stream.seek(0)
            number = stream.read(20).strip()
            who = f"process {number}" if number.isdigit() else "another process"
            raise WorkspaceBusy(
                f"{workspace}: {who} watches a folder for this workspace already; stop it first, "
                "or let it do the work."
            )
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield


def _locked(stream: IO[str]) -> bool:
    """Lock a file for this process, if no other has it."""
    try:
        import fcntl  # noqa: PLC0415 - is there on POSIX systems only
    except ImportError:
        return _locked_by_range(stream)
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _locked_by_range(stream: IO[str]) -> bool:
    import msvcrt  # noqa: PLC0415 - is there on Windows only

    stream.seek(1 << 20)  # beyond what is written, so that others can read that
    try:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # of Windows
    except OSError:
        return False
    return True

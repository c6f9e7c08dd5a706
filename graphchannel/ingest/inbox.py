"""A folder that files are dropped into: which of them are there whole.

A file counts once nothing has changed about it for a while: who copies a large one, or sends it
through a slow line, is still writing. What programs call a file meanwhile is left alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from graphchannel.ingest.readers.files import is_litter

__all__ = ["Inbox", "Stamp", "stamp_of"]

_PARTIAL = (
    ".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload", ".incomplete",
    ".upload", ".uploading", ".tmp", ".temp", ".swp", ".lock", "~",
)  # fmt: skip


class Stamp(NamedTuple):
    """What is another once a file was written to, or another took its place."""

    bytes: int
    changed: int  # nanoseconds
    number: int


@dataclass(slots=True)
class Inbox:
    """A folder, with all folders in it, and what was seen there; one process looks at a time.

    A file is settled when it is as it was for `settle` seconds, and not empty. One that `done`
    names is passed over until it changes.
    """

    folder: Path
    settle: float
    _looked: float = 0.0
    _since: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    _done: dict[Path, Stamp] = field(default_factory=dict)

    def settled(self, moment: float) -> list[Path]:
        """Look, at a moment of a clock in seconds; return what is settled, by name.

        Raises OSError for a folder that cannot be read.
        """
        there, self._looked = dict(_files(self.folder)), moment
        self._done = {file: old for file, old in self._done.items() if there.get(file) == old}
        since = {}
        for file, stamp in there.items():
            before = self._since.get(file)
            same = before is not None and before[0] == stamp
            since[file] = before if same and before else (stamp, moment)
        self._since = since
        return sorted(file for file in since if self._is_whole(file) and file not in self._done)

    def unsettled(self) -> list[Path]:
        """Return what was there at the last look, and is neither settled nor done."""
        return sorted(
            file for file in self._since if not self._is_whole(file) and file not in self._done
        )

    def done(self, file: Path, stamp: Stamp | None) -> None:
        """Pass a file over from now on, while it is what it was when it had this stamp."""
        if stamp is not None:
            self._done[file] = stamp

    def _is_whole(self, file: Path) -> bool:
        stamp, first = self._since[file]
        return self._looked - first >= self.settle and stamp.bytes > 0


def stamp_of(file: Path) -> Stamp | None:
    """Return the stamp of a file, None where there is none any more."""
    try:
        found = file.stat()
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def _files(folder: Path) -> list[tuple[Path, Stamp]]:
    """Return the files of a folder and of those in it that are there for somebody."""
    found = []
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not is_litter(Path(name)))
        for name in names:
            file = Path(place, name)
            if is_litter(file) or name.lower().endswith(_PARTIAL) or not file.is_file():
                continue
            stamp = stamp_of(file)
            if stamp is not None:
                found.append((file, stamp))
    return found


def _raise(error: OSError) -> None:
    raise error

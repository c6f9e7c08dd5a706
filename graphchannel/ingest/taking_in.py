"""Files that were dropped somewhere, each loaded once: the workspace knows by hash what it saw.

A file that cannot be read is kept as refused, with the reason, so that it is told of once and keeps
no other from being loaded. Nothing of this stands anywhere but among the workspace's loads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.errors import InputError, LoaderError, SenderError
from graphchannel.ingest.files import drop_staged, load
from graphchannel.ingest.inbox import stamp_of
from graphchannel.ingest.load_history import begin_load, content_hash, finish_load, keep_hashes
from graphchannel.ingest.readers import stage
from graphchannel.ingest.readers.files import copies_beside, format_of, readable_beside
from graphchannel.ingest.source import fits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from graphchannel.ingest.load_history import LoadedFile
    from graphchannel.ingest.outcome import LoadReport, ReplySheet
    from graphchannel.ingest.readers import ReadOptions
    from graphchannel.ingest.staged import Staged
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

__all__ = ["RefusedFile", "TakenIn", "take_in"]

_REFUSING = (InputError, LoaderError, SenderError)


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that could not be loaded, and why."""

    file: Path
    reason: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of files: loads, refusals, and how many had been there before.

    `changing` are files that changed while they were read; they are left for the next time.
    `replies` are sheets on which partners answered.
    """

    loads: tuple[LoadReport, ...]
    refused: tuple[RefusedFile, ...]
    known: int
    changing: tuple[Path, ...] = ()
    replies: tuple[ReplySheet, ...] = ()

    @property
    def done(self) -> bool:
        """Whether anything was loaded, answered or refused."""
        return bool(self.loads or self.replies or self.refused)


def take_in(
    workspace: Workspace,
    files: Sequence[Path],
    policy: Policy,
    options: ReadOptions,
    *,
    again: bool = False,
    progress: Callable[[str], None] | None = None,
    answer: Callable[[Path], ReplySheet | None] = lambda _: None,
) -> TakenIn:
    """Load the files that the workspace has not seen, as one load where all can be read.

    `answer` takes in a file that is a partner's reply sheet, and says None of any other. One that
    was taken back, or refused, is not loaded again; with `again` refused ones are tried.
    Raises OSError for a file that may not be read, WorkspaceError.
    """
    known = _known(workspace, again=again)
    new: dict[str, Path] = {}
    hashes: dict[Path, LoadedFile] = {}
    for file in files:
        hashes[file] = content_hash(file)
        if hashes[file].sha256 not in known:
            new.setdefault(hashes[file].sha256, file)
    loads: list[LoadReport] = []
    refused: list[RefusedFile] = []
    changing: list[Path] = []
    replies: dict[Path, ReplySheet] = {}
    for file in new.values():
        sheet = answer(file)
        if sheet is not None:
            _keep_answered(workspace, hashes[file])
            replies[file] = sheet
    count = len(new)
    new = {sha256: file for sha256, file in new.items() if file not in replies}
    for one in _outcomes(workspace, list(new.values()), policy, options, progress):
        if not isinstance(one, RefusedFile):
            loads.append(one)
        elif hashes[one.file] == _hash_now(one.file):
            _keep_refused(workspace, one, hashes[one.file])
            refused.append(one)
        else:
            changing.append(one.file)
    return TakenIn(
        tuple(loads), tuple(refused), len(files) - count, tuple(changing), tuple(replies.values())
    )


def _outcomes(
    workspace: Workspace,
    files: Sequence[Path],
    policy: Policy,
    options: ReadOptions,
    progress: Callable[[str], None] | None,
) -> Iterator[LoadReport | RefusedFile]:
    """Yield refusals of what is no source or a copy of one, then what becomes of the others."""
    copies = copies_beside(readable_beside(files))
    whole = []
    for file in files:
        try:
            format_of(file)
        except InputError as error:
            yield RefusedFile(file, str(error))
            continue
        if file in copies:
            yield RefusedFile(file, copies[file])
        else:
            whole.append(file)
    if whole:
        yield from _loaded(workspace, whole, policy, options, progress)


def _loaded(
    workspace: Workspace,
    files: Sequence[Path],
    policy: Policy,
    options: ReadOptions,
    progress: Callable[[str], None] | None,
) -> Iterator[LoadReport | RefusedFile]:
    """Load files together; where that fails those that can be read, else each half alone."""
    asked = _fitting(options, files)
    try:
        report = load(workspace, files, policy, asked, progress=progress)
    except _REFUSING as error:
        if len(files) == 1:
            yield RefusedFile(files[0], str(error))
            return
    else:
        yield report
        return
    refused = list(_unreadable(workspace, files, asked))
    yield from refused
    wrong = {one.file for one in refused}
    left = [file for file in files if file not in wrong]
    halves = (left,) if wrong else (left[: len(left) // 2], left[len(left) // 2 :])
    for part in filter(None, halves):
        yield from _loaded(workspace, part, policy, options, progress)


def _unreadable(
    workspace: Workspace, files: Sequence[Path], options: ReadOptions
) -> Iterator[RefusedFile]:
    """Read each file alone, to no end but to see whether it can be read."""
    for file in files:
        staged: list[Staged] = []
        try:
            staged += stage(workspace.connection, file, options.of(file))
        except _REFUSING as error:
            yield RefusedFile(file, str(error))
        finally:
            drop_staged(workspace, staged)


def _fitting(options: ReadOptions, files: Sequence[Path]) -> ReadOptions:
    """Leave out encodings that are of none of the files: those may come another time."""
    encodings = tuple(
        (pattern, name)
        for pattern, name in options.encodings
        if any(fits(file, pattern) for file in files)
    )
    return replace(options, encodings=encodings)


def _known(workspace: Workspace, *, again: bool) -> set[str]:
    """Return the hashes of all files that were loaded, taken back or refused."""
    but = "WHERE l.kind <> 'refused'" if again else ""
    rows = workspace.connection.execute(
        f"SELECT sha256 FROM admin.file_hashes AS h JOIN admin.loads AS l ON l.id = h.load {but}"
    ).fetchall()
    return {sha256 for (sha256,) in rows}


def _keep_answered(workspace: Workspace, file: LoadedFile) -> None:
    """Write that a reply sheet was taken in, so that it is told of once."""
    with workspace.transaction():
        number = begin_load(workspace.connection)
        finish_load(workspace.connection, number, kind="reply", about=file.file)
        keep_hashes(workspace.connection, number, [file])


def _hash_now(file: Path) -> LoadedFile | None:
    return content_hash(file) if stamp_of(file) is not None else None


def _keep_refused(workspace: Workspace, refused: RefusedFile, file: LoadedFile) -> None:
    """Write that a file was refused, so that it is told of once; of the reason how it begins."""
    with workspace.transaction():
        number = begin_load(workspace.connection)
        about = re.split(r"[;.:]\s", refused.reason.partition(": ")[2])[0]
        about = f"{file.file}: {about}"
        finish_load(workspace.connection, number, kind="refused", about=about)
        keep_hashes(workspace.connection, number, [file])

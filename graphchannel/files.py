"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "filling",
    "private",
    "replacing",
    "replacing_folder",
    "replacing_path",
    "sha256_of",
    "write_whole",
]

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def replacing(path: Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """Open a file beside `path` that takes its place when the block ends well.

    Until then, and after an error or a kill, `path` holds what it held. A link is followed; what is
    no file, such as a pipe, is written to as it is. Text is UTF-8 with line ends as they are given.
    Raises OSError about `path`.
    """
    with replacing_path(path) as beside, _opened(beside, binary=binary) as stream:
        yield stream
        stream.flush()


@contextmanager
def replacing_path(path: Path) -> Iterator[Path]:
    """Give the name of a file beside `path` for others to write; see `replacing`."""
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        yield target
        return
    beside = _beside(target)
    try:
        with _about(path, beside):
            yield beside
            _keep(beside, target)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


@contextmanager
def filling(folder: Path, last: str | None = None) -> Iterator[Path]:
    """Give a folder to write files into that come to `folder` when the block ends well.

    Files of the same names are replaced, others stay. `last` is the file that the others are of no
    use without: an old one goes before anything else changes, the new one comes after all others.
    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = Path(os.path.realpath(folder))
    made = _beside(target / "files")
    made.mkdir()
    try:
        with _about(folder, made):
            yield made
            files = sorted(made.iterdir(), key=lambda file: (file.name == last, file.name))
            if last is not None and (made / last).exists():
                (target / last).unlink(missing_ok=True)
            for file in files:
                _keep(file, target / file.name)
    finally:
        _remove_folder(made)


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """Give a folder beside `folder` that takes its place, with all in it, when the block ends well.

    A kill leaves the folder of before, or for a moment none. Raises OSError.
    """
    target = Path(os.path.realpath(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    made, old = _beside(target), _beside(target)
    made.mkdir()
    try:
        with _about(folder, made):
            yield made
            if target.exists():
                target.rename(old)
            made.rename(target)
    finally:
        for rest in (made, old):
            _remove_folder(rest)


def write_whole(path: Path, text: str) -> None:
    """Write a text file as UTF-8, whole or not at all."""
    with replacing(path) as stream:
        stream.write(text)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes. Raises OSError."""
    import hashlib  # noqa: PLC0415 - not for --help

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def private(path: Path) -> bool:
    """Whether a file or folder is the user's own, and nobody else may write to it.

    Where the system knows no owners, as on Windows, all are.
    """
    if not hasattr(os, "getuid"):
        return True
    try:
        status = path.lstat()
    except OSError:
        return False
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _remove_folder(folder: Path) -> None:
    import shutil  # noqa: PLC0415 - not for --help

    shutil.rmtree(folder, ignore_errors=True)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name[:200]}.{os.urandom(4).hex()}.part")


def _keep(made: Path, target: Path) -> None:
    """Put a file that was made into its place, once it is on the disk."""
    with made.open("rb+") as stream:
        os.fsync(stream.fileno())
    if target.exists():
        made.chmod(target.stat().st_mode & 0o7777)
    made.replace(target)


@contextmanager
def _about(path: Path, made: Path) -> Iterator[None]:
    """Let errors name `path`, which the user knows, and not what is made beside it."""
    try:
        yield
    except OSError as error:
        ours = error.filename is not None and str(error.filename).startswith(str(made))
        if ours or (error.filename is None and error.errno in _NO_ROOM):
            error.filename = str(path)
            error.filename2 = None
        raise


def _opened(path: Path, *, binary: bool) -> IO[Any]:
    return path.open("wb") if binary else path.open("w", encoding="utf-8", newline="")

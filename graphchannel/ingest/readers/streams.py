"""The bytes and the text of a file, decompressed; a damaged or swollen file ends in a sentence."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from graphchannel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GZIP = b"\x1f\x8b"
MOST_SWOLLEN = 200  # times that tables of text are ever compressed; lines of sales reach 20
SMALL = 1 << 26  # bytes that harm nobody, however well they were compressed


def is_gzip(path: Path) -> bool:
    """Return whether a file is compressed: its first bytes say so, whatever its name."""
    with path.open("rb") as stream:
        return stream.read(len(GZIP)) == GZIP


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a file, decompressed.

    Raises InputError, also while the file is read, if it is no whole gzip though its name or its
    first bytes say so, or if it would swell beyond what any table does.
    """
    compressed = is_gzip(path)
    if not compressed and path.name.lower().endswith(".gz"):
        raise InputError(f"{path}: the file is named .gz but is not gzip.")
    with path.open("rb") as stream:
        if not compressed:
            yield stream
            return
        try:
            yield cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", _Inflated(path, stream))))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            reason = str(error).rstrip(".")
            raise InputError(
                f"{path}: the file is not whole gzip ({reason}): it was cut or damaged on its way. "
                "Nothing of it is loaded; have it sent again."
            ) from error


class _Inflated(io.RawIOBase):
    """The content of a gzip file, which may grow to `MOST_SWOLLEN` times its size."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path = path
        self._most = max(SMALL, path.stat().st_size * MOST_SWOLLEN)
        self._gzip = gzip.GzipFile(fileobj=stream)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # any buffer will do
        """Read into a buffer; raises InputError for a file that swells beyond all measure."""
        data = self._gzip.read1(len(buffer))
        if self._gzip.tell() > self._most:
            raise InputError(
                f"{self._path}: the file swells to more than {MOST_SWOLLEN} times its size; no "
                "table does. Nothing of it is loaded."
            )
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._gzip.seek(offset, whence)

    def tell(self) -> int:
        return self._gzip.tell()

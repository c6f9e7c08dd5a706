"""What the first record of a CSV file tells: its delimiter and columns."""

from __future__ import annotations

import codecs
import gzip
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TextIO

from graphchannel.errors import InputError
from graphchannel.ingest.readers.csv_exact import fields_of, read_records, undecodable
from graphchannel.ingest.readers.files import is_gzip, open_bytes
from graphchannel.ingest.source import check_header

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest.source import ReadOptions

_DELIMITERS = ",;\t|"  # the first of those that occur most often wins
_ASCII = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read the records of `path`; `codec` is Python's name for the encoding.

    `at_top` is true if the header is the first line, with no blank lines before it.
    """

    path: Path
    codec: str
    delimiter: str
    columns: tuple[str, ...]
    at_top: bool

    @property
    def compressed(self) -> bool:
        """Whether the file is gzip."""
        return is_gzip(self.path)

    def open_bytes(self) -> BinaryIO:
        """Open the file's text as bytes, decompressed."""
        return open_bytes(self.path)

    def open_text(self) -> TextIO:
        """Open the file's text; bytes that are not of the encoding become surrogates."""
        codec = "utf-8-sig" if self.codec == "utf-8" else self.codec
        return io.TextIOWrapper(
            self.open_bytes(), encoding=codec, errors="surrogateescape", newline="\n"
        )


def read_layout(path: Path, options: ReadOptions) -> Layout:
    """Read the header; raises InputError if there is none, or if it is not readable text."""
    unread = Layout(path, _codec(options.encoding), ",", (), at_top=True)
    first, at_top = _first_line(unread)
    delimiter = _delimiter(options.delimiter) if options.delimiter else _guess_delimiter(first)
    with unread.open_text() as text:
        header = next(read_records(text, delimiter))
    if header.problem:
        raise InputError(f"{path}: the header cannot be read. {header.problem}")
    columns = check_header(path.name, fields_of(header, delimiter))
    return Layout(path, unread.codec, delimiter, columns, at_top)


def _first_line(layout: Layout) -> tuple[str, bool]:
    """Return the first line that is not blank, and whether it is the file's first."""
    path = layout.path
    try:
        with layout.open_bytes() as stream:
            start = stream.read(4096)
    except (EOFError, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: the file is named .gz but is not gzip.") from error
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(
            f"{path}: the file is UTF-16 text, which graphchannel does not read; "
            "save it as 'CSV UTF-8'."
        )
    if b"\r" in start and b"\n" not in start:
        raise InputError(
            f"{path}: the lines end with carriage returns alone, as on old Macintosh systems; "
            "save the file with line feeds."
        )
    at_top = True
    with layout.open_text() as text:
        for line in text:
            if line.strip("\r\n"):
                _refuse_undecodable(layout, line)
                return line, at_top
            at_top = False
    raise InputError(f"{path}: the file is empty; its first line should name the columns.")


def _refuse_undecodable(layout: Layout, line: str) -> None:
    problem = undecodable(line, layout.codec)
    if problem:
        raise InputError(f"{layout.path}: the header cannot be read. {problem}")


def _guess_delimiter(line: str) -> str:
    outside_quotes = re.sub(r'"[^"]*"?', "", line)
    return max(_DELIMITERS, key=outside_quotes.count)


def _delimiter(given: str) -> str:
    delimiter = "\t" if given in ("tab", "\\t") else given
    if len(delimiter) != 1 or delimiter in '" \r\n\0':
        raise InputError(
            f"The delimiter '{given}' cannot separate columns; give one character, or 'tab'."
        )
    return delimiter


def _codec(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding).name
        fits = _ASCII.decode(codec) == _ASCII.decode("ascii")
    except (LookupError, UnicodeDecodeError) as error:
        raise InputError(
            f"The encoding '{encoding}' is unknown; use utf-8, latin-1 or cp1252."
        ) from error
    if not fits:
        raise InputError(
            f"The encoding '{encoding}' is not read; save the file as utf-8 and load that."
        )
    return "utf-8" if codec == "utf-8-sig" else codec

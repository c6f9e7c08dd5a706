"""What the first lines of a CSV file tell: its encoding, delimiter and columns."""

from __future__ import annotations

import codecs
import io
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, TextIO

from graphchannel.errors import InputError
from graphchannel.ingest.readers.csv_exact import (
    LONGEST,
    fields_of,
    read_records,
    undecodable,
    without_line_end,
)
from graphchannel.ingest.readers.streams import is_gzip, open_bytes
from graphchannel.ingest.source import HEAD, check_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from graphchannel.ingest.source import Reading

_DELIMITERS = ",;\t|"  # the first of those that occur most often wins
_ASCII = bytes(range(128))
_MARKS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF_16 = {"utf-16", "utf-16-le", "utf-16-be"}
_HINT = re.compile(r'\s*"?sep=(?P<delimiter>.)"?\s*', re.IGNORECASE)
_START = 1 << 16


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read the records of `path`; `codec` is Python's name for the encoding.

    `header` are the names as they stand in the file. `above` lines before it are not read. `at_top`
    is true if it is the first line, with no blank lines before it. `footer` begins the record that
    ends the table.
    """

    path: Path
    codec: str
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    above: int = 0
    at_top: bool = True
    footer: str | None = None

    @property
    def compressed(self) -> bool:
        """Whether the file is gzip."""
        return is_gzip(self.path)

    @property
    def escapes(self) -> bool:
        """Whether bytes that are not of the encoding are kept, as surrogates."""
        return self.codec not in _UTF_16

    def open_bytes(self) -> AbstractContextManager[BinaryIO]:
        """Open the file's text as bytes, decompressed."""
        return open_bytes(self.path)

    @contextmanager
    def open_text(self) -> Iterator[TextIO]:
        """Open the file's text from the header on; bytes that are not of the encoding show."""
        codec = "utf-8-sig" if self.codec == "utf-8" else self.codec
        errors = "surrogateescape" if self.escapes else "replace"
        with self.open_bytes() as stream:
            text = io.TextIOWrapper(stream, encoding=codec, errors=errors, newline="\n")
            for _ in range(self.above):
                _line_of(self.path, text)
            yield text
            text.detach()


def read_layout(path: Path, reading: Reading) -> Layout:
    """Read the header; raises InputError if there is none, or if it is not readable text."""
    codec = _codec(path, reading.encoding)
    above = (reading.header_row or 1) - 1
    if above < 0:
        raise InputError(f"There is no row {reading.header_row}; rows are counted from 1.")
    first, at_top = _first_line(Layout(path, codec, above=above))
    delimiter = _delimiter(reading.delimiter) if reading.delimiter else None
    hint = _HINT.fullmatch(first)
    if hint and reading.header_row is None:
        # A line for spreadsheet programs; `at_top` is about blank lines, which it may stand below.
        delimiter, above = delimiter or hint["delimiter"], above + at_top
        first, at_top = _first_line(Layout(path, codec, above=above))
    delimiter = delimiter or _guess_delimiter(first)
    at_top = at_top and not above
    unread = Layout(path, codec, delimiter, above=above, at_top=at_top, footer=reading.footer)
    with unread.open_text() as text:
        header = next(read_records(text, delimiter))
    problem = header.problem or undecodable(header.raw, codec)
    if problem:
        raise InputError(f"{path}: the header cannot be read. {problem}")
    names = tuple(fields_of(header, delimiter))
    return replace(unread, columns=check_header(path.name, names), header=names)


def head_of(layout: Layout) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return the first lines, each with its number, split as if it were the header."""
    found = []
    with layout.open_text() as text:
        for number, line in enumerate(islice(iter(text.readline, ""), HEAD), layout.above + 1):
            fields = line.strip().split(_guess_delimiter(line))
            found.append((number, tuple(field.strip().strip('"') for field in fields)))
    return tuple(found)


def _first_line(layout: Layout) -> tuple[str, bool]:
    """Return the first line that is not blank, and whether it is the first of all."""
    path = layout.path
    at_top = True
    with layout.open_text() as text:
        while line := _line_of(path, text):
            if without_line_end(line):
                problem = undecodable(line, layout.codec)
                if problem:
                    raise InputError(f"{path}: the header cannot be read. {problem}")
                return line, at_top
            at_top = False
    if layout.above:
        raise InputError(
            f"{path}: the file ends before line {layout.above + 1}, which should name the columns."
        )
    raise InputError(f"{path}: the file is empty; its first line should name the columns.")


def _line_of(path: Path, text: TextIO) -> str:
    line = text.readline(LONGEST + 1)
    if len(line) > LONGEST:
        raise InputError(
            f"{path}: the header or a line before it is longer than {LONGEST:,} characters; this "
            "is no table of delimited text."
        )
    return line


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


def _codec(path: Path, encoding: str | None) -> str:
    with open_bytes(path) as stream:
        start = stream.read(_START)
    codec = _named_codec(encoding) if encoding else _found_codec(path, start)
    if codec in _UTF_16 and start and b"\0" not in start:
        raise InputError(f"{path}: the file is not {codec} text; leave --encoding out.")
    if codec == "utf-16" and not start.startswith(_MARKS_16):
        codec = "utf-16-le"  # as every system of today writes it
    if codec not in _UTF_16 and b"\r" in start and b"\n" not in start:
        raise InputError(
            f"{path}: the lines end with carriage returns alone, as on old Macintosh systems; "
            "save the file with line feeds."
        )
    return codec


def _named_codec(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding).name
        fits = codec in _UTF_16 or _ASCII.decode(codec) == _ASCII.decode("ascii")
    except (LookupError, UnicodeError, ValueError) as error:
        raise InputError(
            f"The encoding '{encoding}' is unknown; use utf-8, cp1252, latin-1 or utf-16."
        ) from error
    if not fits:
        raise InputError(
            f"The encoding '{encoding}' is not read; save the file as utf-8 and load that."
        )
    return "utf-8" if codec == "utf-8-sig" else codec


def _found_codec(path: Path, start: bytes) -> str:
    """Return UTF-8, or UTF-16 where a mark or null bytes at every other place say so."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise InputError(f"{path}: the file is UTF-32 text; save it as 'CSV UTF-8'.")
    if start.startswith(_MARKS_16):
        return "utf-16"
    first, second = start[::2].count(0), start[1::2].count(0)
    if max(first, second) * 5 > len(start) and min(first, second) * 20 < max(first, second):
        return "utf-16-be" if first > second else "utf-16-le"
    return "utf-8"

"""Read CSV record by record: slower than DuckDB, exact about every record that it does not take.

A record ends at a line end outside quotes. A quoted field begins with a quote right after the
delimiter (spaces aside) and ends with a quote right before the next one; two quotes within it are
one. A quote elsewhere is a character like any other. Where quotes do not fit, the bad record is
the one line on which it began: an unclosed quote costs that line and not the rest of the file.
Blank lines are no records. Empty fields too many are taken, as spreadsheets write them.
DuckDB's reader agrees with this on every file that it reads without complaint.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

_QUOTED = re.compile(r' *"([^"]*+(?:""[^"]*+)*+)" *')
_SURROGATE = re.compile("[\udc80-\udcff]")
_LONGEST = 1 << 24  # characters of one record; a quote open for longer was never meant to be one

_UNCLOSED = "A quoted field is not closed."
_MISPLACED = "A quoted field goes on after its closing quote; quotes within it must be doubled."
_RETURN = "A carriage return stands alone within the record."


class Record(NamedTuple):  # not a dataclass: made once a line, and several times faster
    """One record: its text without the line end, and what is wrong with it, if anything is.

    `fields` is None unless the text has quotes; `fields_of` gives them for any sound record.
    """

    raw: str
    fields: list[str] | None = None
    problem: str = ""

    @property
    def plain(self) -> bool:
        """Whether the delimiters of the text are what separates its fields."""
        return self.fields is None and not self.problem


class _Open(ValueError):
    """A quoted field is still open at the end of the text."""


def read_records(stream: TextIO, delimiter: str) -> Iterator[Record]:
    """Yield all records, the header first; `stream` splits lines at line feeds alone."""
    pending: deque[str] = deque()
    readline = stream.readline
    while line := pending.popleft() if pending else readline():
        if '"' in line:
            yield _with_quotes(line, stream, pending, delimiter)
            continue
        text = _without_line_end(line)
        if "\r" in text:
            yield Record(text, problem=_RETURN)
        elif text:
            yield Record(text)


def fields_of(record: Record, delimiter: str) -> list[str]:
    """Return the fields of a record that has no problem."""
    return record.raw.split(delimiter) if record.fields is None else record.fields


def field_count(text: str, delimiter: str) -> int:
    """Return how many fields a record has; raise ValueError where quotes do not fit."""
    return len(_split(text, delimiter))


def undecodable(text: str, codec: str) -> str:
    """Say which byte of `text` was not of the encoding; empty if all were.

    `text` was decoded with surrogates in place of such bytes.
    """
    found = None if text.isascii() else _SURROGATE.search(text)
    if not found:
        return ""
    return (
        f"Byte {_octet(found)} at character {found.start() + 1} is not {codec} text; "
        "if the file is in another encoding, name it (--encoding latin-1)."
    )


def readable(text: str) -> str:
    """Return `text` with bytes that were not of the encoding spelled out in hexadecimal."""
    return _SURROGATE.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02X}", text)


def _octet(found: re.Match[str]) -> str:
    return f"0x{ord(found[0]) - 0xDC00:02X}"


def _with_quotes(line: str, stream: TextIO, pending: deque[str], delimiter: str) -> Record:
    """Read the record that begins with `line`; lines that turn out not to be its go back."""
    lines = [line]
    size = len(line)
    problem = ""
    while not problem:
        text = _without_line_end("".join(lines))
        try:
            fields = _split(text, delimiter)
        except _Open:
            if not _extend(lines, stream, pending) or (size := size + len(lines[-1])) > _LONGEST:
                problem = _UNCLOSED
        except ValueError:
            problem = _MISPLACED
        else:
            return Record(text, fields)
    pending.extendleft(reversed(lines[1:]))
    return Record(_without_line_end(line), problem=problem)


def _extend(lines: list[str], stream: TextIO, pending: deque[str]) -> bool:
    """Append lines up to the next that holds a quote; tell whether there was one."""
    while line := pending.popleft() if pending else stream.readline():
        lines.append(line)
        if '"' in line:
            return True
    return False


def _split(text: str, delimiter: str) -> list[str]:
    """Split a record into fields; raise _Open or ValueError where quotes do not fit."""
    fields: list[str] = []
    position = 0
    while True:
        match = _QUOTED.match(text, position)
        if match:
            fields.append(match[1].replace('""', '"'))
            end = match.end()
        elif text[position : position + 1] in ('"', " ") and _opens_quote(text, position):
            raise _Open
        else:
            end = text.find(delimiter, position)
            end = len(text) if end < 0 else end
            fields.append(text[position:end])
        if end == len(text):
            return fields
        if text[end] != delimiter:
            raise ValueError(_MISPLACED)
        position = end + 1


def _opens_quote(text: str, position: int) -> bool:
    while text[position : position + 1] == " ":
        position += 1
    return text[position : position + 1] == '"'


def _without_line_end(line: str) -> str:
    if line.endswith("\r\n"):
        return line[:-2]
    return line.removesuffix("\n")

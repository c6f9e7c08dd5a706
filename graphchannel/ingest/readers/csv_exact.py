"""Read CSV record by record: slower than DuckDB, exact about every record that it does not take.

A record ends at a line end outside quotes. A quoted field begins with a quote right after the
delimiter (spaces aside) and ends with a quote right before the next one; two quotes within it are
one. A quote elsewhere is a character like any other. Where quotes do not fit, the bad record is
the one line on which it began: an unclosed quote costs that line and not the rest of the file.
Blank lines are no records, nor is the Ctrl-Z with which old programs end a file. The time that
this takes grows with the file alone: where a quote came to nothing, the lines that it had taken in
are not tried for it again.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

LONGEST = 1 << 24  # characters of one record; a quote open for longer was never meant to be one

_QUOTED = re.compile(r' *"([^"]*+(?:""[^"]*+)*+)" *')
_CLOSING = re.compile(r'([^"]*+(?:""[^"]*+)*+)" *')
_ESCAPED = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile("[\x80-\x9f]")
_SHOWN = 1 << 10  # characters of a record that is too long to be kept
_BLANK = {"", "\x1a"}

_UNCLOSED = "A quoted field is not closed."
_MISPLACED = "A quoted field goes on after its closing quote; quotes within it must be doubled."
_RETURN = "A carriage return stands alone within the record."
_TOO_LONG = f"The record is longer than {LONGEST:,} characters."


class Record(NamedTuple):  # not a dataclass: made once a line, and several times faster
    """One record: its text without the line end, and what is wrong with it, if anything is.

    `fields` is None unless the text has quotes; `fields_of` gives them for any sound record.
    `ended` is false for the last record of a file that no line end follows.
    """

    raw: str
    fields: list[str] | None = None
    problem: str = ""
    ended: bool = True

    @property
    def plain(self) -> bool:
        """Whether the delimiters of the text are what separates its fields."""
        return self.fields is None and not self.problem


def read_records(stream: TextIO, delimiter: str) -> Iterator[Record]:
    """Yield all records, the header first; `stream` splits lines at line feeds alone."""
    lines = _Lines(stream)
    quotes = _Quotes(lines, delimiter)
    while line := lines.take():
        if len(line) > LONGEST:
            lines.skip_rest(line)
            yield Record(line[:_SHOWN], problem=_TOO_LONG)
            continue
        if '"' in line:
            yield quotes.record(line)
            continue
        text = without_line_end(line)
        if "\r" in text:
            yield Record(text, problem=_RETURN)
        elif text not in _BLANK:
            yield Record(text, ended=line[-1] == "\n")


def fields_of(record: Record, delimiter: str) -> list[str]:
    """Return the fields of a record that has no problem."""
    return record.raw.split(delimiter) if record.fields is None else record.fields


def split_record(text: str, delimiter: str) -> list[str]:
    """Return the fields of the text of a record; raise ValueError where quotes do not fit."""
    fields: list[str] = []
    part: list[str] | None = None
    for line in re.findall(r"[^\n]*\n|[^\n]+", text) or [""]:
        part = _feed(line, delimiter, fields, part)
    if part is not None:
        raise ValueError(_UNCLOSED)
    return fields


def undecodable(text: str, codec: str) -> str:
    """Say which byte of `text` was not of the encoding; empty if all were.

    `text` was decoded with surrogates in place of such bytes. To Latin-1 every byte is a character,
    but those from 0x80 to 0x9F are no letters: there, cp1252 has its quotes and its euro sign.
    """
    if text.isascii():
        return ""
    if codec.startswith("utf-16"):
        place = text.find("\ufffd") + 1
        return f"What stands at character {place} is not {codec} text." if place else ""
    of_latin = codec == "iso8859-1"
    found = (_CONTROL if of_latin else _ESCAPED).search(text)
    if not found:
        return ""
    octets = [ord(each) & 0xFF for each in text if _ESCAPED.match(each) or "\x7f" < each < "\xa0"]
    named = "latin-1" if of_latin else codec
    return (
        f"Byte 0x{ord(found[0]) & 0xFF:02X} at character {found.start() + 1} is not {named} text; "
        f"{_advice(bytes(octets), codec)}."
    )


def readable(text: str) -> str:
    """Return `text` with bytes that were not of the encoding spelled out in hexadecimal."""
    return _ESCAPED.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02X}", text)


def without_line_end(line: str) -> str:
    """Return a line without the line feed at its end, or the pair."""
    if line.endswith("\r\n"):
        return line[:-2]
    return line.removesuffix("\n")


def _advice(octets: bytes, codec: str) -> str:
    others = "cp1250 (Polish), cp1251 (Russian), cp932 (Japanese), gbk (Chinese)"
    try:
        octets.decode("cp1252")
    except UnicodeDecodeError:
        return f"save the file as UTF-8, or name its encoding (--encoding), such as {others}"
    if codec == "cp1252":
        return f"save the file as UTF-8, or name its encoding (--encoding), such as {others}"
    western = "if Windows wrote the file, name its encoding (--encoding cp1252)"
    if codec == "iso8859-1":
        return western
    return f"{western}, or the one of its language: {others}"


class _Lines:
    """The lines of a stream, which may go back; `number` is that of the line taken last."""

    def __init__(self, stream: TextIO) -> None:
        self._readline = stream.readline
        self._pending: deque[str] = deque()
        self.number = 0

    def take(self) -> str:
        """Return the next line, cut where it is too long; empty at the end."""
        line = self._pending.popleft() if self._pending else self._readline(LONGEST + 1)
        self.number += bool(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._pending.extendleft(reversed(lines))
        self.number -= len(lines)

    def skip_rest(self, line: str) -> None:
        """Pass over what is left of a line that was cut."""
        while line and not line.endswith("\n"):
            line = self._readline(LONGEST)


class _Quotes:
    """Records with quotes, which may go on over several lines.

    What a quote that is open when a line begins comes to depends on the lines from there on. So
    `_tried`, up to which line open quotes are known to come to nothing, and `_found`, why.
    """

    def __init__(self, lines: _Lines, delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._tried = 0
        self._found = ""

    def record(self, line: str) -> Record:
        """Read the record that begins with `line`; lines that turn out not to be its go back."""
        lines = [line]
        fields: list[str] = []
        problem = self._read(lines, fields)
        if not problem:
            raw = "".join(lines)
            return Record(without_line_end(raw), fields, ended=raw.endswith("\n"))
        self._tried, self._found = max(self._tried, self._lines.number), problem
        self._lines.give_back(lines[1:])
        return Record(without_line_end(line), problem=problem)

    def _read(self, lines: list[str], fields: list[str]) -> str:
        """Read a record's fields, and further lines while a quote is open; return what is wrong."""
        size = len(lines[0])
        try:
            part = _feed(lines[0], self._delimiter, fields, None)
            while part is not None:
                if self._lines.number < self._tried:
                    return self._found
                line = self._lines.take()
                size += len(line)
                if line:
                    lines.append(line)
                if not line or size > LONGEST:
                    return _UNCLOSED
                part = _feed(line, self._delimiter, fields, part)
        except ValueError:
            return _MISPLACED
        return ""


def _feed(line: str, delimiter: str, fields: list[str], part: list[str] | None) -> list[str] | None:
    """Append the fields of a line; return the pieces of the quoted field that it leaves open.

    `part` are the pieces of the one that the line before left open. Raise ValueError where quotes
    do not fit.
    """
    end, last = 0, len(without_line_end(line))
    match = _CLOSING.match(line) if part is not None else _QUOTED.match(line)
    while True:
        if part is not None and not match:
            part.append(line)
            return part
        if match:
            fields.append("".join([*(part or ()), match[1]]).replace('""', '"'))
            end, part = match.end(), None
        elif _opens_quote(line, end):
            return [line[line.index('"', end) + 1 :]]
        else:
            begin, end = end, line.find(delimiter, end, last)
            end = last if end < 0 else end
            fields.append(line[begin:end])
        if end >= last:
            return None
        if line[end] != delimiter:
            raise ValueError(_MISPLACED)
        end += 1
        match = _QUOTED.match(line, end)


def _opens_quote(line: str, position: int) -> bool:
    while line[position : position + 1] == " ":
        position += 1
    return line[position : position + 1] == '"'

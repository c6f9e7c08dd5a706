"""Count the records of a CSV file without parsing it: the check on what a reader returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

_CHUNK = 1 << 22
_LONGEST = 1 << 24
_QUOTE, _NEWLINE, _RETURN, _PAIR = b'"', b"\n", b"\r", b"\r\n"


@dataclass(frozen=True, slots=True)
class Count:
    """What counting saw.

    `records` are non-blank records, the header included; a line end between quotes ends none.
    `before` says how many of them begin before each offset that was asked for. `uniform` is true
    if all records end alike and no carriage return stands alone outside quotes. `delimiters` counts
    those outside quotes.
    """

    records: int
    before: tuple[int, ...]
    uniform: bool
    delimiters: int = 0


def count_records(stream: BinaryIO, offsets: Sequence[int] = (), delimiter: bytes = b",") -> Count:
    """Count records from the stream's position on; `offsets` ascend and count from there, too.

    Every double quote is taken to open or close a field. That is wrong for a lone quote within a
    field: the count then differs from what a parser finds, which is the signal to look closely.
    """
    records = position = delimiters = 0
    line_ends: set[bytes] = set()
    within_quotes = False
    before: list[int] = []
    while chunk := stream.read(_CHUNK):
        chunk += stream.readline(_LONGEST)  # chunks end where lines end: what is blank shows
        if len(chunk) >= _LONGEST and not chunk.endswith(_NEWLINE):
            return Count(records, tuple(before), uniform=False)  # nothing has such lines
        delimiters += _outside_quotes(chunk, delimiter, within_quotes=within_quotes)
        line_ends |= _line_ends(chunk, within_quotes=within_quotes)
        asked = _within(offsets, len(before), position + len(chunk))
        if asked or within_quotes or _QUOTE in chunk or _has_blank_line(chunk):
            ends, within_quotes = _record_ends(chunk, within_quotes=within_quotes)
            ended = np.searchsorted(ends, [offset - position for offset in asked])
            before.extend(records + int(each) for each in ended)
            records += len(ends)
        else:
            records += chunk.count(_NEWLINE) + (not chunk.endswith(_NEWLINE))
        position += len(chunk)
    uniform = line_ends in ({_NEWLINE}, {_PAIR}, set())
    return Count(records, tuple(before), uniform, delimiters)


def _outside_quotes(chunk: bytes, wanted: bytes, *, within_quotes: bool) -> int:
    if not within_quotes and _QUOTE not in chunk:
        return chunk.count(wanted)
    if len(wanted) > 1:
        return sum(part.count(wanted) for part in chunk.split(_QUOTE)[within_quotes::2])
    octets = np.frombuffer(chunk, np.uint8)
    before = np.cumsum(octets == ord(_QUOTE), dtype=np.uint8)  # its last bit is all that matters
    outside = (before & 1) == within_quotes
    return int(np.count_nonzero(outside & (octets == ord(wanted))))


def _within(offsets: Sequence[int], first: int, end: int) -> list[int]:
    last = first
    while last < len(offsets) and offsets[last] < end:
        last += 1
    return list(offsets[first:last])


def _has_blank_line(chunk: bytes) -> bool:
    return chunk.startswith((b"\n", b"\r\n")) or b"\n\n" in chunk or b"\n\r\n" in chunk


def _line_ends(chunk: bytes, *, within_quotes: bool) -> set[bytes]:
    """Return the kinds of line end outside quotes: line feeds, pairs, lone carriage returns."""
    returns = chunk.count(_RETURN) if _RETURN in chunk else 0
    if returns and (within_quotes or _QUOTE in chunk):
        outside = chunk.split(_QUOTE)[within_quotes::2]
        return set().union(*(_line_ends(part, within_quotes=False) for part in outside))
    pairs, newlines = chunk.count(_PAIR) if returns else 0, chunk.count(_NEWLINE)
    kinds = {_PAIR: pairs, _NEWLINE: newlines - pairs, _RETURN: returns - pairs}
    return {kind for kind, seen in kinds.items() if seen}


def _record_ends(chunk: bytes, *, within_quotes: bool) -> tuple[NDArray[np.int64], bool]:
    """Return where the chunk's non-blank records end, and whether a quote stays open."""
    octets = np.frombuffer(chunk, np.uint8)
    ends = np.flatnonzero(octets == ord(_NEWLINE))
    if not chunk.endswith(_NEWLINE):
        ends = np.append(ends, len(chunk))
    quotes = np.flatnonzero(octets == ord(_QUOTE))
    open_after = (np.searchsorted(quotes, ends) + within_quotes) % 2 == 1
    stays_open = bool((len(quotes) + within_quotes) % 2)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    returns = (lengths == 1) & (octets[np.minimum(starts, len(octets) - 1)] == ord(_RETURN))
    blank = (lengths == 0) | returns
    # A line that begins within quotes belongs to its record, however empty it looks.
    began_open = np.concatenate(([within_quotes], open_after[:-1]))
    at_end_of_file = ends == len(chunk)  # an unclosed quote ends with the file at the latest
    return ends[(~open_after | at_end_of_file) & ~(blank & ~began_open)], stays_open

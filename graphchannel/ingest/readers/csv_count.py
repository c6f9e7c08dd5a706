"""Count the records of a CSV file without parsing it: the check on what a reader returned.

A chunk becomes masks with a bit for each octet, 64 to a number, after the first stage of Langdale
and Lemire, "Parsing Gigabytes of JSON per Second", The VLDB Journal 28 (2019), section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

    Mask = NDArray[np.uint64]

_CHUNK = 1 << 22
_LONGEST = 1 << 24
_QUOTE, _NEWLINE, _RETURN = b'"', b"\n", b"\r"


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
    records = position = delimiters = pairs = lone_newlines = lone_returns = 0
    within_quotes = False
    before: list[int] = []
    while chunk := stream.read(_CHUNK):
        chunk += stream.readline(_LONGEST)  # chunks end where lines end: what is blank shows
        if len(chunk) >= _LONGEST and not chunk.endswith(_NEWLINE):
            return Count(records, tuple(before), uniform=False)  # nothing has such lines
        outside = ~_inside(_mask(chunk, _QUOTE), within_quotes=within_quotes)
        newlines, returns = (_mask(chunk, octet) & outside for octet in (_NEWLINE, _RETURN))
        paired = newlines & _moved(returns)
        begins = _moved(newlines, first=not within_quotes)
        blank = newlines & (begins | _moved(returns & begins))
        ends = newlines & ~blank
        asked = _within(offsets, len(before), position + len(chunk))
        if asked:
            ended = np.searchsorted(_places(ends), [offset - position for offset in asked])
            before.extend(records + int(each) for each in ended)
        last_is_blank = _at(newlines | returns & begins, len(chunk) - 1)
        records += _size(ends) + (not (chunk.endswith(_NEWLINE) or last_is_blank))
        delimiters += _size(_mask(chunk, delimiter) & outside)
        pairs += _size(paired)
        lone_newlines += _size(newlines) - _size(paired)
        lone_returns += _size(returns) - _size(paired)
        within_quotes = not _at(outside, len(chunk) - 1)
        position += len(chunk)
    uniform = not lone_returns and not (pairs and lone_newlines)
    return Count(records, tuple(before), uniform, delimiters)


def _within(offsets: Sequence[int], first: int, end: int) -> list[int]:
    last = first
    while last < len(offsets) and offsets[last] < end:
        last += 1
    return list(offsets[first:last])


def _mask(chunk: bytes, wanted: bytes) -> Mask:
    """Mark where a character ends, which may be of several octets."""
    if wanted[-1] not in chunk:
        return np.zeros(-(-len(chunk) // 64), np.uint64)
    packed = np.packbits(np.frombuffer(chunk, np.uint8) == wanted[-1], bitorder="little")
    marked: Mask = np.pad(packed, (0, -len(packed) % 8)).view("<u8")
    return marked & _moved(_mask(chunk, wanted[:-1])) if wanted[:-1] else marked


def _moved(mask: Mask, *, first: bool = False) -> Mask:
    """Mark what follows each marked octet; `first` tells of the first octet, which follows none."""
    carried = np.append(np.uint64(first), mask[:-1] >> 63)
    moved: Mask = (mask << np.uint64(1)) | carried
    return moved


def _inside(quotes: Mask, *, within_quotes: bool) -> Mask:
    """Mark what is between quotes, and the quotes that open."""
    odd = quotes.copy()
    for step in (1, 2, 4, 8, 16, 32):
        odd ^= odd << step
    carried = np.bitwise_xor.accumulate(np.append(np.uint64(within_quotes), odd[:-1] >> 63))
    return odd ^ np.where(
        carried, ~np.uint64(0), np.uint64(0)
    )  # all bits turn where a quote was open before


def _size(mask: Mask) -> int:
    return int(np.bitwise_count(mask).sum(dtype=np.int64))


def _at(mask: Mask, place: int) -> bool:
    return bool(int(mask[place // 64]) >> place % 64 & 1)


def _places(mask: Mask) -> NDArray[np.intp]:
    return np.flatnonzero(np.unpackbits(mask.view(np.uint8), bitorder="little"))

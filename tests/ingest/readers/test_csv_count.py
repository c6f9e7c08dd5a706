from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphchannel.ingest.readers import csv_count
from graphchannel.ingest.readers.csv_count import count_records


@pytest.mark.parametrize(
    ("content", "records", "uniform"),
    [
        (b"", 0, True),
        (b"a", 1, True),
        (b"a\nb\n", 2, True),
        (b"\n\na\n\nb", 2, True),
        (b"a\r\n\r\nb\r\n", 2, True),
        (b"a\r\nb\n", 2, False),
        (b"a\rb\n", 1, False),
        (b"a\rb\r", 1, False),
        (b'"a\n\nb"\nc\n', 2, True),
        (b'"a\r\n\rb\n"\r\nc\r\n', 2, True),
        (b'"a\rb"\nc\r\n', 2, False),
        (b'"a""\n""b"\n\nc\n', 2, True),
        (b'"\n\n"\n', 1, True),
    ],
)
@pytest.mark.parametrize("chunk", [1, 3, 1 << 22])
def test_counts(
    monkeypatch: pytest.MonkeyPatch, content: bytes, records: int, chunk: int, *, uniform: bool
) -> None:
    monkeypatch.setattr(csv_count, "_CHUNK", chunk)
    count = count_records(io.BytesIO(content))
    assert (count.records, count.uniform) == (records, uniform)


@pytest.mark.parametrize("chunk", [1, 8, 1 << 22])
def test_counts_what_begins_before_an_offset(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(csv_count, "_CHUNK", chunk)
    content = b'head\n\n"a\nb"\nc\n\nd'
    offsets = [content.index(each) for each in (b"head", b'"a', b"c")]
    offsets.append(len(content) - 1)
    assert count_records(io.BytesIO(content), offsets).before == (0, 1, 2, 3)


@given(
    content=st.lists(st.sampled_from([b"a", b'"', b",", b"\n", b"\r", b"\r\n", b"." * 61])).map(
        b"".join
    ),
    asked=st.sets(st.integers(0, 300), max_size=3),
    chunk=st.sampled_from([1, 7, 1 << 22]),
)
def test_counts_as_a_walk_over_the_octets_does(content: bytes, asked: set[int], chunk: int) -> None:
    offsets = sorted(offset for offset in asked if offset < len(content))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_count, "_CHUNK", chunk)
        assert count_records(io.BytesIO(content), offsets) == _walked(content, offsets)


def _walked(content: bytes, offsets: list[int]) -> csv_count.Count:
    """Count octet by octet."""
    ends, kinds = [], set()
    delimiters = begin = 0
    quoted = False
    for at in range(len(content)):
        octet, after = content[at : at + 1], content[at + 1 : at + 2]
        quoted ^= octet == b'"'
        if quoted:
            continue
        delimiters += octet == b","
        if octet == b"\r" and after != b"\n":
            kinds.add("return")
        if octet != b"\n":
            continue
        kinds.add("pair" if content[at - 1 : at] == b"\r" and at > begin else "newline")
        if content[begin:at] not in (b"", b"\r"):
            ends.append(at)
        begin = at + 1
    rest = content[begin:]
    # What a quote left open ends with the file, unless a line ends there.
    records = len(ends) + (rest not in (b"", b"\r") and not rest.endswith(b"\n"))
    before = tuple(sum(end < offset for end in ends) for offset in offsets)
    uniform = kinds in (set(), {"pair"}, {"newline"})
    return csv_count.Count(records, before, uniform, delimiters)


def test_counts_delimiters_of_several_octets() -> None:
    delimiter = "\N{BROKEN BAR}".encode()
    content = b"a".join([delimiter] * 200) + b'"' + delimiter + b'"\xc2\n'
    assert count_records(io.BytesIO(content), (), delimiter).delimiters == 200

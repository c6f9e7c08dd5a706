from __future__ import annotations

import io

import pytest

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

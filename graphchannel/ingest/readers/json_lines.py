"""Read JSON lines: one object a line, the union of their keys as columns, values as text."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.errors import InputError
from graphchannel.ingest.readers.files import stem_of
from graphchannel.ingest.readers.streams import open_bytes
from graphchannel.ingest.source import (
    RECORD,
    Source,
    check_header,
    fresh_name,
    size,
)
from graphchannel.ingest.staged import SourceReject
from graphchannel.ingest.values.forms import MISTAKABLE
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.source import Reading

_PLAIN_KEY = re.compile(r"[\w .-]+")  # any other may mean something in a JSON path
_CHUNK = 1 << 24
_BOM = b"\xef\xbb\xbf"


def read_json_lines(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    reading: Reading,  # noqa: ARG001 - every format reader has this signature
) -> list[Source]:
    """Stage a JSON lines file; a line that is no JSON object is rejected, nested values are text.

    Blank lines are no records. Raises InputError if no line is an object.
    """
    lines, relation = fresh_name("lines"), fresh_name("source")
    connection.execute(f"CREATE TEMP TABLE {lines} ({RECORD} BIGINT, line VARCHAR)")
    rejects = []
    records = 0
    for numbers, texts in _batches(path):
        records += len(numbers)
        rejects += _insert(connection, lines, numbers, texts)
    rejects += _refuse_other_values(connection, lines)
    if len(rejects) == records:
        seen = f"none of its {records} lines is a JSON object" if records else "the file is empty"
        raise InputError(f'{path}: {seen}; expected one object a line, such as {{"id": "A"}}.')
    keys = _keys(connection, lines)
    names = check_header(path.name, keys)
    shape = literal(json.dumps(dict.fromkeys(keys, "VARCHAR")))
    values = "".join(
        f", {_value(key)} AS {quoted(name)}" for key, name in zip(keys, names, strict=True)
    )
    connection.execute(
        f"""CREATE TEMP TABLE {relation} AS SELECT {RECORD}{values}
        FROM (SELECT {RECORD}, line, from_json(line, {shape}) AS fields FROM {lines})"""
    )
    connection.execute(f"DROP TABLE {lines}")
    if size(connection, relation) + len(rejects) != records:
        raise InputError(
            f"{path}: staged and rejected lines do not add up to the {records} lines of the file. "
            "This is a fault of graphchannel; please report it."
        )
    rejects.sort(key=lambda reject: reject.record)
    return [Source(path.name, (stem_of(path),), relation, names, records, tuple(rejects))]


def _value(key: str) -> str:
    """Give a value as text; a number whose decimals could be thousands gets one decimal more."""
    text = f"fields.{quoted(key)}"
    if not _PLAIN_KEY.fullmatch(key):
        return f"nullif({text}, '')"
    path = f'$."{key}"'
    number = f"json_type(line, {literal(path)}) = 'DOUBLE'"
    mistakable = f"regexp_full_match({text}, {literal(MISTAKABLE)})"
    return f"CASE WHEN {mistakable} AND {number} THEN {text} || '0' ELSE nullif({text}, '') END"


def _batches(path: Path) -> Iterator[tuple[list[int], list[bytes]]]:
    """Yield record numbers and lines, without line ends."""
    numbers = count(1)
    with open_bytes(path) as stream:
        if stream.read(len(_BOM)) != _BOM:
            stream.seek(0)
        while chunk := stream.read(_CHUNK):
            lines = (chunk + stream.readline()).split(b"\n")
            texts = [line for line in lines if line and not line.isspace()]
            yield [next(numbers) for _ in texts], texts


def _insert(
    connection: duckdb.DuckDBPyConnection, lines: str, numbers: list[int], texts: list[bytes]
) -> list[SourceReject]:
    """Insert lines; return rejects for those that are not UTF-8."""
    rejects = []
    column = pa.array(texts, pa.binary())
    try:
        column = column.cast(pa.string())
    except pa.ArrowInvalid:
        good: list[str | None] = []
        for number, text in zip(numbers, texts, strict=True):
            try:
                good.append(text.decode())
            except UnicodeDecodeError as error:
                good.append(None)
                reason = f"Byte 0x{text[error.start]:02X} at {error.start + 1} is not UTF-8 text."
                raw = text.decode(errors="backslashreplace")
                rejects.append(SourceReject(number, reason, raw))
        column = pa.array(good, pa.string())
    batch = fresh_name("batch")
    connection.register(batch, pa.table({RECORD: pa.array(numbers, pa.int64()), "line": column}))
    connection.execute(f"INSERT INTO {lines} FROM {batch} WHERE line IS NOT NULL")
    connection.unregister(batch)
    return rejects


def _refuse_other_values(connection: duckdb.DuckDBPyConnection, lines: str) -> list[SourceReject]:
    """Take lines that are no objects out of the table and return them as rejects."""
    kind = "CASE WHEN json_valid(line) THEN json_type(line) END"
    others = connection.execute(
        f"SELECT {RECORD}, line, {kind} FROM {lines} WHERE {kind} IS DISTINCT FROM 'OBJECT'"
    ).fetchall()
    if others:
        connection.execute(f"DELETE FROM {lines} WHERE {kind} IS DISTINCT FROM 'OBJECT'")
    return [SourceReject(record, _reason(line, kind), line) for record, line, kind in others]


def _reason(line: str, kind: str | None) -> str:
    if kind is not None:
        return f"The line is a JSON {kind.lower()}, but must be an object."
    try:
        json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"The line is not JSON: {error}."
    return "The line is not JSON."


def _keys(connection: duckdb.DuckDBPyConnection, lines: str) -> list[str]:
    """Return all keys, in the order in which they first occur."""
    rows = connection.execute(
        f"""SELECT json_keys(line), min({RECORD}) AS first_seen FROM {lines}
        GROUP BY ALL ORDER BY first_seen"""
    ).fetchall()
    return list(dict.fromkeys(key for keys, _ in rows for key in keys))

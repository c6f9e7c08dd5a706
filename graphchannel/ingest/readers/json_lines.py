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
    MOST_COLUMNS,
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
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.source import Reading

_PLAIN_KEY = re.compile(r"[\w .-]+")  # any other may mean something in a JSON path
_CHUNK = 1 << 24
_LONGEST = 1 << 24  # bytes of a line
_SHOWN = 1 << 10
_BOM = b"\xef\xbb\xbf"
_GROUPS = 1_000
_NESTED = "holds an object or a list, but must be one value; write its parts as keys of their own"


def read_json_lines(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    reading: Reading,  # noqa: ARG001 - every format reader has this signature
) -> list[Source]:
    """Stage a JSON lines file; a line that is no JSON object is rejected, nested values are text.

    So is an object with a key that is empty or stands twice: nobody could say which value counts.
    Blank lines are no records. Raises InputError if no line is an object.
    """
    lines, relation = fresh_name("lines"), fresh_name("source")
    connection.execute(f"CREATE TEMP TABLE {lines} ({RECORD} BIGINT, line VARCHAR)")
    try:
        rejects = []
        records = 0
        for numbers, texts in _batches(path):
            records += len(numbers)
            rejects += _insert(connection, lines, numbers, texts)
        rejects += _refuse_other_values(connection, lines)
        if len(rejects) == records:
            raise InputError(_no_object(path, records))
        keys, odd = _keys(connection, path, lines)
        rejects += odd
        if len(rejects) == records:
            raise InputError(f"{path}: no line can be read. {odd[0].reason}")
        names = check_header(path.name, keys)
        _extract(connection, lines, relation, dict(zip(keys, names, strict=True)))
        flaws = _nested(connection, lines, dict(zip(keys, names, strict=True)))
    finally:
        connection.execute(f"DROP TABLE {lines}")
    if size(connection, relation) + len(rejects) != records:
        raise InputError(
            f"{path}: staged and rejected lines do not add up to the {records} lines of the file. "
            "This is a fault of graphchannel; please report it."
        )
    rejects.sort(key=lambda reject: reject.record)
    stems = (stem_of(path),)
    return [Source(path.name, stems, relation, names, records, tuple(rejects), flaws=flaws)]


def _no_object(path: Path, records: int) -> str:
    seen = f"none of its {records} lines is a JSON object" if records else "the file is empty"
    with open_bytes(path) as stream:
        array = stream.read(_SHOWN).removeprefix(_BOM).lstrip().startswith(b"[")
    advice = " A list is turned into such lines by \"jq -c '.[]'\"." if array else ""
    return f'{path}: {seen}; expected one object a line, such as {{"id": "A"}}.{advice}'


def _value(key: str, at: int) -> str:
    """Give a value as text; a number whose decimals could be thousands gets one decimal more.

    It is told by its position: a key may be anything, which a name in SQL may not.
    """
    text = f"struct_extract_at(fields, {at})"
    if not _PLAIN_KEY.fullmatch(key):
        return f"nullif({text}, '')"
    path = f'$."{key}"'
    number = f"json_type(line, {literal(path)}) = 'DOUBLE'"
    mistakable = f"regexp_full_match({text}, {literal(MISTAKABLE)})"
    return f"CASE WHEN {mistakable} AND {number} THEN {text} || '0' ELSE nullif({text}, '') END"


def _batches(path: Path) -> Iterator[tuple[list[int], list[bytes]]]:
    """Yield record numbers and lines, without line ends; of a line that is too long, the start."""
    numbers = count(1)
    with open_bytes(path) as stream:
        if stream.read(len(_BOM)) != _BOM:
            stream.seek(0)
        while chunk := stream.read(_CHUNK):
            chunk += stream.readline(_LONGEST)
            lines = chunk.split(b"\n")
            if not chunk.endswith(b"\n") and len(lines[-1]) > _LONGEST:
                lines[-1] = lines[-1][: _LONGEST + 1]
                while (more := stream.readline(_CHUNK)) and not more.endswith(b"\n"):
                    pass
            texts = [line for line in lines if line and not line.isspace()]
            yield [next(numbers) for _ in texts], texts


def _extract(
    connection: duckdb.DuckDBPyConnection, lines: str, relation: str, names: Mapping[str, str]
) -> None:
    """Make a table of the values, as text, in the order of `names`, columns by key."""
    values = "".join(
        f", {_value(key, at)} AS {quoted(name)}" for at, (key, name) in enumerate(names.items(), 1)
    )
    connection.execute(
        f"""CREATE TEMP TABLE {relation} AS SELECT {RECORD}{values}
        FROM (SELECT {RECORD}, line, from_json(line, {_shape(names, "VARCHAR")}) AS fields
              FROM {lines})"""
    )


def _nested(
    connection: duckdb.DuckDBPyConnection, lines: str, names: Mapping[str, str]
) -> str | None:
    """Make a table of the values that are objects or lists; None if there are none."""
    relation = fresh_name("flaws")
    found = ", ".join(
        f"CASE WHEN json_type(struct_extract_at(fields, {at})) IN ('OBJECT', 'ARRAY')"
        f" THEN {literal(name)} END"
        for at, name in enumerate(names.values(), 1)
    )
    connection.execute(
        rf"""CREATE TEMP TABLE {relation} AS SELECT {RECORD}, name, {literal(_NESTED)} AS flaw
        FROM (SELECT {RECORD}, unnest([{found}]) AS name
              FROM (SELECT {RECORD}, from_json(line, {_shape(names, "JSON")}) AS fields
                    FROM {lines} WHERE regexp_matches(line, ':\s*[\[{{]')))
        WHERE name IS NOT NULL"""
    )
    if size(connection, relation):
        return relation
    connection.execute(f"DROP TABLE {relation}")
    return None


def _shape(names: Iterable[str], kind: str) -> str:
    return literal(json.dumps(dict.fromkeys(names, kind)))


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
    if len(line) > _LONGEST:
        return f"The line is longer than {_LONGEST:,} bytes."
    if kind is not None:
        return f"The line is a JSON {kind.lower()}, but must be an object."
    try:
        json.loads(line)
    except RecursionError:
        return "The line is not JSON: it is nested too deeply."
    except ValueError as error:
        return f"The line is not JSON: {error}."
    return "The line is not JSON: an escape such as \\ud83d stands for half a character."


def _keys(
    connection: duckdb.DuckDBPyConnection, path: Path, lines: str
) -> tuple[list[str], list[SourceReject]]:
    """Return all keys, in the order in which they first occur, and the lines with odd ones.

    These are taken out. Raises InputError for more keys than any table has columns.
    """
    groups = fresh_name("groups")
    connection.execute(
        f"""CREATE TEMP TABLE {groups} AS SELECT json_keys(line) AS keys, min({RECORD}) AS first
        FROM {lines} GROUP BY ALL ORDER BY first"""
    )
    keys: dict[str, None] = {}
    odd: list[list[str]] = []
    try:
        for start in range(0, size(connection, groups), _GROUPS):
            several = connection.execute(
                f"SELECT keys, first FROM {groups} WHERE rowid BETWEEN $start AND $start + $more",
                {"start": start, "more": _GROUPS - 1},
            ).fetchall()
            for own, first in sorted(several, key=lambda each: each[1]):
                _refuse_many(path, max(len(own), len(keys)), first)
                if _odd(own):
                    odd.append(own)
                else:
                    keys.update(dict.fromkeys(own))
        _refuse_many(path, len(keys), "the last")
    finally:
        connection.execute(f"DROP TABLE {groups}")
    return list(keys), _take_out(connection, lines, odd)


def _refuse_many(path: Path, count: int, line: object) -> None:
    if count > MOST_COLUMNS:
        raise InputError(
            f"{path}: up to record {line}, there are more than {MOST_COLUMNS:,} keys; no table has "
            "so many columns."
        )


def _take_out(
    connection: duckdb.DuckDBPyConnection, lines: str, odd: list[list[str]]
) -> list[SourceReject]:
    """Take lines with odd keys out of the table and return them as rejects."""
    if not odd:
        return []
    wanted = fresh_name("odd")
    columns = {"keys": pa.array(odd, pa.list_(pa.string())), "why": [_odd(own) for own in odd]}
    connection.register(wanted, pa.table(columns))
    found = connection.execute(
        f"SELECT {RECORD}, why, line FROM {lines} JOIN {wanted} ON json_keys(line) = keys"
    ).fetchall()
    connection.execute(f"DELETE FROM {lines} WHERE json_keys(line) IN (SELECT keys FROM {wanted})")
    connection.unregister(wanted)
    return [SourceReject(*each) for each in found]


def _odd(keys: list[str]) -> str:
    """Say why keys of one object cannot all name a column; empty if they can."""
    seen: set[str] = set()
    for key in keys:
        folded = key.strip().casefold()
        if not folded:
            return "A key of the object is empty; name it or leave it out."
        if not key.isprintable():
            return f"The key {json.dumps(key)} has characters that cannot be seen; rename it."
        if folded in seen:
            return f"The key '{key.strip()}' stands twice in the object; leave one of them out."
        seen.add(folded)
    return ""

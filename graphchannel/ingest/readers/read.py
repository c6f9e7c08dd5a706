"""Read one file in the format that it really has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.readers.content import JSON, PARQUET, WORKBOOKS, content_of
from graphchannel.ingest.readers.csv_file import read_csv
from graphchannel.ingest.readers.files import format_of
from graphchannel.ingest.readers.json_lines import read_json_lines
from graphchannel.ingest.readers.parquet import read_parquet
from graphchannel.ingest.readers.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.source import Reading, Source

_READERS: Mapping[str, Callable[..., list[Source]]] = {
    "csv": read_csv,
    "json": read_json_lines,
    "parquet": read_parquet,
    "workbook": read_workbook,
}
_CALLED = {
    "csv": "delimited text",
    "json": "JSON",
    "parquet": "Parquet",
    "workbook": "a workbook",
}


def read_sources(
    connection: duckdb.DuckDBPyConnection, path: Path, reading: Reading
) -> list[Source]:
    """Stage the records of a file in the format that it really has, a source for each sheet."""
    return read_file(connection, path, reading)[1]


def read_file(
    connection: duckdb.DuckDBPyConnection, path: Path, reading: Reading
) -> tuple[str, list[Source]]:
    """Stage the records of a file, a source for each sheet; return the file's format as well.

    The format is the one that the content shows. Raises InputError for a file that cannot be read,
    with what it is and what to do.
    """
    by_name, format_ = format_of(path), real_format(path)
    sources = _READERS[format_](connection, path, reading)
    if format_ == by_name:
        return format_, sources
    warning = f"{path.name}: the file is {_CALLED[format_]}, whatever its name says; read as such."
    first = replace(sources[0], warnings=(warning, *sources[0].warnings))
    return format_, [first, *sources[1:]]


def real_format(path: Path) -> str:
    """Return the format that the content of a file shows; raises InputError if it is none."""
    by_name = format_of(path)
    content = content_of(path)
    if content in WORKBOOKS:
        return "workbook"
    if content == PARQUET:
        return "parquet"
    if content == JSON:
        if by_name != "json":
            raise InputError(
                f"{path}: the file is JSON, not {_CALLED[by_name]}; write one object a line and "
                "name the file .jsonl."
            )
        return "json"
    if by_name == "parquet":
        raise InputError(f"{path}: the file cannot be read as Parquet: it is text.")
    return by_name if by_name == "json" else "csv"

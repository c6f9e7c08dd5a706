"""Read Parquet: columns keep the types of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from graphchannel.errors import InputError
from graphchannel.ingest.readers.files import stem_of
from graphchannel.ingest.source import (
    RECORD,
    Source,
    check_header,
    exact_path,
    fresh_name,
    size,
)
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.source import Reading


def read_parquet(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    reading: Reading,  # noqa: ARG001 - every format reader has this signature
) -> list[Source]:
    """Stage a Parquet file; raises InputError for a nested or binary column, naming it."""
    try:
        with pq.ParquetFile(path) as file:
            schema, records = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: the file cannot be read as Parquet ({error}).") from error
    names = check_header(path.name, schema.names)
    for field in schema:
        _refuse_nested(path, field)
    selected = "".join(
        f", {_value(field)} AS {quoted(name)}" for field, name in zip(schema, names, strict=True)
    )
    relation = fresh_name("source")
    connection.execute(
        f"""CREATE TEMP TABLE {relation} AS SELECT file_row_number + 1 AS {RECORD}{selected}
        FROM read_parquet({literal(exact_path(path))}, file_row_number = true)"""
    )
    staged = size(connection, relation)
    if staged != records:
        raise InputError(f"{path}: the file announces {records} rows but holds {staged}.")
    return [Source(path.name, (stem_of(path),), relation, names, records)]


def _value(field: pa.Field) -> str:
    name = quoted(field.name)
    is_text = pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    return f"nullif({name}, '')" if is_text else name


def _refuse_nested(path: Path, field: pa.Field) -> None:
    kind = field.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise InputError(
            f"{path}: column '{field.name}' holds {kind} values, but a column must hold one text, "
            "number, date or truth value a row; flatten it or leave it out."
        )

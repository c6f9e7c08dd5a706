"""Read Parquet: columns keep the types of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
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
    from collections.abc import Sequence
    from pathlib import Path

    from graphchannel.ingest.source import Reading

_FEW_ROWS = 10_000_000
_ROW_NUMBER = "file_row_number"


def read_parquet(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    reading: Reading,  # noqa: ARG001 - every format reader has this signature
) -> list[Source]:
    """Stage a Parquet file; raises InputError for a nested or binary column, naming it.

    So it does for a damaged file, and for one that announces more rows than it can hold.
    """
    try:
        with pq.ParquetFile(path) as file:
            schema, records = file.schema_arrow, file.metadata.num_rows
            old = [field.name for at, field in enumerate(schema) if _is_int96(file, at)]
    except (pa.ArrowException, OSError, UnicodeDecodeError, ValueError) as error:
        raise _damaged(path, error) from error
    if records > max(_FEW_ROWS, path.stat().st_size):
        raise InputError(
            f"{path}: the file announces {records:,} rows, more than its bytes; no table of lines "
            "is like that. Nothing of it is loaded."
        )
    names = check_header(path.name, schema.names)
    _refuse_odd(path, schema.names)
    for field in schema:
        _refuse_nested(path, field)
    selected = "".join(
        f", {_value(field)} AS {quoted(name)}" for field, name in zip(schema, names, strict=True)
    )
    relation = fresh_name("source")
    try:
        connection.execute(
            f"""CREATE TEMP TABLE {relation} AS SELECT file_row_number + 1 AS {RECORD}{selected}
            FROM read_parquet({literal(exact_path(path))}, file_row_number = true)"""
        )
    except duckdb.Error as error:
        raise _damaged(path, error) from error
    for name in old:
        _keep_zone(connection, relation, names[schema.get_field_index(name)])
    staged = size(connection, relation)
    if staged != records:
        raise InputError(f"{path}: the file announces {records} rows but holds {staged}.")
    return [Source(path.name, (stem_of(path),), relation, names, records)]


def _damaged(path: Path, error: Exception) -> InputError:
    said = str(error).split("\n", maxsplit=1)[0].rstrip(".")
    return InputError(
        f"{path}: the file cannot be read as Parquet ({said}): it was cut or damaged, or another "
        "program than its name says wrote it. Have it sent again."
    )


def _refuse_odd(path: Path, names: Sequence[str]) -> None:
    """Raise InputError for a name that DuckDB could not be asked for."""
    for at, name in enumerate(names, 1):
        if not name.strip():
            raise InputError(f"{path}: column {at} has no name; give it one or leave it out.")
        if not name.isprintable():
            raise InputError(
                f"{path}: the name of column {at} has characters that cannot be seen; rename it."
            )
        if name.casefold() == _ROW_NUMBER:
            raise InputError(
                f"{path}: column '{name}' has a name that the reader of Parquet keeps for itself; "
                "rename it in the source."
            )


def _is_int96(file: pq.ParquetFile, at: int) -> bool:
    """Tell whether a column holds moments in the old form, which does not say in which zone."""
    return bool(
        len(file.schema) == len(file.schema_arrow)
        and file.schema.column(at).physical_type == "INT96"
    )


def _keep_zone(connection: duckdb.DuckDBPyConnection, relation: str, name: str) -> None:
    """Take moments in the old form as those of UTC unless all are midnight, and so are days.

    Spark writes 22:00 of the day before for midnight in Berlin, other programs the local time.
    """
    moment = quoted(name)
    times = f"SELECT 1 FROM {relation} WHERE {moment} <> date_trunc('day', {moment})"
    if size(connection, f"({times} LIMIT 1)"):
        connection.execute(
            f"ALTER TABLE {relation} ALTER {moment} TYPE TIMESTAMPTZ"
            f" USING {moment} AT TIME ZONE 'UTC'"
        )


def _value(field: pa.Field) -> str:
    name = quoted(field.name)
    if pa.types.is_time(field.type):
        return f"{name}::VARCHAR"
    is_text = pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    return f"nullif({name}, '')" if is_text else name


def _refuse_nested(path: Path, field: pa.Field) -> None:
    kind = field.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise InputError(
            f"{path}: column '{field.name}' holds {kind} values, but a column must hold one text, "
            "number, date or truth value a row; flatten it or leave it out."
        )

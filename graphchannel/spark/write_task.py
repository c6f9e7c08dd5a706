"""The task that writes the lines, or the units, of a month: as `export` would."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.spark.lake import SORTED, write_file
from graphchannel.spark.line_rows import on_one_core, scratch
from graphchannel.text import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["MONTH_SCHEMA", "PART", "Month", "write_months"]

MONTH_SCHEMA = pa.schema([("file", pa.string())])
PART = ".part"  # ends the name of a file that is not whole

Month = tuple[str, str]  # a relation, and the month of its rows


def write_months(
    numbers: Iterable[pa.RecordBatch],
    months: Sequence[Month],
    columns: Mapping[str, str],
    accepted: Path,
    folder: Path,
) -> Iterator[pa.RecordBatch]:
    """Write the months of some numbers below `folder`; yield each file as JSON.

    `columns` are those of each relation. A file comes to its place whole, also where two tasks
    write the same.
    """
    for batch in numbers:
        for number in batch.column(0).to_pylist():
            name, month = months[number]
            rows = accepted / f"_kind={name}" / f"_month={month}" / "*.parquet"
            path = f"{name}/month={month}/part.parquet"
            beside = f"{path}.{secrets.token_hex(4)}{PART}"
            select = f"""SELECT {columns[name]}
                FROM read_parquet({literal(rows)}, hive_partitioning = false)
                ORDER BY {SORTED[name]}"""
            with scratch() as room, on_one_core(room / "month.duckdb") as connection:
                # Rows of a table come in the same portions, and so as the same bytes, whatever
                # files they were in before.
                connection.execute(f"CREATE TABLE line_of_month AS {select}")
                written = write_file(connection, "FROM line_of_month", folder, beside)
            (folder / beside).replace(folder / path)
            said = json.dumps(asdict(replace(written, path=path)))
            yield pa.RecordBatch.from_pylist([{"file": said}], schema=MONTH_SCHEMA)

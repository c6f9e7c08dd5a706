"""Rows that bring some columns alone: the others stay as they are.

A file without a column says nothing about it. Its rows in `_left` are completed with what another
source of the same load says under their key, the first that brings the column, else with what is
stored. From then on they are whole rows like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.conform import raw
from graphchannel.schema import Kind
from graphchannel.text import quoted

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from graphchannel.ingest.batch import Batch
    from graphchannel.ingest.staged import Staged
    from graphchannel.schema import TableColumn

_LATER = 1 << 40  # more than the records of a source, so that sources stand one after the other


def complete(batch: Batch) -> None:
    """Fill what the rows of `_left` lack; where nothing is known, they stay empty."""
    lacking = {
        column.name: (column, lacks)
        for column in batch.table.columns
        if (lacks := batch.lacks("t", column)) is not None
    }
    if not lacking:
        return
    brought = _brought_columns(batch, lacking)
    filled = [
        item
        for column, lacks in lacking.values()
        for item in _filled(column, lacks, brought=column.name in brought)
    ]
    extra = f"EXCLUDE ({', '.join(map(_brought, brought))})" if brought else ""
    batch.run(
        f"""CREATE OR REPLACE TEMP TABLE _whole AS
            SELECT t.* {extra} REPLACE ({", ".join(filled)})
            FROM (SELECT *{"".join(brought.values())} FROM _left AS t) AS t
            LEFT JOIN main.{batch.table.name} AS m ON {batch.same_key("t", "m")};
        DROP TABLE _left; ALTER TABLE _whole RENAME TO _left"""
    )


def _brought_columns(batch: Batch, lacking: dict[str, tuple[TableColumn, str]]) -> dict[str, str]:
    """Select what sources of the load bring under the same key, for columns that some lack."""
    if len(batch.sources) < 2:
        return {}
    return {
        name: f""", arg_min({{'v': t.{quoted(name)}, 'r': t.{quoted(raw(column))}}},
                t._source * {_LATER} + t._record)
            FILTER (WHERE ({lacks}) IS NOT TRUE AND t._source < {len(batch.sources)})
            OVER (PARTITION BY {batch.key}) AS {_brought(name)}"""
        for name, (column, lacks) in lacking.items()
        if lacks != "true"
    }


def _brought(name: str) -> str:
    return quoted(f"_brought_{name}")


def _filled(column: TableColumn, lacks: str, *, brought: bool) -> Iterator[str]:
    """Give the value of a column and, where it is cast, its text."""
    names = [(column.name, "v", "")]
    if column.kind is not Kind.STRING:
        names.append((raw(column), "r", "::VARCHAR"))
    for name, part, cast in names:
        other = f"t.{_brought(column.name)}"
        first = f"WHEN {other} IS NOT NULL THEN {other}.{part} " if brought else ""
        yield (
            f"CASE WHEN ({lacks}) IS NOT TRUE THEN t.{quoted(name)} {first}WHEN m._load IS NOT NULL"
            f" THEN m.{quoted(column.name)}{cast} ELSE t.{quoted(name)} END AS {quoted(name)}"
        )


def refuse_strangers(sources: Sequence[Staged], counts: Counter[tuple[int, str]]) -> None:
    """Raise InputError for a source that lacks a required column and is about no known row."""
    for number, source in enumerate(sources):
        known = (counts[number, status] for status in ("added", "corrected", "unchanged"))
        if source.lacks is not None and not any(known):
            raise InputError(source.lacks)

"""The task that accepts or rejects lines and units, in a copy of the workspace without lines.

A task has all rows that may meet: those of one line's id, whoever writes it with other zeros, case
or signs. So it is a load like any other, of a part of the keys.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.ingest.accept import accept
from graphchannel.ingest.batch import Batch
from graphchannel.ingest.values.read import Values
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.spark.lake import relation
from graphchannel.spark.line_rows import (
    LINE_TABLES,
    arrived,
    batches,
    of_table,
    scratch,
    typed_columns,
)
from graphchannel.text import literal, quoted
from graphchannel.workspace import Workspace, create_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from graphchannel.policy import Policy
    from graphchannel.schema import Table
    from graphchannel.spark.line_rows import LineSource

__all__ = ["COUNTS", "LOAD", "REJECTS", "judge_rows", "outcome_schema"]

LOAD = 1  # a lake is written whole: what it stands on knows no other load
COUNTS, REJECTS = "counts", "rejects"  # `_kind`, beside the relations of the graph
_OUTCOMES = pa.schema(
    [("table", pa.string()), ("source", pa.int64()), ("status", pa.string()), ("rows", pa.int64())]
)


@cache
def outcome_schema() -> pa.Schema:
    """Return the Arrow schema of what comes out."""
    with create_workspace(None, load_policy(pack())) as workspace:
        _register_counts(workspace, [])
        select = f"{_outcome(workspace)} LIMIT 0"
        return workspace.connection.sql(select).to_arrow_table().schema


def judge_rows(
    rows: Iterable[pa.RecordBatch],
    base: Path,
    sources: Sequence[LineSource],
    policy: Policy,
    schema: pa.Schema,
) -> Iterator[pa.RecordBatch]:
    """Judge the rows of a part; yield lines and units as the graph has them, rejects, and counts.

    `base` is the file of the workspace with all other tables, `schema` that of `outcome_schema`.
    """
    given = arrived(rows)
    if given is None:
        return
    with scratch() as folder:
        shutil.copyfile(base, folder / "part.duckdb")
        with open_workspace(folder / "part.duckdb", write=True) as workspace:
            workspace.connection.execute("SET threads = 1")
            _take(workspace, given, sources)
            counts = []
            for one in LINE_TABLES:
                counts += _accepted(workspace, one, of_table(sources, one), policy)
            _register_counts(workspace, counts)
            yield from batches(workspace.connection, _outcome(workspace), schema)


def _take(workspace: Workspace, given: pa.RecordBatchReader, sources: Sequence[LineSource]) -> None:
    """Put what arrived into a table in the order of the files; `_source` is as a batch has it."""
    places = [
        {"code": source.code, "place": place}
        for one in LINE_TABLES
        for place, source in enumerate(of_table(sources, one))
    ]
    connection = workspace.connection
    connection.register("_given_rows", given)
    connection.register("_given_places", pa.Table.from_pylist(places))
    connection.execute(
        """CREATE TEMP TABLE line_row AS
           SELECT p.place AS _source, r.* FROM _given_rows AS r
           JOIN _given_places AS p ON p.code = r._code ORDER BY _table, _source, _place"""
    )
    connection.unregister("_given_rows")
    connection.unregister("_given_places")


def _accepted(
    workspace: Workspace, one: Table, sources: Sequence[LineSource], policy: Policy
) -> list[dict[str, object]]:
    """Take in what is right of the rows of a table; count how the rows of each source ended."""
    rows = f"FROM line_row WHERE _table = {literal(one.name)}"
    if not workspace.connection.execute(f"SELECT 1 {rows} LIMIT 1").fetchall():
        return []
    names = ("_source", "_record", "_delivered", "_why", "_alone")
    columns = ", ".join(quoted(name) for name in (*names, *(n for n, _ in typed_columns(one))))
    staged = tuple(
        replace(source.staged, problems=None, raw=_as_they_came(rows, place))
        for place, source in enumerate(sources)
    )
    batch = Batch(
        workspace.connection,
        one,
        staged,
        None,
        LOAD,
        policy,
        tuple(Values("line_row", refused=True) for _ in staged),
        typed=f"(SELECT {columns} {rows})",
    )
    accepted = accept(batch)
    ended = [*accepted.counts.items()]
    ended += [((source, "repeated"), count) for source, count in accepted.repeated.items()]
    return [
        {"table": one.name, "source": source, "status": status, "rows": count}
        for (source, status), count in ended
    ]


def _as_they_came(rows: str, place: int) -> str:
    """Select the records of a source; a loader may have made several rows of one."""
    return f"""(SELECT _record, any_value(_came) AS raw {rows} AND _source = {place}
        GROUP BY _record)"""


def _register_counts(workspace: Workspace, counts: Sequence[dict[str, object]]) -> None:
    workspace.connection.register("_ended", pa.Table.from_pylist(list(counts), _OUTCOMES))


def _outcome(workspace: Workspace) -> str:
    """Select all that comes out, with `_kind` and the month of a line."""
    lines = " UNION ALL BY NAME ".join(
        f"SELECT {literal(name)} AS _kind, strftime(shipped_on, '%Y-%m') AS _month, *"
        f" FROM ({relation(workspace.connection, name)})"
        for name in ("supplied", "handed_over")
    )
    names = ", ".join(literal(one.name) for one in LINE_TABLES)
    return f"""{lines} UNION ALL BY NAME
        SELECT {literal(REJECTS)} AS _kind, 'all' AS _month, id AS number, file, record, "table",
            "column", code, reason, raw, delivered::VARCHAR AS delivered, loader
        FROM admin.rejects WHERE "table" IN ({names}) UNION ALL BY NAME
        SELECT {literal(COUNTS)} AS _kind, 'all' AS _month, "table", source, status, rows
        FROM _ended"""

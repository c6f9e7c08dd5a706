"""The workspace in a lake that was loaded: all but lines and units, which are views of the lake."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.complete import refuse_strangers
from graphchannel.ingest.file_report import file_report
from graphchannel.ingest.keep import keep_source_rejects
from graphchannel.ingest.load_history import keep_files
from graphchannel.ingest.periods import keep_periods
from graphchannel.ingest.unpriced import without_currency
from graphchannel.lookup import implausible_days
from graphchannel.schema import DERIVED, TABLES, table
from graphchannel.spark.judge_task import COUNTS, LOAD, REJECTS
from graphchannel.spark.line_rows import LINE_TABLES, of_table
from graphchannel.text import literal, quoted
from graphchannel.workspace import LAKE, SQL_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

    from graphchannel.ingest import FileReport
    from graphchannel.spark.lake import LakeTable
    from graphchannel.spark.line_rows import LineSource
    from graphchannel.workspace import Workspace

__all__ = ["identity", "keep_outcome", "refuse_inexact", "stand_on_lake", "told_of_lines"]

_EXACT = 10**11  # a double tells all amounts below by their four decimals
_NAMESPACE = uuid.UUID("0a4f6f0e-6a0d-5d2a-8f43-3f1d2f6c9b11")


def keep_outcome(
    workspace: Workspace, sources: Sequence[LineSource], accepted: Path
) -> tuple[FileReport, ...]:
    """Write what was rejected, and return what became of each source, in their order.

    Raises InputError where records are not accounted for.
    """
    reports: dict[int, FileReport] = {}
    for one in LINE_TABLES:
        own = of_table(sources, one)
        for source in own:
            keep_source_rejects(workspace.connection, source.staged, LOAD)
        _keep_rejects(workspace.connection, one.name, own, accepted)
        counts, repeated = _counts(workspace.connection, one.name, accepted)
        refuse_strangers([source.staged for source in own], counts)
        for place, source in enumerate(own):
            reports[source.code] = file_report(
                source.staged, place, counts, repeated, source.remarks
            )
    order = ", ".join(literal(each.name) for each in TABLES)
    workspace.connection.execute(
        f"""UPDATE admin.rejects AS r SET id = n.number FROM
            (SELECT id, row_number() OVER (ORDER BY list_position([{order}], "table"), id)
                AS number FROM admin.rejects) AS n WHERE n.id = r.id"""
    )
    return tuple(reports[source.code] for source in sources)


def _keep_rejects(
    connection: duckdb.DuckDBPyConnection, name: str, sources: Sequence[LineSource], accepted: Path
) -> None:
    """Append rejects in the order of a load: by source, then record."""
    rows = _outcome(accepted, REJECTS)
    if rows is None:
        return
    labels = ", ".join(literal(source.staged.file) for source in sources) or "NULL"
    connection.execute(
        f"""INSERT INTO admin.rejects
            SELECT (SELECT coalesce(max(id), 0) FROM admin.rejects) + row_number() OVER
                    (ORDER BY list_position([{labels}], file), record, number, reason),
                {LOAD}, file, record, "table", "column", code, reason, raw, delivered::JSON,
                loader, [], NULL, NULL
            FROM {rows} WHERE "table" = {literal(name)}"""
    )


def _counts(
    connection: duckdb.DuckDBPyConnection, name: str, accepted: Path
) -> tuple[Counter[tuple[int, str]], Counter[int]]:
    """Sum how the rows of each source ended, and how many repeat an earlier one."""
    rows = _outcome(accepted, COUNTS)
    counts, repeated = Counter[tuple[int, str]](), Counter[int]()
    if rows is not None:
        found = connection.execute(
            f"""SELECT source, status, sum(rows)::BIGINT FROM {rows}
                WHERE "table" = {literal(name)} GROUP BY ALL"""
        ).fetchall()
        for source, status, count in found:
            if status == "repeated":
                repeated[source] = count
            else:
                counts[source, status] = count
    return counts, repeated


def _outcome(accepted: Path, kind: str) -> str | None:
    """Name the rows of a kind that came out; None if there are none."""
    folder = accepted / f"_kind={kind}"
    if not folder.is_dir():
        return None
    return f"read_parquet({literal(folder / '*' / '*.parquet')}, hive_partitioning = false)"


def stand_on_lake(workspace: Workspace, files: Sequence[FileReport], id_: str) -> None:
    """Make lines and units views of the lake around the workspace, and write what it is of."""
    connection = workspace.connection
    derived = "".join(f", {column.name}" for column in DERIVED)
    lines = ", ".join(
        f"{quoted(column.name)}::{SQL_TYPES[column.kind]} AS {quoted(column.name)}"
        for column in table("shipments").columns
    )
    for name, columns, relation in (
        ("shipments", f"{lines}, _load::INTEGER AS _load{derived}", "supplied"),
        ("serials", "shipment_id, serial, _load::INTEGER AS _load", "handed_over"),
    ):
        more = f", {LOAD} AS _derived" if name == "shipments" else ""
        connection.execute(
            f"""DROP TABLE main.{name}; CREATE VIEW main.{name} AS SELECT {columns}{more}
                FROM read_parquet('{relation}/**/*.parquet', hive_partitioning = false)"""
        )
    connection.execute("UPDATE admin.meta SET value = ? WHERE key = 'id'", [id_])
    connection.execute("INSERT INTO admin.meta VALUES (?, 'around')", [LAKE])
    connection.execute("DELETE FROM admin.files")
    keep_files(connection, LOAD, files)
    keep_periods(connection, LOAD, None)


def told_of_lines(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Say what a load says of new lines, but for likely duplicates among them."""
    return (
        *without_currency(connection, LOAD),
        *implausible_days(connection, f"_load = {LOAD}"),
    )


def refuse_inexact(connection: duckdb.DuckDBPyConnection, accepted: Path) -> None:
    """Raise InputError for an amount that the lake would not keep to its last decimal."""
    rows = _outcome(accepted, "supplied")
    if rows is None:
        return
    found = connection.execute(
        f"SELECT min(id) FROM {rows} WHERE abs(amount) >= {_EXACT}"
    ).fetchall()[0][0]
    if found is not None:
        raise InputError(
            f"Line '{found}' has an amount of {_EXACT:,} or more, which a lake does not keep "
            "exactly; load the files into a workspace."
        )


def identity(tables: Sequence[LakeTable], policy: str) -> str:
    """Return an id that the same content always has, and no other."""
    hashes = [file.sha256 for one in tables for file in one.files]
    content = hashlib.sha256("\n".join([policy, *hashes]).encode()).hexdigest()
    return str(uuid.uuid5(_NAMESPACE, content))

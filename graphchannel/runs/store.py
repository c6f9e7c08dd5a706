"""Runs in the workspace: written after a scan, or beside the workspace while others hold it.

A scan reads; many may at once. Its run is written when it has let go of the workspace. Where
another process holds that, the run waits in a file of the folder `<workspace>.runs`, and whoever
next writes runs takes it in. So scans never wait for each other, and lose nothing.

What was found is kept as versions: a row of `admin.run_findings` holds from the run `_run` on,
until before `_ended`, counting whole runs alone.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from graphchannel.files import replacing
from graphchannel.findings.kept_rows import write_kept
from graphchannel.runs.consequences import consequences
from graphchannel.runs.model import STATE, Run, RunRecord
from graphchannel.worklist.store import add_events
from graphchannel.workspace import first_row, one_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb
    import pyarrow as pa

    from graphchannel.workspace import Workspace

__all__ = [
    "drop_set_aside",
    "read_runs",
    "read_texts",
    "set_aside",
    "set_aside_records",
    "write_runs",
]

_META = b"graphchannel.run"


def read_runs(
    connection: duckdb.DuckDBPyConnection, waiting: Sequence[RunRecord] = ()
) -> tuple[Run, ...]:
    """Return all runs, oldest first; those that wait to be written come last."""
    rows = connection.execute(
        "SELECT number, id, ran_at, load, as_of, whole, manifest, key FROM admin.runs"
        " ORDER BY number"
    ).fetchall()
    runs = [
        Run(number, id_, ran_at, load, as_of, whole, json.loads(manifest))
        for number, id_, ran_at, load, as_of, whole, manifest, _ in rows
    ]
    known = {row[7] for row in rows}
    last = runs[-1].number if runs else 0
    late = [record for record in waiting if record.key not in known]
    runs += [_run(last + place, one) for place, one in enumerate(sorted(late, key=_order), 1)]
    return tuple(runs)


def write_runs(workspace: Workspace, records: Iterable[RunRecord]) -> None:
    """Write runs into a workspace that is open for writing, each once, in the order of time."""
    with workspace.transaction():
        for record in sorted(records, key=_order):
            sql = "SELECT 1 FROM admin.runs WHERE key = $key"
            if first_row(workspace.connection, sql, {"key": record.key}) is None:
                _write(workspace.connection, record)


def read_texts(
    connection: duckdb.DuckDBPyConnection, waiting: Sequence[RunRecord] = ()
) -> dict[str, str]:
    """Return the texts that runs followed, by their hash."""
    rows = connection.execute("SELECT hash, text FROM admin.texts").fetchall()
    late = {hash_: text for record in waiting for hash_, text in record.texts.items()}
    return late | dict(rows)


def set_aside(path: Path, records: Iterable[RunRecord]) -> None:
    """Write runs into files beside the workspace at `path`. Raises OSError."""
    folder = _folder(path)
    folder.mkdir(exist_ok=True)
    for record in records:
        with replacing(folder / f"{record.key}.parquet", binary=True) as stream:
            pq.write_table(_table(record), stream, compression="zstd")


def set_aside_records(path: Path) -> dict[Path, RunRecord]:
    """Return the runs that wait beside the workspace at `path`, by their file."""
    found = {}
    for file in sorted(_folder(path).glob("*.parquet")):
        try:
            found[file] = _read(file)
        except FileNotFoundError:
            continue  # another process has taken it in meanwhile
    return found


def drop_set_aside(files: Iterable[Path]) -> None:
    """Remove files whose runs were taken in, and their folder once it is empty."""
    folders = set()
    for file in files:
        file.unlink(missing_ok=True)
        folders.add(file.parent)
    for folder in folders:
        if not any(folder.iterdir()):
            folder.rmdir()


def _order(record: RunRecord) -> datetime:
    """Return the moment, in seconds: of the same one, runs stay in the order in which they came."""
    return record.at


def _run(number: int, record: RunRecord) -> Run:
    manifest = record.manifest
    return Run(
        number,
        manifest["id"],
        record.at,
        manifest["load"],
        record.as_of,
        record.findings is not None,
        manifest,
    )


def _write(connection: duckdb.DuckDBPyConnection, record: RunRecord) -> None:
    follows = consequences(connection, record)
    number = one_number(connection, "SELECT coalesce(max(number), 0) + 1 FROM admin.runs")
    run = _run(number, record)
    connection.execute(
        "INSERT INTO admin.runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [number, record.key, run.id, run.at, run.load, run.as_of, run.whole, _text(run.manifest)],
    )
    known = {hash_ for (hash_,) in connection.execute("SELECT hash FROM admin.texts").fetchall()}
    new = [(hash_, text) for hash_, text in record.texts.items() if hash_ not in known]
    if new:
        connection.executemany("INSERT INTO admin.texts VALUES (?, ?)", new)
    if record.findings is not None:
        _write_findings(connection, number, record.findings)
    if record.kept is not None:
        write_kept(connection, record.kept)
    add_events(connection, follows)


def _write_findings(connection: duckdb.DuckDBPyConnection, number: int, findings: pa.Table) -> None:
    """Let what is found now be the last version: end what differs, add what is new or other."""
    same = " AND ".join(f"o.{name} IS NOT DISTINCT FROM n.{name}" for name in STATE)
    columns = ", ".join(STATE)
    connection.register("_run_found", findings)
    try:
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE _run_now AS SELECT {columns} FROM _run_found;
            UPDATE admin.run_findings AS o SET _ended = {number}
                WHERE _ended IS NULL AND NOT EXISTS (SELECT 1 FROM _run_now AS n WHERE {same});
            INSERT INTO admin.run_findings
                SELECT {columns}, {number}, NULL FROM _run_now AS n WHERE NOT EXISTS
                    (SELECT 1 FROM admin.run_findings AS o WHERE o._ended IS NULL AND {same});
            DROP TABLE _run_now"""
        )
    finally:
        connection.unregister("_run_found")


def _folder(path: Path) -> Path:
    return path.with_name(f"{path.name}.runs")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(record: RunRecord) -> pa.Table:
    """Return the findings with everything else as metadata, for a file."""
    import pyarrow as pa  # noqa: PLC0415 - only where a run has to wait

    table = pa.table({"none": pa.array([], pa.int8())})
    if record.findings is not None:
        table = record.findings
    content = {
        "key": record.key,
        "at": record.at.isoformat(),
        "manifest": record.manifest,
        "texts": record.texts,
        "whole": record.findings is not None,
    }
    return table.replace_schema_metadata({_META: _text(content).encode()})


def _read(file: Path) -> RunRecord:
    table = pq.read_table(file)
    content = json.loads((table.schema.metadata or {})[_META])
    return RunRecord(
        content["key"],
        datetime.fromisoformat(content["at"]),
        content["manifest"],
        content["texts"],
        table if content["whole"] else None,
    )

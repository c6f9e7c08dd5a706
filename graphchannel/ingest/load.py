"""One load: sources staged, conformed, accepted or rejected, derived; in one transaction."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest import derive
from graphchannel.ingest.accept import accept, restore_optimizers
from graphchannel.ingest.batch import Batch
from graphchannel.ingest.keep import (
    close_corrected,
    close_replaced,
    count_retried,
    keep_source_rejects,
    stage_retried,
)
from graphchannel.ingest.loads import begin_load, finish_load
from graphchannel.ingest.outcome import ColumnChange, FileReport, LoadReport
from graphchannel.ingest.replace import refuse_dangling, refuse_unread, withdraw
from graphchannel.schema import TABLES, Table
from graphchannel.workspace import write_policy

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping, Sequence

    import duckdb

    from graphchannel.ingest.staged import Staged
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Run:
    """What a load is about."""

    connection: duckdb.DuckDBPyConnection
    staged: Sequence[Staged]
    policy: Policy
    replace: frozenset[str]
    keep_empty: frozenset[str]
    load: int
    retried: Mapping[str, int]
    progress: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of the rows of one table; `files` by the number of the staged source."""

    table: str
    files: dict[int, FileReport]
    retried: int
    withdrawn: int
    changes: tuple[ColumnChange, ...]


def load_staged(
    workspace: Workspace,
    staged: Sequence[Staged],
    policy: Policy,
    *,
    replace: Sequence[str] = (),
    keep_empty: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> LoadReport:
    """Load what readers staged on the workspace's own connection.

    `progress` is told each step. `replace` names tables of which this load is the full snapshot,
    `keep_empty` tables of which an empty value leaves what is stored.
    Raise InputError, and change nothing, if stored rows refer to one that the snapshot no longer
    has, or if records got lost.
    """
    connection = workspace.connection
    with ExitStack() as after, workspace.transaction():
        after.callback(restore_optimizers, connection)
        load = begin_load(connection)
        if workspace.policy_fingerprint != policy.fingerprint:
            write_policy(connection, policy)
            derive.derive(connection, load)
        for source in staged:
            close_corrected(connection, source, load)
        for name in replace:
            close_replaced(connection, name, load)
        retried = count_retried(connection)
        told = (frozenset(replace), frozenset(keep_empty))
        run = _Run(connection, staged, policy, *told, load, retried, progress)
        outcomes = _load_tables(run)
        withdrawn = tuple((o.table, o.withdrawn) for o in outcomes if o.table in run.replace)
        refuse_dangling(connection, [name for name, count in withdrawn if count])
        by_number = {number: file for o in outcomes for number, file in o.files.items()}
        files = tuple(by_number[number] for number in range(len(staged)))
        _write_files(run, files)
        changes = tuple(change for o in outcomes for change in o.changes)
        report = LoadReport(run.load, files, sum(o.retried for o in outcomes), withdrawn, changes)
        finish_load(
            connection,
            run.load,
            about=", ".join(sorted(run.replace)) or None,
            withdrawn=sum(count for _, count in withdrawn),
            retried=report.retried,
        )
    return report


def _load_tables(run: _Run) -> list[_Outcome]:
    """Take in all tables, each after those that it refers to; lines after what they derive from."""
    outcomes: list[_Outcome] = []
    for table in TABLES:
        if table.name == "shipments":
            changed = {outcome.table for outcome in outcomes}
            if changed & derive.REGION_SOURCES:
                derive.derive_regions(run.connection, run.load)
            if changed & derive.PARTY_SOURCES:
                derive.derive_parties(run.connection, run.load)
        outcome = _load_table(run, table)
        if outcome is not None:
            outcomes.append(outcome)
    return outcomes


def _load_table(run: _Run, table: Table) -> _Outcome | None:
    """Take in all rows for one table; None if there are none to look at."""
    numbers = [i for i, source in enumerate(run.staged) if source.table == table.name]
    if not numbers and table.name in run.replace:
        raise InputError(
            f"No file of this load has the table '{table.name}', which it is to replace."
        )
    again = run.retried.get(table.name, 0)
    if not numbers and not again:
        return None
    retried = stage_retried(run.connection, table, again) if again else None
    run.progress(f"checking {table.name}")
    sources = tuple(run.staged[i] for i in numbers)
    if table.name in run.replace:
        refuse_unread(sources)
    for source in sources:
        keep_source_rejects(run.connection, source, run.load)
    keep_empty = table.name in run.keep_empty
    batch = Batch(run.connection, table, sources, retried, run.load, run.policy, keep_empty)
    accepted = accept(batch)
    counts = accepted.counts
    return _Outcome(
        table.name,
        {
            number: _file_report(batch, source, index, counts)
            for index, (number, source) in enumerate(zip(numbers, sources, strict=True))
        },
        sum(counts[len(sources), status] for status in ("added", "corrected", "unchanged")),
        withdraw(batch) if table.name in run.replace else 0,
        accepted.changes,
    )


def _file_report(
    batch: Batch, source: Staged, index: int, counts: Counter[tuple[int, str]]
) -> FileReport:
    added, corrected, unchanged = (counts[index, s] for s in ("added", "corrected", "unchanged"))
    rejected = counts[index, "rejected"] + len(source.rejects)
    skipped = source.records - added - corrected - unchanged - rejected
    if skipped and source.loader is None:
        raise InputError(
            f"{source.file}: {source.records} records were counted, but {source.records - skipped} "
            f"read into {batch.table.name}; nothing is loaded rather than rows lost."
        )
    return FileReport(
        source.file,
        source.table,
        source.records,
        added,
        corrected,
        unchanged,
        rejected,
        skipped,
        source.loader,
        source.because,
        source.warnings,
    )


def _write_files(run: _Run, files: tuple[FileReport, ...]) -> None:
    if files:
        values: list[object] = []
        for f in files:
            values += (run.load, f.file, f.table, f.loader, f.because, f.records)
            values += (f.added, f.corrected, f.unchanged, f.rejected, f.skipped)
        marks = ", ".join("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" for _ in files)
        run.connection.execute(f"INSERT INTO admin.files VALUES {marks}", values)

"""One load: sources staged, conformed, accepted or rejected, derived; in one transaction."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest import derive
from graphchannel.ingest.accept import accept, restore_optimizers
from graphchannel.ingest.batch import Batch
from graphchannel.ingest.complete import refuse_strangers
from graphchannel.ingest.file_report import file_report
from graphchannel.ingest.keep import (
    close_corrected,
    close_replaced,
    count_retried,
    keep_source_rejects,
    stage_retried,
)
from graphchannel.ingest.likely_duplicates import keep_sources, likely_duplicates
from graphchannel.ingest.load_history import begin_load, finish_load, keep_files, keep_hashes
from graphchannel.ingest.outcome import ColumnChange, LoadReport
from graphchannel.ingest.periods import (
    close_reported,
    keep_periods,
    of_reporter,
    overlaps,
    report_checks,
    unnamed,
    withdraw_period,
)
from graphchannel.ingest.replace import refuse_dangling, refuse_unread, withdraw
from graphchannel.ingest.source_values import read_source
from graphchannel.ingest.unpriced import without_currency
from graphchannel.ingest.values.read import drop_values
from graphchannel.lookup import implausible_days
from graphchannel.schema import TABLES, Table
from graphchannel.workspace import write_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import duckdb

    from graphchannel.ingest.accept import Accepted
    from graphchannel.ingest.check import Check
    from graphchannel.ingest.load_history import LoadedFile
    from graphchannel.ingest.outcome import FileReport
    from graphchannel.ingest.periods import Reported
    from graphchannel.ingest.staged import Staged
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller says of a load's files.

    They are the full snapshot of the tables `replace`. An empty value leaves what is stored in the
    tables `keep_empty`. `reported` says who reports the lines, and which of his periods they are.
    """

    replace: frozenset[str] = frozenset()
    keep_empty: frozenset[str] = frozenset()
    reported: Reported | None = None

    @property
    def about(self) -> str | None:
        """Name what the load replaces, for the list of loads."""
        names = [*sorted(self.replace), *([self.period] if self.period else [])]
        return ", ".join(names) or None

    @property
    def period(self) -> str | None:
        """Name the period that the load replaces, and its reporter."""
        if self.reported is None or self.reported.period is None:
            return None
        return f"{self.reported.period.text} of {self.reported.reporter}"


@dataclass(frozen=True, slots=True)
class _LoadRun:
    """What a load is about."""

    connection: duckdb.DuckDBPyConnection
    staged: Sequence[Staged]
    policy: Policy
    terms: Terms
    load: int
    retried: Mapping[str, int]
    progress: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of the rows of one table; `files` by the number of the staged source."""

    table: str
    files: dict[int, FileReport]
    retried: int
    withdrawn: dict[str, int]
    changes: tuple[ColumnChange, ...]


def load_staged(
    workspace: Workspace,
    staged: Sequence[Staged],
    policy: Policy,
    *,
    replace: Sequence[str] = (),
    keep_empty: Sequence[str] = (),
    reported: Reported | None = None,
    progress: Callable[[str], None] = lambda _: None,
    files: Sequence[LoadedFile] = (),
) -> LoadReport:
    """Load what readers staged on the workspace's own connection, from `files` if there are any.

    `progress` is told each step; for the others see `Terms`. Raise InputError, and change nothing,
    if stored rows refer to one that is to be withdrawn, or if records got lost.
    """
    connection = workspace.connection
    terms = Terms(frozenset(replace), frozenset(keep_empty), reported)
    with ExitStack() as after, workspace.transaction():
        after.callback(restore_optimizers, connection)
        load = begin_load(connection)
        if workspace.policy_fingerprint != policy.fingerprint:
            write_policy(connection, policy)
            derive.derive(connection, load)
        if reported is not None:
            given, staged = staged, [of_reporter(connection, one, reported) for one in staged]
            for made in {one.rows for one in staged} - {one.rows for one in given}:
                after.callback(connection.execute, f"DROP VIEW IF EXISTS {made}")
        _close_earlier(connection, staged, terms, load)
        retried = count_retried(connection)
        run = _LoadRun(connection, staged, policy, terms, load, retried, progress)
        report = _report(run, _load_tables(run))
        keep_hashes(connection, load, files)
        finish_load(
            connection,
            load,
            about=terms.about,
            withdrawn=sum(count for _, count in report.withdrawn),
            retried=report.retried,
        )
    return report


def _close_earlier(
    connection: duckdb.DuckDBPyConnection, staged: Sequence[Staged], terms: Terms, load: int
) -> None:
    """Close the rejects that this load corrects, or speaks for as a whole."""
    for source in staged:
        close_corrected(connection, source, load)
    for name in terms.replace:
        close_replaced(connection, name, load)
    if terms.reported is not None:
        close_reported(connection, terms.reported, load)


def _report(run: _LoadRun, outcomes: list[_Outcome]) -> LoadReport:
    """Check what was withdrawn, write the files and the days, and say what there is to say."""
    withdrawn = Counter[str]()
    for outcome in outcomes:
        withdrawn.update(outcome.withdrawn)
    refuse_dangling(run.connection, [name for name, count in withdrawn.items() if count])
    by_number = {number: file for o in outcomes for number, file in o.files.items()}
    files = tuple(by_number[number] for number in range(len(run.staged)))
    keep_files(run.connection, run.load, files)
    notices: tuple[str, ...] = ()
    if any(outcome.table == "shipments" for outcome in outcomes):
        keep_periods(run.connection, run.load, run.terms.reported)
        notices = overlaps(run.connection, run.load, run.terms.reported)
        notices += likely_duplicates(run.connection, run.load)
        if run.terms.reported is not None:
            notices += unnamed(run.connection, run.load, run.terms.reported)
        notices += without_currency(run.connection, run.load)
        notices += implausible_days(run.connection, f"_load = {run.load}")
    return LoadReport(
        run.load,
        files,
        sum(outcome.retried for outcome in outcomes),
        tuple((name, count) for name, count in withdrawn.items()),
        tuple(change for outcome in outcomes for change in outcome.changes),
        notices,
        run.terms.period,
    )


def _load_tables(run: _LoadRun) -> list[_Outcome]:
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


def _load_table(run: _LoadRun, table: Table) -> _Outcome | None:
    """Take in all rows for one table; None if there are none to look at."""
    numbers = [i for i, source in enumerate(run.staged) if source.table == table.name]
    reported = run.terms.reported if table.name in {"shipments", "serials"} else None
    whole = table.name in run.terms.replace
    if not numbers and whole:
        raise InputError(
            f"No file of this load has the table '{table.name}', which it is to replace."
        )
    if not numbers and reported is not None and table.name == "shipments":
        raise InputError(f"No file of this load has lines that {reported.reporter} could report.")
    again = run.retried.get(table.name, 0)
    if not numbers and not again:
        return None
    retried = stage_retried(run.connection, table, again) if again else None
    run.progress(f"checking {table.name}")
    sources = tuple(run.staged[i] for i in numbers)
    for source in sources:
        keep_source_rejects(run.connection, source, run.load)
    batch = _batch(run, table, sources, retried)
    accepted = accept(batch)
    keep_sources(batch)
    counts = accepted.counts
    refuse_strangers(sources, counts)
    outcome = _Outcome(
        table.name,
        {
            number: _file_report(batch, source, index, accepted)
            for index, (number, source) in enumerate(zip(numbers, sources, strict=True))
        },
        sum(counts[len(sources), status] for status in ("added", "corrected", "unchanged")),
        _withdraw(run, batch) if numbers else {},
        accepted.changes,
    )
    for each in batch.values:
        drop_values(run.connection, each)
    return outcome


def _batch(
    run: _LoadRun, table: Table, sources: tuple[Staged, ...], retried: Staged | None
) -> Batch:
    """Put together what the load has for a table, and what its rows have to be."""
    keep_empty = table.name in run.terms.keep_empty
    reported, restated = run.terms.reported, "false"
    checks: tuple[Check, ...] = ()
    if table.name in run.terms.replace:
        restated = "true"
    elif reported is not None and table.name == "shipments":
        checks, restated = report_checks(reported, len(sources)), reported.lines("m")
    where = (run.connection, table, sources, retried, run.load, run.policy)
    staged = (*sources, *((retried,) if retried else ()))
    values = tuple(read_source(run.connection, table, source) for source in staged)
    return Batch(*where, values, keep_empty, checks, restated)


def _withdraw(run: _LoadRun, batch: Batch) -> dict[str, int]:
    """Withdraw what the load lacks of what it replaces; `_typed` still stands."""
    name, reported = batch.table.name, run.terms.reported
    if name in run.terms.replace:
        refuse_unread(batch)
        return {name: withdraw(batch)}
    if reported is None or reported.period is None or name not in {"shipments", "serials"}:
        return {}
    refuse_unread(batch)
    return withdraw_period(batch, reported)


def _file_report(batch: Batch, source: Staged, index: int, accepted: Accepted) -> FileReport:
    remarks = batch.values[index].remarks
    return file_report(source, index, accepted.counts, accepted.repeated, remarks)

"""What loading did: frozen reports that the command line renders."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = [
    "AnswerRow",
    "ColumnChange",
    "FileReport",
    "LoadReport",
    "ReplySheet",
    "changed_columns",
    "outcomes_told",
    "withdrawn_rows",
]


@dataclass(frozen=True, slots=True)
class FileReport:
    """How the records of one source ended, for one canonical table.

    `added + corrected + unchanged + rejected + skipped == records`. Only a loader's own `WHERE` or
    `GROUP BY` skips records; a file that is read as it stands never has any.
    """

    file: str
    table: str
    records: int
    added: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    loader: str | None = None
    because: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """How many corrected rows have another value in a column, and in how many it is empty now."""

    table: str
    column: str
    changed: int
    emptied: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A row of a reply sheet: what became of it, and the answer, or why it was refused.

    `row` is its number below the header, from 1; `finding` and `line` are what it names.
    """

    row: int
    finding: str
    line: str
    outcome: Literal["answered", "known", "unanswered", "refused"]
    said: str


def outcomes_told(rows: Iterable[AnswerRow]) -> str:
    """Say how many rows had which outcome: `3 answered, 1 refused`."""
    counts = Counter(row.outcome for row in rows)
    return ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class ReplySheet:
    """A reply sheet of a partner that was read into the work list, with each of its rows."""

    file: Path
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """One load; `load` is 0 where all files were replies.

    `retried` counts earlier rejects that this load's rows made acceptable.

    `withdrawn` counts, by table, rows that a full snapshot or a replaced period no longer has;
    `changes` says what the corrected rows have changed, `notices` what a person should know of new
    lines beside those that stand already. `period` names the period that was replaced, and its
    reporter. `passed_over` says in sentences which files stood in a loaded folder and were not
    read, `replies` what partners answered.
    """

    load: int
    files: tuple[FileReport, ...]
    retried: int = 0
    withdrawn: tuple[tuple[str, int], ...] = ()
    changes: tuple[ColumnChange, ...] = ()
    notices: tuple[str, ...] = ()
    period: str | None = None
    passed_over: tuple[str, ...] = ()
    replies: tuple[ReplySheet, ...] = ()

    @property
    def added(self) -> int:
        """Rows with a key that was not there."""
        return sum(file.added for file in self.files)

    @property
    def corrected(self) -> int:
        """Rows whose earlier version went into history."""
        return sum(file.corrected for file in self.files)

    @property
    def unchanged(self) -> int:
        """Rows that were there, or in the same load, with the same values."""
        return sum(file.unchanged for file in self.files)

    @property
    def rejected(self) -> int:
        """Rows that were not accepted; `rejects` lists them."""
        return sum(file.rejected for file in self.files)

    @property
    def refused(self) -> int:
        """Rows of reply sheets that were refused."""
        return sum(row.outcome == "refused" for sheet in self.replies for row in sheet.rows)

    @property
    def accepted(self) -> int:
        """Rows that the workspace now holds as delivered."""
        return self.added + self.corrected + self.unchanged


def changed_columns(report: LoadReport) -> tuple[str, ...]:
    """Say, one sentence a table, which columns corrections changed.

    >>> changes = ColumnChange("cities", "name", 2, 0), ColumnChange("cities", "population", 1, 1)
    >>> changed_columns(LoadReport(1, (), changes=changes))
    ('cities: corrected in name (2 rows), population (1 row, emptied).',)
    """
    tables = dict.fromkeys(change.table for change in report.changes)
    return tuple(
        f"{table}: corrected in "
        + ", ".join(_changed_column(change) for change in report.changes if change.table == table)
        + "."
        for table in tables
    )


def withdrawn_rows(report: LoadReport) -> tuple[str, ...]:
    """Say, one sentence a table, how many rows were withdrawn.

    >>> withdrawn_rows(LoadReport(1, (), 0, (("shipments", 1),), period="2015-06 of D1"))
    ('2015-06 of D1: 1 row of shipments withdrawn, which the report lacks.',)
    """
    if report.period is not None:
        return tuple(
            f"{report.period}: {_rows(count)} of {table} withdrawn, which the report lacks."
            for table, count in report.withdrawn
            if count or table == "shipments"
        )
    return tuple(
        f"{table}: {_rows(count)} withdrawn, which the snapshot lacks."
        for table, count in report.withdrawn
    )


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _changed_column(change: ColumnChange) -> str:
    rows = _rows(change.changed)
    if not change.emptied:
        return f"{change.column} ({rows})"
    emptied = "emptied" if change.emptied == change.changed else f"{change.emptied:,} emptied"
    return f"{change.column} ({rows}, {emptied})"

"""What loading did: frozen reports that the command line renders."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ColumnChange", "FileReport", "LoadReport", "changed_columns"]


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
class LoadReport:
    """One load. `retried` counts earlier rejects that this load's rows made acceptable.

    `withdrawn` counts, by table, rows that a full snapshot no longer has; `changes` says what the
    corrected rows have changed.
    """

    load: int
    files: tuple[FileReport, ...]
    retried: int = 0
    withdrawn: tuple[tuple[str, int], ...] = ()
    changes: tuple[ColumnChange, ...] = ()

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
        + ", ".join(_said(change) for change in report.changes if change.table == table)
        + "."
        for table in tables
    )


def _said(change: ColumnChange) -> str:
    rows = f"{change.changed:,} row{'' if change.changed == 1 else 's'}"
    if not change.emptied:
        return f"{change.column} ({rows})"
    emptied = "emptied" if change.emptied == change.changed else f"{change.emptied:,} emptied"
    return f"{change.column} ({rows}, {emptied})"

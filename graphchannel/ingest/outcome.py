"""What loading did: frozen reports that the command line renders."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FileReport", "LoadReport"]


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
class LoadReport:
    """One load. `retried` counts earlier rejects that this load's rows made acceptable.

    `withdrawn` counts, by table, rows that a full snapshot no longer has.
    """

    load: int
    files: tuple[FileReport, ...]
    retried: int = 0
    withdrawn: tuple[tuple[str, int], ...] = ()

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

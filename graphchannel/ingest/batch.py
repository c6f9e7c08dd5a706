"""All rows of one load for one canonical table, and the SQL that compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.ingest.conform import quoted

if TYPE_CHECKING:
    import duckdb

    from graphchannel.ingest.staged import Staged
    from graphchannel.policy import Policy
    from graphchannel.schema import Table


@dataclass(frozen=True, slots=True)
class Batch:
    """All rows of one load for one table.

    `sources` in the order in which they were given. `retried`, where there are rejects to try
    again, comes after them; its `_record` is the negated number of the reject, so that the latest
    is first.
    """

    connection: duckdb.DuckDBPyConnection
    table: Table
    sources: tuple[Staged, ...]
    retried: Staged | None
    load: int
    policy: Policy

    @property
    def all_sources(self) -> tuple[Staged, ...]:
        """Sources in the order in which their rows stand."""
        return (*self.sources, self.retried) if self.retried else self.sources

    @property
    def columns(self) -> str:
        """The canonical columns, quoted."""
        return ", ".join(quoted(name) for name in self.table.column_names)

    @property
    def key(self) -> str:
        """The key columns, quoted."""
        return ", ".join(quoted(name) for name in self.table.key)

    def same_key(self, one: str, other: str) -> str:
        """Compare two rows' keys; empty parts are equal."""
        required = {column.name for column in self.table.columns if column.required}
        return " AND ".join(
            f"{one}.{quoted(name)} {'=' if name in required else 'IS NOT DISTINCT FROM'} "
            f"{other}.{quoted(name)}"
            for name in self.table.key
        )

    def differs(self, one: str, other: str) -> str:
        """Compare what two rows with the same key say."""
        names = [name for name in self.table.column_names if name not in self.table.key]
        return (
            " OR ".join(
                f"{one}.{quoted(name)} IS DISTINCT FROM {other}.{quoted(name)}" for name in names
            )
            or "false"
        )

    def run(self, sql: str) -> None:
        """Execute statements."""
        self.connection.execute(sql)

    def number(self, sql: str) -> int:
        """Return the one number that a statement gives."""
        row = self.connection.execute(sql).fetchone()
        return 0 if row is None else int(row[0])

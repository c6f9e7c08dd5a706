"""All rows of one load for one canonical table, and the SQL that compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.text import quoted
from graphchannel.workspace import one_number

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
        return same_key(self.table, one, other)

    def differs(self, one: str, other: str) -> str:
        """Compare what two rows with the same key say."""
        return differs(self.table, one, other)

    def run(self, sql: str) -> None:
        """Execute statements."""
        self.connection.execute(sql)

    def number(self, sql: str) -> int:
        """Return the one number that a statement gives."""
        return one_number(self.connection, sql)


def same_key(table: Table, one: str, other: str) -> str:
    """Compare the keys of two rows of a table; empty parts are equal."""
    required = {column.name for column in table.columns if column.required}
    return " AND ".join(
        f"{one}.{quoted(name)} {'=' if name in required else 'IS NOT DISTINCT FROM'} "
        f"{other}.{quoted(name)}"
        for name in table.key
    )


def differs(table: Table, one: str, other: str) -> str:
    """Compare what two rows of a table with the same key say."""
    names = [name for name in table.column_names if name not in table.key]
    parts = (f"{one}.{quoted(name)} IS DISTINCT FROM {other}.{quoted(name)}" for name in names)
    return " OR ".join(parts) or "false"


def key_number(table: Table, row: str) -> str:
    """Give a row's key a number; by MD5, as DuckDB's own hash may change between versions."""
    parts = ", ".join(f"coalesce({row}.{quoted(name)}::VARCHAR, '')" for name in table.key)
    return f"md5_number_lower(concat_ws(chr(31), {parts}))"

"""All rows of one load for one canonical table, and the SQL that compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.ingest.conform import raw, right_conditions, row_checks
from graphchannel.ingest.values.read import WHY
from graphchannel.text import literal, quoted
from graphchannel.workspace import one_number

if TYPE_CHECKING:
    import duckdb

    from graphchannel.ingest.check import Check
    from graphchannel.ingest.staged import Staged
    from graphchannel.ingest.values.read import Values
    from graphchannel.policy import Policy
    from graphchannel.schema import Table, TableColumn


@dataclass(frozen=True, slots=True)
class Batch:
    """All rows of one load for one table.

    `sources` in the order in which they were given. `retried`, where there are rejects to try
    again, comes after them; its `_record` is the negated number of the reject, so that the latest
    is first. `values` are what was read of each. With `keep_empty`, an empty value is none that was
    delivered. `checks` are what the rows of this load have to be besides. `restated` is the
    condition of the stored rows `m` that the load replaces as a whole: what it says of them is not
    held for review. `typed` names a relation of the rows of all sources, where they have been typed
    before: `_source` and what `typed_select` selects.
    """

    connection: duckdb.DuckDBPyConnection
    table: Table
    sources: tuple[Staged, ...]
    retried: Staged | None
    load: int
    policy: Policy
    values: tuple[Values, ...]
    keep_empty: bool = False
    checks: tuple[Check, ...] = ()
    restated: str = "false"
    typed: str | None = None

    @property
    def row_checks(self) -> tuple[Check, ...]:
        """What can be wrong with a row by itself."""
        return (*row_checks(self.table, self.policy, self.called), *self.checks)

    def called(self, column: str) -> str:
        """Return, as SQL, what those who sent a row `t` call a column."""
        own = {n: each.names.get(column, column) for n, each in enumerate(self.all_sources)}
        arms = " ".join(
            f"WHEN {n} THEN {literal(name)}" for n, name in own.items() if name != column
        )
        return f"CASE t._source {arms} ELSE {literal(column)} END" if arms else literal(column)

    @property
    def right(self) -> list[str]:
        """The conditions of a row that is right by itself, the quick ones."""
        right = right_conditions(self.table, self.policy)
        sources = zip(self.all_sources, self.values, strict=True)
        refused = any(staged.problems or values.refused for staged, values in sources)
        unread = [f"t.{WHY} IS NULL"] if refused else []
        return [*right, *unread, *(check.passed for check in self.checks)]

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

    def says_otherwise(self, row: str, stored: str) -> str:
        """Compare a typed row with the stored row of its key, in the columns that it brings."""
        parts = []
        for column in self.table.columns:
            if column.name in self.table.key:
                continue
            lacks = self.lacks(row, column)
            name = quoted(column.name)
            if lacks != "true":
                brought = "" if lacks is None else f"({lacks}) IS NOT TRUE AND "
                parts.append(f"({brought}{row}.{name} IS DISTINCT FROM {stored}.{name})")
        return " OR ".join(parts) or "false"

    def lacks(self, row: str, column: TableColumn) -> str | None:
        """Say, as a condition on a typed row, that it does not bring a column; None: each does."""
        if column.name in self.table.key:
            return None
        sources = self.all_sources
        without = [n for n, staged in enumerate(sources) if column.name not in staged.columns]
        if len(without) == len(sources):
            return "true"
        parts = []
        if without:
            parts.append(f"{row}._source IN ({', '.join(map(str, without))})")
        if any(staged.by_row for staged in sources):
            parts.append(f"NOT list_contains({row}._delivered, {literal(column.name)})")
        if self.keep_empty:
            parts.append(f"{row}.{quoted(raw(column))} IS NULL")
        return " OR ".join(parts) or None

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

"""New lines that may be sales which other files brought under other line ids.

A weekly and a monthly report of the same sales agree in all that makes a line the sale that it is:
the business key. Lines of one file are not compared: who lists two lines means two. The rule
`data/likely-duplicate` looks at all lines, where they name a document.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.text import quoted
from graphchannel.workspace import first_row, one_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from graphchannel.ingest.batch import Batch
    from graphchannel.ingest.staged import LineTerms

__all__ = ["BUSINESS_KEY", "keep_sources", "likely_duplicates"]

BUSINESS_KEY = ("seller_id", "buyer_id", "product_id", "shipped_on", "quantity", "document")
_SPOKEN = {
    "seller_id": "seller",
    "buyer_id": "buyer",
    "product_id": "product",
    "shipped_on": "day",
}
_NEAR = 31  # days by which a day may have been corrected


def keep_sources(batch: Batch) -> None:
    """Keep which of several sources brought each line, for `likely_duplicates` of the same load.

    Of one source it is kept as well if its sender says what makes two lines the same sale.
    """
    own = any(source.terms.same_sale for source in batch.sources)
    if batch.table.name == "shipments" and (own or len(batch.sources) > 1):
        batch.run(
            f"""CREATE OR REPLACE TEMP TABLE _line_source AS
                SELECT id, min(_source) AS source FROM _typed
                WHERE _source < {len(batch.sources)} GROUP BY id"""
        )


def likely_duplicates(
    connection: duckdb.DuckDBPyConnection, load: int, terms: Sequence[LineTerms]
) -> tuple[str, ...]:
    """Say how many new lines of a load agree with lines of other files, or in all but the day.

    `terms` are those of the load's sources of lines, in their order.
    """
    several = _is_there(connection, "_line_source")
    compared = _Compared.of(terms)
    try:
        days = _new_lines(connection, load, compared, several=several)
        if days is None:
            return ()
        earlier = f"s._load < {load}"
        if compared.name_days:
            earlier += f" AND s.shipped_on BETWEEN {days[0]} AND {days[1]}"
        columns = compared.select("s")
        others = f"SELECT {columns}, -1 AS source FROM main.shipments AS s WHERE {earlier}"
        if several:
            others += " UNION ALL SELECT * EXCLUDE (numbered) FROM _new_line"
        return _sentences(connection, others, compared)
    finally:
        connection.execute("DROP TABLE IF EXISTS _line_source; DROP TABLE IF EXISTS _new_line")


@dataclass(frozen=True, slots=True)
class _Compared:
    """The columns in which two lines of one sale agree.

    `left_out` names by column the sources of a load whose sender says that it does not matter.
    """

    columns: tuple[str, ...]
    left_out: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, terms: Sequence[LineTerms]) -> _Compared:
        keys = [each.same_sale or BUSINESS_KEY for each in terms] or [BUSINESS_KEY]
        columns = tuple(dict.fromkeys(name for key in keys for name in key))
        return cls(
            columns,
            {c: tuple(n for n, key in enumerate(keys) if c not in key) for c in columns},
        )

    @property
    def name_days(self) -> bool:
        """Whether the day matters to all."""
        return "shipped_on" in self.columns and not self.left_out["shipped_on"]

    def select(self, row: str) -> str:
        """Select the id of a row and what is compared."""
        names = dict.fromkeys(("id", *BUSINESS_KEY, *self.columns))
        return ", ".join(f"{row}.{quoted(name)}" for name in names)

    def same(self, *, but: str = "") -> str:
        """Compare another line `o` with a new one `n`, in all columns but one."""
        return " AND ".join(self._same(name) for name in self.columns if name != but) or "true"

    def _same(self, name: str) -> str:
        agrees = f"o.{quoted(name)} IS NOT DISTINCT FROM n.{quoted(name)}"
        without = ", ".join(map(str, self.left_out[name]))
        return f"({agrees} OR n.source IN ({without}))" if without else agrees

    @property
    def rule(self) -> str:
        """The rule that says the same of all lines, if there is one."""
        return " (rule data/likely-duplicate)" if self.columns == BUSINESS_KEY else ""

    @property
    def named(self) -> str:
        """The columns in a sentence."""
        if any(self.left_out.values()):
            return "what their senders call the same sale"
        *names, last = (_SPOKEN.get(name, name) for name in self.columns)
        return f"{', '.join(names)} and {last}"


def _new_lines(
    connection: duckdb.DuckDBPyConnection, load: int, compared: _Compared, *, several: bool
) -> tuple[str, str] | None:
    """Make `_new_line`; return the days of lines that it can agree with, None if there are none."""
    if not several and not one_number(
        connection, f"SELECT count(*) FROM main.shipments WHERE _load < {load}"
    ):
        return None
    source = "coalesce(o.source, 0)" if several else "0"
    joined = "LEFT JOIN _line_source AS o USING (id)" if several else ""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE _new_line AS
            SELECT {compared.select("s")}, {source} AS source,
                s.id IN (SELECT shipment_id FROM main.serials) AS numbered
            FROM main.shipments AS s {joined} WHERE s._load = {load} AND NOT EXISTS
                (SELECT 1 FROM history.shipments AS h WHERE h.id = s.id AND h._ended = {load})"""
    )
    row = first_row(
        connection,
        f"SELECT min(shipped_on) - {_NEAR}, max(shipped_on) + {_NEAR} FROM _new_line",
    )
    if row is None or row[0] is None:
        return None
    return f"DATE '{row[0]}'", f"DATE '{row[1]}'"


def _sentences(
    connection: duckdb.DuckDBPyConnection, others: str, compared: _Compared
) -> tuple[str, ...]:
    """Look for twins of `_new_line` among others, in the columns that are compared and `source`."""
    without_day = compared.same(but="shipped_on")
    same = f"{compared.same()} AND o.source < n.source"
    key = ", ".join(map(quoted, compared.columns))
    connection.execute(
        # Different units are no duplicates: where both lines have serial numbers, one is in common.
        f"""CREATE OR REPLACE TEMP TABLE _other_line AS
            SELECT o.*, o.id IN (SELECT shipment_id FROM main.serials) AS numbered
            FROM ({others}) AS o WHERE EXISTS (SELECT 1 FROM _new_line AS n WHERE {same});
        CREATE OR REPLACE TEMP TABLE _twin AS
            SELECT n.id, n.quantity FROM _new_line AS n
            JOIN (SELECT {key}, min(source) AS source, bool_or(NOT numbered) AS plain
                  FROM _other_line GROUP BY ALL) AS o ON {same}
            WHERE o.plain OR NOT n.numbered
            UNION
            SELECT n.id, n.quantity FROM _new_line AS n
            JOIN main.serials AS u ON u.shipment_id = n.id
            JOIN main.serials AS v ON v.serial = u.serial
            JOIN _other_line AS o ON o.id = v.shipment_id AND {same}"""
    )
    exact = first_row(connection, "SELECT count(*), coalesce(sum(quantity), 0) FROM _twin")
    near = one_number(
        connection,
        f"""SELECT count(*) FROM _new_line AS n
            WHERE n.document IS NOT NULL AND NOT n.numbered AND n.id NOT IN (SELECT id FROM _twin)
                AND EXISTS (SELECT 1 FROM ({others}) AS o WHERE {without_day}
                    AND o.source < n.source AND abs(o.shipped_on - n.shipped_on) <= {_NEAR})""",
    )
    connection.execute("DROP TABLE _other_line; DROP TABLE _twin")
    count, units = exact or (0, 0)
    said = []
    if count:
        said.append(
            f"Likely duplicates: {_lines(count, int(units))} {compared.named} of lines that other "
            f"files brought under other ids{compared.rule}."
        )
    if near:
        said.append(
            f"Another day: {_lines(near)} all but the day of lines that other files brought under "
            f"other ids, at most {_NEAR} days away; it may have been corrected."
        )
    return tuple(said)


def _lines(count: int, units: int | None = None) -> str:
    """Count lines, and say what they have.

    >>> _lines(2, 7), _lines(1)
    ('2 new lines (7 units) have', '1 new line has')
    """
    of = "" if units is None else f" ({units:,} unit{'' if units == 1 else 's'})"
    return f"{count:,} new line{'' if count == 1 else 's'}{of} {'has' if count == 1 else 'have'}"


def _is_there(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    sql = "SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = $name"
    return first_row(connection, sql, {"name": name}) is not None

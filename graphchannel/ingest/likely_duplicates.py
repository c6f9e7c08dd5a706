"""New lines that may be sales which other files brought under other line ids.

A weekly and a monthly report of the same sales agree in all that makes a line the sale that it is:
the business key. Lines of one file are not compared: who lists two lines means two. The rule
`data/likely-duplicate` looks at all lines, where they name a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.text import quoted
from graphchannel.workspace import first_row, one_number

if TYPE_CHECKING:
    import duckdb

    from graphchannel.ingest.batch import Batch

__all__ = ["BUSINESS_KEY", "keep_sources", "likely_duplicates"]

BUSINESS_KEY = ("seller_id", "buyer_id", "product_id", "quantity", "document", "shipped_on")
_NEAR = 31  # days by which a day may have been corrected


def keep_sources(batch: Batch) -> None:
    """Keep which of several sources brought each line, for `likely_duplicates` of the same load."""
    if batch.table.name == "shipments" and len(batch.sources) > 1:
        batch.run(
            f"""CREATE OR REPLACE TEMP TABLE _line_source AS
                SELECT id, min(_source) AS source FROM _typed
                WHERE _source < {len(batch.sources)} GROUP BY id"""
        )


def likely_duplicates(connection: duckdb.DuckDBPyConnection, load: int) -> tuple[str, ...]:
    """Say how many new lines of a load agree with lines of other files, or in all but the day."""
    several = _is_there(connection, "_line_source")
    try:
        days = _new_lines(connection, load, several=several)
        if days is None:
            return ()
        earlier = f"s._load < {load} AND s.shipped_on BETWEEN {days[0]} AND {days[1]}"
        others = f"SELECT {_columns('s')}, -1 AS source FROM main.shipments AS s WHERE {earlier}"
        if several:
            others += " UNION ALL SELECT * EXCLUDE (numbered) FROM _new_line"
        return _sentences(connection, others)
    finally:
        connection.execute("DROP TABLE IF EXISTS _line_source; DROP TABLE IF EXISTS _new_line")


def _new_lines(
    connection: duckdb.DuckDBPyConnection, load: int, *, several: bool
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
            SELECT {_columns("s")}, {source} AS source,
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


def _sentences(connection: duckdb.DuckDBPyConnection, others: str) -> tuple[str, ...]:
    """Look for twins of `_new_line` among others, in columns of `_columns` and `source`."""
    without_day = " AND ".join(
        f"o.{name} IS NOT DISTINCT FROM n.{name}" for name in BUSINESS_KEY if name != "shipped_on"
    )
    same = f"{without_day} AND o.shipped_on = n.shipped_on AND o.source < n.source"
    key = ", ".join(BUSINESS_KEY)
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
            f"Likely duplicates: {_lines(count, int(units))} seller, buyer, product, day, quantity "
            "and document of lines that other files brought under other ids (rule "
            "data/likely-duplicate)."
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


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{quoted(name)}" for name in ("id", *BUSINESS_KEY))


def _is_there(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    sql = "SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = $name"
    return first_row(connection, sql, {"name": name}) is not None

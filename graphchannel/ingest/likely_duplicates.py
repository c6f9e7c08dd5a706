"""New lines that may be sales which other files brought under other line ids.

A weekly and a monthly report of the same sales agree in all that makes a line the sale that it is:
the business key (`one_sale`). Lines of one file are not compared: who lists two lines means two.
The rule `data/likely-duplicate` looks at all lines, where they name a document or their sender a
key of his own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.one_sale import sale_keys
from graphchannel.schema import SAME_SALE
from graphchannel.workspace import first_row, one_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from graphchannel.ingest.batch import Batch
    from graphchannel.ingest.one_sale import SaleKey

__all__ = ["keep_sources", "likely_duplicates"]

_NEAR = 31  # days by which a day may have been corrected
_TABLES = ("_line_source", "_new_line", "_other_line", "_twin")
_COLUMNS = ", ".join(f"s.{name}" for name in ("id", *SAME_SALE, "same_sale"))


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
    keys = sale_keys(connection)
    try:
        days = _new_lines(connection, load, several=several)
        if days is None:
            return ()
        earlier = f"s._load < {load}"
        if all("shipped_on" in key.columns for key in keys):
            earlier += f" AND s.shipped_on BETWEEN {days[0]} AND {days[1]}"
        others = f"SELECT {_COLUMNS}, -1 AS source FROM main.shipments AS s WHERE {earlier}"
        if several:
            others += " UNION ALL SELECT * EXCLUDE (numbered) FROM _new_line"
        for key in keys:
            _keep_twins(connection, others, key)
        return (*_told_twins(connection, keys), *_told_near(connection, others, keys))
    finally:
        connection.execute("; ".join(f"DROP TABLE IF EXISTS {name}" for name in _TABLES))


def _new_lines(
    connection: duckdb.DuckDBPyConnection, load: int, *, several: bool
) -> tuple[str, str] | None:
    """Make `_new_line`, and `_twin` without rows; return the days of lines that can be the same.

    None if there can be none.
    """
    if not several and not one_number(
        connection, f"SELECT count(*) FROM main.shipments WHERE _load < {load}"
    ):
        return None
    source = "coalesce(o.source, 0)" if several else "0"
    joined = "LEFT JOIN _line_source AS o USING (id)" if several else ""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE _new_line AS
            SELECT {_COLUMNS}, {source} AS source,
                s.id IN (SELECT shipment_id FROM main.serials) AS numbered
            FROM main.shipments AS s {joined} WHERE s._load = {load} AND NOT EXISTS
                (SELECT 1 FROM history.shipments AS h WHERE h.id = s.id AND h._ended = {load});
        CREATE OR REPLACE TEMP TABLE _twin AS
            SELECT id, quantity, ''::VARCHAR AS own FROM _new_line LIMIT 0"""
    )
    row = first_row(
        connection,
        f"SELECT min(shipped_on) - {_NEAR}, max(shipped_on) + {_NEAR} FROM _new_line",
    )
    if row is None or row[0] is None:
        return None
    return f"DATE '{row[0]}'", f"DATE '{row[1]}'"


def _keep_twins(connection: duckdb.DuckDBPyConnection, others: str, key: SaleKey) -> None:
    """Put into `_twin` the new lines that are by a key one sale with a line of another file."""
    same = f"{key.agree('o', 'n')} AND {key.holds('o', 'n')} AND o.source < n.source"
    columns = ", ".join(key.columns)
    new = "NOT EXISTS (SELECT 1 FROM _twin AS t WHERE t.id = n.id)"
    connection.execute(
        # Different units are no duplicates: where both lines have serial numbers, one is in common.
        f"""CREATE OR REPLACE TEMP TABLE _other_line AS
            SELECT o.*, o.id IN (SELECT shipment_id FROM main.serials) AS numbered
            FROM ({others}) AS o WHERE EXISTS (SELECT 1 FROM _new_line AS n WHERE {same});
        INSERT INTO _twin SELECT *, $own FROM (
            SELECT n.id, n.quantity FROM _new_line AS n
            JOIN (SELECT {columns}, same_sale, min(source) AS source, bool_or(NOT numbered) AS plain
                  FROM _other_line GROUP BY ALL) AS o ON {same}
            WHERE (o.plain OR NOT n.numbered) AND {new}
            UNION
            SELECT n.id, n.quantity FROM _new_line AS n
            JOIN main.serials AS u ON u.shipment_id = n.id
            JOIN main.serials AS v ON v.serial = u.serial
            JOIN _other_line AS o ON o.id = v.shipment_id AND {same} WHERE {new})""",
        {"own": key.own or ""},
    )


def _told_twins(connection: duckdb.DuckDBPyConnection, keys: Sequence[SaleKey]) -> tuple[str, ...]:
    """Count new lines that are there already, for each key."""
    rows = connection.execute(
        "SELECT own, count(*), sum(quantity)::BIGINT FROM _twin GROUP BY own"
    ).fetchall()
    found = {own: (count, units) for own, count, units in rows}
    return tuple(
        f"Likely duplicates: {_lines(*found[key.own or ''])} {key.named} of lines that other files "
        "brought under other ids (rule data/likely-duplicate)."
        for key in keys
        if (key.own or "") in found
    )


def _told_near(
    connection: duckdb.DuckDBPyConnection, others: str, keys: Sequence[SaleKey]
) -> tuple[str, ...]:
    """Count new lines that would be there already on another day, which may have been corrected."""
    near = [
        f"""EXISTS (SELECT 1 FROM ({others}) AS o WHERE {key.agree("o", "n", but="shipped_on")}
            AND {key.holds("o", "n")} AND o.source < n.source
            AND abs(o.shipped_on - n.shipped_on) <= {_NEAR})"""
        for key in keys
        if "shipped_on" in key.columns
    ]
    count = one_number(
        connection,
        f"""SELECT count(*) FROM _new_line AS n
            WHERE n.document IS NOT NULL AND NOT n.numbered AND n.id NOT IN (SELECT id FROM _twin)
                AND ({" OR ".join(near)})""",
    )
    if not count:
        return ()
    said = (
        f"Another day: {_lines(count)} all but the day of lines that other files brought under "
        f"other ids, at most {_NEAR} days away; it may have been corrected."
    )
    return (said,)


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

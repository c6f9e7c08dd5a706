"""Whose lines of which days a load brings: a reporter's period is replaced as a whole.

A report with a period says all that the reporter has to say of these days: lines of his that it
lacks are withdrawn, with the serial numbers of their units. Every load leaves in `admin.periods`
which days of which reporter it brought, so that a later one can tell that it overlaps.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.check import Check
from graphchannel.ingest.replace import withdraw_rows
from graphchannel.ingest.source import fresh_name
from graphchannel.text import listed, literal
from graphchannel.workspace import one_number

if TYPE_CHECKING:
    import duckdb

    from graphchannel.ingest.batch import Batch
    from graphchannel.ingest.staged import Staged

__all__ = ["Period", "Reported", "parse_period"]

_FORMS = "2015-06, 2015-Q2, 2015-W26, 2015, or 2015-06-22..2015-06-28"
_SHOWN = 3
_DAY = r"(\d{4}-\d\d-\d\d)"


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a report, both ends included; `text` is what a person wrote for it."""

    first: date
    last: date
    text: str

    @property
    def between(self) -> str:
        """Both ends as SQL, for a BETWEEN."""
        return f"DATE '{self.first.isoformat()}' AND DATE '{self.last.isoformat()}'"


@dataclass(frozen=True, slots=True)
class Reported:
    """Who reports the lines of a load, and for which period, if it is to be replaced."""

    reporter: str
    period: Period | None = None

    def lines(self, row: str) -> str:
        """Say, as a condition on a stored line, that it is one that the report replaces."""
        if self.period is None:
            return "false"
        return (
            f"({row}.reporter_id = {literal(self.reporter)}"
            f" AND {row}.shipped_on BETWEEN {self.period.between})"
        )


def parse_period(text: str) -> Period:
    """Read a month, quarter, ISO week, year, day, or two days; raise InputError for anything else.

    >>> parse_period("2015-W26").first, parse_period("2015-Q2").last
    (datetime.date(2015, 6, 22), datetime.date(2015, 6, 30))
    """
    try:
        first, last = _ends(text.strip())
    except (ValueError, OverflowError) as error:  # the last week of 9999 ends after all days
        raise InputError(f"'{text}' is no period; expected one such as {_FORMS}.") from error
    if last < first:
        raise InputError(f"The period '{text}' ends before it begins.")
    return Period(first, last, text.strip())


def of_reporter(
    connection: duckdb.DuckDBPyConnection, staged: Staged, reported: Reported
) -> Staged:
    """Fill the reporter in where lines do not name one."""
    if staged.table != "shipments":
        return staged
    own = "reporter_id" in staged.columns
    value = f"coalesce(reporter_id::VARCHAR, {literal(reported.reporter)})"
    item = f"* REPLACE ({value} AS reporter_id)" if own else f"*, {literal(reported.reporter)}"
    rows = fresh_name("rows")
    connection.execute(
        f"CREATE TEMP VIEW {rows} AS SELECT {item}{'' if own else ' AS reporter_id'}"
        f" FROM {staged.rows}"
    )
    columns = staged.columns if own else (*staged.columns, "reporter_id")
    return replace(staged, rows=rows, columns=columns)


def report_checks(reported: Reported, sources: int) -> tuple[Check, ...]:
    """List what a line of a report must be: the reporter's, and of the period."""
    own = f"t._source < {sources}"  # rows tried again are of other reports
    who, told = literal(reported.reporter), literal(f"', but {reported.reporter} reports the load.")
    checks = [
        Check(
            "invalid",
            "reporter_id",
            f"{own} AND t.reporter_id <> {who}",
            f"'reporter_id is ''' || t.reporter_id || {told}",
        )
    ]
    if reported.period is not None:
        outside = literal(f", outside the period {reported.period.text} that the load replaces.")
        checks.append(
            Check(
                "out_of_range",
                "shipped_on",
                f"{own} AND t.shipped_on NOT BETWEEN {reported.period.between}",
                f"'shipped_on is ' || t.shipped_on || {outside}",
            )
        )
    return tuple(checks)


def withdraw_period(batch: Batch, reported: Reported) -> dict[str, int]:
    """Withdraw what the report lacks of its period; return how many rows, by table.

    A key whose new row was rejected keeps its stored row: a mistake in a file deletes nothing.
    """
    name = batch.table.name
    lacking = f"NOT EXISTS (SELECT 1 FROM _typed AS t WHERE {batch.same_key('t', 'm')})"
    if name == "serials":
        lines = f"SELECT id FROM main.shipments AS l WHERE {reported.lines('l')}"
        return {
            name: withdraw_rows(
                batch.connection, name, batch.load, f"m.shipment_id IN ({lines}) AND {lacking}"
            )
        }
    if name != "shipments":
        return {}
    withdrawn = {
        name: withdraw_rows(
            batch.connection, name, batch.load, f"{reported.lines('m')} AND {lacking}"
        )
    }
    if withdrawn[name]:
        alone = "m.shipment_id NOT IN (SELECT id FROM main.shipments)"
        withdrawn["serials"] = withdraw_rows(batch.connection, "serials", batch.load, alone)
    return withdrawn


def close_reported(connection: duckdb.DuckDBPyConnection, reported: Reported, load: int) -> None:
    """Close earlier rejects of the period: the report speaks for them, other tables' rows too."""
    if reported.period is None:
        return
    connection.execute(
        f"""UPDATE admin.rejects SET closed = {load}, closed_as = 'superseded'
            WHERE closed IS NULL AND "table" = 'shipments'
                AND delivered->>'reporter_id' = {literal(reported.reporter)}
                AND TRY_CAST(delivered->>'shipped_on' AS DATE) BETWEEN {reported.period.between};
        UPDATE admin.rejects SET closed = {load}, closed_as = 'superseded'
            WHERE closed IS NULL AND (load, file, record) IN
                (SELECT (load, file, record) FROM admin.rejects
                 WHERE closed = {load} AND closed_as = 'superseded' AND "table" = 'shipments'
                    AND loader IS NOT NULL)"""
    )


def keep_periods(
    connection: duckdb.DuckDBPyConnection, load: int, reported: Reported | None
) -> None:
    """Write which days of which reporters a load brought lines of, or replaced."""
    declared = "NULL"
    if reported is not None and reported.period is not None:
        declared, period = literal(reported.reporter), reported.period
        connection.execute(
            "INSERT INTO admin.periods VALUES (?, ?, ?, ?, true)",
            [load, reported.reporter, period.first, period.last],
        )
    connection.execute(
        f"""INSERT INTO admin.periods
            SELECT {load}, reporter_id, min(shipped_on), max(shipped_on), false
            FROM main.shipments
            WHERE _load = {load} AND reporter_id IS NOT NULL
                AND reporter_id IS DISTINCT FROM {declared} GROUP BY reporter_id"""
    )


def overlaps(
    connection: duckdb.DuckDBPyConnection, load: int, reported: Reported | None
) -> tuple[str, ...]:
    """Say which new lines are of days that an earlier load reported, by the same reporter.

    A period that is replaced as a whole overlaps with nothing.
    """
    replaced = "false"
    if reported is not None and reported.period is not None:
        ends = (
            f"DATE '{reported.period.first}' <= p.first AND p.last <= DATE '{reported.period.last}'"
        )
        replaced = f"(p.reporter = {literal(reported.reporter)} AND {ends})"
    rows = connection.execute(
        f"""WITH near AS (
            SELECT p.* FROM admin.periods AS p
            JOIN admin.loads AS l ON l.id = p.load AND l.kind = 'load'
            JOIN admin.periods AS n ON n.load = {load} AND n.reporter = p.reporter
                AND p.first <= n.last AND n.first <= p.last
            WHERE p.load < {load} AND NOT {replaced})
        SELECT s.reporter_id, p.load, any_value(p.first)::VARCHAR, any_value(p.last)::VARCHAR,
            count(*), min(s.shipped_on)::VARCHAR, max(s.shipped_on)::VARCHAR
        FROM main.shipments AS s JOIN near AS p
            ON p.reporter = s.reporter_id AND s.shipped_on BETWEEN p.first AND p.last
        WHERE s._load = {load} AND NOT EXISTS
            (SELECT 1 FROM history.shipments AS h WHERE h.id = s.id AND h._ended = {load})
        GROUP BY s.reporter_id, p.load
        QUALIFY 1 = row_number() OVER (PARTITION BY s.reporter_id ORDER BY count(*) DESC, p.load)
        ORDER BY 5 DESC, 1"""
    ).fetchall()
    said = [
        f"{reporter}: {count:,} new line{'' if count == 1 else 's'} from {first} to {last}, days "
        f"that load {other} reported already ({since} to {until})."
        for reporter, other, since, until, count, first, last in rows[:_SHOWN]
    ]
    others = [str(row[0]) for row in rows[_SHOWN:]]
    return (*said, f"So do lines of {listed(others)}.") if others else tuple(said)


def unnamed(
    connection: duckdb.DuckDBPyConnection, load: int, reported: Reported
) -> tuple[str, ...]:
    """Say how many stored lines of the period may be the reporter's, but name no reporter."""
    if reported.period is None:
        return ()
    who = literal(reported.reporter)
    count = one_number(
        connection,
        f"""SELECT count(*) FROM main.shipments WHERE reporter_id IS NULL AND _load < {load}
            AND shipped_on BETWEEN {reported.period.between}
            AND (seller_id = {who} OR buyer_id = {who})""",
    )
    if not count:
        return ()
    who = f"{reported.reporter} as seller or buyer in {reported.period.text}"
    many = f"{count:,} line{' names' if count == 1 else 's name'}"
    return (f"{many} {who}, but no reporter; earlier loads brought them, and they stay.",)


def _ends(text: str) -> tuple[date, date]:
    if found := re.fullmatch(r"(\d{4})", text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if found := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return _months(int(found[1]), int(found[2]), 1)
    if found := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text):
        return _months(int(found[1]), int(found[2]) * 3 - 2, 3)
    if found := re.fullmatch(r"(\d{4})-?[Ww](\d\d)", text):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return monday, monday + timedelta(days=6)
    if found := re.fullmatch(rf"{_DAY}(?:\s*(?:\.\.|/)\s*{_DAY})?", text):
        return date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
    raise ValueError(text)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    last = month + count - 1
    return date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1])

"""How open findings went from run to run: by rule, by partner, by region, and one by one.

Whole runs count, of those that judged the same day the last. Amounts are those of the findings:
a line that is in two findings counts in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from graphchannel.tabular import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    import duckdb

__all__ = ["GROUPS", "FindingCourse", "Trend", "TrendPoint", "trend"]

Group = Literal["rule", "partner", "region", "all"]
GROUPS: tuple[Group, ...] = ("rule", "partner", "region", "all")
_NOWHERE = "—"

_RUNS = """
SELECT max(number) AS number, as_of FROM admin.runs WHERE whole GROUP BY as_of
"""
_OPEN = f"""
WITH judged AS ({_RUNS})
SELECT j.number, j.as_of, f.*
FROM judged AS j JOIN admin.run_findings AS f
    ON f._run <= j.number AND (f._ended IS NULL OR f._ended > j.number)
WHERE NOT f.waived
"""
_REGION = f"""coalesce(
    (SELECT c.region_id FROM graph.party AS p JOIN main.cities AS c ON c.id = p.city_id
     WHERE p.id = o.subject),
    (SELECT c.region_id FROM main.cities AS c WHERE c.id = o.subject),
    (SELECT r.id FROM main.regions AS r WHERE r.id = o.subject),
    (SELECT p.country FROM graph.party AS p WHERE p.id = o.subject), '{_NOWHERE}')"""
_BY: Mapping[Group, str] = {
    "rule": "o.rule",
    "partner": "o.subject",
    "region": _REGION,
    "all": "'all'",
}


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The open findings of a group in a run; `amount` is by currency."""

    run: int
    as_of: date
    group: str
    findings: int
    lines: int
    amount: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class FindingCourse:
    """A finding over all runs: the first and last days judged on which it was open.

    `days_open` are the days on which it is known to have been, from run to run; `open` tells
    whether it is in the last run.
    """

    fingerprint: str
    rule: str
    subject: str
    object: str | None
    first_seen: date
    last_seen: date
    days_open: int
    open: bool


@dataclass(frozen=True, slots=True)
class Trend(Tabular):
    """Open findings by run and group, in the order of days; and the course of each finding."""

    columns: ClassVar[tuple[str, ...]] = ("run", "as_of", "group", "findings", "lines", "amount")

    by: Group
    points: tuple[TrendPoint, ...]
    courses: tuple[FindingCourse, ...]

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the points."""
        for point in self.points:
            yield {name: getattr(point, name) for name in self.columns}


def trend(connection: duckdb.DuckDBPyConnection, by: Group) -> Trend:
    """Sum up the open findings of each run, and follow each finding through them."""
    rows = connection.execute(
        f"""WITH open AS ({_OPEN}),
        summed AS (
            SELECT number, as_of, {_BY[by]} AS name, count(*) AS findings,
                sum(o.lines)::BIGINT AS lines
            FROM open AS o GROUP BY ALL),
        amounts AS (
            SELECT number, name, list({{'currency': currency, 'amount': amount}}
                ORDER BY currency) AS amount
            FROM (SELECT number, name, a.currency, sum(a.amount) AS amount
                  FROM (SELECT number, {_BY[by]} AS name, unnest(o.amount) AS a FROM open AS o)
                  GROUP BY ALL)
            GROUP BY ALL)
        SELECT s.number, s.as_of, s.name, s.findings, s.lines, a.amount
        FROM summed AS s LEFT JOIN amounts AS a USING (number, name)
        ORDER BY s.as_of, s.findings DESC, s.name"""
    ).fetchall()
    points = tuple(
        TrendPoint(
            run,
            as_of,
            name,
            findings,
            lines,
            {one["currency"]: one["amount"] for one in sums or ()},
        )
        for run, as_of, name, findings, lines, sums in rows
    )
    return Trend(by, points, _courses(connection))


def _courses(connection: duckdb.DuckDBPyConnection) -> tuple[FindingCourse, ...]:
    rows = connection.execute(
        f"""WITH judged AS ({_RUNS}), open AS ({_OPEN}), following AS (
            SELECT number, as_of, lead(as_of, 1, as_of) OVER (ORDER BY as_of) AS next FROM judged)
        SELECT fingerprint, any_value(rule), any_value(subject), any_value(object),
            min(o.as_of), max(o.as_of), sum(f.next - f.as_of)::BIGINT,
            max(o.as_of) = (SELECT max(as_of) FROM judged)
        FROM open AS o JOIN following AS f USING (number)
        GROUP BY fingerprint ORDER BY min(o.as_of), any_value(rule), 3, 4 NULLS FIRST, 1"""
    ).fetchall()
    return tuple(FindingCourse(*row) for row in rows)

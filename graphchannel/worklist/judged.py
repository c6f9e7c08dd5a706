"""Which runs count for the work list, and what they say of findings.

Whole runs count, but for those of an earlier day or an earlier load than a run before them: who
scans last quarter again has not lost the findings of this one. Of each rule the last of them that
evaluated it tells what is there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.findings.change import FindingTally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import duckdb

__all__ = ["COUNTED", "KNOWN_SINCE", "LastJudged", "known_since", "last_judged", "tallies"]

COUNTED = """
SELECT number, ran_at, as_of, load, manifest FROM admin.runs WHERE whole
WINDOW before AS (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
QUALIFY as_of >= coalesce(max(as_of) OVER before, as_of)
    AND load >= coalesce(max(load) OVER before, load)
"""
# The moment of the first run of the stretch of counted runs that found it open, up to the last.
KNOWN_SINCE = f"""
WITH counted AS ({COUNTED}), placed AS (
    SELECT number, ran_at, row_number() OVER (ORDER BY number) AS place FROM counted
), held AS (
    SELECT f.fingerprint, b.place AS first, b.ran_at,
           coalesce(e.place, (SELECT count(*) + 1 FROM placed)) AS ended
    FROM admin.run_findings AS f
    ASOF JOIN placed AS b ON f._run <= b.number
    ASOF LEFT JOIN placed AS e ON f._ended <= e.number
    WHERE NOT f.waived
), begun AS (
    SELECT *, first > coalesce(max(ended) OVER before, -1) AS begins FROM held WHERE first < ended
    WINDOW before AS (PARTITION BY fingerprint ORDER BY first
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT fingerprint, max(ran_at) FILTER (begins)::DATE AS since FROM begun GROUP BY fingerprint
"""


@dataclass(frozen=True, slots=True)
class LastJudged:
    """Of each rule the last counted run that evaluated it, and its severity; `last` is the last."""

    runs: Mapping[str, int]
    severities: Mapping[str, str]
    last: int | None
    as_of: date | None
    load: int


def last_judged(connection: duckdb.DuckDBPyConnection) -> LastJudged:
    """Return what the runs that count say of rules."""
    rows = connection.execute(
        f"SELECT number, as_of, load, manifest ->> 'rules' FROM ({COUNTED}) ORDER BY number DESC"
    ).fetchall()
    runs: dict[str, int] = {}
    severities: dict[str, str] = {}
    for number, _, _, text in rows:
        for name, rule in json.loads(text).items():
            severities.setdefault(name, rule["severity"])
            if rule["status"] == "evaluated":
                runs.setdefault(name, number)
    last = rows[0] if rows else (None, None, 0)
    return LastJudged(runs, severities, *last[:3])


def known_since(
    connection: duckdb.DuckDBPyConnection, fingerprints: Iterable[str]
) -> dict[str, date]:
    """Return the day (UTC) on which a run first found each finding open, as it is open now."""
    rows = connection.execute(
        f"{KNOWN_SINCE} HAVING fingerprint IN (SELECT unnest($chosen::VARCHAR[]))",
        {"chosen": sorted(fingerprints)},
    ).fetchall()
    return dict(rows)


def tallies(
    connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, int | None]
) -> dict[str, tuple[FindingTally, bool]]:
    """Return what a run counted of each finding that it found, and whether it was waived.

    `wanted` are runs by fingerprint.
    """
    pairs = [(name, run) for name, run in wanted.items() if run is not None]
    rows = connection.execute(
        """SELECT f.fingerprint, lines, quantity, amount, last, line_set, waived
        FROM admin.run_findings AS f
        JOIN (SELECT unnest($names::VARCHAR[]) AS name, unnest($runs::INTEGER[]) AS run) AS w
            ON w.name = f.fingerprint AND f._run <= w.run
            AND (f._ended IS NULL OR f._ended > w.run)""",
        {"names": [name for name, _ in pairs], "runs": [run for _, run in pairs]},
    ).fetchall()
    return {
        name: (
            FindingTally(
                lines,
                int(quantity),
                {one["currency"]: one["amount"] for one in amount or ()},
                last,
                line_set,
            ),
            waived,
        )
        for name, lines, quantity, amount, last, line_set, waived in rows
    }

"""Since when a finding is known: the days of the earlier scans that found it open.

Scans that left nothing out are kept with what they found (`runs.store`). Those count that knew no
more than this one, judged no later day, and were run before this one was run first: so the same
scan says the same again, whatever was scanned since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.findings.tables import FINDING

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.findings.tables import ScanTables

__all__ = ["mark_seen"]

_EARLIER = """
WITH same AS (
    SELECT min(number) AS number FROM admin.runs WHERE whole AND load = $load AND as_of = $as_of
), earlier AS (
    SELECT r.number, r.as_of FROM admin.runs AS r, same
    WHERE whole AND load <= $load AND r.as_of <= $as_of
        AND r.number < coalesce(same.number, 2147483647)
)"""
# What stood from run to run without a gap is one stretch; it is open still if it has the last run.
_SEEN = f"""{_EARLIER}, held AS (
    SELECT h.fingerprint, h._run, coalesce(h._ended, 2147483647) AS _ended, e.as_of
    FROM (SELECT DISTINCT fingerprint, _run, _ended FROM admin.run_findings
          SEMI JOIN {FINDING} USING (fingerprint) WHERE NOT waived) AS h
    ASOF JOIN earlier AS e ON h._run <= e.number
    WHERE e.number < coalesce(h._ended, 2147483647)
), begun AS (
    SELECT *, _run > coalesce(lag(_ended) OVER w, -1) AS begins
    FROM held WINDOW w AS (PARTITION BY fingerprint ORDER BY _run)
), stretch AS (
    SELECT *, count(*) FILTER (begins) OVER (PARTITION BY fingerprint ORDER BY _run) AS number
    FROM begun
), known AS (
    SELECT fingerprint, min(as_of) AS first_seen,
           arg_max(stretch_from, number) AS since, max(_ended) AS until
    FROM (SELECT fingerprint, number, min(as_of) AS stretch_from, min(as_of) AS as_of,
                 max(_ended) AS _ended FROM stretch GROUP BY fingerprint, number)
    GROUP BY fingerprint
)
SELECT fingerprint, first_seen,
       if(until > (SELECT max(number) FROM earlier), since, $as_of::DATE) AS open_since
FROM known"""


def mark_seen(tables: ScanTables, load: int, as_of: date) -> None:
    """Write into each finding the day it was first seen, and since when it is open.

    `load` is the last that the scan knows. Both are the as-of day itself where no scan had it.
    """
    days = {"as_of": as_of}
    tables.execute(f"UPDATE {FINDING} SET first_seen = $as_of, open_since = $as_of", days)
    tables.execute(
        f"""UPDATE {FINDING} AS f SET first_seen = k.first_seen, open_since = k.open_since
            FROM ({_SEEN}) AS k WHERE k.fingerprint = f.fingerprint AND NOT f.waived""",
        days | {"load": load},
    )

"""What stands of the work on findings, for the scans and reports that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.findings.work import folded_work
from graphchannel.worklist.judged import known_since
from graphchannel.worklist.store import events_by_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb

    from graphchannel.findings.work import WorkEvent, WorkState

__all__ = ["work_states"]

_RULES = """
SELECT DISTINCT fingerprint, rule FROM admin.run_findings
WHERE fingerprint IN (SELECT unnest($names::VARCHAR[]))
"""


def work_states(
    connection: duckdb.DuckDBPyConnection,
    severities: Mapping[str, str],
    due_days: Mapping[str, int],
    more: Iterable[WorkEvent] = (),
) -> dict[str, WorkState]:
    """Return the work on each finding that something was done about, by fingerprint.

    `severities` are those of rules; `more` are events that follow and are not written yet.
    """
    events = events_by_finding(connection)
    if not events:
        return {}
    for one in more:
        events[one.fingerprint] = (*events.get(one.fingerprint, ()), one)
    since = known_since(connection, events)
    rules = dict(connection.execute(_RULES, {"names": sorted(events)}).fetchall())
    return {
        name: folded_work(
            found, since.get(name), due_days.get(severities.get(rules.get(name, ""), ""))
        )
        for name, found in events.items()
    }

"""What follows from a run for the work list, while the run is written and in its own result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.policy import policy_from_text
from graphchannel.runs.states import states_of
from graphchannel.worklist.follow import RunNow, follow
from graphchannel.worklist.store import has_work

if TYPE_CHECKING:
    import duckdb

    from graphchannel.findings.work import WorkEvent
    from graphchannel.runs.model import RunRecord

__all__ = ["consequences"]

_WORKED = "SELECT DISTINCT fingerprint FROM admin.work"


def consequences(connection: duckdb.DuckDBPyConnection, record: RunRecord) -> list[WorkEvent]:
    """Return the events that follow from a run that is not written yet; none if it is not whole."""
    if record.findings is None or not has_work(connection):
        return []
    worked = {name for (name,) in connection.execute(_WORKED).fetchall()}
    if not worked:
        return []
    manifest = record.manifest
    found = {
        name: (state.tally, state.waived)
        for name, state in states_of(record.findings, worked).items()
    }
    run = RunNow(
        record.at,
        record.as_of,
        manifest["load"],
        frozenset(n for n, rule in manifest["rules"].items() if rule["status"] == "evaluated"),
        found,
    )
    policy = policy_from_text(record.texts[manifest["policy"]["hash"]])
    return follow(connection, run, policy.tolerance)

"""What a new run says of findings that are worked on: gone, back, opened again.

A finding that was closed opens again by itself where it grew beyond the policy's tolerance since,
as a baseline understands it, or came back after a run that judged its rule had not found it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from graphchannel.findings.change import changed
from graphchannel.findings.work import BY_ITSELF, WorkEvent, folded_work
from graphchannel.text import counted
from graphchannel.worklist.judged import last_judged, tallies
from graphchannel.worklist.store import events_by_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    import duckdb

    from graphchannel.findings.change import FindingTally
    from graphchannel.findings.work import WorkState
    from graphchannel.policy import Tolerance

__all__ = ["RunNow", "follow"]


@dataclass(frozen=True, slots=True)
class RunNow:
    """A whole run that is being written: when, of which day and load, and which rules it evaluated.

    `found` has of each finding that is worked on and that it found, what it counted, and whether it
    is waived.
    """

    at: datetime
    as_of: date
    load: int
    evaluated: frozenset[str]
    found: Mapping[str, tuple[FindingTally, bool]]


def follow(
    connection: duckdb.DuckDBPyConnection, run: RunNow, tolerance: Tolerance
) -> list[WorkEvent]:
    """Return what follows from a run, before it is written, for the findings with events.

    Nothing follows from one of an earlier day or load than runs before it.
    """
    events = events_by_finding(connection)
    if not events:
        return []
    before = last_judged(connection)
    if before.as_of is not None and (run.as_of < before.as_of or run.load < before.load):
        return []
    states = {name: folded_work(found) for name, found in events.items()}
    rules = _rules(connection, states)
    judged = {name: state for name, state in states.items() if rules.get(name) in run.evaluated}
    then = tallies(connection, {name: state.closed_in for name, state in judged.items()})
    return list(_events(judged, run, {name: tally for name, (tally, _) in then.items()}, tolerance))


def _events(
    judged: Mapping[str, WorkState],
    run: RunNow,
    then: Mapping[str, FindingTally],
    tolerance: Tolerance,
) -> Iterator[WorkEvent]:
    for name, state in sorted(judged.items()):
        tally, waived = run.found.get(name, (None, False))
        if tally is None:
            if not state.gone:
                yield WorkEvent(name, "gone", BY_ITSELF, run.at, reason=f"As of {run.as_of}.")
        elif waived:
            continue
        elif state.state != "closed":
            if state.gone:
                yield WorkEvent(name, "back", BY_ITSELF, run.at, reason=f"As of {run.as_of}.")
        elif state.gone:
            reason = f"It came back after it was gone: {_size(tally)} as of {run.as_of}."
            yield WorkEvent(name, "reopened", BY_ITSELF, run.at, reason=reason)
        elif name in then and changed(then[name], tally, tolerance) == "grown":
            reason = f"It grew since it was closed: {_growth(then[name], tally)}."
            yield WorkEvent(name, "reopened", BY_ITSELF, run.at, reason=reason)


def _size(tally: FindingTally) -> str:
    return counted(tally.lines, "line") if tally.lines else "found"


def _growth(before: FindingTally, now: FindingTally) -> str:
    """Say by how much: lines, units where the lines are as many, and value in each currency."""
    parts = [f"{before.lines:,} → {counted(now.lines, 'line')}"]
    if now.lines == before.lines and now.quantity == before.quantity:
        parts = [f"{counted(now.lines, 'line')}, not the same"]
    elif now.lines == before.lines:
        parts.append(f"{before.quantity:,} → {counted(now.quantity, 'unit')}")
    for currency, amount in now.amount.items():
        more = amount - before.amount.get(currency, Decimal(0))
        if more > 0:
            parts.append(f"+{more:,.2f} {currency}")
    return ", ".join(parts)


def _rules(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> dict[str, str]:
    """Return the rule of each finding."""
    rows = connection.execute(
        """SELECT DISTINCT fingerprint, rule FROM admin.run_findings
        WHERE fingerprint IN (SELECT unnest($names::VARCHAR[]))""",
        {"names": sorted(names)},
    ).fetchall()
    return dict(rows)

"""Keeping the runs of scans, and asking for those that were kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.ingest import loads
from graphchannel.runs.consequences import consequences
from graphchannel.runs.model import INPUTS
from graphchannel.runs.record import record
from graphchannel.runs.store import (
    read_runs,
    read_texts,
    set_aside_records,
    write_runs,
)
from graphchannel.worklist.states import work_states

if TYPE_CHECKING:
    from graphchannel.channel.opening import Opening
    from graphchannel.findings import ScanResult
    from graphchannel.runs.model import Run, RunRecord

__all__ = ["all_runs", "all_texts", "keep_run", "unjudged_load", "waiting_runs", "with_work"]

_OF_ROWS = frozenset({"load", "unload", "policy"})  # changes that may change what is found


def keep_run(opening: Opening, result: ScanResult) -> ScanResult:
    """Keep the run of a scan: at once in memory, in a file when the workspace is let go.

    What it found is kept where it left nothing out, and judged what is known now. Return the result
    with what went into the run.
    """
    if opening.path is None and opening.engine.is_server:
        return result  # there is no workspace, only the published graph
    with opening.reading() as connection:
        runs = read_runs(connection)
    load = result.session.revision.load
    earlier = max((run for run in runs if run.load <= load), key=lambda r: r.load, default=None)
    whole = not result.judged.filters and opening.known_at is None and not result.failed
    made = record(result, earlier=earlier.checksum if earlier else None, whole=whole)
    result = with_work(opening, result, made)
    if opening.path is None:
        with opening.changing() as workspace:
            write_runs(workspace, [made])
    else:
        opening.waiting.append(made)
    return replace(result, run={name: made.manifest[name] for name in ("id", *INPUTS)})


def with_work(opening: Opening, result: ScanResult, made: RunRecord | None = None) -> ScanResult:
    """Return the result with the work on its findings, as it stands, or is after its run `made`.

    What was known at another moment has no work: that is of now.
    """
    severities = {rule.id: rule.severity for rule in result.rules}
    with opening.reading() as connection:
        follows = consequences(connection, made) if made else []
        states = work_states(connection, severities, result.policy.due_days, follows)
    return replace(result, work=states) if states else result


def all_runs(opening: Opening) -> tuple[Run, ...]:
    """Return all runs of the workspace, oldest first, also those that are not written yet."""
    with opening.reading() as connection:
        return read_runs(connection, waiting_runs(opening))


def all_texts(opening: Opening) -> dict[str, str]:
    """Return the policies and rules that the runs followed, by their hash."""
    with opening.reading() as connection:
        return read_texts(connection, waiting_runs(opening))


def unjudged_load(opening: Opening) -> int | None:
    """Return the last change of the rows that no run has judged; None if there is none."""
    if opening.path is not None and not opening.path.exists():
        return None
    judged = max((run.load for run in all_runs(opening)), default=0)
    changes = [one.load for one in loads(opening.stored) if one.kind in _OF_ROWS]
    last = max(changes, default=0)
    return last if last > judged else None


def waiting_runs(opening: Opening) -> list[RunRecord]:
    """Return runs that are not written yet: beside the workspace, or of this channel."""
    aside = set_aside_records(opening.path) if opening.path else {}
    return [*aside.values(), *opening.waiting]

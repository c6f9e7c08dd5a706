"""Runs shown, repeated and compared."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from graphchannel.channel.keeping import all_runs, all_texts, waiting_runs
from graphchannel.channel.results import RunInFull
from graphchannel.errors import InputError
from graphchannel.ingest import loads, loads_in_force
from graphchannel.runs.corrections import restatements
from graphchannel.runs.diff import compare_runs
from graphchannel.runs.named import LATEST, last_two, run_named
from graphchannel.runs.repeat import verify_run
from graphchannel.runs.states import kept_states, record_states
from graphchannel.runs.trend import trend

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.channel.opening import Opening
    from graphchannel.runs.corrections import Corrections
    from graphchannel.runs.diff import RunDiff
    from graphchannel.runs.model import Run
    from graphchannel.runs.repeat import Verification
    from graphchannel.runs.states import FindingState
    from graphchannel.runs.trend import Group, Trend

__all__ = ["course", "difference", "restated", "run_in_full", "verified"]


def run_in_full(opening: Opening, name: str) -> RunInFull:
    """Return a run with the loads that were in force. Raises InputError."""
    run = run_named(all_runs(opening), name)
    return RunInFull(run, loads_in_force(opening.stored, run.load))


def verified(opening: Opening, name: str) -> Verification:
    """Repeat a run. Raises InputError."""
    run = run_named(all_runs(opening), name)
    return verify_run(_file(opening), run, all_texts(opening))


def difference(opening: Opening, before: str | None, after: str | None) -> RunDiff:
    """Compare two runs; without names the last two that judged something different.

    With one name, that run and the last. Raises InputError.
    """
    runs = all_runs(opening)
    if before is None:
        pair = last_two(runs)
    else:
        named = run_named(runs, before), run_named(runs, after or LATEST)
        pair = named if named[0].number <= named[1].number else named[::-1]
    kept = tuple(_kept(opening, run) for run in pair)
    return compare_runs(_file(opening), pair, (kept[0], kept[1]), all_texts(opening))


def course(opening: Opening, by: Group) -> Trend:
    """Return how findings went from run to run; runs that wait are written first."""
    if opening.path is not None:
        opening.release()
    with opening.reading() as connection:
        return trend(connection, by)


def restated(opening: Opening, last: int) -> Corrections:
    """Compare each of the last whole runs with the one before it. Raises InputError."""
    runs = [run for run in all_runs(opening) if run.whole]
    distinct = [
        run
        for run, after in zip(runs, [*runs[1:], None], strict=True)
        if after is None or after.id != run.id
    ][-last:]
    texts, path = all_texts(opening), _file(opening)
    diffs = [
        compare_runs(path, pair, (_kept(opening, pair[0]), _kept(opening, pair[1])), texts)
        for pair in pairwise(distinct)
    ]
    moments = {entry.load: entry.finished_at for entry in loads(opening.stored)}
    return restatements(diffs, moments)


def _kept(opening: Opening, run: Run) -> dict[str, FindingState] | None:
    """Return the findings of a run where they are kept: with the runs, or in one that waits."""
    if not run.whole:
        return None
    for record in waiting_runs(opening):
        if record.manifest == run.manifest:
            return record_states(record)
    with opening.reading() as connection:
        return kept_states(connection, run)


def _file(opening: Opening) -> Path:
    if opening.path is None:
        raise InputError("Runs are repeated from a workspace in a file; name one.")
    return opening.path

"""What reports say of the work on a finding: as JSON, and in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphchannel.findings.work import WORK_STATES, answers_of
from graphchannel.report.figures import plain
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphchannel.findings.work import WorkEvent, WorkState

__all__ = [
    "answers_words",
    "event_object",
    "event_words",
    "work_facts",
    "work_object",
    "work_total",
    "work_words",
]

_DID = {
    "assigned": "assigned to",
    "due": "due",
    "commented": "said",
    "closed": "closed as",
    "reopened": "opened again",
    "answered": "answered",
    "gone": "gone",
    "back": "back",
}


def work_object(state: WorkState) -> dict[str, object]:
    """Return the work on a finding as it stands in JSON, with its history."""
    return {**work_facts(state), "history": [event_object(one) for one in state.history]}


def work_facts(state: WorkState) -> dict[str, object]:
    """Return what stands of the work on a finding, without its history."""
    return {
        "state": state.state,
        "owner": state.owner,
        "due": plain(state.due),
        "closed_as": state.closed_as,
        "answers": dict(answers_of(state)),
    }


def event_object(one: WorkEvent) -> dict[str, object]:
    """Return an event as it stands in JSON, without what it does not have."""
    told = {
        "at": f"{one.at.isoformat()}Z",
        "who": one.who,
        "what": one.what,
        "value": one.value,
        "line": one.line,
        "reason": one.reason,
    }
    return {name: value for name, value in told.items() if value is not None}


def event_words(one: WorkEvent) -> str:
    """Say what was done, on one line."""
    if one.what == "assigned" and one.value is None:
        done = "assigned to nobody"
    else:
        done = " ".join(part for part in (_DID[one.what], one.value) if part)
    about = f" line {one.line}" if one.line else ""
    return f"{done}{about}: {one.reason}" if one.reason else f"{done}{about}"


def work_words(state: WorkState) -> str:
    """Say how a finding stands: its state, its owner, when it is due, what the partner answered."""
    told = state.told
    if state.owner:
        told += f" to {state.owner}" if state.state == "assigned" else f", owner {state.owner}"
    if state.due:
        told += f", due {state.due}"
    answers = answers_words(state)
    return f"{told}; partner: {answers}" if answers else told


def answers_words(state: WorkState) -> str | None:
    """Say of how many lines the partner accepts, disputes or explains; None where it said nothing.

    >>> from graphchannel.findings.work import WorkState
    >>> answers_words(WorkState()) is None
    True
    """
    counts: Mapping[str, int] = answers_of(state)
    return ", ".join(f"{count:,} {answer}" for answer, count in counts.items()) or None


def work_total(states: Iterable[WorkState]) -> Iterator[str]:
    """Yield how many findings are in which state of work, nothing where none is worked on."""
    counts = Counter(state.state for state in states)
    told = [f"{counts[name]:,} {name}" for name in WORK_STATES if counts[name]]
    if told:
        yield f"Work on {counted(counts.total(), 'finding')}: {', '.join(told)}."

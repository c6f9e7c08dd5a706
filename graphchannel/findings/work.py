"""Work on a finding: what was done about it, by whom and when, and what follows from that.

Work is a list of events that only grows. What stands of a finding (its owner, its state, when it is
due) is what its events add up to, in their order; no event is ever changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

__all__ = [
    "ANSWERS",
    "BY_ITSELF",
    "CLOSED_AS",
    "SETTING",
    "WORK_STATES",
    "ClosedAs",
    "What",
    "WorkEvent",
    "WorkState",
    "answers_of",
    "folded_work",
]

What = Literal["assigned", "due", "commented", "closed", "reopened", "answered", "gone", "back"]
ClosedAs = Literal["confirmed", "false-positive", "remediated"]
WorkStateName = Literal["open", "assigned", "reopened", "closed"]
WORK_STATES: tuple[WorkStateName, ...] = ("open", "assigned", "reopened", "closed")
CLOSED_AS: tuple[ClosedAs, ...] = ("confirmed", "false-positive", "remediated")
ANSWERS = ("accept", "dispute", "explain")
SETTING = frozenset({"assigned", "due", "closed", "reopened"})  # what changes owner, state or day
BY_ITSELF = "graphchannel"  # who opens a finding again that grew or came back


@dataclass(frozen=True, slots=True)
class WorkEvent:
    """One thing that was done about a finding.

    `number` counts the events of a workspace, from 1; 0 is one that is not written yet. `value` is
    what was set: the owner (None: nobody), the due day, how it was closed, or a partner's answer,
    which is of a `line`, or of the finding where that is None. `run` is the last run that there was
    when it was closed. Moments are UTC.
    """

    fingerprint: str
    what: What
    who: str
    at: datetime
    value: str | None = None
    reason: str | None = None
    line: str | None = None
    run: int | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class WorkState:
    """What stands of the work on a finding.

    `due` is None where it is closed. `gone` tells that the last scan that judged its rule did not
    find it. `version` is the number of the last event that set something, 0 where none did.
    """

    state: WorkStateName = "open"
    owner: str | None = None
    due: date | None = None
    closed_as: str | None = None
    gone: bool = False
    version: int = 0
    closed_in: int | None = None
    history: tuple[WorkEvent, ...] = ()

    @property
    def told(self) -> str:
        """The state in words: how it was closed is part of it."""
        return f"{self.state} ({self.closed_as})" if self.closed_as else self.state

    @property
    def comments(self) -> tuple[WorkEvent, ...]:
        """What people and partners said of it."""
        return tuple(one for one in self.history if one.what in ("commented", "answered"))

    def overdue(self, today: date) -> bool:
        """Whether it should have been dealt with by the day before."""
        return self.due is not None and not self.gone and self.due < today


def folded_work(
    events: Iterable[WorkEvent], known_since: date | None = None, days: int | None = None
) -> WorkState:
    """Return what events, in their order, add up to.

    It is due so many days after the day since which it is known, or was opened again; a day that
    somebody set goes before that, until it is closed.
    """
    state = WorkState(due=_day_after(known_since, days))
    for one in events:
        state = replace(_after(state, one, days), history=(*state.history, one))
    return state


def _after(state: WorkState, one: WorkEvent, days: int | None) -> WorkState:
    if one.what in SETTING:
        state = replace(state, version=one.number)
    if one.what == "assigned":
        return replace(state, owner=one.value, state="assigned" if one.value else "open")
    if one.what == "due":
        return replace(state, due=date.fromisoformat(one.value) if one.value else None)
    if one.what == "closed":
        return replace(state, state="closed", closed_as=one.value, due=None, closed_in=one.run)
    if one.what == "reopened":
        due = _day_after(one.at.date(), days)
        return replace(state, state="reopened", closed_as=None, due=due, gone=False)
    if one.what in ("gone", "back"):
        return replace(state, gone=one.what == "gone")
    return state


def _day_after(day: date | None, days: int | None) -> date | None:
    return None if day is None or days is None else day + timedelta(days)


def answers_of(state: WorkState) -> Mapping[str, int]:
    """Count the lines of a finding by the last answer of its partner, in the order of answers."""
    last = {one.line: one.value for one in state.history if one.what == "answered"}
    counts = {answer: list(last.values()).count(answer) for answer in ANSWERS}
    return {answer: count for answer, count in counts.items() if count}

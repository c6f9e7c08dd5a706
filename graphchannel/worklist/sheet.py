"""The spreadsheet of the work list that comes back: what each row asks for, or why it cannot be.

A row has the version of the work that it went out with. What it says otherwise than that version
did is what somebody changed. If the work has changed meanwhile, and is not what the row asks for
already, the row is refused: nobody's change is overwritten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from graphchannel.errors import InputError, did_you_mean
from graphchannel.findings.work import CLOSED_AS, WORK_STATES, folded_work
from graphchannel.text import visible
from graphchannel.worklist import changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphchannel.findings.work import WorkEvent, WorkState
    from graphchannel.worklist.changes import Doer
    from graphchannel.worklist.items import WorkItem
    from graphchannel.worklist.table_file import TableFile

__all__ = ["SHEET_MAY_HAVE", "SHEET_NEEDS", "SheetRow", "sheet_rows"]

SHEET_NEEDS = ("fingerprint", "version", "state", "closed_as", "owner")
SHEET_MAY_HAVE = ("reason", "new_due", "comment")
RowOutcome = Literal["changed", "unchanged", "refused"]
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that came back: what becomes of it, and why; `events` are what it asks for.

    `row` is its number in the file, the header's not counted.
    """

    row: int
    fingerprint: str
    outcome: RowOutcome
    said: str
    events: tuple[WorkEvent, ...] = ()


def sheet_rows(table: TableFile, items: Mapping[str, WorkItem], doer: Doer) -> tuple[SheetRow, ...]:
    """Return what becomes of each row, in the order of the file."""
    found = [SheetRow(number, "", "refused", why) for number, why in table.refused.items()]
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        name = cells.get("fingerprint", "").strip().lower()
        item = items.get(name)
        if item is None or name in seen:
            found.append(SheetRow(number, name, "refused", _unfit(name, seen)))
            continue
        seen[name] = number
        try:
            events = tuple(_events(item, cells, doer))
        except InputError as error:
            found.append(SheetRow(number, name, "refused", str(error)))
            continue
        done = ", ".join(event.what for event in events)
        found.append(SheetRow(number, name, "changed" if events else "unchanged", done, events))
    return tuple(sorted(found, key=lambda row: row.row))


def _unfit(name: str, seen: Mapping[str, int]) -> str:
    """Say why a row is of no finding, or of one that another row is of."""
    if name in seen:
        return f"The finding is in row {seen[name]} already."
    return f"No finding on the work list has the fingerprint '{name}'."


def _events(item: WorkItem, cells: Mapping[str, str], doer: Doer) -> Iterator[WorkEvent]:
    """Yield what a row asks for. Raises InputError where it cannot be."""
    then, now = _work_at(item, cells.get("version", "")), item.work
    asked = {
        name: cells.get(name, "").strip()
        for name in ("state", "closed_as", "owner")
        if cells.get(name, "").strip() != visible(getattr(then, name) or "").strip()
    }
    if (day := _day(cells.get("new_due", ""))) is not None:
        asked["due"] = day.isoformat()
    asked = {name: value for name, value in asked.items() if value != str(getattr(now, name) or "")}
    if asked:
        _check(asked, item, then)
        yield from _changes(asked, item, cells.get("reason", ""), doer)
    comment = cells.get("comment", "").strip()
    if comment and comment not in {event.reason for event in now.history}:
        yield from changes.commented([item], doer, text=comment)


def _work_at(item: WorkItem, text: str) -> WorkState:
    """Return the work on a finding as it was when the sheet went out."""
    number = re.fullmatch(r"(\d{1,18})(\.0+)?", text.strip())
    version = int(number[1]) if number else -1
    history = item.work.history
    then = folded_work((event for event in history if event.number <= version), item.known_since)
    if version < 0 or then.version != version:
        raise InputError(f"The version '{text}' is none of this finding; leave it as it was.")
    return then


def _check(asked: Mapping[str, str], item: WorkItem, then: WorkState) -> None:
    """Raise InputError for unknown words, and where the work has changed meanwhile."""
    for name, known in (("state", WORK_STATES), ("closed_as", ("", *CLOSED_AS))):
        if name in asked and asked[name] not in known:
            has = ", ".join(filter(None, known))
            raise InputError(
                f"{name} is '{asked[name]}'; expected one of {has}."
                f"{did_you_mean(asked[name], known)}"
            )
    now = item.work
    if now.version != then.version:
        event = next(event for event in now.history if event.number == now.version)
        raise InputError(
            f"Changed meanwhile: it is {now.told}{f', owner {now.owner}' if now.owner else ''} "
            f"since {event.who} changed it on {event.at:%Y-%m-%d at %H:%M} (UTC); export it again."
        )


def _changes(
    asked: Mapping[str, str], item: WorkItem, reason: str, doer: Doer
) -> Iterator[WorkEvent]:
    """Yield the events of cells that were changed, in an order in which each is possible."""
    now, why = item.work, reason.strip()
    state = asked.get("state", now.state)
    if now.state == "closed" and state == "closed":
        raise InputError("The finding is closed: put 'reopened' into state before anything else.")
    if state == "closed":
        how = asked.get("closed_as", "")
        if not how or not why:
            raise InputError("To close a finding, fill in closed_as and reason.")
        if {"owner", "due"} & asked.keys():
            yield from _owned(asked, item, why, doer)
        yield from changes.closed([item], doer, as_=how, reason=why)
        return
    if asked.get("closed_as"):
        raise InputError("closed_as is for findings whose state is 'closed'.")
    if now.state == "closed":
        if not why:
            raise InputError("To open a closed finding again, fill in reason.")
        yield from changes.reopened([item], doer, reason=why)
    elif state == "reopened" and now.state != "reopened":
        raise InputError("The finding is not closed: nothing is to be reopened.")
    if state == "assigned" and not asked.get("owner", now.owner):
        raise InputError("To assign a finding, fill in owner.")
    yield from _owned(asked, item, why, doer, free=state == "open" and now.state == "assigned")


def _owned(
    asked: Mapping[str, str], item: WorkItem, why: str, doer: Doer, *, free: bool = False
) -> Iterator[WorkEvent]:
    """Yield the events of owner and due day; `free` takes the owner away."""
    now = item.work
    if free or "owner" in asked or asked.get("state") == "assigned":
        owner = None if free else asked.get("owner", now.owner) or None
        owner = changes.text_of("owner", owner) if owner else None
        yield doer.event(item, "assigned", owner, why or None)
    if "due" in asked:
        yield doer.event(item, "due", asked["due"], why or None)


def _day(text: str) -> date | None:
    """Return a day as spreadsheets write it; None for nothing. Raises InputError."""
    text = text.strip()
    if not text:
        return None
    dotted = _DOTTED.fullmatch(text)
    try:
        if dotted:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        return date.fromisoformat(text.removesuffix(" 00:00:00").removesuffix("T00:00:00"))
    except ValueError:
        raise InputError(f"new_due is '{text}'; expected a day such as 2015-07-31.") from None

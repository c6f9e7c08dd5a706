"""What somebody does about findings → events, or why it cannot be done; all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError, did_you_mean
from graphchannel.findings.fingerprints import SHOWN
from graphchannel.findings.work import CLOSED_AS, WorkEvent
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from graphchannel.worklist.items import WorkItem

__all__ = ["Doer", "assigned", "closed", "commented", "reopened", "text_of"]

_LONGEST = 10_000  # characters of a comment or a reason


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something, when (UTC), and the last run that there was then."""

    who: str
    at: datetime
    run: int | None

    def event(self, item: WorkItem, what: str, value: str | None, reason: str | None) -> WorkEvent:
        """Return the event of what is done to an item."""
        run = self.run if what == "closed" else None
        return WorkEvent(item.fingerprint, what, self.who, self.at, value, reason, run=run)  # type: ignore[arg-type]  # all callers are below


def assigned(
    items: Sequence[WorkItem],
    doer: Doer,
    *,
    owner: str | None,
    due: date | None = None,
    reason: str | None = None,
) -> list[WorkEvent]:
    """Give findings an owner, and a due day if one is named; None is nobody.

    One that has both already stays as it is. Raises InputError for findings that are closed.
    """
    owner = text_of("owner", owner) if owner is not None else None
    _refuse(items, closed=True, but="reopen it first")
    return [e for item in items for e in _assigned(item, doer, owner, due, reason)]


def _assigned(
    item: WorkItem, doer: Doer, owner: str | None, due: date | None, reason: str | None
) -> Iterator[WorkEvent]:
    given = item.work.owner == owner and (owner is None or item.work.state == "assigned")
    if not given:
        yield doer.event(item, "assigned", owner, reason)
    if due is not None and due != item.work.due:
        yield doer.event(item, "due", due.isoformat(), reason)


def commented(items: Sequence[WorkItem], doer: Doer, *, text: str) -> list[WorkEvent]:
    """Say something about findings. Raises InputError for a text that says nothing."""
    said = text_of("comment", text)
    return [doer.event(item, "commented", None, said) for item in items]


def closed(items: Sequence[WorkItem], doer: Doer, *, as_: str, reason: str) -> list[WorkEvent]:
    """Close findings. Raises InputError for an unknown word, no reason, and what is closed."""
    if as_ not in CLOSED_AS:
        raise InputError(
            f"'{as_}' is no way to close a finding; expected one of {', '.join(CLOSED_AS)}."
            f"{did_you_mean(as_, CLOSED_AS)}"
        )
    why = text_of("reason", reason)
    _refuse(items, closed=True, but="reopen it first")
    return [doer.event(item, "closed", as_, why) for item in items]


def reopened(items: Sequence[WorkItem], doer: Doer, *, reason: str) -> list[WorkEvent]:
    """Open closed findings again. Raises InputError for those that are open."""
    why = text_of("reason", reason)
    _refuse(items, closed=False, but="nothing is to be reopened")
    return [doer.event(item, "reopened", None, why) for item in items]


def text_of(what: str, value: str) -> str:
    """Return a text that somebody gave, without blanks around it. Raises InputError for none."""
    text = value.strip()
    if not text:
        raise InputError(f"The {what} is empty; say something.")
    if len(text) > _LONGEST:
        raise InputError(f"The {what} has {len(text):,} characters; at most {_LONGEST:,} are kept.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(f"The {what} is no UTF-8 text.") from None
    return text


def _refuse(items: Sequence[WorkItem], *, closed: bool, but: str) -> None:
    """Raise InputError if some findings are closed, or some are not."""
    wrong = [item.fingerprint[:SHOWN] for item in items if (item.work.state == "closed") == closed]
    if wrong:
        are = "is" if len(wrong) == 1 else "are"
        what = "closed" if closed else "not closed"
        raise InputError(f"{listed(wrong)} {are} {what}: {but}. Nothing was changed.")

"""All that was done about a finding, as a section. Times are UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Section
from graphchannel.report.work_words import event_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.findings.work import WorkEvent

__all__ = ["history_section"]

_HISTORY: tuple[Column[WorkEvent], ...] = (
    Column("at", lambda one: str(one.at)),
    Column("who", lambda one: one.who),
    Column("what", lambda one: event_words(one)),
)


def history_section(history: Sequence[WorkEvent]) -> Section[WorkEvent]:
    """Return the events of a finding in their order."""
    return Section("history", "What was done", _HISTORY, history)

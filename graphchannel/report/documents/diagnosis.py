"""What `doctor` found, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.channel.diagnosis import Examined

__all__ = ["diagnosis_document"]

_CHECKS: tuple[Column[Examined], ...] = (
    Column("about", lambda check: check.about),
    Column("name", lambda check: check.name),
    Column("state", lambda check: check.state),
    Column("found", lambda check: check.found),
)


def diagnosis_document(checks: Sequence[Examined]) -> Document:
    """List what was looked at, in the order in which it was."""
    wrong = sum(check.state == "wrong" for check in checks)
    look = sum(check.state == "look" for check in checks)
    return Document(
        headline=f"{counted(wrong, 'thing')} wrong, {look} to look at.",
        facts={"wrong": wrong, "look": look},
        sections=(Section("checks", "", _CHECKS, checks),),
    )

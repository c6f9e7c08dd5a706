"""Senders as documents: what each reads and fills, and what one makes of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section, listing, rows_section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphchannel.ingest.senders.model import Sender
    from graphchannel.ingest.senders.workshop import Trial

__all__ = ["senders_document", "trials_document"]

_SENDERS: tuple[Column[Sender], ...] = (
    Column("name", lambda sender: sender.name, "id"),
    Column("files", lambda sender: ", ".join(sender.files) or "by their columns"),
    Column("tables", lambda sender: ", ".join(sender.tables)),
    Column("confirmed", lambda sender: "yes" if sender.confirmed and not sender.open else "no"),
    Column("about", lambda sender: sender.about),
)


def senders_document(senders: Iterable[Sender]) -> Document:
    """List the senders in their order."""
    return listing(Section("senders", "", _SENDERS, list(senders)))


def trials_document(trials: Iterable[Trial]) -> Document:
    """Show the first rows that a sender gives, a section for each table."""
    return Document(
        headline="",
        facts={},
        sections=tuple(
            rows_section(
                trial.table,
                trial.table,
                [dict(zip(trial.header, row, strict=True)) for row in trial.rows],
            )
            for trial in trials
        ),
    )

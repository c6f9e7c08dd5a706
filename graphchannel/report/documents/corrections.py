"""Restatements that changed findings as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section, listing
from graphchannel.runs.kinds import WORDS

if TYPE_CHECKING:
    from graphchannel.runs.corrections import Corrections, Restatement

__all__ = ["corrections_document"]

_ENTRIES: tuple[Column[Restatement], ...] = (
    Column("runs", lambda one: f"{one.before} → {one.after}", "id"),
    Column("change", lambda one: one.finding.change),
    Column("rule", lambda one: one.finding.rule, "id"),
    Column("subject", lambda one: one.finding.subject, "id"),
    Column("object", lambda one: one.finding.object, "id", spare=True),
    Column("cause", lambda one: WORDS[one.cause.kind]),
    Column("rows", lambda one: ", ".join(one.cause.rows), spare=True),
    Column("load", lambda one: ", ".join(map(str, one.cause.loads)), "id"),
    Column("file", lambda one: ", ".join(one.cause.files)),
    Column("loaded_at", lambda one: str(one.loaded_at) if one.loaded_at else None, spare=True),
    Column("fingerprint", lambda one: one.finding.fingerprint, "id", detail=True),
)


def corrections_document(corrections: Corrections) -> Document:
    """List restatements in the order of the runs; times are UTC."""
    return listing(Section("corrections", "", _ENTRIES, corrections.entries))

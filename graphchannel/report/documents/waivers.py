"""Waivers as a document: what each covers, until when, and what is used of its caps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.findings.waivers import sentence
from graphchannel.report.document import Column, Document, Section
from graphchannel.text import counted

if TYPE_CHECKING:
    from graphchannel.channel.results import WaiverList
    from graphchannel.findings.waiver_outcome import WaiverOutcome

__all__ = ["waivers_document"]

_WAIVERS: tuple[Column[WaiverOutcome], ...] = (
    Column("rule", lambda waiver: waiver.rule, "id"),
    Column("subject", lambda waiver: waiver.subject, "id"),
    Column("object", lambda waiver: waiver.object, "id"),
    Column("product", lambda waiver: waiver.product, "id"),
    Column("valid_from", lambda waiver: waiver.valid_from, detail=True),
    Column("valid_to", lambda waiver: waiver.valid_to),
    Column("status", lambda waiver: waiver.status.replace("_", " ")),
    Column("lines", lambda waiver: waiver.lines, "count"),
    Column("units", lambda waiver: _units(waiver)),
    Column("value", lambda waiver: _value(waiver)),
    Column("approver", lambda waiver: waiver.approver, spare=True),
    Column("reason", lambda waiver: waiver.reason, detail=True),
)


def waivers_document(found: WaiverList) -> Document:
    """List waivers, in order of rule, subject and object."""
    soon = f" end from {found.as_of} to {found.until}" if found.until else f" as of {found.as_of}"
    remarks = [said for waiver in found.waivers if (said := sentence(waiver))]
    return Document(
        headline=f"{counted(len(found.waivers), 'waiver')}{soon}.",
        facts={"as_of": found.as_of, "until": found.until},
        sections=(Section("waivers", "", _WAIVERS, found.waivers, remarks),),
    )


def _units(waiver: WaiverOutcome) -> str | None:
    """Say how many units are used of how many."""
    cap = waiver.max_quantity
    return None if cap is None else f"{waiver.used_units:,} of {cap:,}"


def _value(waiver: WaiverOutcome) -> str | None:
    """Say how much value is used of how much."""
    cap = waiver.max_value
    return None if cap is None else f"{waiver.used_value:,.2f} of {cap:,.2f} {waiver.currency}"

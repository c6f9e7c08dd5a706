"""Findings as flat rows, for tables of other libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphchannel.findings.model import Finding

__all__ = ["COLUMNS", "finding_record"]

COLUMNS = (
    "rule", "severity", "section", "subject_kind", "subject", "subject_name", "object",
    "object_name", "lines", "quantity", "amount", "first", "last", "message", "status",
    "fingerprint", "work_state", "owner", "due",
)  # fmt: skip


def finding_record(finding: Finding) -> dict[str, object]:
    """Return a finding by column; `amount` holds exact decimals by currency."""
    object_, work = finding.object, finding.work
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "section": finding.section,
        "subject_kind": finding.subject.kind,
        "subject": finding.subject.id,
        "subject_name": finding.subject.name,
        "object": object_.id if object_ else None,
        "object_name": object_.name if object_ else None,
        "lines": finding.lines,
        "quantity": finding.quantity,
        "amount": finding.amount,
        "first": finding.first,
        "last": finding.last,
        "message": finding.message,
        "status": finding.status,
        "fingerprint": finding.fingerprint,
        "work_state": work.state if work else None,
        "owner": work.owner if work else None,
        "due": work.due if work else None,
    }

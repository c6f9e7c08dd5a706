"""The subjects of a scan's findings as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Lazy, Section
from graphchannel.report.documents.scan_sentences import (
    headline,
    rule_remarks,
    stake_sentences,
    totals,
)
from graphchannel.report.figures import Figures, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.findings import ScanResult
    from graphchannel.findings.result import SubjectFindings

__all__ = ["by_subject_document"]

_SUBJECTS: tuple[Column[SubjectFindings], ...] = (
    Column("name", lambda found: found.subject.name, head="Subject"),
    Column("id", lambda found: found.subject.id, head="Id"),
    Column("kind", lambda found: found.subject.kind, head="Kind", spare=True),
    Column("findings", lambda found: _by_severity(found.findings), head="Findings"),
    Column("lines", lambda found: found.at_stake.lines, "count", "Lines"),
    Column("at_stake", lambda found: Figures(found.at_stake.amount), head="At stake"),
)


def by_subject_document(result: ScanResult, *, top: int) -> Document:
    """Tell the subjects with the worst findings: how many of each severity, what is at stake.

    A line of several findings counts once. Rules that did not judge are told as a scan tells them.
    """
    return Document(
        headline=headline(result),
        facts={"as_of": result.as_of, "engine": result.engine, "policy": result.policy.name},
        sections=(
            Section(
                "subjects",
                "",
                _SUBJECTS,
                Lazy(result.by_subject),
                Lazy(lambda: rule_remarks(result)),
                shown=top,
                more="--top shows more of them.",
                empty="",
                nested=_subject,
            ),
        ),
        remarks=Lazy(lambda: [totals(result), *stake_sentences(result.stakes())]),
    )


def _subject(found: SubjectFindings) -> dict[str, object]:
    ref, at_stake = found.subject, found.at_stake
    return {
        "kind": ref.kind,
        "id": ref.id,
        "name": ref.name,
        "findings": dict(found.findings),
        "lines": at_stake.lines,
        "at_stake": plain(Figures(at_stake.amount)),
    }


def _by_severity(severities: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {severity}" for severity, count in severities.items())

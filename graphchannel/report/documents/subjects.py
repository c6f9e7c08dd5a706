"""The subjects of a scan's findings as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Lazy, Section
from graphchannel.report.documents.scan_sentences import headline, rule_remarks, totals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.findings import Ref, ScanResult

    Subject = tuple[Ref, Mapping[str, int], int]

__all__ = ["by_subject_document"]

_SUBJECTS: tuple[Column[Subject], ...] = (
    Column("name", lambda subject: subject[0].name, head="Subject"),
    Column("id", lambda subject: subject[0].id, head="Id"),
    Column("kind", lambda subject: subject[0].kind, head="Kind"),
    Column("findings", lambda subject: _by_severity(subject[1]), head="Findings"),
    Column("lines", lambda subject: subject[2], "count", "Lines"),
)


def by_subject_document(result: ScanResult, *, top: int) -> Document:
    """Tell the subjects with the worst findings: how many of each severity, how many lines.

    Rules that did not judge are told as among the rules of a scan.
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
        remarks=Lazy(lambda: [totals(result)]),
    )


def _subject(subject: Subject) -> dict[str, object]:
    ref, severities, lines = subject
    return {
        "kind": ref.kind,
        "id": ref.id,
        "name": ref.name,
        "findings": dict(severities),
        "lines": lines,
    }


def _by_severity(severities: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {severity}" for severity, count in severities.items())

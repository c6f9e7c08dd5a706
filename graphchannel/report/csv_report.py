"""Findings as CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from graphchannel.report.figures import amounts_text, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphchannel.findings import Finding, ScanResult

__all__ = ["COLUMNS", "safe", "write_csv", "write_rows"]

COLUMNS = (
    "severity",
    "rule",
    "section",
    "subject_kind",
    "subject_id",
    "subject_name",
    "object_kind",
    "object_id",
    "object_name",
    "lines",
    "quantity",
    "amount",
    "first",
    "last",
    "message",
    "path",
    "certainty",
    "quantities",
    "status",
    "baseline",
    "fingerprint",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(result: ScanResult, stream: TextIO, *, show_waived: bool = False) -> None:
    """Write one row a finding, in the scan's order; `stream` leaves line ends alone."""
    write_rows(COLUMNS, (_row(f) for f in result.findings(waived=show_waived)), stream)


def write_rows(columns: Iterable[str], rows: Iterable[Iterable[object]], stream: TextIO) -> None:
    """Write a header and rows with cells made safe."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([safe(column) for column in columns])
    writer.writerows([safe(plain(value)) for value in row] for row in rows)


def safe(value: object) -> object:
    """Return a text that a spreadsheet would run as a formula with an apostrophe before it.

    >>> safe("=1+1"), safe(-5), safe("Łódź")
    ("'=1+1", -5, 'Łódź')
    """
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _row(finding: Finding) -> list[object]:
    object_ = finding.object
    baseline = None if finding.known is None else "known" if finding.known else "new"
    return [
        finding.severity,
        finding.rule,
        finding.section,
        finding.subject.kind,
        finding.subject.id,
        finding.subject.name,
        object_.kind if object_ else None,
        object_.id if object_ else None,
        object_.name if object_ else None,
        finding.lines,
        finding.quantity,
        amounts_text(finding.amount),
        finding.first,
        finding.last,
        finding.message,
        finding.path.route if finding.path else None,
        finding.path.certainty if finding.path else None,
        "; ".join(finding.path.quantities) if finding.path else None,
        finding.status,
        baseline,
        finding.fingerprint,
    ]

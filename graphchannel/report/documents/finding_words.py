"""What a table says of a finding in one cell: its message, its path, and what to know beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from graphchannel.report.document import Column
from graphchannel.report.documents.scan_sentences import beyond_its_lines, shadow_of
from graphchannel.report.figures import Figures, rounded_figures
from graphchannel.report.work_words import answers_words, work_words
from graphchannel.text import counted, visible

if TYPE_CHECKING:
    from graphchannel.findings import Finding
    from graphchannel.findings.model import SupplyPath

__all__ = ["WORK_COLUMNS", "finding_words"]

WORK_COLUMNS: tuple[Column[Finding], ...] = (
    Column("work_state", lambda finding: finding.work.state if finding.work else None),
    Column("owner", lambda finding: finding.work.owner if finding.work else None),
    Column("due", lambda finding: finding.work.due if finding.work else None),
    Column("closed_as", lambda finding: finding.work.closed_as if finding.work else None),
    Column("answers", lambda finding: answers_words(finding.work) if finding.work else None),
)


def finding_words(finding: Finding) -> str:
    """Return the lines of the cell."""
    lines = [f"{finding.message}{_waived(finding)}{_grown(finding)}"]
    if finding.path is not None:
        lines += [finding.path.route, _how_sure(finding.path)]
    if more := beyond_its_lines(finding):
        lines.append(more)
    lines += shadow_of(finding)
    if finding.work is not None:
        lines.append(f"Work: {work_words(finding.work)}.")
    return "\n".join(map(visible, lines))


def _waived(finding: Finding) -> str:
    """Say what of a finding is waived, which is a part of it where it stays open."""
    if finding.status == "waived":
        return " (waived)"
    parts = []
    if finding.waived_lines:
        parts.append(f"{finding.waived_lines:,} of {finding.lines:,} lines")
    if finding.waived_units:
        of_others = " of others" if parts else f" of {finding.quantity:,}"
        parts.append(f"{finding.waived_units:,} units{of_others}")
    return f" ({' and '.join(parts)} waived)" if parts else ""


def _grown(finding: Finding) -> str:
    """Say by how much a finding has grown: its lines, and its value in each currency."""
    before = finding.before
    if before is None or finding.change not in ("grown", "reopened"):
        return ""
    parts = [f"{before.lines:,} → {counted(finding.lines, 'line')}"]
    for currency, amount in finding.amount.items():
        more = amount - before.amount.get(currency, Decimal(0))
        if more > 0:
            parts.append(f"+{rounded_figures(Figures({currency: more}))}")
    return f" ({finding.change}: {', '.join(parts)})"


def _how_sure(path: SupplyPath) -> str:
    return f"{path.certainty}: {path.arrived}" if path.arrived else path.certainty

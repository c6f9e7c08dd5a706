"""What would follow from changes, as a document: findings, coverage, partners, trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.findings.model import NO_CURRENCY
from graphchannel.policy import SEVERITIES
from graphchannel.report.coverage_report import change_of, why
from graphchannel.report.sections import Document, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from graphchannel.analysis.coverage.changes import Reason
    from graphchannel.analysis.coverage.stranded import Stranded
    from graphchannel.findings import Finding
    from graphchannel.simulation.run import Simulation

__all__ = ["simulation_document"]

_SHOWN = 20  # rows of the long sections that people see
_NONE = "—"


def simulation_document(found: Simulation, section: str | None = None) -> Document:
    """Return the document, with all sections or the one with this key."""
    question, findings = found.question, found.findings
    lost = sum(not change.gained for change in found.regions)
    headline = (
        f"If this held from {question.on} on, then as of {question.as_of}: "
        f"{len(findings.appearing):,} findings appear and {len(findings.vanishing):,} vanish, "
        f"{len(findings.altered):,} change, {findings.unchanged:,} stay; {lost:,} regions are lost "
        f"and {len(found.regions) - lost:,} gained; {len(found.stranded):,} partners are left "
        "without a supplier."
    )
    sections = (
        _summary(found),
        _findings("appearing", "Findings that appear", findings.appearing),
        _findings("vanishing", "Findings that vanish", findings.vanishing),
        _altered(found),
        _regions(found),
        _cities(found),
        _stranded(found),
        _trade(found),
        _changes(found),
        _rules(found),
    )
    facts = {
        "as_of": question.as_of,
        "on": question.on,
        "since": question.since,
        "policy_before": question.before.policy.name,
        "policy_after": question.after.policy.name,
        "findings_unchanged": findings.unchanged,
    }
    chosen = tuple(entry for entry in sections if section in (None, entry.key))
    return Document(headline, facts, chosen, tuple(_remarks(found)))


def _remarks(found: Simulation) -> Iterator[str]:
    for applied in found.changes:
        if not applied.effects:
            yield f"'{applied.change}' changes nothing: it is so already on {found.question.on}."
    late = found.question.on < found.question.as_of
    if late and found.findings.appearing and any(applied.effects for applied in found.changes):
        yield (
            f"Lines from {found.question.on} to {found.question.as_of} are judged as if they had "
            "been shipped all the same."
        )


def _summary(found: Simulation) -> Section:
    """Count findings by rule, worst first, as they are found."""
    findings = found.findings
    kinds = (
        [(f.severity, f.rule) for f in findings.appearing],
        [(f.severity, f.rule) for f in findings.vanishing],
        [(pair.after.severity, pair.after.rule) for pair in findings.altered],
    )
    rules = sorted(
        {rule for kind in kinds for rule in kind},
        key=lambda rule: (SEVERITIES.index(rule[0]), rule[1]),
    )
    rows = [(*rule, *(kind.count(rule) for kind in kinds)) for rule in rules]
    columns = ("severity", "rule", "appear", "vanish", "change")
    return Section("summary", "Findings by rule", columns, rows)


def _findings(key: str, title: str, findings: Sequence[Finding]) -> Section:
    return Section(
        key,
        title,
        ("severity", "rule", "subject", "object", "lines", "message", "fingerprint"),
        [
            (
                finding.severity,
                finding.rule,
                finding.subject.id,
                finding.object.id if finding.object else None,
                finding.lines,
                finding.message,
                finding.fingerprint,
            )
            for finding in findings
        ],
        shown=_SHOWN,
        details=frozenset({"subject", "object", "fingerprint"}),
    )


def _altered(found: Simulation) -> Section:
    columns = ("rule", "subject", "object", "severity_before", "severity_after")
    return Section(
        "altered",
        "Findings that stay and change",
        (*columns, "lines_before", "lines_after", "message", "fingerprint"),
        [
            (
                pair.after.rule,
                pair.after.subject.id,
                pair.after.object.id if pair.after.object else None,
                pair.before.severity,
                pair.after.severity,
                pair.before.lines,
                pair.after.lines,
                pair.after.message,
                pair.after.fingerprint,
            )
            for pair in found.findings.altered
        ],
        shown=_SHOWN,
        details=frozenset({"subject", "object", "fingerprint"}),
    )


def _regions(found: Simulation) -> Section:
    return Section(
        "regions",
        "Regions gained and lost",
        ("region", "name", "country", "change", "before", "after", "demand", "why"),
        [
            (
                change.region.id,
                change.region.name,
                change.region.country,
                change_of(gained=change.gained),
                change.before,
                change.after,
                change.region.demand,
                _why(change.reasons),
            )
            for change in found.regions
        ],
        shown=_SHOWN,
    )


def _cities(found: Simulation) -> Section:
    return Section(
        "cities",
        "Key cities gained and lost",
        ("city", "name", "change", "why"),
        [
            (change.id, change.name, change_of(gained=change.gained), _why(change.reasons))
            for change in found.cities
        ],
        shown=_SHOWN,
    )


def _stranded(found: Simulation) -> Section:
    columns = ("partner", "name", "role", "country", "certified_by", "candidates")
    return Section(
        "stranded",
        "Partners left without a supplier, and the nearest distributor that could take them",
        (*columns, "nearest", "nearest_name", "nearest_city", "km"),
        [
            (
                one.partner,
                one.name,
                one.role,
                one.country,
                ", ".join(one.suppliers),
                one.candidates,
                one.nearest.distributor if one.nearest else None,
                one.nearest.name if one.nearest else None,
                one.nearest.city if one.nearest else None,
                one.nearest.kilometres if one.nearest else None,
            )
            for one in found.stranded
        ],
        tuple(_stranded_remarks(found.stranded)),
        _SHOWN,
        frozenset({"certified_by", "candidates", "nearest", "nearest_city"}),
    )


def _stranded_remarks(stranded: Sequence[Stranded]) -> Iterator[str]:
    nobody = sum(one.nearest is None for one in stranded)
    if nobody:
        yield (
            f"For {nobody:,} of them there is nobody: no distributor that could supply their role "
            "is authorized, or has its seat, where they are."
        )
    unknown = sum(not one.located for one in stranded)
    if unknown:
        yield (
            f"{unknown:,} have no city with coordinates: of those who could take them the first is "
            "named, not the nearest."
        )
    elsewhere = sum(
        one.located and one.nearest is not None and one.nearest.kilometres is None
        for one in stranded
    )
    if elsewhere:
        yield (
            f"For {elsewhere:,} nobody who could take them has a seat or branch with coordinates: "
            "the first is named, not the nearest."
        )


def _trade(found: Simulation) -> Section:
    rows = [
        (
            entry.group,
            entry.trade,
            entry.currency or NO_CURRENCY,
            entry.partners,
            entry.lines,
            entry.units,
            entry.amount,
        )
        for entry in found.trade
    ]
    question = found.question
    title = (
        "Trade of the changed and the stranded partners, as recorded from "
        f"{question.since} to {question.as_of}"
    )
    columns = ("partners_are", "trade", "currency", "partners", "lines", "units", "amount")
    return Section("trade", title, columns, rows)


def _changes(found: Simulation) -> Section:
    rows: list[tuple[object, ...]] = [
        (
            str(applied.change),
            effect.table,
            effect.row,
            _interval(effect.before),
            _interval(effect.after),
        )
        for applied in found.changes
        for effect in applied.effects
    ]
    columns = ("change", "table", "row", "before", "after")
    return Section("changes", "What changes in the data", columns, rows, shown=_SHOWN)


def _rules(found: Simulation) -> Section:
    rows = [(c.rule, c.before or _NONE, c.after or _NONE) for c in found.findings.rules]
    return Section("rules", "Rules that are judged otherwise", ("rule", "before", "after"), rows)


def _why(reasons: Sequence[Reason]) -> str:
    """Return the reasons in one cell; their days are those of what stands, not of the question."""
    return why(reasons, days=False)


def _interval(days: tuple[date | None, date | None] | None) -> str:
    if days is None:
        return _NONE
    first, last = days
    return f"{first or '…'} to {last or '…'}"

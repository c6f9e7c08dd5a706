"""What would follow from changes, as a document: findings, coverage, partners, trade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.policy import SEVERITIES
from graphchannel.report.document import Column, Document, Section
from graphchannel.report.documents.changes import city_changes, region_changes
from graphchannel.text import NO_CURRENCY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from graphchannel.analysis.coverage.stranded import Stranded
    from graphchannel.findings import Finding
    from graphchannel.simulation.apply import Effect
    from graphchannel.simulation.compare import Altered, RuleChange
    from graphchannel.simulation.run import Simulation
    from graphchannel.simulation.scenario import Change
    from graphchannel.simulation.trade import Trade

__all__ = ["simulation_document"]

_SHOWN = 20  # rows of the long sections that people see
_NONE = "—"


@dataclass(frozen=True, slots=True)
class _RuleCounts:
    """How many findings of a rule appear, vanish and change."""

    severity: str
    rule: str
    appear: int
    vanish: int
    change: int


_SUMMARY: tuple[Column[_RuleCounts], ...] = (
    Column("severity", lambda row: row.severity),
    Column("rule", lambda row: row.rule),
    Column("appear", lambda row: row.appear, "number"),
    Column("vanish", lambda row: row.vanish, "number"),
    Column("change", lambda row: row.change, "number"),
)
_FINDINGS: tuple[Column[Finding], ...] = (
    Column("severity", lambda finding: finding.severity),
    Column("rule", lambda finding: finding.rule),
    Column("subject", lambda finding: finding.subject.id, "id", detail=True),
    Column("object", lambda finding: _object(finding), "id", detail=True),
    Column("lines", lambda finding: finding.lines, "number"),
    Column("message", lambda finding: finding.message),
    Column("fingerprint", lambda finding: finding.fingerprint, "id", detail=True),
)
_ALTERED: tuple[Column[Altered], ...] = (
    Column("rule", lambda pair: pair.after.rule),
    Column("subject", lambda pair: pair.after.subject.id, "id", detail=True),
    Column("object", lambda pair: _object(pair.after), "id", detail=True),
    Column("severity_before", lambda pair: pair.before.severity),
    Column("severity_after", lambda pair: pair.after.severity),
    Column("lines_before", lambda pair: pair.before.lines, "number", spare=True),
    Column("lines_after", lambda pair: pair.after.lines, "number"),
    Column("message", lambda pair: pair.after.message),
    Column("fingerprint", lambda pair: pair.after.fingerprint, "id", detail=True),
)
_STRANDED: tuple[Column[Stranded], ...] = (
    Column("partner", lambda one: one.partner, "id"),
    Column("name", lambda one: one.name),
    Column("role", lambda one: one.role),
    Column("country", lambda one: one.country),
    Column("certified_by", lambda one: ", ".join(one.suppliers), detail=True),
    Column("candidates", lambda one: one.candidates, "number", detail=True),
    Column(
        "nearest", lambda one: one.nearest.distributor if one.nearest else None, "id", detail=True
    ),
    Column("nearest_name", lambda one: one.nearest.name if one.nearest else None),
    Column("nearest_city", lambda one: one.nearest.city if one.nearest else None, detail=True),
    Column("km", lambda one: one.nearest.kilometres if one.nearest else None, "number"),
)
_TRADE: tuple[Column[Trade], ...] = (
    Column("partners_are", lambda entry: entry.group),
    Column("trade", lambda entry: entry.trade),
    Column("currency", lambda entry: entry.currency or NO_CURRENCY),
    Column("partners", lambda entry: entry.partners, "number"),
    Column("lines", lambda entry: entry.lines, "number"),
    Column("units", lambda entry: entry.units, "number"),
    Column("amount", lambda entry: entry.amount, "number"),
)
_CHANGES: tuple[Column[tuple[Change, Effect]], ...] = (
    Column("change", lambda applied: str(applied[0])),
    Column("table", lambda applied: applied[1].table),
    Column("row", lambda applied: applied[1].row),
    Column("before", lambda applied: _interval(applied[1].before)),
    Column("after", lambda applied: _interval(applied[1].after)),
)
_RULES: tuple[Column[RuleChange], ...] = (
    Column("rule", lambda change: change.rule),
    Column("before", lambda change: change.before or _NONE),
    Column("after", lambda change: change.after or _NONE),
)


def simulation_document(found: Simulation) -> Document:
    """Tell what would appear, vanish, be lost and gained, and whose trade it touches."""
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
        Section(
            "altered", "Findings that stay and change", _ALTERED, findings.altered, shown=_SHOWN
        ),
        region_changes(
            "regions", "Regions gained and lost", found.regions, days=False, shown=_SHOWN
        ),
        city_changes(
            "cities", "Key cities gained and lost", found.cities, days=False, shown=_SHOWN
        ),
        Section(
            "stranded",
            "Partners left without a supplier, and the nearest distributor that could take them",
            _STRANDED,
            found.stranded,
            tuple(_stranded_remarks(found.stranded)),
            shown=_SHOWN,
        ),
        _trade(found),
        _changes(found),
        Section("rules", "Rules that are judged differently", _RULES, findings.rules),
    )
    facts = {
        "as_of": question.as_of,
        "on": question.on,
        "since": question.since,
        "policy_before": question.before.policy.name,
        "policy_after": question.after.policy.name,
        "findings_unchanged": findings.unchanged,
    }
    return Document(headline, facts, sections, tuple(_remarks(found)))


def _remarks(found: Simulation) -> Iterator[str]:
    for applied in found.changes:
        if not applied.effects:
            yield f"'{applied.change}' changes nothing: it holds already on {found.question.on}."
    late = found.question.on < found.question.as_of
    if late and found.findings.appearing and any(applied.effects for applied in found.changes):
        yield (
            f"Lines from {found.question.on} to {found.question.as_of} are judged as if they had "
            "been shipped all the same."
        )


def _summary(found: Simulation) -> Section[_RuleCounts]:
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
    appear, vanish, change = kinds
    counts = [
        _RuleCounts(*rule, appear.count(rule), vanish.count(rule), change.count(rule))
        for rule in rules
    ]
    return Section("summary", "Findings by rule", _SUMMARY, counts)


def _findings(key: str, title: str, findings: Sequence[Finding]) -> Section[Finding]:
    return Section(key, title, _FINDINGS, findings, shown=_SHOWN)


def _object(finding: Finding) -> str | None:
    return finding.object.id if finding.object else None


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


def _trade(found: Simulation) -> Section[Trade]:
    question = found.question
    title = (
        "Trade of the changed and the stranded partners, as recorded from "
        f"{question.since} to {question.as_of}"
    )
    return Section("trade", title, _TRADE, found.trade)


def _changes(found: Simulation) -> Section[tuple[Change, Effect]]:
    effects = [(applied.change, effect) for applied in found.changes for effect in applied.effects]
    return Section("changes", "What changes in the data", _CHANGES, effects, shown=_SHOWN)


def _interval(days: tuple[date | None, date | None] | None) -> str:
    if days is None:
        return _NONE
    first, last = days
    return f"{first or '…'} to {last or '…'}"

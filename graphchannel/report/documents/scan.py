"""A scan as a document: what became of each rule, the findings, their evidence, the waivers."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from graphchannel.findings.baseline import REPORT_FORMAT
from graphchannel.findings.fingerprints import SHOWN
from graphchannel.findings.waivers import sentence
from graphchannel.report.document import Column, Document, Lazy, Page, Section, columns_of
from graphchannel.report.documents.finding_json import nested_finding
from graphchannel.report.documents.finding_words import WORK_COLUMNS, finding_words
from graphchannel.report.documents.scan_sentences import (
    STATUS_WORDS,
    headline,
    reject_sentences,
    rejected_facts,
    rule_remarks,
    stake_sentences,
    totals,
)
from graphchannel.report.figures import Amounts, Days, Figures, plain
from graphchannel.report.work_words import work_total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.findings import Finding, RuleOutcome, ScanResult
    from graphchannel.findings.stakes import Stake, Stakes
    from graphchannel.findings.waiver_outcome import WaiverOutcome
    from graphchannel.neo4j.browser import BrowserAddress

__all__ = ["scan_document"]

_RULES: tuple[Column[RuleOutcome], ...] = (
    Column("id", lambda rule: rule.id, "id", "rule"),
    Column("severity", lambda rule: rule.severity, "severity"),
    Column("name", lambda rule: rule.name),
    Column("section", lambda rule: rule.section),
    Column("status", lambda rule: rule.status),
    Column("reason", lambda rule: rule.reason),
    Column("findings", lambda rule: rule.findings, "count"),
    Column("waived", lambda rule: rule.waived, "count"),
    Column("lines", lambda rule: rule.lines, "count"),
    Column("population", lambda rule: rule.population, "count"),
)
_NOT_IN_JSON = frozenset({"name", "section"})
_SUMMARY: tuple[Column[RuleOutcome], ...] = (
    Column("severity", lambda rule: rule.severity, "severity", "Severity"),
    Column("id", lambda rule: rule.id, "id", "Rule"),
    Column("section", lambda rule: rule.section, head="Section", spare=True),
    Column("findings", lambda rule: _open(rule), "count", "Findings"),
    Column("lines", lambda rule: rule.lines or None, "count", "Lines"),
    Column("population", lambda rule: rule.population, "count", "Population", spare=True),
)
_STATUS: Column[RuleOutcome] = Column("status", lambda rule: _status(rule), "id", "Status")
_WAIVERS: tuple[Column[WaiverOutcome], ...] = (
    Column("rule", lambda waiver: waiver.rule, "id"),
    Column("subject", lambda waiver: waiver.subject, "id"),
    Column("object", lambda waiver: waiver.object, "id"),
    Column("product", lambda waiver: waiver.product, "id"),
    Column("valid_from", lambda waiver: waiver.valid_from),
    Column("valid_to", lambda waiver: waiver.valid_to),
    Column("approver", lambda waiver: waiver.approver),
    Column("reason", lambda waiver: waiver.reason),
    Column("status", lambda waiver: waiver.status),
    Column("lines", lambda waiver: waiver.lines, "count"),
    Column("max_quantity", lambda waiver: waiver.max_quantity, "count"),
    Column("max_value", lambda waiver: waiver.max_value, "number"),
    Column("currency", lambda waiver: waiver.currency),
    Column("used_units", lambda waiver: waiver.used_units if waiver.capped else None, "count"),
    Column("used_value", lambda waiver: waiver.used_value if waiver.max_value else None, "number"),
    Column("lines_beyond", lambda waiver: waiver.beyond, "count"),
)
_FINDINGS: tuple[Column[Finding], ...] = (
    Column("severity", lambda finding: finding.severity, "severity"),
    Column("rule", lambda finding: finding.rule, "id"),
    Column("section", lambda finding: finding.section),
    Column("subject_kind", lambda finding: finding.subject.kind),
    Column("subject_id", lambda finding: finding.subject.id, "id"),
    Column("subject_name", lambda finding: finding.subject.name, head="subject"),
    Column("object_kind", lambda finding: finding.object.kind if finding.object else None),
    Column("object_id", lambda finding: finding.object.id if finding.object else None, "id"),
    Column(
        "object_name",
        lambda finding: finding.object.name if finding.object else None,
        head="object",
    ),
    Column("lines", lambda finding: finding.lines, "count"),
    Column("quantity", lambda finding: finding.quantity, "count"),
    Column("amount", lambda finding: Amounts(finding.amount)),
    Column("first", lambda finding: finding.first),
    Column("last", lambda finding: finding.last),
    Column("message", lambda finding: finding.message),
    Column("path", lambda finding: finding.path.route if finding.path else None),
    Column("certainty", lambda finding: finding.path.certainty if finding.path else None),
    Column(
        "quantities",
        lambda finding: "; ".join(finding.path.quantities) if finding.path else None,
    ),
    Column("status", lambda finding: finding.status),
    Column("baseline", lambda finding: finding.change),
    Column("first_seen", lambda finding: finding.first_seen),
    Column("open_since", lambda finding: finding.open_since),
    Column("days_open", lambda finding: finding.days_open, "count"),
    Column("fingerprint", lambda finding: finding.fingerprint, "id"),
)
_WORST: tuple[Column[Finding], ...] = (
    Column("severity", lambda finding: finding.severity, "severity", "Severity"),
    Column("finding", lambda finding: finding_words(finding), "lines", "Finding"),
    Column("section", lambda finding: finding.section, head="Section", spare=True),
    Column("value", lambda finding: Figures(finding.amount), head="Value"),
    Column("days", lambda finding: Days(finding.first, finding.last), head="Days"),
    Column("fingerprint", lambda finding: finding.fingerprint[:SHOWN], "id", "Fingerprint"),
)


def scan_document(
    result: ScanResult,
    *,
    top: int,
    show_waived: bool = False,
    show_options: str = "",
    browser: BrowserAddress | None = None,
) -> Document:
    """Tell what each rule found and list the findings; people are shown the `top` worst.

    `show_options` are what `graphchannel show` needs besides the fingerprint to find the same scan.
    In JSON each finding has a link into `browser` if there is one.
    """
    found, rejected = result.stakes(), result.rejected()
    findings = Lazy(lambda: result.findings(waived=show_waived))
    worst = functools.cache(lambda: result.worst(top, waived=show_waived))
    evidence = Lazy(lambda: _evidence(findings))
    return Document(
        headline=headline(result),
        facts=_facts(result, found) | rejected_facts(rejected),
        sections=(
            _rules_section(result, found),
            Section("waivers", "Waivers", _WAIVERS, result.waivers, printed=False),
            Section(
                "findings",
                "",
                (*_FINDINGS[:-1], *(WORK_COLUMNS if result.work else ()), _FINDINGS[-1]),
                findings,
                Lazy(lambda: _about_findings(result, worst(), show_options)),
                Lazy(lambda: _totals(result, found, rejected)),
                empty="",
                nested=nested_finding(browser),
                page=Page(Lazy(worst), _WORST),
            ),
            Section(
                "evidence",
                "Evidence",
                Lazy(lambda: columns_of(evidence)),
                evidence,
                printed=False,
            ),
        ),
        main="findings",
        members=_members(result, rejected),
        scan=result,
    )


def _rules_section(result: ScanResult, found: Stakes) -> Section[RuleOutcome]:
    remarks = Lazy(lambda: rule_remarks(result))
    at_stake: Column[RuleOutcome] = Column(
        "at_stake", lambda rule: _amounts(found.by_rule.get(rule.id)), head="At stake", spare=True
    )
    columns = (*_RULES, at_stake)
    page = Page(result.outcomes, (*_SUMMARY, at_stake, _STATUS))
    hashes = {id_: state.text for id_, state in result.judged.rules.items()}
    return Section(
        "rules",
        "",
        columns,
        result.outcomes,
        remarks,
        nested=lambda rule: {**_named(rule, columns), "hash": hashes[rule.id]},
        page=page,
    )


def _amounts(stake: Stake | None) -> Figures:
    return Figures(stake.amount if stake else {})


def _totals(result: ScanResult, found: Stakes, rejected: Stake) -> Iterator[str]:
    yield totals(result)
    yield from stake_sentences(found)
    yield from reject_sentences(rejected)
    yield from work_total(result.work.values())


def _facts(result: ScanResult, found: Stakes) -> dict[str, object]:
    policy = result.policy
    facts: dict[str, object] = {
        "format": REPORT_FORMAT,
        "as_of": result.as_of,
        "filters": result.judged.filters,
        "engine": result.engine,
        "policy": {
            "name": policy.name,
            "title": policy.title,
            "source": policy.source,
            "fingerprint": policy.fingerprint,
            "parameters": {name: set_.value for name, set_ in policy.parameters.items()},
            "tolerance": {"lines": policy.tolerance.lines, "value": policy.tolerance.value},
        },
        "at_stake": {
            "lines": found.total.lines,
            "without_amount": found.total.unpriced,
            "amount": plain(Amounts(found.total.amount)),
            "in_several_findings": found.repeated,
            "added_up": plain(Amounts(found.added_up)),
        },
    }
    if result.baseline is not None:
        facts["baseline"] = {
            "name": result.baseline.name,
            "edits": list(result.edits),
            "gone": [
                {"rule": gone.rule, "message": gone.message, "fingerprint": gone.fingerprint}
                for gone in result.gone
            ],
        }
    return facts


def _members(result: ScanResult, rejected: Stake) -> tuple[str, ...]:
    baseline = ("baseline",) if result.baseline is not None else ()
    first = ("format", "as_of", "filters", "engine", "policy", "at_stake")
    unjudged = ("rejected",) if rejected.lines else ()
    return (*first, *unjudged, "rules", "waivers", *baseline, "findings")


def _named(outcome: RuleOutcome, columns: Sequence[Column[RuleOutcome]]) -> dict[str, object]:
    return {c.name: plain(c.of(outcome)) for c in columns if c.name not in _NOT_IN_JSON}


def _evidence(findings: Lazy[Finding]) -> Iterator[dict[str, object]]:
    for finding in findings:
        for row in finding.evidence:
            yield {"fingerprint": finding.fingerprint, "rule": finding.rule, **row}


def _open(outcome: RuleOutcome) -> int | None:
    return outcome.findings - outcome.waived if outcome.status == "evaluated" else None


def _status(outcome: RuleOutcome) -> str:
    if outcome.status != "evaluated":
        return STATUS_WORDS[outcome.status]
    return f"{outcome.waived:,} waived" if outcome.waived else ""


def _about_findings(
    result: ScanResult, worst: Sequence[Finding], show_options: str
) -> Iterator[str]:
    """Yield how to see more of a finding, which ones are gone, and what to know about waivers."""
    for finding in worst[:1]:
        command = f"graphchannel show {finding.fingerprint[:SHOWN]} {show_options}".rstrip()
        yield f"All lines of a finding: {command}"
    since = result.baseline.name if result.baseline else "the baseline"
    for edit in result.edits:
        yield f"Edited since {since}: {edit}"
    for gone in result.gone:
        yield f"Gone since {since}: {gone.message}"
    for waiver in result.waivers:
        if said := sentence(waiver):
            yield said

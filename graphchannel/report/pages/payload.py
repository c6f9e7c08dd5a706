"""The findings of a report as the values that its page draws: plain, and visible as text.

What many findings name (rules, parties, lines) stands once and is named by its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphchannel.neo4j.views import finding_query
from graphchannel.policy import SEVERITIES
from graphchannel.report.figures import Amounts, Figures, plain, rounded_figures
from graphchannel.report.work_words import event_words, work_words
from graphchannel.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphchannel.channel.report_facts import PartySheet, ReportedLine, ReportFacts
    from graphchannel.findings import Finding, Ref
    from graphchannel.findings.model import SupplyPath
    from graphchannel.findings.stakes import Stake
    from graphchannel.findings.waiver_outcome import WaiverOutcome
    from graphchannel.findings.work import WorkState
    from graphchannel.neo4j.browser import BrowserAddress

__all__ = ["payload", "shown"]

# Of a line's evidence what the line itself says; the rest is the rule's.
_OF_THE_LINE = frozenset(
    {"shipment", "shipped_on", "product_id", "quantity", "amount", "currency", "document"}
)


def payload(facts: ReportFacts, browser: BrowserAddress | None = None) -> dict[str, Any]:
    """Return what the page draws: findings with rules, parties and lines that they name."""
    judged = facts.judged
    places = {rule.id: place for place, rule in enumerate(judged.rules)}
    document = {
        "asOf": judged.as_of,
        "severities": SEVERITIES,
        "baseline": judged.baseline.name if judged.baseline else None,
        "rules": _rules(facts),
        "parties": {id_: _party(sheet) for id_, sheet in facts.parties.items()},
        "lines": {id_: _line(line) for id_, line in facts.lines.items()},
        "stakes": {
            "rule": {id_: _worth(stake) for id_, stake in judged.stakes.by_rule.items()},
            "partner": {
                subject.subject.id: _worth(subject.at_stake) for subject in judged.subjects
            },
        },
        "waivers": [_waiver(waiver) for waiver in judged.waivers],
        "findings": [
            _finding(finding, places[finding.rule], facts, browser) for finding in judged.findings
        ],
    }
    found: dict[str, Any] = shown(document)
    return found


def _rules(facts: ReportFacts) -> list[dict[str, Any]]:
    clauses: dict[str, list[str]] = {}
    for clause in facts.clauses:
        for rule_id in clause.rules:
            clauses.setdefault(rule_id, []).append(f"{clause.section}: {clause.text}")
    return [
        {
            "id": rule.id,
            "name": rule.header.name,
            "severity": rule.severity,
            "section": rule.header.section,
            "why": [" ".join(part.split()) for part in rule.header.why.split("\n\n")],
            "clauses": clauses.get(rule.id, []),
        }
        for rule in facts.judged.rules
    ]


def _waiver(waiver: WaiverOutcome) -> dict[str, Any]:
    return {
        "rules": waiver.rule.split(),
        "subject": waiver.subject,
        "object": waiver.object,
        "product": waiver.product,
        "from": waiver.valid_from,
        "to": waiver.valid_to,
        "approver": waiver.approver,
        "reason": waiver.reason,
        "status": waiver.status,
        "caps": _caps(waiver),
        "beyond": waiver.beyond,
    }


def _caps(waiver: WaiverOutcome) -> list[str]:
    """Say what is used of the caps of a waiver."""
    told = []
    if waiver.max_quantity is not None:
        told.append(f"{waiver.used_units:,} of {waiver.max_quantity:,} units")
    if waiver.max_value is not None:
        told.append(f"{waiver.used_value:,.2f} of {waiver.max_value:,.2f} {waiver.currency}")
    return told


def shown(value: Any) -> Any:
    """Return a value of JSON with all texts visible, keys included, as the page compares them."""
    value = plain(value)
    if isinstance(value, dict):
        return {shown(key): shown(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [shown(part) for part in value]
    return visible(value) if isinstance(value, str) else value


def _party(sheet: PartySheet) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "kind": sheet.kind,
        "country": sheet.country,
        "city": sheet.city,
        "region": sheet.region,
        "roles": sheet.roles,
        "certificates": [
            [c["role"], c["issuer"] or c["issuer_id"], c["valid_from"], c["valid_to"]]
            for c in sheet.certificates
        ],
        "authorizations": [
            [a["region"], a["industry"], a["valid_from"], a["valid_to"]]
            for a in sheet.authorizations
        ],
        "trades": [_trade(trade) for trade in sheet.trades],
    }


def _trade(trade: Mapping[str, object]) -> list[Any]:
    told = [trade[name] for name in ("how", "other", "name", "lines", "quantity")]
    return [*told, _amounts(trade["amount"]) or {}]


def _worth(stake: Stake) -> str:
    return rounded_figures(Figures(stake.amount))


def _line(line: ReportedLine) -> list[Any]:
    return [
        line.shipped_on,
        line.seller,
        line.buyer,
        line.product,
        line.quantity,
        line.amount,
        line.currency,
        line.document,
    ]


def _finding(
    finding: Finding, rule: int, facts: ReportFacts, browser: BrowserAddress | None
) -> dict[str, Any]:
    """Return a finding without what it does not have: most have little."""
    region, country = _place(finding.subject, facts)
    evidence = facts.judged.evidence.get(finding.number, ())
    optional: dict[str, Any] = {
        "object": _ref(finding.object) if finding.object else None,
        "amount": _amounts(finding.amount),
        "first": finding.first,
        "last": finding.last,
        "waived": finding.status == "waived",
        "waivedLines": finding.waived_lines,
        "waivedUnits": finding.waived_units,
        "change": finding.change if finding.change != "unchanged" else None,
        "before": finding.before.lines if finding.before else None,
        "since": finding.first_seen,
        "path": _path(finding.path, finding) if finding.path else None,
        "unlisted": finding.unlisted,
        "twins": [[t.rule, t.fingerprint, t.same] for t in finding.twins],
        "evidence": [row["shipment"] for row in evidence if "shipment" in row],
        "extra": _extra(evidence),
        "browser": browser.link(finding_query(finding)) if browser else None,
        "region": region,
        "country": country,
        "quantity": finding.quantity,
        "lines": finding.lines,
        "work": _work(finding.work) if finding.work else None,
    }
    return {
        "rule": rule,
        "print": finding.fingerprint,
        "message": finding.message,
        "subject": _ref(finding.subject),
        **{name: value for name, value in optional.items() if value},
    }


def _work(state: WorkState) -> dict[str, Any]:
    return {
        "state": state.state,
        "owner": state.owner,
        "told": work_words(state),
        "history": [
            [f"{one.at:%Y-%m-%d %H:%M}", one.who, event_words(one)] for one in state.history
        ],
    }


def _ref(ref: Ref) -> list[str]:
    return [ref.kind, ref.id, ref.name]


def _amounts(value: object) -> Amounts | None:
    return Amounts(value) if isinstance(value, dict) and value else None


def _place(subject: Ref, facts: ReportFacts) -> tuple[str | None, str | None]:
    """Return region and country of what a finding is about."""
    sheet = facts.parties.get(subject.id) if subject.kind == "party" else None
    if sheet is not None:
        return sheet.region, sheet.country
    return facts.places.get(subject.id, (None, None))


def _extra(evidence: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return what a rule says of each line, or its rows over nodes; no row if it says nothing."""
    rows = [{k: v for k, v in row.items() if k not in _OF_THE_LINE} for row in evidence]
    return rows if any(rows) else []


def _path(path: SupplyPath, finding: Finding) -> dict[str, Any]:
    return {
        "parties": [[party.id, party.name] for party in path.parties],
        "shipments": path.shipments,
        "broken": path.broken_at,
        "certainty": path.certainty,
        "quantities": path.quantities,
        "paths": path.paths,
        "product": finding.identity.get("product"),
    }

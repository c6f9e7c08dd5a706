"""The scan as SARIF 2.1.0, for dashboards and code hosts that show results of analyses.

A finding is a result whose logical locations are its subject and object; the physical location,
which many viewers ask for, is the rule's file. A waived finding carries a suppression. Runs over a
baseline tell new results from unchanged ones.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from graphchannel.report.figures import amount_text, json_text, plain
from graphchannel.report.formats import Format
from graphchannel.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.findings import Finding, Ref, RuleOutcome, ScanResult
    from graphchannel.findings.model import SupplyPath
    from graphchannel.report.document import Document
    from graphchannel.rules.catalogue import Rule

__all__ = ["FORMAT", "write"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# What code hosts sort by: the CVSS-like number that they expect of a tool's rule.
_STATES = {
    "new": "new",
    "reopened": "new",
    "grown": "updated",
    "shrunk": "updated",
    "unchanged": "unchanged",
}
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.5"}


def write(document: Document, stream: IO[str]) -> None:
    """Write one run: all rules, open findings and waived ones with their suppression."""
    result = document.scan
    if result is None:
        message = "SARIF is for documents that have a scan"
        raise TypeError(message)
    places = {rule.id: place for place, rule in enumerate(result.rules)}
    run = {
        "tool": {
            "driver": {
                "name": "graphchannel",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in result.rules],
            }
        },
        "invocations": [_invocation(result)],
        "results": [
            _result(finding, result.rules[places[finding.rule]], places[finding.rule])
            for finding in result.findings()
        ],
        "properties": {
            "as_of": result.as_of.isoformat(),
            "engine": result.engine,
            "policy": result.policy.name,
            **({"run": result.run} if result.run else {}),
        },
    }
    stream.write(json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2))
    stream.write("\n")


def _rule(rule: Rule) -> dict[str, object]:
    header = rule.header
    why = header.why or header.name
    return {
        "id": rule.id,
        "name": header.name,
        "shortDescription": {"text": header.name},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\nSection {header.section} of the policy."},
        "defaultConfiguration": {"enabled": rule.enabled, "level": _LEVELS[rule.severity]},
        "properties": {
            "severity": rule.severity,
            "section": header.section,
            "security-severity": _SCORES[rule.severity],
        },
    }


def _invocation(result: ScanResult) -> dict[str, object]:
    return {
        "executionSuccessful": not result.failed,
        "toolExecutionNotifications": [
            _notification(outcome)
            for outcome in result.outcomes
            if outcome.status in ("error", "not_evaluated")
        ],
    }


def _notification(outcome: RuleOutcome) -> dict[str, object]:
    return {
        "level": "error" if outcome.status == "error" else "note",
        "message": {"text": f"{outcome.id}: {outcome.reason}"},
        "associatedRule": {"id": outcome.id},
    }


def _result(finding: Finding, rule: Rule, place: int) -> dict[str, object]:
    refs = [finding.subject, *([finding.object] if finding.object else [])]
    document: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": place,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"{rule.id}.cypher"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [_location(ref) for ref in refs],
            }
        ],
        "fingerprints": {"graphchannel/v1": finding.fingerprint},
        "properties": _properties(finding),
    }
    if finding.path is not None:
        document["codeFlows"] = [_flow(finding.path, finding.evidence)]
    if finding.status == "waived":
        waiver = {"kind": "external", "status": "accepted", "justification": "covered by a waiver"}
        document["suppressions"] = [waiver]
    if finding.change is not None:
        document["baselineState"] = _STATES[finding.change]
    return document


def _properties(finding: Finding) -> dict[str, object]:
    properties: dict[str, object] = {
        "severity": finding.severity,
        "section": finding.section,
        "lines": finding.lines,
        "quantity": finding.quantity,
        "amount": {name: amount_text(amount) for name, amount in finding.amount.items()},
        "first": plain(finding.first),
        "last": plain(finding.last),
        "evidence": [
            {name: plain(value) for name, value in row.items()} for row in finding.evidence
        ],
    }
    if finding.status == "open" and (finding.waived_lines or finding.waived_units):
        properties["waived_lines"] = finding.waived_lines
        properties["waived_units"] = finding.waived_units
    if finding.work is not None:
        from graphchannel.report.work_words import work_object  # noqa: PLC0415 - not for --help

        properties["work"] = work_object(finding.work)
    if finding.path is not None:
        properties["certainty"] = finding.path.certainty
        properties["quantities"] = finding.path.quantities
    return properties


def _flow(path: SupplyPath, lines: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Return the path as one thread: where the goods began, then a step for each hop."""
    messages = [f"{path.parties[0].name} has the goods"]
    for hop, (party, line) in enumerate(zip(path.parties[1:], lines, strict=True), 1):
        broken = ", against the policy" if hop == path.broken_at else ""
        messages.append(
            f"to {party.name} on {plain(line['shipped_on'])}, line {line['shipment']}{broken}"
        )
    steps = zip(path.parties, messages, strict=True)
    locations = [
        {"location": {"logicalLocations": [_location(party)], "message": {"text": message}}}
        for party, message in steps
    ]
    return {"message": {"text": path.route}, "threadFlows": [{"locations": locations}]}


def _location(ref: Ref) -> dict[str, str]:
    return {"name": ref.name, "fullyQualifiedName": f"{ref.kind}/{ref.id}", "kind": ref.kind}


FORMAT = Format(write, endings=(".sarif", ".sarif.json"), needs="scan")

"""The scan as JSON: everything, in one order, the same bytes for the same input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from graphchannel.neo4j.views import finding_query
from graphchannel.report.figures import amount_text, plain

if TYPE_CHECKING:
    from graphchannel.findings import Finding, Ref, RuleOutcome, ScanResult
    from graphchannel.findings.model import Reached, SupplyPath, WaiverOutcome
    from graphchannel.neo4j.browser import BrowserAddress

__all__ = ["finding_document", "write_json"]


def write_json(
    result: ScanResult,
    stream: TextIO,
    *,
    show_waived: bool = False,
    browser: BrowserAddress | None = None,
) -> None:
    """Write the scan; findings are written as they are read, so that many need little memory.

    With `browser` each finding has a link into it.
    """
    stream.write("{\n")
    for key, value in _head(result).items():
        stream.write(f"  {json.dumps(key)}: {_indented(value, 2)},\n")
    stream.write('  "findings": [')
    separator = "\n"
    for finding in result.findings(waived=show_waived):
        stream.write(f"{separator}    {_indented(finding_document(finding, browser), 4)}")
        separator = ",\n"
    stream.write("]\n}\n" if separator == "\n" else "\n  ]\n}\n")


def finding_document(finding: Finding, browser: BrowserAddress | None = None) -> dict[str, object]:
    """Return one finding as it stands in the report, with a link into `browser` if there is one."""
    document: dict[str, object] = {
        "rule": finding.rule,
        "severity": finding.severity,
        "section": finding.section,
        "subject": _ref(finding.subject),
        "object": _ref(finding.object) if finding.object else None,
    }
    if finding.identity:
        document["identity"] = {name: plain(value) for name, value in finding.identity.items()}
    document |= {
        "lines": finding.lines,
        "quantity": finding.quantity,
        "amount": {name: amount_text(amount) for name, amount in finding.amount.items()},
        "first": plain(finding.first),
        "last": plain(finding.last),
        "message": finding.message,
        "fingerprint": finding.fingerprint,
        "status": finding.status,
    }
    if finding.waived_lines:
        document["waived_lines"] = finding.waived_lines
    if finding.known is not None:
        document["baseline"] = "known" if finding.known else "new"
    if finding.path is not None:
        document |= _path(finding.path)
    if browser is not None:
        document["browser"] = browser.link(finding_query(finding))
    document["evidence"] = [
        {name: plain(value) for name, value in row.items()} for row in finding.evidence
    ]
    return document


def _head(result: ScanResult) -> dict[str, object]:
    policy = result.policy
    head: dict[str, object] = {
        "as_of": result.as_of.isoformat(),
        "engine": result.engine,
        "policy": {
            "name": policy.name,
            "title": policy.title,
            "source": policy.source,
            "fingerprint": policy.fingerprint,
            "parameters": {name: set_.value for name, set_ in policy.parameters.items()},
        },
        "rules": [_rule(outcome) for outcome in result.outcomes],
        "waivers": [_waiver(waiver) for waiver in result.waivers],
    }
    if result.baseline is not None:
        head["baseline"] = {
            "name": result.baseline.name,
            "gone": [
                {"rule": gone.rule, "message": gone.message, "fingerprint": gone.fingerprint}
                for gone in result.gone
            ],
        }
    return head


def _rule(outcome: RuleOutcome) -> dict[str, object]:
    return {
        "id": outcome.id,
        "severity": outcome.severity,
        "status": outcome.status,
        "reason": outcome.reason,
        "findings": outcome.findings,
        "waived": outcome.waived,
        "lines": outcome.lines,
        "population": outcome.population,
    }


def _waiver(waiver: WaiverOutcome) -> dict[str, object]:
    return {
        "rule": waiver.rule,
        "subject": waiver.subject,
        "object": waiver.object,
        "product": waiver.product,
        "valid_from": waiver.valid_from.isoformat(),
        "valid_to": waiver.valid_to.isoformat(),
        "approver": waiver.approver,
        "reason": waiver.reason,
        "status": waiver.status,
        "lines": waiver.lines,
    }


def _path(path: SupplyPath) -> dict[str, object]:
    return {
        "path": [_ref(party) for party in path.parties],
        "shipments": list(path.shipments),
        "broken_at": path.broken_at,
        "certainty": path.certainty,
        "arrived": None if path.arrived is None else _arrived(path.arrived),
        "bounds": [
            {"party": _ref(b.party), "least": b.least, "most": b.most, "of": b.of}
            for b in path.bounds
        ],
        "paths": path.paths,
    }


def _arrived(arrived: Reached) -> dict[str, object]:
    return {
        "at": _ref(arrived.at) if arrived.at else None,
        "least": arrived.least,
        "most": arrived.most,
        "of": arrived.of,
    }


def _ref(ref: Ref) -> dict[str, str]:
    return {"kind": ref.kind, "id": ref.id, "name": ref.name}


def _indented(value: object, depth: int) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text.replace("\n", "\n" + " " * depth)

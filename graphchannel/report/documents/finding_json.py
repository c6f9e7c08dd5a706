"""A finding as it stands in JSON, alone or among others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.neo4j.views import finding_query
from graphchannel.report.figures import amount_text, plain
from graphchannel.report.work_words import work_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphchannel.findings import Finding, Ref
    from graphchannel.findings.model import Reached, SupplyPath
    from graphchannel.neo4j.browser import BrowserAddress

__all__ = ["finding_object", "nested_finding", "plain_rows"]


def nested_finding(browser: BrowserAddress | None) -> Callable[[Finding], dict[str, object]]:
    """Return what makes the object of a finding, with a link into `browser` if there is one."""
    return lambda finding: finding_object(finding, browser)


def finding_object(finding: Finding, browser: BrowserAddress | None = None) -> dict[str, object]:
    """Return the object of a finding, with a link into `browser` if there is one."""
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
        "line_set": None if finding.line_set is None else f"{finding.line_set:016x}",
        "fingerprint": finding.fingerprint,
        "status": finding.status,
        "first_seen": plain(finding.first_seen),
        "open_since": plain(finding.open_since),
        "days_open": finding.days_open,
    }
    document |= _waived(finding)
    if finding.change is not None:
        document["baseline"] = finding.change
    if finding.before is not None:
        document["baseline_lines"] = finding.before.lines
        document["baseline_amount"] = {
            name: amount_text(amount) for name, amount in finding.before.amount.items()
        }
    if finding.path is not None:
        document |= _path(finding.path)
    if finding.unlisted:
        document["unlisted_units"] = finding.unlisted
    if finding.twins:
        document["twins"] = [
            {"rule": twin.rule, "fingerprint": twin.fingerprint, "same_lines": twin.same}
            for twin in finding.twins
        ]
    if finding.work is not None:
        document["work"] = work_object(finding.work)
    if browser is not None:
        document["browser"] = browser.link(finding_query(finding))
    document["evidence"] = plain_rows(finding.evidence)
    return document


def _waived(finding: Finding) -> dict[str, object]:
    told = {"waived_lines": finding.waived_lines, "waived_units": finding.waived_units}
    return {name: count for name, count in told.items() if count}


def plain_rows(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return rows with values that JSON knows."""
    return [{name: plain(value) for name, value in row.items()} for row in rows]


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

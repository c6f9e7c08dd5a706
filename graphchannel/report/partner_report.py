"""A party on a page, for people or as JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

from graphchannel.findings.fingerprints import SHOWN
from graphchannel.report.figures import amounts_text, plain
from graphchannel.report.finding_report import plain_rows, write_section
from graphchannel.report.json_report import finding_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from graphchannel.findings import Finding
    from graphchannel.findings.profile import Profile
    from graphchannel.neo4j.browser import BrowserAddress

__all__ = ["write_partner"]


def write_partner(
    profile: Profile,
    findings: Sequence[Finding],
    as_of: date,
    stream: TextIO,
    *,
    format_: str,
    top: int,
    browser: BrowserAddress | None = None,
) -> None:
    """Write a profile and the party's findings; tables show the `top` trading partners.

    In JSON each finding has a link into `browser` if there is one.
    """
    if format_ == "json":
        _write_json(profile, findings, as_of, stream, browser)
        return
    party = profile.party
    stream.write(f"{party['name']} ({party['kind']} {party['id']}), as of {as_of}\n")
    roles = ", ".join(profile.roles) or "none"
    stream.write(f"Roles on that day: {roles}\n")
    facts = {key: party[key] for key in party if key not in ("id", "kind", "name")}
    known = [f"{key.replace('_', ' ')} {value}" for key, value in facts.items() if value]
    if known:
        stream.write(f"{', '.join(known)}\n")
    write_section("Findings", [_finding(finding) for finding in findings], stream)
    write_section("Certificates", profile.certificates, stream)
    write_section("Authorizations", profile.authorizations, stream)
    write_section("Branches", profile.branches, stream)
    write_section("Capabilities", profile.capabilities, stream)
    write_section(f"Suppliers ({len(profile.suppliers)})", _first(profile.suppliers, top), stream)
    write_section(f"Customers ({len(profile.customers)})", _first(profile.customers, top), stream)
    write_section("Volumes", profile.volumes, stream)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "finding": finding.message,
        "section": finding.section,
        "status": finding.status,
        "fingerprint": finding.fingerprint[:SHOWN],
    }


def _first(rows: Sequence[dict[str, object]], top: int) -> list[dict[str, object]]:
    return [row | {"amount": amounts_text(_amounts(row["amount"]))} for row in rows[:top]]


def _amounts(value: object) -> dict[str, Decimal]:
    if not isinstance(value, dict):
        return {}
    return {key: amount for key, amount in value.items() if isinstance(amount, Decimal)}


def _write_json(
    profile: Profile,
    findings: Iterable[Finding],
    as_of: date,
    stream: TextIO,
    browser: BrowserAddress | None,
) -> None:
    document = {
        "as_of": as_of.isoformat(),
        "party": {name: plain(value) for name, value in profile.party.items()},
        "roles": list(profile.roles),
        "certificates": plain_rows(profile.certificates),
        "authorizations": plain_rows(profile.authorizations),
        "branches": plain_rows(profile.branches),
        "capabilities": plain_rows(profile.capabilities),
        "suppliers": _trading(profile.suppliers),
        "customers": _trading(profile.customers),
        "volumes": plain_rows(profile.volumes),
        "findings": [finding_document(finding, browser) for finding in findings],
    }
    json.dump(document, stream, ensure_ascii=False, indent=2)
    stream.write("\n")


def _trading(rows: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {name: plain(value) for name, value in row.items()}
        | {"amount": {key: plain(value) for key, value in _amounts(row["amount"]).items()}}
        for row in rows
    ]

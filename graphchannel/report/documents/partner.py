"""A party on a page, as a document."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from graphchannel.findings.fingerprints import SHOWN
from graphchannel.report.document import Column, Document, Section, rows_section
from graphchannel.report.documents.finding_json import nested_finding
from graphchannel.report.figures import Amounts, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.channel.results import PartyPage
    from graphchannel.findings import Finding
    from graphchannel.neo4j.browser import BrowserAddress

__all__ = ["partner_document"]

_MEMBERS = (
    "as_of",
    "party",
    "roles",
    "certificates",
    "authorizations",
    "branches",
    "capabilities",
    "suppliers",
    "customers",
    "volumes",
    "findings",
)
_FINDINGS: tuple[Column[Finding], ...] = (
    Column("severity", lambda finding: finding.severity),
    Column("finding", lambda finding: finding.message),
    Column("section", lambda finding: finding.section),
    Column("status", lambda finding: finding.status),
    Column("fingerprint", lambda finding: finding.fingerprint[:SHOWN]),
)


def partner_document(
    page: PartyPage, *, top: int, browser: BrowserAddress | None = None
) -> Document:
    """Tell all about a party; people are shown the `top` suppliers and customers.

    In JSON each finding has a link into `browser` if there is one.
    """
    profile, findings, as_of = page.profile, page.findings, page.as_of
    party = profile.party
    lines = [f"Roles on that day: {', '.join(profile.roles) or 'none'}"]
    known = [
        f"{key.replace('_', ' ')} {value}"
        for key, value in party.items()
        if value and key not in ("id", "kind", "name")
    ]
    if known:
        lines.append(", ".join(known))
    return Document(
        headline=f"{party['name']} ({party['kind']} {party['id']}), as of {as_of}",
        facts={
            "as_of": as_of,
            "party": {name: plain(value) for name, value in party.items()},
            "roles": list(profile.roles),
        },
        sections=(
            Section("findings", "Findings", _FINDINGS, findings, nested=nested_finding(browser)),
            rows_section("certificates", "Certificates", profile.certificates),
            rows_section("authorizations", "Authorizations", profile.authorizations),
            rows_section("branches", "Branches", profile.branches),
            rows_section("capabilities", "Capabilities", profile.capabilities),
            _trading("suppliers", "Suppliers", profile.suppliers, top),
            _trading("customers", "Customers", profile.customers, top),
            rows_section("volumes", "Volumes", profile.volumes),
        ),
        lines=tuple(lines),
        members=_MEMBERS,
    )


def _trading(
    key: str, title: str, rows: Sequence[Mapping[str, object]], top: int
) -> Section[Mapping[str, object]]:
    with_amounts = [row | {"amount": _amounts(row["amount"])} for row in map(dict, rows)]
    return rows_section(key, f"{title} ({len(rows)})", with_amounts, shown=top, more="")


def _amounts(value: object) -> Amounts:
    if not isinstance(value, dict):
        return Amounts({})
    return Amounts({key: amount for key, amount in value.items() if isinstance(amount, Decimal)})

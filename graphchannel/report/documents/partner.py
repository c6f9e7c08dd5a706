"""A party on a page, as a document."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section, fields
from graphchannel.report.documents.credentials import (
    authorizations_section,
    certificates_section,
)
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
    Column("fingerprint", lambda finding: finding.short),
)
_BRANCHES = fields("city_id", "city", "opened_on", "closed_on")
_CAPABILITIES = fields("capability", "valid_from", "valid_to")
_TRADING = fields(
    "id", "name", "lines", "quantity", "amount", "first", "last", numbers=("lines", "quantity")
)
_VOLUMES = fields(
    "year", "flow", "direction", "lines", "quantity", numbers=("year", "lines", "quantity")
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
            certificates_section("certificates", "Certificates", profile.certificates),
            authorizations_section("authorizations", "Authorizations", profile.authorizations),
            Section("branches", "Branches", _BRANCHES, profile.branches),
            Section("capabilities", "Capabilities", _CAPABILITIES, profile.capabilities),
            _trading("suppliers", "Suppliers", profile.suppliers, top),
            _trading("customers", "Customers", profile.customers, top),
            Section("volumes", "Volumes", _VOLUMES, profile.volumes),
        ),
        lines=tuple(lines),
        members=_MEMBERS,
    )


def _trading(
    key: str, title: str, rows: Sequence[Mapping[str, object]], top: int
) -> Section[Mapping[str, object]]:
    with_amounts = [row | {"amount": _amounts(row["amount"])} for row in map(dict, rows)]
    title = f"{title} ({len(rows)})"
    return Section(key, title, _TRADING, with_amounts, shown=top, more="")


def _amounts(value: object) -> Amounts:
    if not isinstance(value, dict):
        return Amounts({})
    return Amounts({key: amount for key, amount in value.items() if isinstance(amount, Decimal)})

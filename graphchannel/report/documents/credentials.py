"""The certificates and authorizations of a party, as sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Section, fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, object]

__all__ = ["authorizations_section", "certificates_section"]

_CERTIFICATES = fields("role", "issuer_id", "issuer", "valid_from", "valid_to")
_AUTHORIZATIONS = fields("region_id", "region", "industry_id", "industry", "valid_from", "valid_to")


def certificates_section(key: str, title: str, rows: Sequence[Row]) -> Section[Row]:
    """Return the certificates that a party holds, in their order."""
    return Section(key, title, _CERTIFICATES, rows)


def authorizations_section(key: str, title: str, rows: Sequence[Row]) -> Section[Row]:
    """Return the regions and industries that a partner is authorized for, in their order."""
    return Section(key, title, _AUTHORIZATIONS, rows)

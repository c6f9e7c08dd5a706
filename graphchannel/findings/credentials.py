"""What a person needs beside a finding: certificates and authorizations of its parties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from graphchannel.findings.model import Finding

__all__ = ["Dossier", "authorizations", "certificates", "closed", "dossier", "rows"]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Rows about one party; a day that an interval leaves open is None."""

    id: str
    certificates: tuple[dict[str, object], ...]
    authorizations: tuple[dict[str, object], ...]


def dossier(connection: duckdb.DuckDBPyConnection, finding: Finding) -> tuple[Dossier, ...]:
    """Return the credentials of a finding's subject and object, where these are parties."""
    refs = [ref for ref in (finding.subject, finding.object) if ref and ref.kind == "party"]
    return tuple(
        Dossier(ref.id, certificates(connection, ref.id), authorizations(connection, ref.id))
        for ref in refs
    )


def certificates(
    connection: duckdb.DuckDBPyConnection, party: str
) -> tuple[dict[str, object], ...]:
    """Return the certificates that a party holds, oldest first."""
    return rows(
        connection,
        f"""SELECT c.role, c.issuer_id, p.name AS issuer,
               {closed("valid_from")}, {closed("valid_to")}
        FROM main.certifications c LEFT JOIN graph.party p ON p.id = c.issuer_id
        WHERE holder_id = $id ORDER BY c.valid_from, c.role""",
        id=party,
    )


def authorizations(
    connection: duckdb.DuckDBPyConnection, party: str
) -> tuple[dict[str, object], ...]:
    """Return the regions and industries that a partner is authorized for, oldest first."""
    return rows(
        connection,
        f"""SELECT a.region_id, r.name AS region, a.industry_id, i.name AS industry,
               {closed("valid_from")}, {closed("valid_to")}
        FROM main.authorizations a
        LEFT JOIN main.regions r ON r.id = a.region_id
        LEFT JOIN main.industries i ON i.id = a.industry_id
        WHERE partner_id = $id ORDER BY a.valid_from, a.region_id, a.industry_id""",
        id=party,
    )


def closed(name: str, column: str | None = None) -> str:
    """Return the SQL of a day that reads null where the interval is open there."""
    day = column or name
    open_ends = "(DATE '0001-01-01', DATE '9999-12-31')"
    return f"CASE WHEN {day} IN {open_ends} THEN NULL ELSE {day} END AS {name}"


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, **parameters: object
) -> tuple[dict[str, object], ...]:
    """Return the rows of a query as dictionaries."""
    result = connection.execute(query, parameters)
    columns = [column[0] for column in result.description or ()]
    return tuple(dict(zip(columns, row, strict=True)) for row in result.fetchall())

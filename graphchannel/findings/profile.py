"""One party on a page: its credentials over time, whom it trades with, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.findings.credentials import authorizations, certificates, closed, rows
from graphchannel.lookup import check_party
from graphchannel.text import NO_CURRENCY

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    Rows = tuple[dict[str, object], ...]

__all__ = ["Profile", "profile"]

_PARTY = f"""
SELECT p.id, p.kind, p.name, p.country, c.name AS city, p.group_id, p.industry_id, p.segment,
       {closed("joined_on", "p.joined_on")}, {closed("terminated_on", "p.terminated_on")}
FROM graph.party p LEFT JOIN main.cities c ON c.id = p.city_id WHERE p.id = $id
"""
_BRANCHES = f"""
SELECT b.city_id, c.name AS city, {closed("opened_on")}, {closed("closed_on")}
FROM main.branches b LEFT JOIN main.cities c ON c.id = b.city_id
WHERE partner_id = $id ORDER BY b.opened_on, b.city_id
"""
_CAPABILITIES = f"""
SELECT capability, {closed("valid_from")}, {closed("valid_to")}
FROM main.capabilities WHERE partner_id = $id
ORDER BY main.capabilities.valid_from, capability
"""
# The lines of one side, summed by currency first so that the sums stay exact.
_PARTNERS = """
WITH by_currency AS (
    SELECT {other} AS id, currency, count(*) AS lines, sum(quantity) AS quantity,
           sum(amount) AS amount, min(shipped_on) AS first, max(shipped_on) AS last
    FROM main.shipments WHERE {own} = $id AND shipped_on <= $as_of GROUP BY ALL
)
SELECT t.id, p.name, sum(lines)::BIGINT AS lines, sum(quantity)::HUGEINT AS quantity,
       list({{'currency': coalesce(currency, '{none}'), 'amount': amount}}
            ORDER BY currency NULLS FIRST) FILTER (amount IS NOT NULL) AS amount,
       min(first) AS first, max(last) AS last
FROM by_currency t JOIN graph.party p ON p.id = t.id
GROUP BY t.id, p.name ORDER BY lines DESC, t.id
"""
_VOLUMES = """
SELECT year(shipped_on) AS year, flow,
       CASE WHEN seller_id = $id THEN 'sold' ELSE 'bought' END AS direction,
       count(*) AS lines, sum(quantity)::HUGEINT AS quantity
FROM main.shipments
WHERE (seller_id = $id OR buyer_id = $id) AND shipped_on <= $as_of
GROUP BY ALL ORDER BY year, direction, flow
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the workspace knows of a party; lines after the as-of day are left out.

    `suppliers` and `customers` have the most lines first; their `amount` is a mapping by currency.
    A day that an interval leaves open is None.
    """

    party: dict[str, object]
    roles: tuple[str, ...]
    certificates: Rows
    authorizations: Rows
    branches: Rows
    capabilities: Rows
    suppliers: Rows
    customers: Rows
    volumes: Rows


def profile(connection: duckdb.DuckDBPyConnection, party: str, as_of: date) -> Profile:
    """Return the profile of a party; `roles` are those it holds on `as_of`, the policy's order.

    Raises InputError if there is no such party.
    """
    check_party(connection, party)
    return Profile(
        party=rows(connection, _PARTY, id=party)[0],
        roles=tuple(str(row["role"]) for row in _roles(connection, party, as_of)),
        certificates=certificates(connection, party),
        authorizations=authorizations(connection, party),
        branches=rows(connection, _BRANCHES, id=party),
        capabilities=rows(connection, _CAPABILITIES, id=party),
        suppliers=_trading(connection, party, as_of, own="buyer_id", other="seller_id"),
        customers=_trading(connection, party, as_of, own="seller_id", other="buyer_id"),
        volumes=rows(connection, _VOLUMES, id=party, as_of=as_of),
    )


def _roles(connection: duckdb.DuckDBPyConnection, party: str, as_of: date) -> Rows:
    return rows(
        connection,
        """SELECT DISTINCT c.role, r.rank FROM main.certifications c
        LEFT JOIN derived.policy_role r ON r.id = c.role
        WHERE holder_id = $id AND $as_of BETWEEN valid_from AND valid_to
        ORDER BY r.rank NULLS LAST, c.role""",
        id=party,
        as_of=as_of,
    )


def _trading(
    connection: duckdb.DuckDBPyConnection, party: str, as_of: date, *, own: str, other: str
) -> Rows:
    query = _PARTNERS.format(own=own, other=other, none=NO_CURRENCY)
    found = rows(connection, query, id=party, as_of=as_of)
    return tuple(row | {"amount": _by_currency(row["amount"])} for row in found)


def _by_currency(entries: object) -> dict[str, object]:
    if not isinstance(entries, list):
        return {}
    return {entry["currency"]: entry["amount"] for entry in entries}

"""What is published for people's eyes beside the exact graph; no rule looks at it.

One `TRADES_WITH` per pair of parties (thousands of parallel lines freeze a canvas), and a label for
the role that a partner holds on the day, because Browser styles nodes by label. Where lines are too
many to look at, `SUPPLIED_IN_MONTH` stands in their place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphchannel.neo4j.parts import VERSION, GraphPart, relationship_part
from graphchannel.schema import CHANNEL, EdgeTable, Endpoint, Kind, Property

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import duckdb

    from graphchannel.neo4j.link import Link

__all__ = ["months_part", "role_label", "role_labels", "set_role_labels", "trades_part"]

# Amounts in several currencies have no sum; then there is none.
_SUMS = """count(*) AS lines, sum(quantity)::BIGINT AS quantity,
           CASE WHEN count(DISTINCT coalesce(currency, '')) = 1 THEN sum(amount)::DOUBLE END
               AS amount,
           CASE WHEN count(DISTINCT coalesce(currency, '')) = 1 THEN any_value(currency) END
               AS currency,
           min(shipped_on) AS first, max(shipped_on) AS last"""
_TRADES = f"""(
    SELECT concat_ws(':', length(seller_id), seller_id, buyer_id) AS _id, seller_id, buyer_id,
           {_SUMS}
    FROM main.shipments GROUP BY seller_id, buyer_id)"""
_MONTHS = f"""(
    SELECT concat_ws(':', strftime(month, '%Y-%m'), length(seller_id), seller_id,
                     length(buyer_id), buyer_id, product_id) AS _id,
           seller_id, buyer_id, product_id, month, {_SUMS}
    FROM (SELECT *, date_trunc('month', shipped_on)::DATE AS month FROM main.shipments)
    GROUP BY seller_id, buyer_id, product_id, month)"""
_FIGURES = {
    "lines": Kind.INTEGER,
    "quantity": Kind.INTEGER,
    "amount": Kind.FLOAT,
    "currency": Kind.STRING,
    "first": Kind.DATE,
    "last": Kind.DATE,
}


def trades_part() -> GraphPart:
    """Return the part of one relationship for each pair of parties that trade."""
    return _between_parties("TRADES_WITH", _TRADES, _FIGURES)


def months_part() -> GraphPart:
    """Return the part of one relationship for each pair of parties, product and month of trade.

    `month` is its first day.
    """
    kinds = {"product_id": Kind.STRING, "month": Kind.DATE, **_FIGURES}
    return _between_parties("SUPPLIED_IN_MONTH", _MONTHS, kinds)


def _between_parties(type_: str, relation: str, kinds: Mapping[str, Kind]) -> GraphPart:
    table = EdgeTable(
        type_,
        relation,
        "_id",
        Endpoint("seller_id", "party"),
        Endpoint("buyer_id", "party"),
        {name: Property(name, kind) for name, kind in kinds.items()},
    )
    return relationship_part([table], by_load=False)


def role_label(role: str) -> str:
    """Return the label for a role; one that the graph has otherwise gets `Role` before it.

    >>> role_label("certified_end_user"), role_label("gold"), role_label("region")
    ('CertifiedEndUser', 'Gold', 'RoleRegion')
    """
    name = "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", role))
    return f"Role{name}" if name in CHANNEL.labels or not name[:1].isalpha() else name


def role_labels(connection: duckdb.DuckDBPyConnection, day: date) -> dict[str, list[str]]:
    """Return, for each role of the policy, the partners that hold it on a day."""
    rows = connection.execute(
        """
        SELECT role.id, list(held.id ORDER BY held.id) FILTER (held.id IS NOT NULL)
        FROM derived.policy_role AS role
        LEFT JOIN derived.party_day AS held
          ON held.role = role.id AND $day BETWEEN held.first AND held.last
        WHERE role.supply_tier IN (1, 2)
        GROUP BY role.id, role.rank ORDER BY role.rank""",
        {"day": day},
    ).fetchall()
    return {role_label(role): list(ids or ()) for role, ids in rows}


def set_role_labels(link: Link, held: dict[str, list[str]], before: tuple[str, ...]) -> None:
    """Give each partner the label of its role, and take those of `before` that hold no longer."""
    statements: list[tuple[str, dict[str, object]]] = []
    for label in sorted({*held, *before}):
        given: dict[str, object] = {"ids": held.get(label, [])}
        lost = f"MATCH (n:Party:`{label}`) WHERE n.{VERSION} IS NOT NULL AND NOT n.id IN $ids"
        statements.append((f"{lost} REMOVE n:`{label}`", given))
        gained = "UNWIND $ids AS id MATCH (n:Party {id: id})"
        statements.append((f"{gained} SET n:`{label}`", given))
    link.write(*statements)

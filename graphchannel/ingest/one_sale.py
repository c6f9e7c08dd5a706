"""When two lines are one sale under two line ids: one definition for loads, lists and the rule.

Where neither line says more, they agree in seller, buyer, product, day, quantity and document. The
key that a sender names for his lines (their column `same_sale`) counts for each of them against any
other line, whoever brought that. Units with different serial numbers are different units: where
both lines have some, one is in common.

The rule `data/likely-duplicate` says the same in Cypher.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.schema import BUSINESS_KEY
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    import duckdb

__all__ = ["SaleKey", "sale_keys"]

_SPOKEN = {
    "seller_id": "seller",
    "buyer_id": "buyer",
    "product_id": "product",
    "shipped_on": "day",
    "ship_to_city_id": "place of delivery",
    "reporter_id": "reporter",
}
_SECOND = "contains(coalesce({line}.same_sale, ''), ';')"


@dataclass(frozen=True, slots=True)
class SaleKey:
    """Columns in which two lines of one sale agree; `own` is how lines name them, None the usual.

    As SQL of two lines, each with the columns of the table `shipments`.
    """

    columns: tuple[str, ...]
    own: str | None = None

    @property
    def named(self) -> str:
        """The columns in a sentence."""
        *names, last = (_SPOKEN.get(name, name) for name in self.columns)
        return f"{', '.join(names)} and {last}"

    def holds(self, one: str, other: str) -> str:
        """Say of two lines that this key is theirs: of one of them its sender's, or of both none.

        The second line of a file that is alike is compared with second lines of the same key.
        """
        if self.own is None:
            return f"{one}.same_sale IS NULL AND {other}.same_sale IS NULL"
        names = (
            f"split_part({line}.same_sale, ';', 1) = {literal(self.own)}" for line in (one, other)
        )
        first = " AND ".join(f"NOT {_SECOND.format(line=line)}" for line in (one, other))
        return f"({' OR '.join(names)}) AND ({one}.same_sale = {other}.same_sale OR {first})"

    def agree(self, one: str, other: str, *, but: str = "") -> str:
        """Say of two lines that they agree in all columns but one; nothing agrees with nothing."""
        return " AND ".join(
            f"{one}.{quoted(name)} IS NOT DISTINCT FROM {other}.{quoted(name)}"
            for name in self.columns
            if name != but
        )


def sale_keys(connection: duckdb.DuckDBPyConnection) -> tuple[SaleKey, ...]:
    """Return the usual key, and those that senders of stored lines name."""
    own = connection.execute(
        """SELECT DISTINCT split_part(same_sale, ';', 1) AS named FROM main.shipments
            WHERE same_sale IS NOT NULL ORDER BY named"""
    ).fetchall()
    return (SaleKey(BUSINESS_KEY), *(SaleKey(tuple(n.split(", ")), n) for (n,) in own))

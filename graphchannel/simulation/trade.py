"""The trade of the partners that a scenario is about, and of those that it leaves stranded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["TRADES", "Group", "Trade", "affected_trade"]

Group = Literal["changed", "stranded"]
TRADES = (
    "bought from the vendor",
    "returned to the vendor",
    "sold to partners",
    "sold to end users",
)


@dataclass(frozen=True, slots=True)
class Trade:
    """What a group of partners traded in the period, in one currency (None: none is named).

    `amount` leaves out lines without one; None if no line has any.
    """

    group: Group
    trade: str
    currency: str | None
    partners: int
    lines: int
    units: int
    amount: Decimal | None


def affected_trade(
    rows: Iterable[Mapping[str, Any]], groups: Mapping[Group, frozenset[str]]
) -> tuple[Trade, ...]:
    """Sum up the rows of `simulate_trade` by group, kind of trade and currency."""
    found: defaultdict[tuple[Group, str, str | None], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        for group, members in groups.items():
            if row["partner"] in members:
                found[group, row["trade"], row["currency"]].append(row)
    order = list(groups)
    return tuple(
        Trade(
            *key,
            partners=len({row["partner"] for row in summed}),
            lines=sum(row["lines"] for row in summed),
            units=sum(row["units"] for row in summed),
            amount=_amount(summed),
        )
        for key, summed in sorted(
            found.items(),
            key=lambda item: (
                order.index(item[0][0]),
                TRADES.index(item[0][1]),
                item[0][2] is None,
                item[0][2] or "",
            ),
        )
    )


def _amount(rows: Iterable[Mapping[str, Any]]) -> Decimal | None:
    """Add up amounts given in ten-thousandths, of rows that have lines with one."""
    amounts = [row["amount"] for row in rows if row["priced"]]
    return Decimal(sum(amounts)).scaleb(-4) if amounts else None

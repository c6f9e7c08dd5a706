"""What the vendor takes in, through whom and where; what partners promised and sold.

Amounts are exact and never added over currencies.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphchannel.policy import END_USER, UNCERTIFIED, VENDOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

__all__ = [
    "Market",
    "Promises",
    "Revenue",
    "RevenueFigures",
    "promise_figures",
    "revenue_figures",
]

_TEN_THOUSAND, _CENTS = Decimal(10_000), Decimal(100)


@dataclass(frozen=True, slots=True)
class Market:
    """A country in one currency; `country` is None for what goes to an unknown one.

    `share` is its part of what all countries that took more than they sent back add up to; None
    for one that sent back more, and where the revenue in that currency is not above 0.
    """

    country: str | None
    currency: str | None
    revenue: Decimal
    share: float | None
    end_user_sales: Decimal


@dataclass(frozen=True, slots=True)
class Revenue:
    """The vendor's revenue in one currency (None: amounts that name none), returns taken off.

    It is what partners with a role, partners without one, and end users paid, on so many `lines`.
    `herfindahl` is the sum of squared market shares, from near 0 to 1; an unknown country is part
    of the whole and adds nothing.
    """

    currency: str | None
    lines: int
    through_partners: Decimal
    uncertified: Decimal
    direct: Decimal
    markets: tuple[Market, ...]

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.through_partners + self.uncertified + self.direct

    @property
    def partner_share(self) -> float | None:
        """Part that partners with a role paid; None where the revenue is not above 0.

        Of the three kinds of payers those that sent back more than they took have no part.
        """
        paid = (self.through_partners, self.uncertified, self.direct)
        return _part(max(self.through_partners, Decimal()), _whole(paid))

    @property
    def top_market(self) -> Market | None:
        """The known country with the largest share."""
        known = [market for market in self.markets if market.country and market.share]
        return max(known, key=lambda market: market.share or 0) if known else None

    @property
    def herfindahl(self) -> float | None:
        """Concentration over known countries."""
        shares = [m.share for m in self.markets if m.country and m.share is not None]
        return sum(share**2 for share in shares) if self.total > 0 else None


@dataclass(frozen=True, slots=True)
class RevenueFigures:
    """Revenue by currency, also those in which the vendor itself has no line.

    `unpriced` counts the vendor's lines that have no amount.
    """

    currencies: tuple[Revenue, ...]
    unpriced: int


@dataclass(frozen=True, slots=True)
class Promises:
    """Targets of one period, currency and scope (`region` or `industry`).

    `over` tells whether the period is over, so that the targets can be judged; `currency` is None
    for targets that name none, towards which nothing counts. `met` targets are reached already.
    """

    period_start: date
    period_end: date
    scope: str
    currency: str | None
    over: bool
    targets: int
    met: int
    promised: Decimal
    sold: Decimal

    @property
    def attainment(self) -> float | None:
        """What was sold as a part of what was promised; None where nothing was."""
        return None if self.currency is None else _part(self.sold, self.promised)


def revenue_figures(rows: Iterable[Mapping[str, Any]]) -> RevenueFigures:
    """Sum up the rows of `kpi_revenue`; a currency without any amount is left out."""
    by_currency: defaultdict[str | None, list[Mapping[str, Any]]] = defaultdict(list)
    unpriced = 0
    for row in rows:
        if row["priced"]:
            by_currency[row["currency"]].append(row)
        if _counterpart(row):
            unpriced += row["lines"] - row["priced"]
    return RevenueFigures(
        tuple(_revenue(c, by_currency[c]) for c in sorted(by_currency, key=_place)), unpriced
    )


def promise_figures(rows: Iterable[Mapping[str, Any]], as_of: date) -> tuple[Promises, ...]:
    """Turn the rows of `kpi_promises` into values, by period, scope and currency."""
    found = (
        Promises(
            row["period_start"],
            row["period_end"],
            row["scope"],
            row["currency"],
            row["period_end"] < as_of,
            row["targets"],
            row["met"] if row["currency"] else 0,
            row["promised"] / _CENTS,
            row["sold"] / _CENTS,
        )
        for row in rows
    )
    return tuple(
        sorted(
            found,
            key=lambda p: (p.period_end, p.period_start, p.scope != "region", p.currency or ""),
        )
    )


def _revenue(currency: str | None, rows: Iterable[Mapping[str, Any]]) -> Revenue:
    paid_by: defaultdict[str, Decimal] = defaultdict(Decimal)
    revenue: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    end_user_sales: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    lines = 0
    for row in rows:
        amount = row["amount"] / _TEN_THOUSAND
        if row["buyer_role"] == END_USER:
            end_user_sales[row["market"]] += amount
        if counterpart := _counterpart(row):
            paid = amount if row["seller_role"] == VENDOR else -amount
            paid_by[counterpart] += paid
            revenue[row["market"]] += paid
            lines += row["priced"]
    whole = _whole(revenue.values())
    countries = sorted({*revenue, *end_user_sales}, key=lambda c: (-revenue[c], _place(c)))
    return Revenue(
        currency,
        lines,
        sum(paid_by.values(), Decimal()) - paid_by[UNCERTIFIED] - paid_by[END_USER],
        paid_by[UNCERTIFIED],
        paid_by[END_USER],
        tuple(
            Market(c, currency, revenue[c], _part(revenue[c], whole), end_user_sales[c])
            for c in countries
        ),
    )


def _counterpart(row: Mapping[str, Any]) -> str | None:
    """Return the role that the vendor traded with; None between others, or within its own house."""
    seller, buyer = row["seller_role"], row["buyer_role"]
    if (seller == VENDOR) == (buyer == VENDOR):
        return None
    return str(buyer if seller == VENDOR else seller)


def _whole(parts: Collection[Decimal]) -> Decimal:
    """Return what shares are of: the parts above 0, or nothing where more came back than went."""
    return sum((part for part in parts if part > 0), Decimal()) if sum(parts) > 0 else Decimal()


def _part(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole > 0 and part >= 0 else None


def _place(name: str | None) -> tuple[bool, str]:
    return (name is None, name or "")

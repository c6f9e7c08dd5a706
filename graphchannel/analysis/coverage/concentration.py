"""On how few partners the sales rest: by country, by distributor, by product family.

The Herfindahl index of a group is the sum of the squared shares of its parties: 1 if one has all,
1/n if n have the same. A group's sales are counted in the currency that most of its lines are in
(the first in the alphabet of several); where no line states an amount in one, in units.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from graphchannel.analysis.coverage.places import country_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.fetch import Fetch

__all__ = ["Concentration", "Sold", "concentrations", "read_sold", "shares"]

Kind = Literal["country", "distributor", "family"]


@dataclass(frozen=True, slots=True)
class Sold:
    """What one party has of a group's sales in one currency; see `facts.Sale` for the figures.

    The parties of a country and of a family are the sellers to end users, those of a distributor
    the partners that it supplied.
    """

    kind: Kind
    group: str
    party: str
    currency: str | None
    lines: int
    units: int
    amount: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """How concentrated a group's sales are.

    `counted_in` is a currency or `units`, `total` the sales counted so; `counted` of all `lines`
    are. `parties` have a share: those that sold more than was credited, of what they sold together.
    The `top` one (the first id of several) has that of `top_share`.
    """

    kind: Kind
    group: str
    counted_in: str
    total: Decimal
    counted: int
    lines: int
    parties: int
    herfindahl: float
    top: str
    top_share: float


def concentrations(rows: Iterable[Sold]) -> list[Concentration]:
    """Measure each group: countries, distributors, families; the most concentrated first."""
    groups: defaultdict[tuple[Kind, str], list[Sold]] = defaultdict(list)
    for row in rows:
        groups[row.kind, row.group].append(row)
    found = [shares(kind, group, sold) for (kind, group), sold in groups.items()]
    return sorted(
        (one for one in found if one is not None), key=lambda c: (c.kind, -c.herfindahl, c.group)
    )


def shares(kind: Kind, group: str, rows: list[Sold]) -> Concentration | None:
    """Measure one group; None if it sold nothing in what it is counted in."""
    lines: defaultdict[str, int] = defaultdict(int)
    amounts: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.currency is not None:
            lines[row.currency] += row.lines
            amounts[row.currency] += row.amount
    stated = [code for code in lines if amounts[code]]
    currency = min(stated, key=lambda code: (-lines[code], code), default=None)
    sold: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if currency is None:
            sold[row.party] += row.units
        elif row.currency == currency:
            sold[row.party] += row.amount
    total = sum(sold.values())
    parties = {party: amount for party, amount in sold.items() if amount > 0}
    if total <= 0:
        return None
    whole = sum(parties.values())  # who was credited more than it sold has no share
    top = min(parties, key=lambda party: (-parties[party], party))
    squares = sum(amount * amount for amount in parties.values())
    return Concentration(
        kind=kind,
        group=group,
        counted_in=currency or "units",
        total=Decimal(total).scaleb(-4) if currency else Decimal(total),
        counted=lines[currency] if currency else sum(row.lines for row in rows),
        lines=sum(row.lines for row in rows),
        parties=len(parties),
        herfindahl=float(Fraction(squares, whole * whole)),
        top=top,
        top_share=float(Fraction(parties[top], whole)),
    )


def read_sold(fetch: Fetch, facts: Facts) -> list[Sold]:
    """Return the sales of all groups in the period. Raises EngineError.

    `fetch` knows the roles of `distributing_roles` as `distributing`. Lines to an unknown country
    and products without a family belong to no group.
    """
    return [
        *_countries(facts),
        *_fetched(fetch, "resellers", "distributor", "seller", "buyer"),
        *_fetched(fetch, "families", "family", "family", "seller"),
    ]


def _countries(facts: Facts) -> Iterator[Sold]:
    for sale in facts.sales:
        country = country_of(facts.regions, sale.region) if sale.region else None
        if country is not None:
            yield Sold(
                "country", country, sale.seller, sale.currency, sale.lines, sale.units, sale.amount
            )


def _fetched(fetch: Fetch, name: str, kind: Kind, group: str, party: str) -> Iterator[Sold]:
    """Yield the rows of a query, whose columns `group` and `party` have names of their own."""
    for row in fetch.rows(name):
        figures: dict[str, Any] = {key: row[key] for key in row if key not in (group, party)}
        if row[group] is not None:
            yield Sold(kind, str(row[group]), str(row[party]), **figures)

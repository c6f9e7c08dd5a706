"""Sales targets of the clean partners, set from what they sold: met, or missed on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.demo.days import AS_OF, HALVES
from graphchannel.demo.geography import COUNTRIES
from graphchannel.demo.network import WITH_TARGETS

if TYPE_CHECKING:
    from graphchannel.demo.draws import Draws
    from graphchannel.demo.network import Network
    from graphchannel.demo.partners import Roster
    from graphchannel.demo.shipments import Sales

_MISSED = 0.02  # share of past targets that were set too high
_EXACT = 0.05  # share of past targets that were met to the cent


def add_targets(
    network: Network, draws: Draws, roster: Roster, sales: Sales, numbers: dict[str, int]
) -> None:
    """Give each value-added, platinum, gold and silver partner a target for every half-year.

    All that a clean partner sells goes to its own country, or to the industry it lives on, in its
    country's currency: its sales are what counts towards the target. `numbers` are the rows of
    `sales`. Planted lines can only add to them, so the partners that sold such lines miss or meet
    their target by a margin. None is missed in a half-year with a line that has no amount, for such
    a line may be worth anything.
    """
    planted = _planted_sales(network)
    held = {stint.partner: stint for stint in roster.stints if stint.role in WITH_TARGETS}
    for partner, stint in held.items():
        industry = roster.industries.get(partner)
        region = None if industry else stint.country
        for half, (first, last) in enumerate(HALVES):
            row = numbers.get(partner)
            sold = 0 if row is None else int(sales.cents[row, half]) * 100
            draw = draws.uniform(1)[0]
            judged = last < AS_OF and sold > 0
            amount = sold * 8 // 10 // 10_000 * 10_000
            if judged and draw < _MISSED and not sales.unpriced[row, half]:
                amount = (sold + planted.get(partner, 0)) * 5 // 4 // 100 * 100 + 10_000_000
                scope = industry or stint.country
                start = first.isoformat()
                network.truth.expect("targets/missed", partner, scope=scope, period_start=start)
            elif judged and draw < _MISSED + _EXACT and partner not in planted:
                amount = sold
            currency = COUNTRIES[stint.country].currency
            network.add("targets", partner, region, industry, first, last, amount, currency)


def _planted_sales(network: Network) -> dict[str, int]:
    """Return the planted sales of each seller, all currencies together."""
    totals: dict[str, int] = {}
    for line in network.lines:
        totals[line.seller] = totals.get(line.seller, 0) + (line.amount or 0)
    return totals

"""Resellers of the clean network rate their distributors, well enough for the policy."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.days import after
from graphchannel.demo.network import TIER_TWO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.demo.draws import Draws
    from graphchannel.demo.network import Network
    from graphchannel.demo.partners import Distributor, Stint

__all__ = ["add_surveys"]


def add_surveys(
    network: Network, draws: Draws, distributors: Sequence[Distributor], stints: Sequence[Stint]
) -> None:
    """Let resellers rate their distributor twice; no score is below the policy's threshold."""
    clients: dict[str, list[str]] = {}
    for stint in stints:
        if stint.role in TIER_TWO and stint.first <= date(2014, 10, 1) <= stint.last:
            clients.setdefault(stint.supplier, []).append(stint.partner)
    for distributor in distributors:
        for respondent in draws.sample(clients.get(distributor.id, ()), 14):
            for month in (date(2014, 10, 1), date(2015, 4, 1)):
                day = after(month, draws.below(28))
                network.add("surveys", respondent, distributor.id, day, 6.0 + draws.below(9) / 2)

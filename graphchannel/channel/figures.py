"""Key figures of a channel, over some months up to a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.fetch import fetch_from
from graphchannel.analysis.kpi import key_figures, last_months
from graphchannel.channel.results import KeyFigureSet

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel.opening import Opening

__all__ = ["key_figures_of"]


def key_figures_of(
    opening: Opening, *, months: int, due_days: int, as_of: date | None
) -> KeyFigureSet:
    """Return the key figures of the last months. Raises GraphChannelError before the calendar."""
    policy = opening.catalogue.policy
    period = last_months(opening.day(as_of), months, due_days)
    with opening.asking() as (engine, _):
        fetch = fetch_from(engine, policy, period.as_of, **period.parameters)
        return KeyFigureSet(key_figures(fetch, policy, period), policy)

"""The chart of resilience: what depends on single partners, and how concentrated the sales are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.charts.bars import Bar, ranked_bars
from graphchannel.report.charts.maps import Spot, map_of_any
from graphchannel.report.charts.style import Tone, composed
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt

    from graphchannel.analysis.coverage.concentration import Concentration
    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.resilience import Loss
    from graphchannel.channel.place_results import ResilienceFigures
    from graphchannel.report.charts.style import Panel

__all__ = ["resilience_chart"]


def resilience_chart(result: ResilienceFigures) -> alt.ConcatChart:
    """Draw what would be lost with each partner, where, and on how few the sales rest."""
    facts, found, concentrations = result.facts, result.resilience, result.concentrations
    risky = [loss for loss in found.losses if not loss.harmless]
    heavy = {loss.partner for loss in risky if loss.cut_off or loss.cities}
    tones = {Tone.WEAK: "regions alone", Tone.GAP: "partners or key cities, too"}
    tone = {p.partner: Tone.GAP if p.partner in heavy else Tone.WEAK for p in risky}
    spots = [
        Spot(loss.name, loss.point, loss.demand, tone[loss.partner])
        for loss in risky
        if loss.point is not None
    ]
    regions = {region.id for loss in risky for region in loss.regions}
    return composed(
        f"{len(regions)} of {counted(found.served, 'served region', 'served regions')} depend on "
        "one partner",
        f"As of {facts.as_of}. With each of {counted(len(risky), 'partner', 'partners')} something "
        "would be lost that nobody else could take over.",
        [
            *map_of_any(
                spots, "Seats of the partners on which others depend", tones, "demand at stake"
            ),
            *_losses(risky, tone, tones),
            _largest_shares(facts, concentrations),
        ],
    )


def _losses(
    risky: Sequence[Loss], tone: Mapping[str, Tone], tones: Mapping[Tone, str]
) -> Iterator[Panel]:
    """Yield the demand, the partners and the key cities that depend on single partners."""
    demand = [
        Bar(
            loss.name,
            loss.demand,
            tone[loss.partner],
            f"· {counted(len(loss.regions), 'region', 'regions')}",
        )
        for loss in risky
        if loss.regions
    ]
    yield ranked_bars(
        demand, "Demand that would no longer be served without the partner", tones=tones
    )
    heads = (
        ("cut_off", "Partners that nobody else could supply"),
        ("cities", "Key cities in which no other distributor has a branch"),
    )
    for name, head in heads:
        counts = [(len(getattr(loss, name)), loss) for loss in risky]
        counts.sort(key=lambda pair: -pair[0])
        bars = [Bar(loss.name, count, tone[loss.partner]) for count, loss in counts if count]
        yield ranked_bars(bars, head)


def _largest_shares(facts: Facts, concentrations: Sequence[Concentration]) -> Panel:
    shares = sorted(concentrations, key=lambda row: (-row.top_share, row.kind, row.group))
    bars = [
        Bar(
            f"{row.kind} {_name(facts, row.group)}",
            100 * row.top_share,
            Tone.PLAIN,
            f"· {_name(facts, row.top)}, one of {row.parties}",
        )
        for row in shares
    ]
    head = "Share of the largest in the sales of each country, distributor and family"
    return ranked_bars(bars, head, unit="%")


def _name(facts: Facts, party: str) -> str:
    """Return a partner's name; of another party only the id is known here."""
    partner = facts.partners.get(party)
    return partner.name if partner else party

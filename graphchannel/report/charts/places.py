"""Charts of coverage and resilience: where the channel is, where it is missing, who holds it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.market import threshold_of
from graphchannel.report.charts.bars import Bar, BarChange, changes, ranked_bars
from graphchannel.report.charts.maps import Spot, map_of_any
from graphchannel.report.charts.style import Tone, composed, figure_text
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import altair as alt

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.market import MarketReach
    from graphchannel.analysis.coverage.regions import Coverage, RegionCoverage
    from graphchannel.channel.place_results import CityCoverages, MarketReaches, RegionCoverages
    from graphchannel.report.charts.style import Panel

__all__ = ["cities_chart", "distributors_chart", "regions_chart"]

_REGIONS = {
    Tone.QUIET: "served",
    Tone.PLAIN: "served, every route leads through one partner",
    Tone.WEAK: "partners, but no route that obeys the policy",
    Tone.GAP: "no partner",
}


def regions_chart(result: RegionCoverages) -> alt.ConcatChart:
    """Draw regions by how they are covered, the gaps by weight, and countries before and now."""
    facts, found, before = result.facts, result.coverage, result.before
    unit = found.weighted_by
    gaps = [region for region in found.regions if not (region.covered and region.served)]
    gaps.sort(key=lambda region: (-region.weight, region.id))
    parts: list[Panel] = [
        *map_of_any(
            [
                Spot(region.name, region.point, region.weight, _tone(region))
                for region in found.regions
                if region.point is not None
            ],
            "Regions",
            _REGIONS,
            unit,
        ),
        ranked_bars(
            [Bar(region.name, region.weight, _tone(region)) for region in gaps],
            f"Regions without a partner or a route, by {unit}",
            tones=_REGIONS,
        ),
        _countries(found, before),
    ]
    return composed(
        f"{found.total.covered} of {counted(found.total.regions, 'region', 'regions')} have a "
        f"partner: {_percent(found.total.weighted)} by {unit}",
        f"As of {facts.as_of}. A route that obeys the policy leads to {found.total.served}: "
        f"{_percent(found.total.served_weighted)} by {unit}.",
        parts,
    )


def cities_chart(result: CityCoverages) -> alt.ConcatChart:
    """Draw key cities by whether a distributor has a branch there, and who misses most."""
    facts, found = result.facts, result.key_cities
    tones = {Tone.QUIET: "covered", Tone.PLAIN: "covered by one distributor", Tone.GAP: "no branch"}
    kinds = (Tone.GAP, Tone.PLAIN)
    spots = [
        Spot(
            city.name,
            city.point,
            float(city.population or 0),
            kinds[n] if (n := len(city.distributors)) < 2 else Tone.QUIET,
        )
        for city in found.cities
        if city.point is not None
    ]
    uncovered = [city for city in found.cities if not city.distributors]
    missing = sorted(
        (row for row in found.distributors if row.missing),
        key=lambda row: (-len(row.missing), row.country or "", row.distributor),
    )
    return composed(
        f"A distributor has a branch in {len(found.cities) - len(uncovered)} of "
        f"{counted(len(found.cities), 'key city', 'key cities')}",
        f"As of {facts.as_of}. Branches count where the distributor is authorized around the city.",
        [
            *map_of_any(spots, "Key cities", tones, "population"),
            ranked_bars(
                [Bar(city.name, float(city.population or 0), Tone.GAP) for city in uncovered],
                "Key cities without a branch, by population",
            ),
            ranked_bars(
                [
                    Bar(
                        f"{row.name}, {row.country or '?'}",
                        len(row.missing),
                        Tone.WEAK,
                        f"of {row.cities}",
                    )
                    for row in missing
                ],
                "Key cities of its territory in which a distributor has no branch",
            ),
        ],
    )


def distributors_chart(result: MarketReaches) -> alt.ConcatChart:
    """Draw the share of its market that distributors reach, against the policy's threshold."""
    facts, found = result.facts, result.reaches
    before, day_before = result.before, result.compared_to
    least = threshold_of(facts.policy)
    known = [market for market in found if market.share is not None]
    thin = [m for m in known if least is not None and (m.share or 0.0) < least]
    parts = [_reached_shares(facts, known, thin, least)]
    if before is not None:
        parts.append(_changed_shares(facts, known, before, day_before))
    title = (
        "How much of its market in a country each distributor reaches"
        if least is None
        else f"In {len(thin)} of {len(known)} cases a distributor reaches less than "
        f"{_percent(least)} of its market in a country"
    )
    return composed(
        title,
        f"As of {facts.as_of}, by demand, with branches of their own or through resellers that "
        "they certified.",
        parts,
    )


def _reached_shares(
    facts: Facts, known: Sequence[MarketReach], thin: Sequence[MarketReach], least: float | None
) -> Panel:
    bars = [
        Bar(
            _market_name(facts, market),
            100 * (market.share or 0.0),
            Tone.WEAK if market in thin else Tone.GOOD,
            f"of {figure_text(market.demand or 0.0)}",
        )
        for market in known
    ]
    return ranked_bars(
        bars,
        "Reached part of the demand of its territory, smallest first",
        unit="%",
        tones={Tone.GOOD: "enough", Tone.WEAK: "below the threshold"},
        target=None if least is None else 100 * least,
        target_name="" if least is None else f"threshold {_percent(least)}",
    )


def _changed_shares(
    facts: Facts,
    known: Sequence[MarketReach],
    before: Sequence[MarketReach],
    day_before: date | None,
) -> Panel:
    old = {(m.distributor, m.country): m.share for m in before}
    rows = [
        BarChange(_market_name(facts, market), 100 * was, 100 * market.share)
        for market in known
        if market.share is not None
        and (was := old.get((market.distributor, market.country))) is not None
        and was != market.share
    ]
    rows.sort(key=lambda row: (row.after - row.before, row.name))
    return changes(
        rows,
        "Distributors whose reach changed, losses first",
        before=str(day_before),
        after=str(facts.as_of),
        unit="%",
    )


def _market_name(facts: Facts, market: MarketReach) -> str:
    return f"{facts.partners[market.distributor].name}, {market.country or '?'}"


def _tone(region: RegionCoverage) -> Tone:
    if not region.covered:
        return Tone.GAP
    if not region.served:
        return Tone.WEAK
    return Tone.PLAIN if region.reach.sole else Tone.QUIET


def _countries(found: Coverage, before: Coverage | None) -> Panel:
    now = {share.id: share.weighted for share in found.countries if share.weighted is not None}
    ranked = sorted(now, key=lambda country: (now[country], country or ""))
    heading = f"Covered part of the {found.weighted_by} of each country, least first"
    if before is None:
        bars = [Bar(country or "?", 100 * now[country]) for country in ranked]
        return ranked_bars(bars, heading, unit="%")
    old = {share.id: share.weighted or 0.0 for share in before.countries}
    rows = [BarChange(c or "?", 100 * old.get(c, 0.0), 100 * now[c]) for c in ranked]
    return changes(rows, heading, before="before", after="now", unit="%")


def _percent(share: float | None) -> str:
    return "an unknown share" if share is None else figure_text(100 * share, "%")

"""Charts of recommendations: where, what each adds, and how far it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.charts.bars import Bar, ranked_bars
from graphchannel.report.charts.maps import Spot, spot_map
from graphchannel.report.charts.style import Tone, composed, figure_text
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    import altair as alt

    from graphchannel.analysis.siting.recruiting import RecruitPlan
    from graphchannel.channel.place_results import BranchSites, RecruitSites
    from graphchannel.report.charts.style import Panel

__all__ = ["branches_chart", "recruits_chart"]


def branches_chart(result: BranchSites) -> alt.ConcatChart:
    """Draw the cities by whether a branch covers them, and what the new branches add."""
    facts, plan = result.facts, result.plan
    chosen = {branch.city.id for branch in plan.branches}
    left = {city.id for city in plan.left}
    spots = []
    for id_ in sorted(plan.weights.keys() | chosen):
        city = facts.cities[id_]
        tone = Tone.PLAN if id_ in chosen else Tone.GAP if id_ in left else Tone.QUIET
        if id_ not in chosen and id_ not in left and id_ not in plan.today:
            tone = Tone.PLAIN
        if city.point is not None:
            spots.append(Spot(city.name, city.point, plan.weights.get(id_, 0.0), tone))
    tones = {
        Tone.QUIET: "covered today",
        Tone.PLAIN: "covered by a new branch nearby",
        Tone.GAP: "still uncovered",
        Tone.PLAN: "new branch",
    }
    what = "Key cities" if plan.by == "population" else "Cities with their part of the demand"
    reach = f"cities within {plan.radius:g} km" if plan.radius else "its own city"
    bars = [
        Bar(
            f"{rank}. {branch.city.name}",
            branch.gain,
            Tone.PLAN,
            f"· then {_percent(branch.covered, plan.total)}",
        )
        for rank, branch in enumerate(plan.branches, 1)
    ]
    title = (
        f"{counted(len(bars), 'new branch', 'new branches')} can raise the covered {plan.by} from "
        f"{_percent(plan.covered_today, plan.total)} to {_percent(plan.covered, plan.total)}"
        if bars
        else f"No new branch would cover more {plan.by}"
    )
    return composed(
        title,
        f"As of {facts.as_of}. A branch covers {reach}. No other choice of so many covers more; "
        f"the greedy one covers {_percent(plan.greedy_covered, plan.total)}.",
        [
            *([spot_map(spots, what, tones=tones, size_name=plan.by)] if spots else []),
            ranked_bars(
                bars, f"{plan.by.capitalize()} that each new branch adds, and what is covered then"
            ),
        ],
    )


def recruits_chart(result: RecruitSites) -> alt.ConcatChart:
    """Draw the regions without a partner by who would serve them, and how near partners come."""
    facts, plan = result.facts, result.plan
    recruited = {recruit.region.id for recruit in plan.recruits}
    title = (
        f"With {counted(len(recruited), 'recruit', 'recruits')} a partner is {plan.best_km:.1f} km "
        f"from uncovered {plan.weighted_by} on average, today {plan.mean_km:.1f} km"
        if plan.services
        else "Every region has a partner"
    )
    return composed(
        title,
        f"As of {facts.as_of}. Mean distance weighted by {plan.weighted_by}, at most "
        f"{plan.radius:g} km. No other choice of so many regions is nearer; the greedy one comes "
        f"to {plan.greedy_km:.1f} km.",
        [*_regions_without(plan, recruited), _mean_distances(plan)],
    )


def _regions_without(plan: RecruitPlan, recruited: AbstractSet[str]) -> Iterator[Panel]:
    """Yield a map, where places are known, and bars of the regions without a partner."""
    kinds = {"recruit": Tone.PLAIN, "grant": Tone.WEAK, "nobody": Tone.GAP}
    tones = {
        Tone.PLAIN: "served by a recruit nearby",
        Tone.WEAK: "granted to an existing partner",
        Tone.GAP: f"nobody within {plan.radius:g} km",
        Tone.PLAN: "recruit here",
    }
    tone = {
        service.region.id: Tone.PLAN if service.region.id in recruited else kinds[service.by]
        for service in plan.services
    }
    spots = [
        Spot(service.region.name, service.region.point, service.weight, tone[service.region.id])
        for service in plan.services
        if service.region.point is not None
    ]
    if spots:
        yield spot_map(spots, "Regions without a partner", tones=tones, size_name=plan.weighted_by)
    weights = [
        Bar(
            service.region.name,
            service.weight,
            tone[service.region.id],
            f"· {figure_text(service.km, 'km')} away" if service.km else "",
        )
        for service in plan.services
    ]
    yield ranked_bars(
        weights,
        f"{plan.weighted_by.capitalize()} without a partner, and how far one would be",
        tones=tones,
    )


def _mean_distances(plan: RecruitPlan) -> Panel:
    steps = [
        Bar("today", plan.mean_km, Tone.QUIET),
        *(
            Bar(f"{rank}. {recruit.region.name}", recruit.mean_km, Tone.PLAN)
            for rank, recruit in enumerate(plan.recruits, 1)
        ),
    ]
    return ranked_bars(
        steps,
        "Mean distance as recruits are added",
        unit="km",
        tones={Tone.QUIET: "today", Tone.PLAN: "with this recruit and those above"},
    )


def _percent(part: float, whole: float) -> str:
    return figure_text(100 * part / whole if whole else 0.0, "%")

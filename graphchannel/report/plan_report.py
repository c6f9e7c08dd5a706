"""Recommendations as documents: tables and the sentences beside them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from graphchannel.report.coverage_report import SHOWN
from graphchannel.report.figures import counted, percent
from graphchannel.report.sections import Document, Section
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.siting.branching import BranchPlan, NewBranch, Opener
    from graphchannel.analysis.siting.recruiting import Recruit, RecruitPlan, Service

__all__ = ["branches_document", "recruits_document"]

_GREEDY = "The greedy choice, to compare"
_CHOSEN = ("rank", "city", "name", "country", "added", "covered_percent")


def branches_document(facts: Facts, plan: BranchPlan) -> Document:
    """Tell in which cities new branches cover most, beside the greedy choice, and what is left."""
    points = len(plan.weights)
    new = counted(len(plan.branches), "more branch", "more branches")
    what = (
        f"the population of {points} key cities"
        if plan.by == "population"
        else f"the demand of {points} cities"
    )
    where = f"within {plan.radius:g} km" if plan.radius else "in the city itself"
    if plan.branches:
        outcome = (
            f"{new} can cover {_share(plan.covered, plan.total)}, "
            f"and no choice of so many {_proof('covers more', plan.gap)}."
        )
    else:
        outcome = "there is nothing left for a new branch to cover."
    return Document(
        headline=(
            f"As of {facts.as_of}, distributors' branches {where} cover "
            f"{_share(plan.covered_today, plan.total)} of {what}; {outcome}"
        ),
        facts={
            "as_of": facts.as_of,
            "by": plan.by,
            "radius_km": plan.radius,
            "budget": plan.budget,
            "points": points,
            "total": _figure(plan.total),
            "covered_today": _figure(plan.covered_today),
            "covered": _figure(plan.covered),
            "greedy_covered": _figure(plan.greedy_covered),
            "gap": plan.gap,
        },
        sections=(
            _branches_section(plan, facts),
            Section("greedy", _GREEDY, _CHOSEN, _chosen(plan, plan.greedy), shown=SHOWN),
            Section(
                "left",
                "Still uncovered, heaviest first",
                ("city", "name", "region", plan.by),
                [(c.id, c.name, c.region, _figure(plan.weights[c.id])) for c in plan.left],
                shown=SHOWN,
            ),
        ),
        remarks=tuple(_branch_remarks(plan)),
    )


def _proof(better: str, gap: float) -> str:
    """Say that no choice is better, or was found to be; a gap is never rounded to none.

    >>> _proof("covers more", 0.0)
    'covers more (proved, gap 0 %)'
    >>> _proof("covers more", 0.00395)
    'that covers more was found before the search ended (gap 0.4 %)'
    """
    if not gap:
        return f"{better} (proved, gap 0 %)"
    percent_up = math.ceil(1000 * gap) / 10
    return f"that {better} was found before the search ended (gap {percent_up:g} %)"


def recruits_document(facts: Facts, plan: RecruitPlan) -> Document:
    """Tell in which regions to recruit, who serves which region then, and who could be granted."""
    regions = counted(len(plan.services), "region", "regions")
    recruits = counted(len(plan.recruits), "recruit", "recruits")
    if not plan.services:
        headline = f"As of {facts.as_of}, every region has a partner; there is nowhere to recruit."
    else:
        headline = (
            f"As of {facts.as_of}, {regions} without a partner, of {plan.weighted_by} "
            f"{_figure(plan.weight):,}: the next partner is {plan.mean_km:.1f} km away on average "
            f"(weighted, at most {plan.radius:g}); with {recruits} {plan.best_km:.1f} km, and no "
            f"choice of so many {_proof('brings one nearer', plan.gap)}."
        )
    return Document(
        headline=headline,
        facts={
            "as_of": facts.as_of,
            "roles": list(plan.roles),
            "weighted_by": plan.weighted_by,
            "radius_km": plan.radius,
            "region_count": len(plan.services),
            "weight": _figure(plan.weight),
            "mean_km_today": round(plan.mean_km, 1),
            "mean_km": round(plan.best_km, 1),
            "greedy_mean_km": round(plan.greedy_km, 1),
            "gap": plan.gap,
        },
        sections=(
            _recruits_section(plan, "recruits", "Where to recruit", plan.recruits),
            Section(
                "regions",
                "Regions without a partner, and who would serve them",
                ("region", "name", "country", "weight", "served_by", "from", "km", "km_today"),
                [_served(service, facts) for service in plan.services],
                shown=SHOWN,
            ),
            Section(
                "grants",
                "Partners that could be granted the territory instead, nearest first",
                ("region", "partner", "name", "role", "km", "authorized_in", "certified_by"),
                [
                    (
                        service.region.id,
                        grant.partner,
                        facts.partners[grant.partner].name,
                        grant.role,
                        grant.km,
                        grant.neighbour,
                        listed(grant.issuers),
                    )
                    for service in plan.services
                    for grant in service.grants
                ],
                shown=SHOWN,
            ),
            _recruits_section(plan, "greedy", _GREEDY, plan.greedy),
        ),
        remarks=tuple(_recruit_remarks(plan)),
    )


def _branches_section(plan: BranchPlan, facts: Facts) -> Section:
    return Section(
        "branches",
        "Where to open branches",
        (*_CHOSEN, "population", "covers", "may_open"),
        [
            (
                *chosen,
                branch.city.population,
                listed([city.name for city in branch.covers]),
                _openers(branch.openers, facts),
            )
            for chosen, branch in zip(_chosen(plan, plan.branches), plan.branches, strict=True)
        ],
        shown=SHOWN,
    )


def _chosen(plan: BranchPlan, branches: Sequence[NewBranch]) -> list[tuple[object, ...]]:
    return [
        (
            rank,
            branch.city.id,
            branch.city.name,
            branch.country,
            _figure(branch.gain),
            percent(branch.covered / plan.total),
        )
        for rank, branch in enumerate(branches, 1)
    ]


def _recruits_section(
    plan: RecruitPlan, key: str, title: str, recruits: Sequence[Recruit]
) -> Section:
    weights = {service.region.id: service.weight for service in plan.services}
    return Section(
        key,
        title,
        ("rank", "region", "name", "country", plan.weighted_by, "mean_km", "recruiters"),
        [
            (
                rank,
                recruit.region.id,
                recruit.region.name,
                recruit.region.country,
                _figure(weights[recruit.region.id]),
                round(recruit.mean_km, 1),
                listed(recruit.recruiters),
            )
            for rank, recruit in enumerate(recruits, 1)
        ],
        shown=SHOWN,
    )


def _served(service: Service, facts: Facts) -> tuple[object, ...]:
    source = service.source
    names = facts.partners if service.by == "grant" else facts.regions
    return (
        service.region.id,
        service.region.name,
        service.region.country,
        _figure(service.weight),
        service.by,
        names[source].name if source else None,
        service.km,
        service.before,
    )


def _branch_remarks(plan: BranchPlan) -> Iterator[str]:
    if plan.branches:
        missing = plan.covered - plan.greedy_covered
        yield (
            "The greedy choice, the best city one after the other, covers "
            + (
                "as much."
                if missing <= 1e-9 * plan.total
                else f"{_share(plan.greedy_covered, plan.total)}: {_figure(missing):,} less."
            )
        )
    if len(plan.branches) < plan.budget:
        yield (
            f"{counted(len(plan.branches), 'branch is', 'branches are')} enough; {plan.budget} "
            "would cover nothing else."
        )
    closed = [branch.city.name for branch in plan.branches if not branch.openers]
    if closed:
        yield (
            f"No further distributor is authorized around {listed(closed)}; an authorization has "
            "to come first."
        )
    if plan.without_weight:
        unknown = listed([city.name for city in plan.without_weight])
        yield f"The population of {unknown} is unknown; the plan leaves them out."
    if plan.without_city:
        yield f"No city is known in {listed(plan.without_city)}; the demand there is left out."
    if plan.without_point:
        yield (
            f"{plan.without_point} cities have no coordinates; a branch there covers, and is known "
            "to cover, its own city only."
        )


def _recruit_remarks(plan: RecruitPlan) -> Iterator[str]:
    if not plan.services:
        return
    if plan.weighted_by == "units":
        yield "No region states a demand; units sold in the period weigh the regions instead."
    same = round(plan.greedy_km, 1) == round(plan.best_km, 1)
    yield (
        "The greedy choice, the best region one after the other, comes "
        + ("as near." if same else f"to {plan.greedy_km:.1f} km.")
    )
    closed = [recruit.region.name for recruit in plan.recruits if not recruit.recruiters]
    if closed:
        yield (
            f"No distributor is authorized in {listed(closed)} to recruit there; an authorization "
            "has to come first."
        )
    if plan.without_point:
        yield (
            f"{plan.without_point} of the regions have no city with coordinates; only a recruit in "
            "the region itself counts there."
        )


def _openers(openers: Sequence[Opener], facts: Facts) -> str:
    """Return the distributor whose next branch is nearest, in one cell, and how many more."""
    if not openers:
        return "nobody yet"
    nearest = facts.partners[openers[0].partner].name
    if openers[0].km is not None:
        nearest += f" ({openers[0].km:.0f} km)"
    return nearest if len(openers) == 1 else f"{nearest} and {len(openers) - 1} more"


def _figure(value: float) -> int | float:
    """Return a weight as it is shown: whole, or with one decimal."""
    rounded = round(float(value), 1)
    return int(rounded) if rounded.is_integer() else rounded


def _share(part: float, whole: float) -> str:
    return f"{percent(part / whole)} %"

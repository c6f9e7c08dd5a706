"""Where new branches would cover most, as a document: tables and the sentences beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section
from graphchannel.report.documents.plans import GREEDY, proof_text, share_text, shown_weight
from graphchannel.report.documents.regions import SHOWN
from graphchannel.report.figures import percent
from graphchannel.text import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.analysis.coverage.facts import City, Facts
    from graphchannel.analysis.siting.branching import BranchPlan, NewBranch, Opener
    from graphchannel.channel.place_results import BranchSites

    Ranked = tuple[int, NewBranch]

__all__ = ["branches_document"]


def branches_document(result: BranchSites) -> Document:
    """Tell in which cities new branches cover most, beside the greedy choice, and what is left."""
    facts, plan = result.facts, result.plan
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
            f"{new} can cover {share_text(plan.covered, plan.total)}, "
            f"and no choice of so many {proof_text('covers more', plan.gap)}."
        )
    else:
        outcome = "there is nothing left for a new branch to cover."
    return Document(
        headline=(
            f"As of {facts.as_of}, distributors' branches {where} cover "
            f"{share_text(plan.covered_today, plan.total)} of {what}; {outcome}"
        ),
        facts={
            "as_of": facts.as_of,
            "by": plan.by,
            "radius_km": plan.radius,
            "budget": plan.budget,
            "points": points,
            "total": shown_weight(plan.total),
            "covered_today": shown_weight(plan.covered_today),
            "covered": shown_weight(plan.covered),
            "greedy_covered": shown_weight(plan.greedy_covered),
            "gap": plan.gap,
        },
        sections=(
            Section(
                "branches",
                "Where to open branches",
                (*_chosen(plan), *_details(facts)),
                list(enumerate(plan.branches, 1)),
                shown=SHOWN,
            ),
            Section("greedy", GREEDY, _chosen(plan), list(enumerate(plan.greedy, 1)), shown=SHOWN),
            Section("left", "Still uncovered, heaviest first", _left(plan), plan.left, shown=SHOWN),
        ),
        remarks=tuple(_branch_remarks(plan)),
    )


def _chosen(plan: BranchPlan) -> tuple[Column[Ranked], ...]:
    return (
        Column("rank", lambda ranked: ranked[0], "number"),
        Column("city", lambda ranked: ranked[1].city.id, "id"),
        Column("name", lambda ranked: ranked[1].city.name),
        Column("country", lambda ranked: ranked[1].country, spare=True),
        Column("added", lambda ranked: shown_weight(ranked[1].gain), "number", spare=True),
        Column("covered_percent", lambda ranked: percent(ranked[1].covered / plan.total), "number"),
    )


def _details(facts: Facts) -> tuple[Column[Ranked], ...]:
    return (
        Column("population", lambda ranked: ranked[1].city.population, "number", spare=True),
        Column("covers", lambda ranked: listed([city.name for city in ranked[1].covers])),
        Column("may_open", lambda ranked: _openers(ranked[1].openers, facts)),
    )


def _left(plan: BranchPlan) -> tuple[Column[City], ...]:
    return (
        Column("city", lambda city: city.id, "id"),
        Column("name", lambda city: city.name),
        Column("region", lambda city: city.region, "id"),
        Column(plan.by, lambda city: shown_weight(plan.weights[city.id]), "number"),
    )


def _openers(openers: Sequence[Opener], facts: Facts) -> str:
    """Return the distributor whose next branch is nearest, in one cell, and how many more."""
    if not openers:
        return "nobody yet"
    nearest = facts.partners[openers[0].partner].name
    if openers[0].km is not None:
        nearest += f" ({openers[0].km:.0f} km)"
    return nearest if len(openers) == 1 else f"{nearest} and {len(openers) - 1} more"


def _branch_remarks(plan: BranchPlan) -> Iterator[str]:
    if plan.branches:
        missing = plan.covered - plan.greedy_covered
        yield (
            "The greedy choice, the best city one after the other, covers "
            + (
                "as much."
                if missing <= 1e-9 * plan.total
                else f"{share_text(plan.greedy_covered, plan.total)}: "
                f"{shown_weight(missing):,} less."
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

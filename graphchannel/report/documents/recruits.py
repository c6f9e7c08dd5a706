"""Where to recruit partners, as a document: tables and the sentences beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section
from graphchannel.report.documents.plans import GREEDY, proof_text, shown_weight
from graphchannel.report.documents.regions import SHOWN
from graphchannel.text import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.siting.granting import Grant
    from graphchannel.analysis.siting.recruiting import Recruit, RecruitPlan, Service
    from graphchannel.channel.place_results import RecruitSites

    Ranked = tuple[int, Recruit]
    Granted = tuple[Service, Grant]

__all__ = ["recruits_document"]


def recruits_document(result: RecruitSites) -> Document:
    """Tell in which regions to recruit, who serves which region then, and who could be granted."""
    facts, plan = result.facts, result.plan
    regions = counted(len(plan.services), "region", "regions")
    recruits = counted(len(plan.recruits), "recruit", "recruits")
    if not plan.services:
        headline = f"As of {facts.as_of}, every region has a partner; there is nowhere to recruit."
    else:
        headline = (
            f"As of {facts.as_of}, {regions} without a partner, of {plan.weighted_by} "
            f"{shown_weight(plan.weight):,}: the next partner is {plan.mean_km:.1f} km away on "
            f"average (weighted, at most {plan.radius:g}); with {recruits} {plan.best_km:.1f} km, "
            f"and no choice of so many {proof_text('brings one nearer', plan.gap)}."
        )
    return Document(
        headline=headline,
        facts={
            "as_of": facts.as_of,
            "roles": list(plan.roles),
            "weighted_by": plan.weighted_by,
            "radius_km": plan.radius,
            "region_count": len(plan.services),
            "weight": shown_weight(plan.weight),
            "mean_km_today": round(plan.mean_km, 1),
            "mean_km": round(plan.best_km, 1),
            "greedy_mean_km": round(plan.greedy_km, 1),
            "gap": plan.gap,
        },
        sections=(
            _recruits("recruits", "Where to recruit", plan, plan.recruits),
            Section(
                "regions",
                "Regions without a partner, and who would serve them",
                _services(facts),
                plan.services,
                shown=SHOWN,
            ),
            Section(
                "grants",
                "Partners that could be granted the territory instead, nearest first",
                _grants(facts),
                [(service, grant) for service in plan.services for grant in service.grants],
                shown=SHOWN,
            ),
            _recruits("greedy", GREEDY, plan, plan.greedy),
        ),
        remarks=tuple(_recruit_remarks(plan)),
    )


def _recruits(
    key: str, title: str, plan: RecruitPlan, recruits: Sequence[Recruit]
) -> Section[Ranked]:
    weights = {service.region.id: service.weight for service in plan.services}
    columns: tuple[Column[Ranked], ...] = (
        Column("rank", lambda ranked: ranked[0], "number"),
        Column("region", lambda ranked: ranked[1].region.id, "id"),
        Column("name", lambda ranked: ranked[1].region.name),
        Column("country", lambda ranked: ranked[1].region.country),
        Column(
            plan.weighted_by, lambda ranked: shown_weight(weights[ranked[1].region.id]), "number"
        ),
        Column("mean_km", lambda ranked: round(ranked[1].mean_km, 1), "number"),
        Column("recruiters", lambda ranked: listed(ranked[1].recruiters)),
    )
    return Section(key, title, columns, list(enumerate(recruits, 1)), shown=SHOWN)


def _services(facts: Facts) -> tuple[Column[Service], ...]:
    return (
        Column("region", lambda service: service.region.id, "id"),
        Column("name", lambda service: service.region.name),
        Column("country", lambda service: service.region.country, spare=True),
        Column("weight", lambda service: shown_weight(service.weight), "number"),
        Column("served_by", lambda service: service.by),
        Column("from", lambda service: _source(service, facts)),
        Column("km", lambda service: service.km, "number"),
        Column("km_today", lambda service: service.before, "number"),
    )


def _source(service: Service, facts: Facts) -> str | None:
    """Return the name of the partner, or of the recruit's region, that would serve it."""
    if not service.source:
        return None
    names = facts.partners if service.by == "grant" else facts.regions
    return names[service.source].name


def _grants(facts: Facts) -> tuple[Column[Granted], ...]:
    return (
        Column("region", lambda granted: granted[0].region.id, "id"),
        Column("partner", lambda granted: granted[1].partner, "id"),
        Column("name", lambda granted: facts.partners[granted[1].partner].name),
        Column("role", lambda granted: granted[1].role, spare=True),
        Column("km", lambda granted: granted[1].km, "number"),
        Column("authorized_in", lambda granted: granted[1].neighbour),
        Column("certified_by", lambda granted: listed(granted[1].issuers)),
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

"""Resilience and concentration as a document: tables and the sentences beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section
from graphchannel.report.documents.regions import SHOWN
from graphchannel.report.figures import Figures, percent
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.analysis.coverage.concentration import Concentration
    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.key_cities import CityCoverage
    from graphchannel.analysis.coverage.regions import RegionCoverage
    from graphchannel.analysis.coverage.resilience import Loss, Resilience
    from graphchannel.channel.place_results import ResilienceFigures

__all__ = ["resilience_document"]


@dataclass(frozen=True, slots=True)
class _LostPlace:
    """A region or a key city that is lost with a partner."""

    loss: Loss
    kind: str
    place: RegionCoverage | CityCoverage
    demand: float | None


_LOSSES: tuple[Column[Loss], ...] = (
    Column("partner", lambda loss: loss.partner, "id"),
    Column("name", lambda loss: loss.name),
    Column("role", lambda loss: loss.role, spare=True),
    Column("country", lambda loss: loss.country, detail=True),
    Column("at_stake", lambda loss: percent(loss.stake), "number"),
    Column("regions", lambda loss: len(loss.regions), "number"),
    Column("demand", lambda loss: loss.demand, "number", spare=True),
    Column("end_users", lambda loss: loss.end_users, "number", detail=True),
    Column("cities", lambda loss: len(loss.cities), "number", spare=True),
    Column("cut_off", lambda loss: len(loss.cut_off), "number"),
    Column("units", lambda loss: loss.units, "number"),
    Column("sales", lambda loss: Figures(loss.sales), spare=True),
)
_PLACES: tuple[Column[_LostPlace], ...] = (
    Column("partner", lambda lost: lost.loss.partner, "id"),
    Column("name", lambda lost: lost.loss.name),
    Column("kind", lambda lost: lost.kind),
    Column("place", lambda lost: lost.place.id, "id"),
    Column("place_name", lambda lost: lost.place.name),
    Column("country", lambda lost: lost.place.country),
    Column("demand", lambda lost: lost.demand, "number"),
)


def resilience_document(result: ResilienceFigures) -> Document:
    """Tell what depends on whom, and on how few the sales rest."""
    facts, found, concentrations = result.facts, result.resilience, result.concentrations
    risky = [loss for loss in found.losses if not loss.harmless]
    regions = {region.id for loss in found.losses for region in loss.regions}
    cut_off = {partner for loss in found.losses for partner in loss.cut_off}
    return Document(
        headline=(
            f"As of {facts.as_of}, {len(regions)} of {found.served} served regions and "
            f"{len(cut_off)} of {found.partners} partners depend on a single partner. "
            f"{counted(len(risky), 'partner')} could not leave without a loss."
        ),
        facts={
            "as_of": facts.as_of,
            "since": facts.since,
            "regions": found.regions,
            "served": found.served,
            "dependent_regions": len(regions),
            "partners": found.partners,
            "dependent_partners": len(cut_off),
            "key_cities": found.key_cities,
            "unsupplied": list(found.unsupplied),
        },
        sections=(
            Section(
                "losses",
                "What would be lost with one partner, worst first; every distributor is listed",
                _LOSSES,
                found.losses,
                shown=SHOWN,
            ),
            Section(
                "places",
                "Regions that no route would lead to, and key cities without a branch, by the "
                "partner lost",
                _PLACES,
                list(_places(found.losses)),
                shown=SHOWN,
            ),
            Section(
                "concentration",
                "Concentration of sales: 1 means that one partner has all, 1/n that n have the "
                "same",
                _concentration(facts),
                concentrations,
                shown=SHOWN,
            ),
        ),
        remarks=tuple(_remarks(facts, found)),
    )


def _places(losses: Sequence[Loss]) -> Iterator[_LostPlace]:
    for loss in losses:
        for region in loss.regions:
            yield _LostPlace(loss, "region", region, region.demand)
        for city in loss.cities:
            yield _LostPlace(loss, "key city", city, None)


def _concentration(facts: Facts) -> tuple[Column[Concentration], ...]:
    return (
        Column("kind", lambda row: row.kind),
        Column("group", lambda row: row.group, "id"),
        Column("name", lambda row: _name(row.group, facts) if row.kind == "distributor" else None),
        Column("herfindahl", lambda row: round(row.herfindahl, 4), "number"),
        Column("top_percent", lambda row: percent(row.top_share), "number"),
        Column("top", lambda row: row.top, "id", detail=True),
        Column("top_name", lambda row: _name(row.top, facts)),
        Column("partners", lambda row: row.parties, "number"),
        Column("total", lambda row: row.total, "number"),
        Column("in", lambda row: row.counted_in),
        Column("lines", lambda row: row.lines, "number", detail=True),
        Column("counted_lines", lambda row: row.counted, "number", detail=True),
    )


def _name(id_: str, facts: Facts) -> str | None:
    """Return the name of a partner; a vendor, which may sell itself, is known by its id only."""
    return facts.partners[id_].name if id_ in facts.partners else None


def _remarks(facts: Facts, found: Resilience) -> Iterator[str]:
    if not found.partners:
        yield "No partner is active and certified on that day, so nothing can depend on one."
        return
    yield (
        "regions, demand: those that no route would lead to any more. cut_off: partners that "
        f"nobody else may supply. units, sales: to end users from {facts.since} to {facts.as_of}, "
        "by the partner and by those that it cuts off. at_stake: the mean of its shares of all "
        "demand and of all units sold, in percent."
    )
    if found.unsupplied:
        unsupplied = counted(len(found.unsupplied), "partner with a role", "partners with a role")
        yield f"Without any supplier today, and so without a dependency: {unsupplied}."
    if not found.key_cities:
        yield "No city is marked as a key city, so no loss of one is counted."
    if all(region.demand is None for region in facts.regions.values()):
        yield "No region states a demand: at stake is the share of units sold alone."
    if not facts.sales:
        yield "Nothing was sold to end users in the period: at stake is the share of demand alone."

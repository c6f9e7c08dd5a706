"""Resilience and concentration as a document: tables and the sentences beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.coverage_report import SHOWN
from graphchannel.report.figures import Figures, percent
from graphchannel.report.sections import Document, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.analysis.coverage.concentration import Concentration
    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.resilience import Loss, Resilience

__all__ = ["resilience_document"]


def resilience_document(
    facts: Facts, found: Resilience, concentrations: Sequence[Concentration]
) -> Document:
    """Tell what hangs on whom, and on how few the sales rest."""
    risky = [loss for loss in found.losses if not loss.harmless]
    regions = {region.id for loss in found.losses for region in loss.regions}
    cut_off = {partner for loss in found.losses for partner in loss.cut_off}
    return Document(
        headline=(
            f"As of {facts.as_of}, {len(regions)} of {found.served} served regions and "
            f"{len(cut_off)} of {found.partners} partners hang on one partner: something would be "
            f"lost with each of {len(risky)} partners."
        ),
        facts={
            "as_of": facts.as_of,
            "since": facts.since,
            "regions": found.regions,
            "served": found.served,
            "hanging_regions": len(regions),
            "partners": found.partners,
            "hanging_partners": len(cut_off),
            "key_cities": found.key_cities,
            "unsupplied": list(found.unsupplied),
        },
        sections=(
            _losses(found.losses),
            _places(found.losses),
            _concentration(concentrations, facts),
        ),
        remarks=tuple(_remarks(facts, found)),
    )


def _losses(losses: Sequence[Loss]) -> Section:
    return Section(
        "losses",
        "What would be lost with one partner, worst first; every distributor is listed",
        (
            "partner",
            "name",
            "role",
            "country",
            "at_stake",
            "regions",
            "demand",
            "end_users",
            "cities",
            "cut_off",
            "units",
            "sales",
        ),
        [
            (
                loss.partner,
                loss.name,
                loss.role,
                loss.country,
                percent(loss.stake),
                len(loss.regions),
                loss.demand,
                loss.end_users,
                len(loss.cities),
                len(loss.cut_off),
                loss.units,
                Figures(loss.sales),
            )
            for loss in losses
        ],
        shown=SHOWN,
        details=frozenset({"country", "end_users"}),
    )


def _places(losses: Sequence[Loss]) -> Section:
    rows: list[tuple[object, ...]] = []
    for loss in losses:
        rows += [
            (loss.partner, loss.name, "region", r.id, r.name, r.country, r.demand)
            for r in loss.regions
        ]
        rows += [
            (loss.partner, loss.name, "key city", c.id, c.name, c.country, None)
            for c in loss.cities
        ]
    return Section(
        "places",
        "Regions that no route would lead to, and key cities without a branch, by the partner lost",
        ("partner", "name", "kind", "place", "place_name", "country", "demand"),
        rows,
        shown=SHOWN,
    )


def _concentration(rows: Sequence[Concentration], facts: Facts) -> Section:
    return Section(
        "concentration",
        "Concentration of sales: 1 means that one partner has all, 1/n that n have the same",
        (
            "kind",
            "group",
            "name",
            "herfindahl",
            "top_percent",
            "top",
            "top_name",
            "partners",
            "total",
            "in",
            "lines",
            "counted_lines",
        ),
        [
            (
                row.kind,
                row.group,
                _name(row.group, facts) if row.kind == "distributor" else None,
                round(row.herfindahl, 4),
                percent(row.top_share),
                row.top,
                _name(row.top, facts),
                row.parties,
                row.total,
                row.counted_in,
                row.lines,
                row.counted,
            )
            for row in rows
        ],
        shown=SHOWN,
        details=frozenset({"top", "lines", "counted_lines"}),
    )


def _name(id_: str, facts: Facts) -> str | None:
    """Return the name of a partner; a vendor, which may sell itself, is known by its id only."""
    return facts.partners[id_].name if id_ in facts.partners else None


def _remarks(facts: Facts, found: Resilience) -> Iterator[str]:
    if not found.partners:
        yield "No partner is active and certified on that day, so nothing can hang on one."
        return
    yield (
        "Regions, demand and end users are those that no route would lead to any more; cut off are "
        "partners that nobody else may supply. Units and sales went to end users from "
        f"{facts.since} to {facts.as_of}, sold by the partner and by those that it cuts off. At "
        "stake is the mean of both shares, of all demand and of all units sold, in percent."
    )
    if found.unsupplied:
        yield (
            f"{len(found.unsupplied)} partners with a role cannot be supplied by anybody today and "
            "hang on nobody."
        )
    if not found.key_cities:
        yield "No city is marked as a key city, so no loss of one is counted."
    if all(region.demand is None for region in facts.regions.values()):
        yield "No region states a demand: at stake is the share of units sold alone."
    if not facts.sales:
        yield "Nothing was sold to end users in the period: at stake is the share of demand alone."

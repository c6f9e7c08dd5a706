"""Coverage of regions as a document: tables and the sentences beside them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.changes import state_of
from graphchannel.report.figures import Figures, percent
from graphchannel.report.sections import Document, Section
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from graphchannel.analysis.coverage.changes import Reason, RegionChange
    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.regions import Coverage, Share

__all__ = ["SHOWN", "change_of", "regions_document", "why"]

SHOWN = 30  # rows of a table for people


def regions_document(
    facts: Facts,
    found: Coverage,
    *,
    by_country: bool = False,
    changes: Sequence[RegionChange] | None = None,
    before: date | None = None,
) -> Document:
    """Tell which regions are covered and served, where the white space is, what changed.

    `changes` are those from the day `before`.
    """
    total = found.total
    tables = [_countries(found), _roles(found, facts)] if by_country else [_regions(found)]
    sections = [
        *tables,
        _white_space(found),
        _without_route(found),
    ]
    if changes is not None:
        sections.append(_region_changes(changes, facts, before))
    return Document(
        headline=(
            f"As of {facts.as_of}, {total.covered} of {total.regions} regions have a partner: "
            f"{_percent_text(total.numeric)} of the regions, {_percent_text(total.weighted)} by "
            f"{found.weighted_by}. A route that obeys the policy leads to {total.served} of them, "
            f"{_percent_text(total.served_weighted)} by {found.weighted_by}."
        ),
        facts={
            "as_of": facts.as_of,
            "since": facts.since,
            "roles": list(found.roles),
            "region_count": total.regions,
            "covered": total.covered,
            "numeric_percent": percent(total.numeric),
            "weighted_percent": percent(total.weighted),
            "weighted_by": found.weighted_by,
            "served": total.served,
            "served_percent": percent(total.served_numeric),
            "served_weighted_percent": percent(total.served_weighted),
            "units": total.units,
            "units_in_larger_regions": sum(found.larger.values()),
            "units_in_no_known_city": found.nowhere,
        },
        sections=tuple(sections),
        remarks=tuple(_region_remarks(facts, found)),
    )


def _percent_text(share: float | None) -> str:
    return "an unknown share" if share is None else f"{percent(share)} %"


def _regions(found: Coverage) -> Section:
    return Section(
        "regions",
        "Smallest regions, gaps first",
        ("region", "name", "country", "state", "demand", "partners", "units", "sales"),
        [
            (
                region.id,
                region.name,
                region.country,
                state_of(region),
                region.demand,
                Figures(region.roles),
                region.units,
                Figures(region.sales),
            )
            for region in found.regions
        ],
        shown=SHOWN,
    )


def _countries(found: Coverage) -> Section:
    return Section(
        "countries",
        "Countries, the least covered first; shares in percent",
        (
            "country",
            "regions",
            "covered",
            "numeric",
            "weighted",
            "served",
            "served_weighted",
            "demand",
            "units",
            "sales",
        ),
        [
            (
                row.id,
                row.regions,
                row.covered,
                percent(row.numeric),
                percent(row.weighted),
                row.served,
                percent(row.served_weighted),
                row.demand,
                row.units,
                Figures(row.sales),
            )
            for row in sorted(found.countries, key=_openness)
        ],
    )


def _roles(found: Coverage, facts: Facts) -> Section:
    roles = facts.policy.role_ids
    return Section(
        "partners",
        "Partners by country and role",
        ("country", *roles),
        [
            (row.id, *(row.roles[role] for role in roles))
            for row in sorted(found.countries, key=_openness)
        ],
    )


def _openness(row: Share) -> tuple[float, float, str]:
    return (row.served_weighted or 0.0, row.served_numeric or 0.0, row.id or "")


def _white_space(found: Coverage) -> Section:
    return Section(
        "white_space",
        f"White space: regions without a partner, by {found.weighted_by}",
        ("region", "name", "country", "demand", "units", "end_users"),
        [
            (region.id, region.name, region.country, region.demand, region.units, region.end_users)
            for region in found.white_space
        ],
        shown=SHOWN,
    )


def _without_route(found: Coverage) -> Section:
    return Section(
        "without_route",
        "Partners on paper, but no route that obeys the policy",
        ("region", "name", "country", "demand", "missing", "on_paper"),
        [
            (
                region.id,
                region.name,
                region.country,
                region.demand,
                ", ".join(region.reach.missing),
                listed(region.reach.on_paper),
            )
            for region in found.unserved
        ],
        shown=SHOWN,
    )


def _region_changes(changes: Sequence[RegionChange], facts: Facts, before: date | None) -> Section:
    return Section(
        "changes",
        f"Regions gained and lost from {before} to {facts.as_of}",
        ("region", "name", "country", "change", "before", "after", "demand", "why"),
        [
            (
                change.region.id,
                change.region.name,
                change.region.country,
                change_of(gained=change.gained),
                change.before,
                change.after,
                change.region.demand,
                why(change.reasons),
            )
            for change in changes
        ],
    )


def change_of(*, gained: bool) -> str:
    """Name a change for the better or for the worse."""
    return "gained" if gained else "lost"


def why(reasons: Sequence[Reason], *, days: bool = True) -> str:
    """Return the reasons of a change in one cell, by partner, with their days unless told not."""
    parts = []
    for _, group in groupby(reasons, key=lambda reason: reason.partner):
        own = list(group)
        what = (f"{one.what} {one.day}" if days and one.day else one.what for one in own)
        parts.append(f"{own[0].name}: {', '.join(what)}")
    return "; ".join(parts)


def _region_remarks(facts: Facts, found: Coverage) -> Iterator[str]:
    if not found.regions:
        yield (
            "There are no regions, so nothing can be said about coverage by region; partners, "
            "branches and sales can still be looked at one by one."
        )
        return
    yield (
        f"A region counts as covered by partners in the roles {', '.join(found.roles)}. "
        f"Sales are those to end users from {facts.since} to {facts.as_of}."
    )
    if found.weighted_by == "units":
        yield (
            "No region states a demand: shares are weighted, and gaps ranked, by the units sold "
            "there. A gap where nothing was sold has no weight, but counts by number."
        )
    if found.without_demand:
        yield (
            f"{found.without_demand} of {len(found.regions)} regions state no demand: they weigh "
            "nothing by demand and count fully by number."
        )
    if found.spread:
        yield (
            f"The demand of {found.spread} regions is an equal share of what is stated only for a "
            "region around them."
        )
    if found.larger:
        yield (
            f"{sum(found.larger.values()):,} units went to cities that are in no smallest region, "
            f"but in {listed(list(found.larger))}; no region has them."
        )
    if found.nowhere:
        yield f"{found.nowhere:,} units went to end users in no known city; no region has them."

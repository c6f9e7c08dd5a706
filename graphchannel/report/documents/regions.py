"""Coverage of regions as a document: tables and the sentences beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphchannel.analysis.coverage.changes import state_of
from graphchannel.report.document import Column, Document, Page, Section
from graphchannel.report.documents.changes import region_changes
from graphchannel.report.figures import Figures, percent
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.regions import Coverage, RegionCoverage, Share
    from graphchannel.channel.place_results import RegionCoverages

__all__ = ["SHOWN", "regions_document"]

SHOWN = 30  # rows of a table for people
_REGION: tuple[Column[RegionCoverage], ...] = (
    Column("region", lambda region: region.id, "id"),
    Column("name", lambda region: region.name),
    Column("country", lambda region: region.country),
)
_REGIONS: tuple[Column[RegionCoverage], ...] = (
    *_REGION,
    Column("state", state_of),
    Column("demand", lambda region: region.demand, "number"),
    Column("partners", lambda region: Figures(region.roles)),
    Column("units", lambda region: region.units, "number"),
    Column("sales", lambda region: Figures(region.sales), spare=True),
)
_WHITE_SPACE: tuple[Column[RegionCoverage], ...] = (
    *_REGION,
    Column("demand", lambda region: region.demand, "number"),
    Column("units", lambda region: region.units, "number"),
    Column("end_users", lambda region: region.end_users, "number"),
)
_WITHOUT_ROUTE: tuple[Column[RegionCoverage], ...] = (
    *_REGION,
    Column("demand", lambda region: region.demand, "number"),
    Column("missing", lambda region: ", ".join(region.reach.missing)),
)
_ON_PAPER: Column[RegionCoverage] = Column(
    "on_paper", lambda region: ", ".join(region.reach.on_paper)
)
_FEW_ON_PAPER: Column[RegionCoverage] = Column(
    "on_paper", lambda region: listed(region.reach.on_paper)
)
_COUNTRIES: tuple[Column[Share], ...] = (
    Column("country", lambda row: row.id),
    Column("regions", lambda row: row.regions, "number"),
    Column("covered", lambda row: row.covered, "number"),
    Column("numeric", lambda row: percent(row.numeric), "number"),
    Column("weighted", lambda row: percent(row.weighted), "number"),
    Column("served", lambda row: row.served, "number"),
    Column("served_weighted", lambda row: percent(row.served_weighted), "number"),
    Column("demand", lambda row: row.demand, "number"),
    Column("units", lambda row: row.units, "number", spare=True),
    Column("sales", lambda row: Figures(row.sales), spare=True),
)


def regions_document(result: RegionCoverages, *, by_country: bool = False) -> Document:
    """Tell which regions are covered and served, where the white space is, what changed.

    `changes` are those from the day `before`.
    """
    facts, found = result.facts, result.coverage
    changes, before = result.changes, result.compared_to
    total = found.total
    sections: list[Section[Any]] = (
        [_countries(found), _roles(found, facts)] if by_country else [_regions(found)]
    )
    sections += [_white_space(found), _without_route(found)]
    if changes is not None:
        title = f"Regions gained and lost from {before} to {facts.as_of}"
        sections.append(region_changes("changes", title, changes))
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


def _regions(found: Coverage) -> Section[RegionCoverage]:
    title = "Smallest regions, gaps first"
    return Section("regions", title, _REGIONS, found.regions, shown=SHOWN)


def _countries(found: Coverage) -> Section[Share]:
    title = "Countries, the least covered first; shares in percent"
    return Section("countries", title, _COUNTRIES, sorted(found.countries, key=_openness))


def _roles(found: Coverage, facts: Facts) -> Section[Share]:
    columns: list[Column[Share]] = [Column("country", lambda row: row.id)]
    columns += [_partners_in(role) for role in facts.policy.role_ids]
    entries = sorted(found.countries, key=_openness)
    return Section("partners", "Partners by country and role", columns, entries)


def _partners_in(role: str) -> Column[Share]:
    return Column(role, lambda row: row.roles[role], "number")


def _openness(row: Share) -> tuple[float, float, str]:
    return (row.served_weighted or 0.0, row.served_numeric or 0.0, row.id or "")


def _white_space(found: Coverage) -> Section[RegionCoverage]:
    title = f"White space: regions without a partner, by {found.weighted_by}"
    return Section("white_space", title, _WHITE_SPACE, found.white_space, shown=SHOWN)


def _without_route(found: Coverage) -> Section[RegionCoverage]:
    title = "Partners on paper, but no route that obeys the policy"
    return Section(
        "without_route",
        title,
        (*_WITHOUT_ROUTE, _ON_PAPER),
        found.unserved,
        shown=SHOWN,
        page=Page(found.unserved, (*_WITHOUT_ROUTE, _FEW_ON_PAPER)),
    )


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

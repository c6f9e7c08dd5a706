"""What questions about places are answered with: coverage, resilience, sites."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from graphchannel.tabular import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from graphchannel.analysis.coverage.changes import CityChange, RegionChange
    from graphchannel.analysis.coverage.concentration import Concentration
    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.key_cities import KeyCities
    from graphchannel.analysis.coverage.market import MarketReach
    from graphchannel.analysis.coverage.regions import Coverage
    from graphchannel.analysis.coverage.resilience import Resilience
    from graphchannel.analysis.siting.branching import BranchPlan
    from graphchannel.analysis.siting.recruiting import RecruitPlan

__all__ = [
    "BranchSites",
    "CityCoverages",
    "MarketReaches",
    "RecruitSites",
    "RegionCoverages",
    "ResilienceFigures",
]


@dataclass(frozen=True, slots=True)
class RegionCoverages(Tabular):
    """Coverage by region on a day; `before` and `changes` where another day is compared to."""

    columns: ClassVar[tuple[str, ...]] = (
        "region", "name", "country", "covered", "served", "demand", "units", "sales", "roles",
        "partners",
    )  # fmt: skip

    facts: Facts = field(repr=False)
    coverage: Coverage
    before: Coverage | None = None
    changes: tuple[RegionChange, ...] | None = None
    compared_to: date | None = None

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the smallest regions, in the order of their ids."""
        for region in self.coverage.regions:
            yield {
                "region": region.id,
                "name": region.name,
                "country": region.country,
                "covered": region.covered,
                "served": region.reach.served,
                "demand": region.demand,
                "units": region.units,
                "sales": region.sales,
                "roles": region.roles,
                "partners": region.partners,
            }


@dataclass(frozen=True, slots=True)
class CityCoverages(Tabular):
    """Key cities against the branches of distributors; `changes` where a day is compared to."""

    columns: ClassVar[tuple[str, ...]] = (
        "city", "name", "country", "population", "units", "sales", "distributors", "bound",
    )  # fmt: skip

    facts: Facts = field(repr=False)
    key_cities: KeyCities
    changes: tuple[CityChange, ...] | None = None
    compared_to: date | None = None

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the key cities; `distributors` have a branch there, `bound` ought to."""
        for city in self.key_cities.cities:
            row: dict[str, object] = {name: getattr(city, name) for name in self.columns[1:]}
            yield {"city": city.id, **row}


@dataclass(frozen=True, slots=True)
class MarketReaches(Tabular):
    """How much of its market each distributor reaches, by country."""

    columns: ClassVar[tuple[str, ...]] = (
        "distributor", "country", "regions", "by_branch", "by_resellers", "missing", "resellers",
        "demand", "reached", "share",
    )  # fmt: skip

    facts: Facts = field(repr=False)
    reaches: tuple[MarketReach, ...]
    before: tuple[MarketReach, ...] | None = None
    compared_to: date | None = None

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield a row for each distributor and country."""
        for reach in self.reaches:
            yield {name: getattr(reach, name) for name in self.columns}


@dataclass(frozen=True, slots=True)
class ResilienceFigures(Tabular):
    """What would be lost with each partner, and on how few the sales rest."""

    columns: ClassVar[tuple[str, ...]] = (
        "partner", "name", "role", "country", "regions", "cities", "cut_off", "demand",
        "end_users", "units", "sales", "stake",
    )  # fmt: skip

    facts: Facts = field(repr=False)
    resilience: Resilience
    concentrations: tuple[Concentration, ...]

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the partners that something depends on alone; regions and cities are ids."""
        for loss in self.resilience.losses:
            row: dict[str, object] = {name: getattr(loss, name) for name in self.columns}
            row["regions"] = [region.id for region in loss.regions]
            row["cities"] = [city.id for city in loss.cities]
            yield row


@dataclass(frozen=True, slots=True)
class BranchSites(Tabular):
    """The cities in which new branches would cover most."""

    columns: ClassVar[tuple[str, ...]] = (
        "city", "name", "country", "gain", "covered", "covers", "openers",
    )  # fmt: skip

    facts: Facts = field(repr=False)
    plan: BranchPlan

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the cities in the order in which they add most; `openers` are partner ids."""
        for branch in self.plan.branches:
            yield {
                "city": branch.city.id,
                "name": branch.city.name,
                "country": branch.country,
                "gain": branch.gain,
                "covered": branch.covered,
                "covers": [city.id for city in branch.covers],
                "openers": [opener.partner for opener in branch.openers],
            }


@dataclass(frozen=True, slots=True)
class RecruitSites(Tabular):
    """The regions to recruit in, and the partners that others could be granted to."""

    columns: ClassVar[tuple[str, ...]] = ("region", "name", "country", "mean_km", "recruiters")

    facts: Facts = field(repr=False)
    plan: RecruitPlan

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the regions to recruit in; `mean_km` is over all demand, with all up to it."""
        for recruit in self.plan.recruits:
            yield {
                "region": recruit.region.id,
                "name": recruit.region.name,
                "country": recruit.region.country,
                "mean_km": recruit.mean_km,
                "recruiters": recruit.recruiters,
            }

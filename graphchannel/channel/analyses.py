"""Analyses of a channel: following goods, coverage, resilience, siting, what if, key figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from graphchannel.channel.distances import TERRITORY_KM
from graphchannel.channel.opening import day_of

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.channel.opening import Day, Opening
    from graphchannel.channel.place_results import (
        BranchSites,
        CityCoverages,
        MarketReaches,
        RecruitSites,
        RegionCoverages,
        ResilienceFigures,
    )
    from graphchannel.channel.results import KeyFigureSet, Observability, Traces
    from graphchannel.simulation.run import Simulation
    from graphchannel.simulation.scenario import Scenario

__all__ = ["Analyses"]


class Analyses:
    """The questions that a query cannot answer. Each module behind them is imported when asked."""

    __slots__ = ()

    _opening: Opening  # that of `ChannelData`

    def trace(
        self,
        *,
        start: str | None = None,
        end: str | None = None,
        product: str | None = None,
        line: str | None = None,
        serial: str | None = None,
        max_hops: int = 6,
        window: int | None = None,
        as_of: Day | None = None,
        since: Day | None = None,
        until: Day | None = None,
        top: int = 10,
    ) -> Traces:
        """Follow goods: from the party `start`, to `end`, of a product, of one line, or by serial.

        `window` is the most days between a hop and the next; `top` paths are kept of each part.
        Raises InputError for a question about nothing, and for unknown names.
        """
        from graphchannel.analysis.goods.model import TraceQuestion  # noqa: PLC0415 - imports duckdb
        from graphchannel.channel import following  # noqa: PLC0415 - with it

        return following.trace(
            self._opening,
            TraceQuestion(start, end, product, line, max_hops, window),
            serial,
            as_of=day_of(as_of),
            since=day_of(since),
            until=day_of(until),
            top=top,
        )

    def observability(self, *, as_of: Day | None = None, bounded: int = 10) -> Observability:
        """Return how much of what was sold in can be followed, by partner and product.

        Units are estimates except those with a serial number; the least and the most are worked
        out for the first `bounded` entries, those of which least is seen.
        """
        from graphchannel.channel import following  # noqa: PLC0415 - imports duckdb

        return following.observability(self._opening, as_of=day_of(as_of), bounded=bounded)

    @overload
    def coverage(
        self,
        of: Literal["regions"] = "regions",
        *,
        role: str | None = None,
        country: str | None = None,
        as_of: Day | None = None,
        since: Day | None = None,
        compare_to: Day | None = None,
    ) -> RegionCoverages: ...

    @overload
    def coverage(
        self,
        of: Literal["cities"],
        *,
        distributor: str | None = None,
        country: str | None = None,
        key_city_population: int | None = None,
        as_of: Day | None = None,
        since: Day | None = None,
        compare_to: Day | None = None,
    ) -> CityCoverages: ...

    @overload
    def coverage(
        self,
        of: Literal["distributors"],
        *,
        country: str | None = None,
        as_of: Day | None = None,
        since: Day | None = None,
        compare_to: Day | None = None,
    ) -> MarketReaches: ...

    def coverage(
        self,
        of: Literal["regions", "cities", "distributors"] = "regions",
        *,
        as_of: Day | None = None,
        since: Day | None = None,
        compare_to: Day | None = None,
        country: str | None = None,
        role: str | None = None,
        distributor: str | None = None,
        key_city_population: int | None = None,
    ) -> RegionCoverages | CityCoverages | MarketReaches:
        """Return where the channel is and where it has gaps: by region, key city or distributor.

        Sales count from `since`, by default a year before the as-of day; with `compare_to` the
        result tells what was gained and lost since that day. `role` narrows regions, `distributor`
        and `key_city_population` (count cities of so many inhabitants where the data does not say)
        key cities. Raises InputError for unknown names.
        """
        from graphchannel.channel import places  # noqa: PLC0415 - imports networkx

        days = places.AskedDays(day_of(as_of), day_of(since), day_of(compare_to))
        if of == "cities":
            return places.cities(
                self._opening,
                days,
                distributor=distributor,
                country=country,
                key_city_population=key_city_population,
            )
        if of == "distributors":
            return places.distributors(self._opening, days, country=country)
        return places.regions(self._opening, days, role=role, country=country)

    def resilience(
        self,
        *,
        key_city_population: int | None = None,
        as_of: Day | None = None,
        since: Day | None = None,
    ) -> ResilienceFigures:
        """Return what would be lost with each partner, and how concentrated the sales are."""
        from graphchannel.channel import places  # noqa: PLC0415 - imports networkx

        days = places.AskedDays(day_of(as_of), day_of(since))
        return places.dependencies(self._opening, days, key_city_population=key_city_population)

    @overload
    def recommend(
        self,
        of: Literal["branches"],
        *,
        budget: int,
        by: Literal["population", "demand"] = "population",
        radius: float | None = None,
        country: str | None = None,
        key_city_population: int | None = None,
        as_of: Day | None = None,
        since: Day | None = None,
    ) -> BranchSites: ...

    @overload
    def recommend(
        self,
        of: Literal["partners"],
        *,
        budget: int,
        by: Literal["population", "demand"] = "demand",
        radius: float | None = None,
        country: str | None = None,
        role: str | None = None,
        as_of: Day | None = None,
        since: Day | None = None,
    ) -> RecruitSites: ...

    def recommend(
        self,
        of: Literal["branches", "partners"],
        *,
        budget: int,
        by: Literal["population", "demand"] | None = None,
        radius: float | None = None,
        country: str | None = None,
        role: str | None = None,
        key_city_population: int | None = None,
        as_of: Day | None = None,
        since: Day | None = None,
    ) -> BranchSites | RecruitSites:
        """Return the few sites that cover most, proved best: `budget` branches, or recruits.

        `radius` is in km: how far a branch covers (by default its own city, by demand 50 km), or a
        partner serves (100 km). Raises InputError for unknown names.
        """
        from graphchannel.channel import places  # noqa: PLC0415 - imports networkx

        days = places.AskedDays(day_of(as_of), day_of(since))
        if of == "branches":
            return places.branches(
                self._opening,
                days,
                budget,
                by=by or "population",
                radius=radius,
                country=country,
                key_city_population=key_city_population,
            )
        return places.recruits(
            self._opening,
            days,
            budget,
            by=by or "demand",
            radius=TERRITORY_KM if radius is None else radius,
            role=role,
            country=country,
        )

    def simulate(
        self,
        scenario: Scenario | Path | str | None = None,
        *,
        policy: Path | str | None = None,
        as_of: Day | None = None,
    ) -> Simulation:
        """Return what would follow from changes, from another policy, or both.

        `scenario` is a value or a TOML file, `policy` a policy file for the channel's own rules or
        a folder with rules. All is tried on a copy in memory. Raises InputError for a scenario that
        cannot be.
        """
        from graphchannel.channel import supposing  # noqa: PLC0415 - seldom asked

        return supposing.simulate(self._opening, scenario, policy, as_of=day_of(as_of))

    def kpi(
        self, *, months: int = 12, due_days: int = 90, as_of: Day | None = None
    ) -> KeyFigureSet:
        """Return key figures of `months` calendar months up to the as-of day.

        Certificates that end within `due_days` are due.
        """
        from graphchannel.channel import figures  # noqa: PLC0415 - imports duckdb

        return figures.key_figures_of(
            self._opening, months=months, due_days=due_days, as_of=day_of(as_of)
        )

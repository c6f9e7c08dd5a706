"""Maximal covering: which few sites cover the most, exactly and greedily.

The problem is that of Church and ReVelle (1974): points have weights, a site covers some points,
and so many sites may be opened that the covered weight is largest. HiGHS solves it by branch and
bound. Facility location is the same problem when each step nearer is a point of its own (García,
Labbé and Marín, 2011).

The answer is one of the best and always the same one, whichever the solver happens to find. A site
is never taken where another covers all that it covers and more, or the same and stands before it;
of several best sets of the others it is the one with the fewest sites, and of these the first in
the order of the sites.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.analysis.siting.covering_program import Program

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Cover", "Covering", "greedy_cover", "maximal_cover"]

_WHOLE = 1_000_000_000  # the solver sees whole numbers whose sum is at most so large


@dataclass(frozen=True, slots=True)
class Covering:
    """Points by weight, sites by the points that each covers, and how many sites may be opened.

    Weights are not negative. Sites stand in order of preference: of two that serve equally, the
    earlier is taken.
    """

    weights: tuple[float, ...]
    sites: tuple[frozenset[int], ...]
    budget: int


@dataclass(frozen=True, slots=True)
class Cover:
    """A choice of sites, each the one that adds most to those before it, and what it adds.

    `bound` is what no choice can exceed, as far as it was proved.
    """

    sites: tuple[int, ...]
    gains: tuple[float, ...]
    bound: float

    @property
    def covered(self) -> float:
        """Weight of the covered points."""
        return math.fsum(self.gains)

    @property
    def gap(self) -> float:
        """Share of the bound by which this choice may miss the best; 0 is proved best."""
        return 1 - self.covered / self.bound if self.bound > self.covered else 0.0


def greedy_cover(problem: Covering) -> Cover:
    """Open, one after the other, the site that adds most.

    It covers at least 1 - 1/e of the best (Nemhauser, Wolsey and Fisher, 1978); hence its bound.
    """
    sites, gains = _by_gain(problem, range(len(problem.sites)))
    reachable = frozenset[int]().union(*problem.sites)
    most = math.fsum(problem.weights[point] for point in reachable)
    return Cover(sites, gains, min(most, math.fsum(gains) / (1 - 1 / math.e)))


def maximal_cover(problem: Covering) -> Cover:
    """Return a choice of sites that covers most; proved but where its gap is not 0.

    Weights that are not whole are rounded to a billionth of their sum while the solver compares.
    """
    kept = _undominated(problem)
    points = _merged(problem, kept)
    if not points:
        return Cover((), (), 0.0)
    total = math.fsum(points.values())
    unit = 1.0 if _are_whole(points.values()) and total <= _WHOLE else _WHOLE / total
    program = Program(
        tuple(round(weight * unit) for weight in points.values()), tuple(points), len(kept)
    )
    found, most = program.best(problem.budget)
    sites, gains = _by_gain(problem, (kept[site] for site in found))
    if most == program.value(found):
        return Cover(sites, gains, math.fsum(gains))
    rounded = 0.0 if unit == 1.0 else len(points) / 2
    return Cover(sites, gains, min(total, (most + rounded) / unit))


def _are_whole(weights: Iterable[float]) -> bool:
    return all(float(weight).is_integer() for weight in weights)


def _by_gain(problem: Covering, sites: Iterable[int]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Order sites, up to the budget, so that each adds most to those before it."""
    rest = sorted(sites)
    left = {point for point, weight in enumerate(problem.weights) if weight > 0}
    ordered: list[int] = []
    gains: list[float] = []
    while len(ordered) < problem.budget:
        best, most = -1, 0.0
        for site in rest:
            gain = math.fsum(problem.weights[point] for point in problem.sites[site] & left)
            if gain > most:
                best, most = site, gain
        if best < 0:
            break
        ordered.append(best)
        gains.append(most)
        left -= problem.sites[best]
    return tuple(ordered), tuple(gains)


def _undominated(problem: Covering) -> list[int]:
    """Return the sites that cover something which no single other site covers with all the rest.

    Of sites that cover the same, the first.
    """
    weighty = frozenset(point for point, weight in enumerate(problem.weights) if weight > 0)
    covers = [site & weighty for site in problem.sites]
    by_point: dict[int, list[int]] = {}
    for site, cover in enumerate(covers):
        for point in cover:
            by_point.setdefault(point, []).append(site)
    kept = []
    for site, cover in enumerate(covers):
        if not cover:
            continue
        rivals = min((by_point[point] for point in cover), key=len)
        if not any(
            cover < covers[other] or (cover == covers[other] and other < site) for other in rivals
        ):
            kept.append(site)
    return kept


def _merged(problem: Covering, kept: list[int]) -> dict[tuple[int, ...], float]:
    """Return the weight of the points by the sites that cover them, as places in `kept`."""
    by_point: dict[int, list[int]] = {}
    for place, site in enumerate(kept):
        for point in problem.sites[site]:
            if problem.weights[point] > 0:
                by_point.setdefault(point, []).append(place)
    merged: dict[tuple[int, ...], float] = {}
    for point in sorted(by_point):
        sites = tuple(by_point[point])
        merged[sites] = merged.get(sites, 0.0) + problem.weights[point]
    return merged

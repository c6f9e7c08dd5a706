"""The integer program of maximal covering, on HiGHS.

Columns are the sites (opened or not), then the points (covered or not). A point is covered only if
one of its sites is opened, and at most so many sites are. Weights are whole numbers, so a choice is
proved best when no other can reach one more.

Where very many choices are nearly equal, a proof can take hours. So much work is done and no more,
counted, not timed: what the same program finds is always the same. Then the best choice so far is
the answer, with what none can exceed.
"""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

import highspy
import numpy as np

from graphchannel.analysis.solver import quiet_solver
from graphchannel.errors import GraphChannelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Program"]

_WORK = 1_000_000  # of all searches for one choice: nodes, times what the sites tried can cover
_KERNEL = 50  # sites that are tried first, beside some for each of the budget
_ROUNDING = 1e-3  # of sums that are whole numbers
_TOLERANCE = 1e-9  # times the sum of the weights, 1e9 at most, this is one unit at most
_OPTIONS = {
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,
    "mip_feasibility_tolerance": _TOLERANCE,
    "primal_feasibility_tolerance": _TOLERANCE,
    "dual_feasibility_tolerance": _TOLERANCE,
}


class Program:
    """One covering problem: weights of the points, and for each the sites that cover it."""

    def __init__(self, weights: Sequence[int], points: Sequence[Sequence[int]], sites: int) -> None:
        self.weights = weights
        self.points = points
        self.sites = sites
        self.columns = sites + len(points)
        self.value_row = len(points)
        self.count_row = len(points) + 1
        self.covers = [1] * sites
        for site in chain.from_iterable(points):
            self.covers[site] += 1
        self.size = sum(self.covers)
        self.left = _WORK
        self.stopped = False
        self.highs = quiet_solver()
        for name, value in _OPTIONS.items():
            self.highs.setOptionValue(name, value)
        self.highs.passModel(self._model())

    def best(self, budget: int) -> tuple[list[int], int]:
        """Return a choice of at most `budget` sites, and the weight that no choice exceeds.

        Where it reaches that weight, it is the first of the best choices with as few sites as reach
        it, as far as the allowed work lasts; else the best that was found.
        """
        points = range(self.sites, self.columns)
        self._bound_row(self.count_row, 0, budget)
        self._cost(points, [-weight for weight in self.weights])
        found, candidates, least = self._optimum(4 * budget + _KERNEL)
        value = self.value(found)
        if self.stopped:
            return found, max(value, -least)
        if value == sum(self.weights):
            self._bound_columns(points, 1, 1)
            self._cost(points, [0] * len(points))
            self._cost(range(self.sites), [1] * self.sites)
            fewest, candidates, _ = self._optimum(4 * budget + _KERNEL)
            found = min(found, fewest, key=len)
            if self.stopped:
                return found, value
        self._bound_row(self.value_row, value - 0.5, highspy.kHighsInf)
        self._bound_row(self.count_row, len(found), len(found))
        return self._first(found, candidates), value

    def _optimum(self, kernel: int) -> tuple[list[int], list[int], int]:
        """Return a choice of least cost, the sites of all choices that cost no more, and the cost.

        When the work is used up, the best choice so far, and what none can cost less than.

        The linear relaxation tells what opening a site adds to the cost at least: its reduced cost.
        A first choice among the most promising sites, the kernel, leaves few that could better it.
        """
        least, reduced = self._relaxed()
        promising = sorted(range(self.sites), key=lambda site: (reduced[site], site))
        tried = set(promising[:kernel])
        while True:
            found, cost = self._among(tried)
            if found is not None and self.stopped:
                others = [reduced[site] for site in range(self.sites) if site not in tried]
                bound = min([self._proved(), *(least + more for more in others)])
                return found, sorted(tried), math.ceil(bound - _ROUNDING)
            candidates = {site for site in promising if least + reduced[site] < cost + 0.5}
            if found is not None and candidates <= tried:
                return found, sorted(candidates), round(cost)
            if found is None and self.stopped and candidates <= tried:
                raise GraphChannelError("The solver found no choice of sites within its work.")
            tried |= candidates

    def _relaxed(self) -> tuple[float, list[float]]:
        """Return the least cost where sites may be opened in part, and the sites' reduced costs."""
        self._integrality(highspy.HighsVarType.kContinuous)
        self.highs.setOptionValue("solver", "ipx")
        self.highs.run()
        self.highs.setOptionValue("solver", "choose")
        least = float(self.highs.getInfo().objective_function_value)
        reduced = list(self.highs.getSolution().col_dual[: self.sites])
        self._integrality(highspy.HighsVarType.kInteger)
        return least, reduced

    def _among(self, allowed: set[int]) -> tuple[list[int] | None, float]:
        """Return a choice of least cost among the allowed sites, and its cost.

        If there is none, the cost is infinite.
        """
        others = [site for site in range(self.sites) if site not in allowed]
        self._bound_columns(others, 0, 0)
        self.size = sum(self.covers[site] for site in allowed)
        found = self._chosen()
        self._bound_columns(others, 0, 1)
        if found is None:
            return None, highspy.kHighsInf
        return found, float(self.highs.getInfo().objective_function_value)

    def _first(self, found: list[int], candidates: list[int]) -> list[int]:
        """Return the first choice, in the order of the sites, that is as good as `found`.

        One site after the other is settled: while a choice exists that has an earlier one in its
        place, that choice is taken.
        """
        self._bound_columns(sorted(set(range(self.sites)) - set(candidates)), 0, 0)
        self.size = sum(self.covers[site] for site in candidates)
        if self._with(found, 0, len(found) - 1) is None:
            return found  # there is no other, or none is known
        before = -1
        for place in range(len(found)):
            while earlier := [site for site in candidates if before < site < found[place]]:
                other = self._with(earlier, 1, len(earlier))
                if other is None:
                    break
                found = other
            if self.stopped:
                return found
            self._bound_columns(earlier, 0, 0)
            before = found[place]
            self._bound_columns([before], 1, 1)
        return found

    def _with(self, sites: list[int], least: int, most: int) -> list[int] | None:
        """Return a choice that opens so many of these sites; None if there is none."""
        entries = np.array(sites, np.int32), np.ones(len(sites))
        self.highs.addRow(least, most, len(sites), *entries)
        found = self._chosen()
        self.highs.deleteRows(1, np.array([self.count_row + 1], np.int32))
        return found

    def _chosen(self) -> list[int] | None:
        """Run the solver; return the opened sites, None if there can be no such choice.

        When the work is used up: the best that was found, None if nothing was.
        """
        self.highs.setOptionValue("mip_max_nodes", max(self.left // self.size, 1))
        self.highs.run()
        status, info = self.highs.getModelStatus(), self.highs.getInfo()
        self.left -= max(info.mip_node_count, 1) * self.size
        self.stopped = self.left < self.size
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status == highspy.HighsModelStatus.kSolutionLimit:
            if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
                return None
        elif status != highspy.HighsModelStatus.kOptimal:
            text = self.highs.modelStatusToString(status)
            raise GraphChannelError(f"The solver stopped without an answer: {text}.")
        values = self.highs.getSolution().col_value[: self.sites]
        return [site for site, value in enumerate(values) if value > 0.5]

    def _proved(self) -> float:
        """Return what no choice among those of the last search can cost less than."""
        return float(self.highs.getInfo().mip_dual_bound)

    def value(self, found: Iterable[int]) -> int:
        """Return the weight of the points that these sites cover."""
        opened = set(found)
        return sum(
            weight
            for weight, sites in zip(self.weights, self.points, strict=True)
            if not opened.isdisjoint(sites)
        )

    def _model(self) -> highspy.HighsLp:
        """Return rows `covered <= opened sites` for each point, then the value, then the count."""
        entries: list[tuple[int, float]] = []
        starts = [0]
        for point, sites in enumerate(self.points):
            entries += [(site, -1.0) for site in sites]
            entries.append((self.sites + point, 1.0))
            starts.append(len(entries))
        entries += [(self.sites + point, float(w)) for point, w in enumerate(self.weights)]
        starts.append(len(entries))
        entries += [(site, 1.0) for site in range(self.sites)]
        starts.append(len(entries))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, len(self.points) + 2
        model.col_cost_ = np.zeros(self.columns)
        model.col_lower_, model.col_upper_ = np.zeros(self.columns), np.ones(self.columns)
        free = [-highspy.kHighsInf, -highspy.kHighsInf]
        model.row_lower_ = np.array([-highspy.kHighsInf] * len(self.points) + free)
        model.row_upper_ = np.array([0.0] * len(self.points) + [highspy.kHighsInf] * 2)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts, np.int32)
        model.a_matrix_.index_ = np.array([column for column, _ in entries], np.int32)
        model.a_matrix_.value_ = np.array([value for _, value in entries])
        whole, any_ = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        model.integrality_ = [whole] * self.sites + [any_] * len(self.points)
        return model

    def _cost(self, columns: Sequence[int], costs: Sequence[float]) -> None:
        self.highs.changeColsCost(
            len(columns), np.array(columns, np.int32), np.array(costs, np.float64)
        )

    def _bound_columns(self, columns: Sequence[int], lower: float, upper: float) -> None:
        size = len(columns)
        self.highs.changeColsBounds(
            size, np.array(columns, np.int32), np.full(size, lower), np.full(size, upper)
        )

    def _bound_row(self, row: int, lower: float, upper: float) -> None:
        self.highs.changeRowBounds(row, lower, upper)

    def _integrality(self, kind: highspy.HighsVarType) -> None:
        columns = np.arange(self.sites, dtype=np.int32)
        self.highs.changeColsIntegrality(self.sites, columns, np.array([kind] * self.sites))

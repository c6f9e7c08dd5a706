"""A linear program over flows, for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import highspy
import numpy as np

from graphchannel.analysis.solver import quiet_solver

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LinearProgram"]

_SMALL = 1_000  # columns up to which making a program smaller takes longer than solving it


@dataclass(slots=True)
class LinearProgram:
    """Flows between 0 and a capacity that balance wherever they meet.

    A matrix of such balances is totally unimodular: with whole capacities every corner is whole.
    """

    capacities: list[int] = field(default_factory=list)
    given: list[int] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)  # column, row, factor

    def column(self, capacity: int) -> int:
        """Add a flow and return its number."""
        self.capacities.append(capacity)
        return len(self.capacities) - 1

    def balance(self, comes: Sequence[int], given: int, goes: Sequence[int]) -> None:
        """Let what comes, and `given` besides, be what goes."""
        row = len(self.given)
        self.given.append(given)
        self.entries += [(column, row, -1.0) for column in comes]
        self.entries += [(column, row, 1.0) for column in goes]

    def range(self, wanted: Sequence[int]) -> tuple[int, int]:
        """Return the least and the most of the sum of some flows; raise RuntimeError if none fit.

        What a caller builds always has a solution: goods did flow.
        """
        if not wanted:
            return 0, 0
        self.entries.sort()
        columns, rows = len(self.capacities), len(self.given)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = columns, rows
        cost = np.zeros(columns)
        cost[list(wanted)] = 1.0
        lp.col_cost_ = cost
        lp.col_lower_ = np.zeros(columns)
        lp.col_upper_ = np.asarray(self.capacities, dtype=float)
        lp.row_lower_ = lp.row_upper_ = np.asarray(self.given, dtype=float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        counts = np.bincount([column for column, _, _ in self.entries], minlength=columns)
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)])
        lp.a_matrix_.index_ = np.asarray([row for _, row, _ in self.entries])
        lp.a_matrix_.value_ = np.asarray([factor for _, _, factor in self.entries])
        solver = quiet_solver()
        if columns < _SMALL:
            solver.setOptionValue("presolve", "off")
        solver.passModel(lp)
        found = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            solver.changeObjectiveSense(sense)
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                message = f"the flow has no solution: {solver.getModelStatus()}"
                raise RuntimeError(message)
            found.append(round(solver.getInfo().objective_function_value))
        return found[0], found[1]

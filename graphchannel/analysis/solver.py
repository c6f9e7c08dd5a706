"""The solver HiGHS, silent and on one thread, so that the same program has the same answer."""

from __future__ import annotations

import highspy

__all__ = ["quiet_solver"]


class _Quiet(highspy.Highs):
    """Silent before its constructor calls anything that prints the solver's name."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the solver's name
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # highspy has no types for it


def quiet_solver() -> highspy.Highs:
    """Return a solver without a model."""
    solver = _Quiet()  # type: ignore[no-untyped-call]  # with it
    solver.setOptionValue("threads", 1)
    return solver

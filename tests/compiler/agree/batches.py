"""Batches of cases, for processes of their own: these import a module, not a `__main__`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.compiler.agree.cases import Outcome, Status, check, generate_case
from tests.compiler.agree.sql import Duck

if TYPE_CHECKING:
    from collections.abc import Sequence


def run_some(seeds: Sequence[int]) -> list[tuple[int, frozenset[str], Outcome]]:
    """Check the cases of some seeds; what crashes is a disagreement."""
    duck = Duck()
    results = []
    for seed in seeds:
        case = generate_case(seed)
        try:
            outcome = check(case, duck)
        except Exception as error:  # noqa: BLE001  a crash of the compiler is a result here
            outcome = Outcome(Status.DISAGREES, f"crashed: {type(error).__name__}: {error}")
        results.append((seed, case.constructs, outcome))
    return results

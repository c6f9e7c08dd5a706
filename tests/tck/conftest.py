"""One run of the TCK, shared by the tests that look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tck.engines import CompilerEngine
from tests.tck.runner import all_scenarios, run_scenario, tck_root

if TYPE_CHECKING:
    from tests.tck.runner import Outcome
    from tests.tck.scenarios import Scenario


@pytest.fixture(scope="session")
def results() -> list[tuple[Scenario, Outcome]]:
    """Every scenario with its outcome."""
    root, engine = tck_root(), CompilerEngine()
    return [(one, run_scenario(one, engine, root)) for one in all_scenarios(root)]

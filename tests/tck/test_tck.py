"""The openCypher TCK: accepted scenarios agree, all others are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tck.engines import CompilerEngine, ReferenceEngine
from tests.tck.runner import Status, all_scenarios, run_scenario, tck_root
from tests.tck.scenarios import feature_files, read_feature

if TYPE_CHECKING:
    from pathlib import Path

ROOT = tck_root()
FILES = feature_files(ROOT) if ROOT.is_dir() else []
needs_tck = pytest.mark.skipif(
    not FILES, reason=f"NO TCK: there are no .feature files in {ROOT}; set GRAPHCHANNEL_TCK"
)


@pytest.fixture(scope="module")
def engine() -> CompilerEngine:
    return CompilerEngine()


@needs_tck
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_scenario_disagrees(path: Path, engine: CompilerEngine) -> None:
    wrong = [
        f"{scenario.name}: {outcome.detail}\n{scenario.executions[-1].query}"
        for scenario in read_feature(path, ROOT)
        if (outcome := run_scenario(scenario, engine, ROOT)).status is Status.DISAGREES
    ]
    assert not wrong, "\n\n".join(wrong)


@needs_tck
def test_the_reference_interpreter_answers_what_the_tck_expects() -> None:
    engine = ReferenceEngine()
    wrong = [
        f"{scenario.name}: {outcome.detail}"
        for scenario in all_scenarios(ROOT)
        # The interpreter checks nothing before it runs, and knows only what is portable.
        if scenario.executions
        and scenario.executions[-1].expectation
        and not scenario.executions[-1].expectation.error
        and (outcome := run_scenario(scenario, engine, ROOT)).status is Status.DISAGREES
        and "no function" not in outcome.detail
    ]
    assert not wrong

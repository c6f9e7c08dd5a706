"""The openCypher TCK: accepted scenarios agree, all others are refused."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from scripts import portable_cypher
from tests.sampling import sampled
from tests.tck.engines import CompilerEngine, ReferenceEngine
from tests.tck.runner import Status, all_scenarios, run_scenario, tck_root
from tests.tck.scenarios import feature_files

if TYPE_CHECKING:
    from tests.tck.runner import Outcome
    from tests.tck.scenarios import Scenario

ROOT = tck_root()
FOLDERS = sorted({p.parent.relative_to(ROOT).as_posix() for p in feature_files(ROOT)})
# One worker runs the TCK once for all of these tests.
pytestmark = [
    pytest.mark.xdist_group("tck"),
    pytest.mark.skipif(
        not FOLDERS, reason=f"NO TCK: there are no .feature files in {ROOT}; set GRAPHCHANNEL_TCK"
    ),
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_scenario_disagrees(folder: str, results: list[tuple[Scenario, Outcome]]) -> None:
    wrong = [
        f"{scenario.name}: {outcome.detail}\n{scenario.executions[-1].query}"
        for scenario, outcome in results
        if scenario.folder == folder and outcome.status is Status.DISAGREES
    ]
    assert not wrong, "\n\n".join(wrong)


def test_no_clause_disagrees_with_a_table_for_each_set_of_labels() -> None:
    engine = CompilerEngine(by_labels=True)
    wrong = [
        f"{scenario.name}: {outcome.detail}\n{scenario.executions[-1].query}"
        for scenario in all_scenarios(ROOT)
        if scenario.folder.startswith(("clauses/match", "clauses/with", "expressions/pattern"))
        and (outcome := run_scenario(scenario, engine, ROOT)).status is Status.DISAGREES
    ]
    assert not wrong, "\n\n".join(wrong)


def test_the_page_on_portable_cypher_is_current(results: list[tuple[Scenario, Outcome]]) -> None:
    written = portable_cypher.PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \| (\d+) \| (\d+) \| (\d+) \|$", written, re.MULTILINE)
    counted = {row[0]: sum(map(int, row[1:])) for row in rows if row[0] != "**all**"}
    if counted != Counter(scenario.folder for scenario, _ in results):
        pytest.skip("the page counts another selection of the TCK")
    assert written == portable_cypher.page(results), "run python -m scripts.portable_cypher"


@pytest.mark.parametrize("part", sampled(range(4), 1))
def test_the_reference_interpreter_answers_what_the_tck_expects(part: int) -> None:
    engine = ReferenceEngine()
    wrong = [
        f"{scenario.name}: {outcome.detail}"
        for scenario in [*all_scenarios(ROOT)][part::4]
        # The interpreter checks nothing before it runs, and knows only what is portable.
        if scenario.executions
        and scenario.executions[-1].expectation
        and not scenario.executions[-1].expectation.error
        and (outcome := run_scenario(scenario, engine, ROOT)).status is Status.DISAGREES
        and "no function" not in outcome.detail
    ]
    assert not wrong

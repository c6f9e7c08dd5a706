"""Running one scenario: set its graph up, put the query to an engine, compare the answer."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tck.compare import difference
from tests.tck.engines import Broken, Raised, Refused
from tests.tck.notation import NotationError, parse_value
from tests.tck.scenarios import feature_files, read_feature
from tests.tck.setup import Building, execute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.compiler.agree.sql import Answer
    from tests.compiler.reference.graph import Graph, Value
    from tests.tck.engines import Engine
    from tests.tck.scenarios import Execution, Expectation, Scenario

# Constructs whose refusal says nothing about the error that a scenario expects of them.
OUTSIDE = frozenset(
    {"CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "CALL", "FOREACH", "LOAD"}
)


BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "tck"


class Status(Enum):
    """How a scenario ended."""

    AGREES = "agrees"
    REFUSED = "refused"
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scenario ended: a refusal's construct, and the details of what was seen."""

    status: Status
    construct: str = ""
    detail: str = ""


def tck_root() -> Path:
    """Return the folder of the TCK: GRAPHCHANNEL_TCK, else `shared/tck` beside the checkout."""
    return Path(os.environ.get("GRAPHCHANNEL_TCK") or BESIDE)


def all_scenarios(root: Path) -> Iterator[Scenario]:
    """Yield every scenario below a folder."""
    for path in feature_files(root):
        yield from read_feature(path, root)


def returns_rows(scenario: Scenario) -> bool:
    """Whether a scenario reads alone, and expects rows."""
    last = scenario.executions[-1].expectation if scenario.executions else None
    if scenario.side_effects or last is None or last.error is not None or last.header is None:
        return False
    texts = (_QUOTED.sub("", execution.query) for execution in scenario.executions)
    return not any(_WRITES.search(text) for text in texts)


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_WRITES = re.compile(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|FOREACH|CALL)\b", re.IGNORECASE)


def run_scenario(scenario: Scenario, engine: Engine, root: Path) -> Outcome:
    """Run a scenario; what the runner itself does not understand is refused, never guessed."""
    if scenario.not_understood is not None:
        return refused("runner", scenario.not_understood)
    if not scenario.executions or scenario.executions[-1].expectation is None:
        return refused("runner", "the scenario expects nothing that is understood")
    try:
        graph = set_up(scenario, root)
        parameters = {name: parse_value(text) for name, text in scenario.parameters.items()}
    except (ValueError, KeyError, OSError, RecursionError) as error:
        # NotationError is a ValueError; the others come of setups written for more than this.
        return refused("setup", str(error) or type(error).__name__)
    outcome = AGREES
    for execution in scenario.executions:
        # A query after one that was refused would look at a graph that was not changed.
        if outcome.status is Status.AGREES:
            outcome = run_execution(execution, scenario, graph, parameters, engine)
    return outcome


def refused(construct: str, detail: str) -> Outcome:
    """Return a refusal."""
    return Outcome(Status.REFUSED, construct, detail)


def disagrees(detail: str) -> Outcome:
    """Return a disagreement."""
    return Outcome(Status.DISAGREES, detail=detail)


def set_up(scenario: Scenario, root: Path) -> Graph:
    """Build the scenario's graph."""
    building = Building()
    if scenario.graph not in (None, "empty", "any"):
        execute(named_graph(root, str(scenario.graph)), building)
    for statement in scenario.setups:
        execute(statement, building)
    return building.graph()


@lru_cache
def named_graph(root: Path, name: str) -> str:
    """Return the statements of a named graph, wherever the TCK at hand keeps it."""
    for folder in (root, *root.resolve().parents[:3], BESIDE):
        for path in (
            folder / "graphs" / f"{name}.cypher",
            folder / "graphs" / name / f"{name}.cypher",
        ):
            if path.is_file():
                return path.read_text(encoding="utf-8")
    raise NotationError(f"The graph {name} is not there.")


def run_execution(
    execution: Execution,
    scenario: Scenario,
    graph: Graph,
    parameters: Mapping[str, Value],
    engine: Engine,
) -> Outcome:
    """Put one query to the engine and judge what happens."""
    expectation = execution.expectation
    if expectation is None:
        return refused("runner", "the query has no expected result")
    try:
        answer = engine.answer(graph, execution.query, parameters)
    except Refused as refusal:
        expected_error = expectation.error is not None and refusal.construct not in OUTSIDE
        if expected_error:
            return AGREES_ON_ERROR
        return refused(refusal.construct, str(refusal))
    except Broken as error:
        return disagrees(str(error))
    except Raised as error:
        if expectation.error is not None:
            return AGREES_ON_ERROR
        return disagrees(f"raised {error}")
    if expectation.error is not None:
        return disagrees(f"{expectation.error} expected, {len(answer.rows)} rows seen")
    if scenario.side_effects:
        return disagrees("side effects expected, none can have happened")
    return judge(expectation, answer)


def judge(expectation: Expectation, answer: Answer) -> Outcome:
    """Compare an answer with the expected table."""
    if expectation.header is None:
        return disagrees(f"no rows expected, {len(answer.rows)} seen") if answer.rows else AGREES
    try:
        rows = [[parse_value(cell) for cell in row] for row in expectation.cells]
    except NotationError as error:
        return refused("runner", str(error))
    if answer.columns != expectation.header:
        return disagrees(f"columns {expectation.header} expected, {answer.columns} seen")
    found = difference(
        rows,
        answer.rows,
        row_order=expectation.row_order,
        list_order=expectation.list_order,
    )
    return AGREES if found is None else disagrees(found)


AGREES = Outcome(Status.AGREES)
AGREES_ON_ERROR = Outcome(Status.AGREES, "an error")

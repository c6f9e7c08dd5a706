"""The runner itself: it reads what the TCK writes, and tells right answers from wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.compiler.agree.sql import Answer
from tests.compiler.reference.graph import Node, Path, Relationship
from tests.tck.compare import canonical, difference
from tests.tck.engines import Raised, Refused
from tests.tck.layout import CannotLayOut, Names, lay_out
from tests.tck.notation import NotationError, parse_value
from tests.tck.runner import Status, run_scenario
from tests.tck.scenarios import Execution, Expectation, Scenario, read_feature
from tests.tck.setup import Building, execute

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

    from tests.compiler.reference.graph import Graph, Value


class Canned:
    """Answers every query with the same."""

    def __init__(self, answer: Answer | Exception) -> None:
        self.canned = answer

    def answer(self, graph: Graph, query: str, parameters: Mapping[str, Value]) -> Answer:
        assert graph.nodes is not None, (query, parameters)
        if isinstance(self.canned, Exception):
            raise self.canned
        return self.canned


def outcome(
    root: pathlib.Path, expectation: Expectation, answer: Answer | Exception, setup: str = ""
) -> Status:
    scenario = Scenario(
        "folder", "name", "any", (setup,), {}, (Execution("RETURN 1", expectation),)
    )
    return run_scenario(scenario, Canned(answer), root).status


ONE = Expectation(header=("x",), cells=(("1",), ("2",)))


def test_values_are_read_as_the_tck_writes_them() -> None:
    assert parse_value("[1, -2.5, 'it\\'s', null, {a: true}]") == [
        1,
        -2.5,
        "it's",
        None,
        {"a": True},
    ]
    path = parse_value("<(:A {n: 1})<-[:T]-(:B)-[:U {w: 'x'}]->()>")
    assert isinstance(path, Path)
    assert [node.labels for node in path.nodes] == [{"A"}, {"B"}, set()]
    assert [(r.source, r.target) for r in path.relationships] == [(1, 0), (1, 2)]
    with pytest.raises(NotationError):
        parse_value("1 2")


def test_rows_are_compared_with_their_types_and_their_direction() -> None:
    assert canonical(1) != canonical(1.0)
    assert canonical([True]) != canonical([1])
    assert canonical(float("nan")) == canonical(float("nan"))
    assert canonical([1, 2]) != canonical([2, 1])
    assert canonical([1, 2], list_order=False) == canonical([2, 1], list_order=False)
    assert canonical(Node(1, frozenset("A"), {})) == canonical(Node(2, frozenset("A"), {}))
    forth = parse_value("<()-[:T]->()>")
    back = parse_value("<()<-[:T]-()>")
    assert canonical(forth) != canonical(back)
    assert difference([[1], [1]], [[1]], row_order=False, list_order=True)
    assert difference([[1], [2]], [[2], [1]], row_order=True, list_order=True)
    assert not difference([[1], [2]], [[2], [1]], row_order=False, list_order=True)


def test_outcomes(tmp_path: pathlib.Path) -> None:
    right = Answer(("x",), [(2,), (1,)])
    assert outcome(tmp_path, ONE, right) is Status.AGREES
    assert outcome(tmp_path, ONE, Answer(("x",), [(2,)])) is Status.DISAGREES
    assert outcome(tmp_path, ONE, Answer(("y",), [(2,), (1,)])) is Status.DISAGREES
    assert outcome(tmp_path, ONE, Refused("CALL", "")) is Status.REFUSED
    assert outcome(tmp_path, ONE, Raised("")) is Status.DISAGREES
    assert outcome(tmp_path, Expectation(), right) is Status.DISAGREES
    error = Expectation(error="SyntaxError at compile time")
    assert outcome(tmp_path, error, right) is Status.DISAGREES
    assert outcome(tmp_path, error, Refused("LIMIT", "")) is Status.AGREES
    assert outcome(tmp_path, error, Refused("CREATE", "")) is Status.REFUSED
    assert outcome(tmp_path, error, Raised("")) is Status.AGREES
    assert outcome(tmp_path, ONE, right, setup="FOREACH (x IN [1] | CREATE ())") is Status.REFUSED


FEATURE = """
Feature: F
  Background:
    Given an empty graph
  Scenario Outline: [1] Adding <a>
    And parameters are:
      | p | <a> |
    When executing query:
      \"\"\"
      RETURN <a> + 1 AS x, <unknown>
      \"\"\"
    Then the result should be, in order (ignoring element order for lists):
      | x   |
      | <b> |
    And no side effects
    Examples:
      | a | b |
      | 1 | 2 |
      | 2 | 3 |
  Scenario: [2] Something new
    When the moon is full
"""


def test_outlines_are_expanded_and_unknown_steps_are_told(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "clauses" / "F.feature"
    path.parent.mkdir()
    path.write_text(FEATURE, encoding="utf-8")
    first, second, unknown = read_feature(path, tmp_path)
    assert first.folder == "clauses"
    assert first.executions[0].query == "RETURN 1 + 1 AS x, <unknown>"
    assert second.parameters == {"p": "2"}
    assert second.executions[0].expectation == Expectation(
        header=("x",), cells=(("3",),), row_order=True, list_order=False
    )
    assert unknown.not_understood == "step: the …"
    answer = Answer(("x",), [])
    assert run_scenario(unknown, Canned(answer), tmp_path).status is Status.REFUSED


def test_setups_build_the_graph() -> None:
    building = Building()
    execute(
        "CREATE (a:A {n: 1}), (a)-[:T {w: null}]->(:B)<-[:U]-(a) CREATE (a)-[:T]->(a)", building
    )
    execute("UNWIND range(1, 3) AS i CREATE ({i: i + 1})", building)
    execute("MATCH (a:A)-[r]->(b) WHERE NOT b:B DELETE r CREATE (b)-[:V]->(a)", building)
    graph = building.graph()
    assert sorted(r.type for r in graph.relationships) == ["T", "U", "V"]
    assert [node.properties.get("i") for node in graph.nodes] == [None, None, 2, 3, 4]
    assert all(isinstance(r, Relationship) and not r.properties for r in graph.relationships)


def test_a_property_of_two_types_has_no_column() -> None:
    building = Building()
    execute("CREATE ({x: 1}), ({x: 'a'})", building)
    with pytest.raises(CannotLayOut, match="mixed-type property"):
        lay_out(building.graph(), Names())

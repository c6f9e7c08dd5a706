"""What people write: the answers of both Neo4j releases on the graph of the adversarial cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphchannel.neo4j.jars import RELEASES
from tests.compiler.agree.sql import Duck
from tests.compiler.cases.graph import case_graph
from tests.compiler.cases.test_cases import outcome

LINES = (Path(__file__).parent / "cases" / "accepted.jsonl").read_text("utf-8").splitlines()
CASES: list[dict[str, Any]] = [json.loads(line) for line in LINES]


@pytest.fixture(scope="module")
def duck() -> Duck:
    made = Duck()
    made.load(case_graph()[1])
    made.connection.execute("COMMIT")
    return made


SOME = [
    pytest.param(number, marks=[pytest.mark.thorough] if "slow" in case else [])
    for number, case in enumerate(CASES)
]


@pytest.mark.parametrize("number", SOME)
def test_a_query_answers_as_neo4j_does(number: int, duck: Duck) -> None:
    seen = outcome(CASES[number], duck)
    assert seen == "agrees", f"{CASES[number]['query']}\n{seen}"


def test_every_release_gives_these_answers() -> None:
    names = sorted(release.name for release in RELEASES)
    assert [case["query"] for case in CASES if case["releases"] != names] == []

"""Adversarial cases: each answers as Neo4j did, or is refused.

`cases.jsonl` holds queries that once differed, were accepted although Neo4j refuses them, or failed
with an error of the database; the rows are those of the Neo4j `releases` that a case names, on the
graph of `graph.py` (`python -m tests.compiler.cases.record`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler import misfits
from graphchannel.errors import CypherError
from graphchannel.neo4j.jars import RELEASES
from tests.compiler.agree.sql import Duck, decode, type_of
from tests.compiler.cases.graph import SCHEMA, case_graph
from tests.compiler.cases.spelling import row_texts, sorted_items

if TYPE_CHECKING:
    from tests.compiler.agree.sql import Engine

LINES = (Path(__file__).with_name("cases.jsonl")).read_text(encoding="utf-8").splitlines()
CASES: list[dict[str, Any]] = [json.loads(line) for line in LINES]


@pytest.fixture(scope="module")
def duck() -> Duck:
    made = Duck()
    made.load(case_graph()[1])
    made.connection.execute("COMMIT")
    return made


def outcome(case: dict[str, Any], engine: Engine) -> str:
    """Return `agrees`, `refused`, or what is wrong."""
    parameters = case["params"]
    try:
        declared = {name: type_of(value) for name, value in parameters.items()}
        exploring = case.get("exploring", False)
        compiled = compile_cypher(
            case["query"], SCHEMA, engine.dialect, parameters=declared, exploring=exploring
        )
    except CypherError as error:
        return f"refused: {error}"
    if misfits(compiled.parameters, parameters):
        return "refused: the value of a parameter"
    try:
        fetched = engine.rows(compiled, {name: parameters[name] for name in compiled.parameters})
    except engine.raises as error:
        if "is not portable" in str(error):
            return "refused: while running"
        return f"the engine raises {error}"
    if "error" in case:
        return f"accepted, but Neo4j answers: {case['error']}"
    types = [column.type for column in compiled.columns]
    rows = [tuple(decode(v, t, None) for v, t in zip(row, types, strict=True)) for row in fetched]
    names = [column.name for column in compiled.columns]
    if names != case["columns"]:
        return f"columns {names} instead of {case['columns']}"
    seen, expected = row_texts(rows, types), _expected(case["rows"], types)
    if not compiled.ordered:
        seen, expected = sorted(seen), sorted(expected)
    return "agrees" if seen == expected else f"{seen[:20]} instead of {expected[:20]}"


def _expected(rows: list[list[str]], types: list[Any]) -> list[list[str]]:
    """Sort the texts of lists that have no order, as `row_texts` does."""
    unordered = {i for i, kind in enumerate(types) if not getattr(kind, "ordered", True)}
    return [
        [sorted_items(text) if i in unordered else text for i, text in enumerate(row)]
        for row in rows
    ]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_case_agrees_or_is_refused(number: int, duck: Duck) -> None:
    case = CASES[number]
    if "rows" not in case and "error" not in case:
        pytest.skip("a question about a published graph")
    seen = outcome(case, duck)
    if "defect" in case:  # of Neo4j 5.26 itself: when this fails, a release has mended it
        assert seen != "agrees"
        return
    if len(case["releases"]) < len(RELEASES):  # what releases answer differently is no answer
        assert seen.startswith("refused"), f"{case['query']}\n{seen}"
    assert seen == "agrees" or seen.startswith("refused"), f"{case['query']}\n{seen}"

"""Random agreement: compiled SQL on DuckDB against nested loops in Python.

`GRAPHCHANNEL_AGREE=2000` runs more cases than the sample of every test run (`make agree`).
"""

from __future__ import annotations

import os

import pytest

from tests.compiler.agree.cases import HUB_EVERY, Outcome, Status, check, generate_case
from tests.compiler.agree.constructs import EXPECTED
from tests.compiler.agree.neighbours import answered, neighbour
from tests.compiler.agree.sql import Duck

CASES = int(os.environ.get("GRAPHCHANNEL_AGREE", "60"))
AT_ONCE = 50
NEIGHBOURS = 3 if CASES > 300 else 1  # texts beside each query


@pytest.mark.parametrize("first", range(0, CASES, AT_ONCE))
def test_compiled_queries_answer_like_the_reference(first: int) -> None:
    duck = Duck()
    refused = 0
    for seed in range(first, min(first + AT_ONCE, CASES)):
        case = generate_case(seed)
        outcome = check(case, duck)
        refused += outcome.status is Status.REFUSED
        assert outcome.status is not Status.DISAGREES, (
            f"seed {seed}: {outcome.detail}\n{case.query_text}\n{dict(case.parameters)}"
        )
    # The generator writes portable queries: if many are refused, little is being compared.
    assert refused <= AT_ONCE * 0.5


@pytest.mark.parametrize("first", range(0, CASES, AT_ONCE))
def test_a_text_beside_a_query_is_refused_in_a_sentence_or_runs(first: int) -> None:
    duck = Duck()
    for seed in range(first, min(first + AT_ONCE, CASES)):
        case = generate_case(seed)
        if seed % HUB_EVERY == 0:
            continue
        duck.load(case.layout)
        for number in range(NEIGHBOURS):
            text = neighbour(case, number)
            seen = answered(case, duck, text)
            wrong = isinstance(seen, Outcome) and seen.status is Status.DISAGREES
            assert not wrong, f"seed {seed}, {number}: {seen}\n{text}\n{dict(case.parameters)}"


def test_the_generator_reaches_every_construct() -> None:
    seen: set[str] = set()
    for seed in range(1, 1500):
        # One hub is enough: it takes as long to make as a hundred small graphs.
        if seed % HUB_EVERY or seed == HUB_EVERY:
            seen |= generate_case(seed).constructs
    assert seen >= EXPECTED


def test_a_case_depends_on_its_seed_alone() -> None:
    first, again = generate_case(7), generate_case(7)
    assert first.query_text == again.query_text
    assert first.parameters == again.parameters
    assert first.layout == again.layout

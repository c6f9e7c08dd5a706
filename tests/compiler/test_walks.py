"""Walks of any length against the reference: random paths, none of them unrolled."""

from __future__ import annotations

import re

import pytest

from graphchannel.compiler.patterns import alternatives
from tests.compiler.agree.cases import HUB_EVERY, Status, check, generate_case
from tests.compiler.agree.sql import Duck
from tests.sampling import sampled

RANGED = re.compile(r"\*\d*\.\.\d|\*\d")


@pytest.mark.parametrize("first", sampled([0, 50, 100], 1))
def test_walks_give_the_rows_that_unrolling_gives(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alternatives, "MAX_HOPS", 0)
    duck, compared = Duck(), 0
    for seed in range(first, first + 50):
        case = generate_case(seed)
        if seed % HUB_EVERY == 0 or not RANGED.search(case.query_text):
            continue
        outcome = check(case, duck)
        compared += outcome.status is Status.AGREES
        assert outcome.status is not Status.DISAGREES, (
            f"seed {seed}: {outcome.detail}\n{case.query_text}\n{dict(case.parameters)}"
        )
    assert compared > 1

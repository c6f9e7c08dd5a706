"""Each query of `cases/refused.cypher` is refused at its place, in its sentence."""

from __future__ import annotations

import pytest

from tests.compiler.cases.refused import Refused, cases


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.query)
def test_a_query_is_refused_in_its_sentence(case: Refused) -> None:
    assert case.said() == case.sentence

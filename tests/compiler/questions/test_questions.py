"""What analysts ask is accepted: nearly all of it, and what is not is refused as said."""

from __future__ import annotations

import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.errors import CypherError
from graphchannel.schema import CHANNEL
from tests.compiler.questions.read import questions

LEAST = 0.95


def refusal(cypher: str) -> str:
    """Return why a question is refused; empty where it is not."""
    try:
        compile_cypher(cypher, CHANNEL, exploring=True)
    except CypherError as error:
        return error.message
    return ""


def test_nearly_all_questions_are_accepted() -> None:
    """And a refusal is for the reason that stands in the file: one that goes has to go there."""
    asked = questions()
    assert len(asked) >= 120
    refused = {question.asked: refusal(question.cypher) for question in asked}
    expected = {question.asked: question.refused for question in asked}
    assert {name: why for name, why in refused.items() if not _as_said(why, expected[name])} == {}
    assert sum(not why for why in refused.values()) >= LEAST * len(asked)


def _as_said(why: str, expected: str) -> bool:
    return expected in why if expected else not why


@pytest.mark.parametrize("text", ["MATCH (p:Partnr) RETURN p", "MATCH (p:Partner) RETURN id(p)"])
def test_a_question_may_be_refused(text: str) -> None:
    assert refusal(text)

"""Texts beside a valid query: what Neo4j refuses of them must be refused here, too."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

from graphchannel.errors import CypherError
from tests.compiler.agree.cases import Outcome, Status
from tests.compiler.agree.sql import failure

if TYPE_CHECKING:
    from tests.compiler.agree.cases import Case
    from tests.compiler.agree.sql import Answer, Engine

_TOKEN = re.compile(r"\s+|[\w$]+|'(?:[^'\\]|\\.)*'|<>|<=|>=|->|<-|\.\.|.", re.DOTALL)
_ODD = (
    *(
        "null",
        "-1",
        "1.5",
        "''",
        "[]",
        "{}",
        "*",
        "NOT",
        "+",
        "..",
        "|",
        ":",
        "true",
        "$x",
        "(",
        ")",
    ),
    *("DISTINCT", "WHERE", "AS", "LIMIT 1", "ORDER BY", "IS NULL", "IN", "count(*)", "{a: 1}"),
)


def neighbour(case: Case, number: int = 0) -> str:
    """Return the case's query with one token left out, doubled, moved or replaced."""
    rng = Random(case.seed * 31 + number)  # noqa: S311  cases are to be repeatable, not secret
    tokens = _TOKEN.findall(case.query_text)
    at = rng.choice([i for i, token in enumerate(tokens) if not token.isspace()])
    match rng.randrange(5):
        case 0:
            tokens[at] = ""
        case 1:
            tokens[at] += " " + tokens[at]
        case 2:
            other = rng.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 3:
            tokens[at] = rng.choice([token for token in tokens if not token.isspace()])
        case _:
            tokens[at] = rng.choice(_ODD)
    return "".join(tokens)


def answered(case: Case, engine: Engine, text: str) -> Answer | Outcome:
    """Return what the compiler and an engine make of a text, whose case is loaded.

    A text is refused in a sentence, or it runs: an error about the SQL itself is a disagreement.
    """
    try:
        return engine.answer(case.layout, case.graph, text, case.parameters)
    except (CypherError, KeyError) as error:  # a parameter that the case does not have
        return Outcome(Status.REFUSED, str(error))
    except engine.raises as error:
        failed = failure(error)
        broken = engine.broken.match(failed)
        return Outcome(Status.DISAGREES if broken else Status.REFUSED, failed)

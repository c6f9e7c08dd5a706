"""Random agreement: compiled SQL on Spark against nested loops in Python, as on DuckDB.

`GRAPHCHANNEL_AGREE=500` runs more cases than the sample of every test run (`make agree`).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.compiler.agree.cases import HUB_EVERY, Outcome, Status, check, generate_case
from tests.compiler.agree.neighbours import answered, neighbour
from tests.compiler.agree.sql import Duck
from tests.compiler.cases.graph import case_graph
from tests.compiler.cases.test_cases import CASES as ADVERSARIAL
from tests.compiler.cases.test_cases import outcome
from tests.compiler.reference.patterns import TooManySteps
from tests.compiler.test_accepted import CASES as ACCEPTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.compiler.agree.spark import Spark

pytest.importorskip("pyspark.sql")
pytestmark = pytest.mark.xdist_group("spark")  # one worker, one Java

CASES = int(os.environ.get("GRAPHCHANNEL_AGREE", "4"))
FIRST = 200_141  # other seeds than those that DuckDB is asked; the first texts are short
AT_ONCE = 25
USERS_EVERY = 5  # one batch in so many with the settings that users have
# Spark counts in 64 bits, and rows to be skipped in 32: it stops where DuckDB's SQL has a sentence.
OVERFLOWS = ("ARITHMETIC_OVERFLOW", "CAST_OVERFLOW")


def spark(session: Any, settings: Mapping[str, str] | None = None) -> Spark:
    from tests.compiler.agree.spark import QUICKLY, Spark  # noqa: PLC0415 - needs an extra

    return Spark(session, QUICKLY if settings is None else settings)


@pytest.mark.parametrize("first", range(FIRST, FIRST + CASES, AT_ONCE))
def test_spark_answers_like_the_reference(first: int, spark_session: Any) -> None:
    engine, duck = spark(spark_session), Duck()
    seen = [one_agrees(seed, engine, duck) for seed in seeds(first)]
    assert seen.count(Status.REFUSED) <= len(seen) * 0.6


@pytest.mark.parametrize("first", range(FIRST, FIRST + CASES, AT_ONCE * USERS_EVERY))
def test_the_settings_of_users_change_no_answer(first: int, spark_session: Any) -> None:
    from tests.compiler.agree.spark import AS_USERS  # noqa: PLC0415 - needs an extra

    engine, duck = spark(spark_session, AS_USERS), Duck()
    for seed in seeds(first)[: max(1, CASES // USERS_EVERY)]:
        one_agrees(seed, engine, duck)


@pytest.mark.parametrize("first", range(FIRST, FIRST + CASES // 2, AT_ONCE))
def test_a_text_beside_a_query_is_refused_in_a_sentence_or_runs(
    first: int, spark_session: Any
) -> None:
    engine = spark(spark_session)
    for seed in seeds(first)[: CASES // 2]:
        case = generate_case(seed)
        if seed % HUB_EVERY == 0:
            continue
        engine.load(case.layout)
        text = neighbour(case)
        try:
            seen = answered(case, engine, text)
        except TooManySteps:
            continue
        wrong = isinstance(seen, Outcome) and seen.status is Status.DISAGREES
        assert not wrong, f"seed {seed}: {seen}\n{text}\n{dict(case.parameters)}"


@pytest.mark.thorough
def test_recorded_answers_of_neo4j_are_those_of_spark(spark_session: Any) -> None:
    engine = spark(spark_session)
    engine.load(case_graph()[1])
    cases = [case for case in ACCEPTED if "slow" not in case]
    cases += [case for case in ADVERSARIAL if "rows" in case or "error" in case]
    seen = {case["query"]: outcome(case, engine) for case in cases if "defect" not in case}
    wrong = {
        query: said
        for query, said in seen.items()
        if not said.startswith(("agrees", "refused")) and not any(x in said for x in OVERFLOWS)
    }
    assert wrong == {}
    assert list(seen.values()).count("agrees") > 400


def seeds(first: int) -> range:
    return range(first, min(first + AT_ONCE, FIRST + CASES))


def one_agrees(seed: int, engine: Spark, duck: Duck) -> Status:
    """Put a case to Spark; a disagreement fails the test."""
    case = generate_case(seed)
    ended = check(case, engine, duck)
    assert ended.status is not Status.DISAGREES, (
        f"seed {seed}: {ended.detail}\n{case.query_text}\n{dict(case.parameters)}"
    )
    return ended.status

"""Random agreement, natively: compiled SQL on DuckDB against both releases of Neo4j.

`GRAPHCHANNEL_AGREE=2000` runs more cases than the sample of every test run (`make agree`),
`GRAPHCHANNEL_AGREE_FROM` begins with another seed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.compiler.agree.cases import HUB_EVERY, HUB_SIZE, Status, generate_case
from tests.compiler.agree.neighbours import neighbour
from tests.compiler.agree.sql import Duck
from tests.neo4j.native import Native, accepted_though_invalid, check_natively

if TYPE_CHECKING:
    from collections.abc import Iterator

    import neo4j

    from graphchannel.neo4j.server import LocalServer
    from tests.compiler.agree.cases import Case

CASES = int(os.environ.get("GRAPHCHANNEL_AGREE", "8"))
# Other seeds than those that are compared with the reference; one has a hub.
FIRST = int(os.environ.get("GRAPHCHANNEL_AGREE_FROM", "100001"))
AT_ONCE = 50
HUBS = CASES // 40  # graphs with thousands of parallel relationships, beside those of the cases


@pytest.fixture(scope="module")
def native(driver: neo4j.Driver, server: LocalServer) -> Iterator[Native]:
    speaks = Native(driver, server.release)
    yield speaks
    speaks.close()


@pytest.mark.parametrize("first", range(FIRST, FIRST + CASES, AT_ONCE))
def test_compiled_queries_answer_like_neo4j(native: Native, first: int) -> None:
    duck = Duck()
    for seed in range(first, min(first + AT_ONCE, FIRST + CASES)):
        agreed(generate_case(seed), duck, native)


@pytest.mark.parametrize("first", range(FIRST, FIRST + CASES, AT_ONCE))
def test_what_neo4j_refuses_beside_a_query_is_refused(native: Native, first: int) -> None:
    duck = Duck()
    for seed in range(first, min(first + AT_ONCE, FIRST + CASES)):
        case = generate_case(seed)
        if seed % HUB_EVERY:
            text = neighbour(case)
            wrong = accepted_though_invalid(case, text, duck, native)
            assert not wrong, f"seed {seed}: {wrong}\n{text}\n{dict(case.parameters)}"


def test_hubs_of_parallel_relationships_answer_like_neo4j(native: Native) -> None:
    """Count only what was compared: a refused query says nothing about its graph."""
    duck, compared = Duck(), 0
    for seed in range(0, 3 * HUBS * HUB_EVERY, HUB_EVERY):
        case = generate_case(FIRST - 1 - seed)
        if len(case.graph.relationships) >= HUB_SIZE:  # some have no nodes at all
            compared += agreed(case, duck, native) is Status.AGREES
        if compared == HUBS:
            return
    assert compared == HUBS


def agreed(case: Case, duck: Duck, native: Native) -> Status:
    """Put a case to both sides and return how it ended; a disagreement fails the test."""
    outcome = check_natively(case, duck, native)
    assert outcome.status is not Status.DISAGREES, (
        f"seed {case.seed}: {outcome.detail}\n{case.query_text}\n{dict(case.parameters)}"
    )
    return outcome.status

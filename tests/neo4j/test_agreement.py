"""Random agreement, natively: compiled SQL on DuckDB against both releases of Neo4j.

`GRAPHCHANNEL_AGREE=2000` runs more cases than the sample of every test run (`make agree`).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.compiler.agree.cases import Status, generate_case
from tests.compiler.agree.sql import Duck
from tests.neo4j.native import Native, check_natively

if TYPE_CHECKING:
    from collections.abc import Iterator

    import neo4j

    from graphchannel.engines.neo4j_server import LocalServer

CASES = int(os.environ.get("GRAPHCHANNEL_AGREE", "50"))
FIRST = 100_001  # other seeds than those that are compared with the reference; one has a hub
AT_ONCE = 50


@pytest.fixture(scope="module")
def native(driver: neo4j.Driver, server: LocalServer) -> Iterator[Native]:
    speaks = Native(driver, server.release)
    yield speaks
    speaks.close()


@pytest.mark.parametrize("first", range(FIRST, FIRST + CASES, AT_ONCE))
def test_compiled_queries_answer_like_neo4j(native: Native, first: int) -> None:
    duck = Duck()
    for seed in range(first, min(first + AT_ONCE, FIRST + CASES)):
        case = generate_case(seed)
        outcome = check_natively(case, duck, native)
        assert outcome.status is not Status.DISAGREES, (
            f"seed {seed}: {outcome.detail}\n{case.query_text}\n{dict(case.parameters)}"
        )

"""Many questions to one channel at once: each is answered as if it were the only one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel import Channel
from graphchannel.errors import ResultGone
from graphchannel.ingest import load_rows
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace
from tests.simulation.worlds import random_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEMPORARY = "SELECT table_name FROM duckdb_tables() WHERE temporary"
POLICY = load_policy(pack())
WORLD = random_world(5)
SELLER = WORLD["shipments"][0]["seller_id"]
BUYER = WORLD["shipments"][-1]["buyer_id"]

QUESTIONS: dict[str, Callable[[Channel], Any]] = {
    "from": lambda channel: channel.trace(start=SELLER, max_hops=4),
    "to": lambda channel: channel.trace(end=BUYER, window=60),
    "line": lambda channel: channel.trace(line=WORLD["shipments"][3]["id"]),
    "regions": lambda channel: channel.coverage("regions").to_arrow(),
    "cities": lambda channel: channel.coverage("cities").to_arrow(),
    "observability": lambda channel: channel.observability(),
    "supply": lambda channel: list(channel.scan(rules=["supply/*"]).findings()),
    "paths": lambda channel: list(channel.scan(rules=["paths/*"]).findings()),
    "lines": lambda channel: channel.query("MATCH ()-[s:SUPPLIED]->() RETURN s.id AS id").table,
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("threads") / "channel.duckdb"
    with create_workspace(path, POLICY) as created:
        load_rows(created, WORLD, POLICY)
    return path


@pytest.fixture
def channel(file: Path) -> Iterator[Channel]:
    with Channel.open(file) as opened:
        yield opened


def test_questions_in_threads_are_answered_as_alone(channel: Channel, file: Path) -> None:
    alone = {name: ask(channel) for name, ask in QUESTIONS.items()}
    assert alone["from"].parts[0].paths or alone["from"].parts[1].paths
    assert alone["supply"] != alone["paths"] != []
    together = Barrier(len(QUESTIONS))
    with Channel.open(file) as fresh, ThreadPoolExecutor(len(QUESTIONS)) as pool:

        def work(name: str) -> list[Any]:
            together.wait()
            return [QUESTIONS[name](fresh) for _ in range(2)]

        for name, answers in zip(QUESTIONS, pool.map(work, QUESTIONS), strict=True):
            assert answers == [alone[name]] * 2, name
        left = fresh._opening.workspace.connection.execute(TEMPORARY).fetchall()
    assert not left, "tables of a question stayed behind"


def test_a_scan_is_read_while_other_questions_are_asked(channel: Channel) -> None:
    want = list(channel.scan().findings())
    result = channel.scan()
    reader, found = result.findings(), []
    for name in ("from", "observability", "regions", "supply"):
        found.append(next(reader))
        QUESTIONS[name](channel)
    assert [*found, *reader] == want
    assert list(result.findings()) == want


def test_a_scan_of_a_file_that_is_loaded_into_is_gone(channel: Channel, tmp_path: Path) -> None:
    lines = tmp_path / "shipments.csv"
    lines.write_text("id,shipped_on,seller_id,buyer_id,product_id,quantity\n", "utf-8")
    result = channel.scan(rules=["supply/*"])
    assert result.count() >= 0
    channel.load(lines)
    with pytest.raises(ResultGone, match="was closed; open it and run it again"):
        result.count()
    assert channel.scan(rules=["supply/*"]).count() >= 0

"""A limit of time ends what a thread does in Python, and nothing after it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial

import duckdb
import pytest

from graphchannel.engines.clock import Clock, TimeUp
from graphchannel.engines.duckdb import in_time
from graphchannel.errors import QueryTimeout


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def spin(seconds: float) -> None:
    """Work in Python alone, as analyses do between two queries."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def test_work_in_python_is_stopped(connection: duckdb.DuckDBPyConnection) -> None:
    begun = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"slow: the query ran longer than 0\.1 seconds"):
        in_time(connection, 0.1, "slow", lambda: spin(20))
    assert time.monotonic() - begun < 5
    assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_the_shorter_of_two_limits_says_which_it_was(connection: duckdb.DuckDBPyConnection) -> None:
    for outer, inner, named in ((0.1, 20, "outer"), (20, 0.1, "inner")):
        work = partial(in_time, connection, inner, "inner", lambda: spin(20))
        with pytest.raises(QueryTimeout, match=f"{named}: "):
            in_time(connection, outer, "outer", work)


def test_what_ends_in_time_is_not_stopped_later(connection: duckdb.DuckDBPyConnection) -> None:
    """Also where the time is up in the moment in which it ends."""
    ended = 0
    for number in range(100):
        with suppress(QueryTimeout):
            in_time(connection, 0.001, "short", lambda: spin(number % 20 * 0.0001))  # noqa: B023 - called at once
        spin(0.0003)  # an error that comes late comes here
        ended += 1
    assert ended == 100


def test_whoever_watches_the_program_afterwards_is_not_held_up() -> None:
    """A debugger or coverage hung for ever once an error had been taken back."""
    program = """
import sys, time
import duckdb
from graphchannel.engines.duckdb import in_time
from graphchannel.errors import QueryTimeout
for work in (lambda: [None for _ in iter(int, 1)], lambda: duckdb.sql("SELECT 1").fetchall()):
    for number in range(20):
        try:
            in_time(duckdb.connect(), 0.01 * (number % 2), "slow", work)
        except QueryTimeout:
            pass
sys.settrace(lambda *_: None)
def watched(): return 1
print(sum(watched() for _ in range(1000)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.returncode) == ("1000\n", 0), done.stderr


def test_other_threads_go_on(connection: duckdb.DuckDBPyConnection) -> None:
    ended: list[str] = []

    def work() -> None:
        spin(0.4)
        ended.append("well")

    other = threading.Thread(target=work)
    other.start()
    with pytest.raises(QueryTimeout):
        in_time(connection, 0.1, "slow", lambda: spin(20))
    other.join()
    assert ended == ["well"]


def test_all_clocks_are_one_thread() -> None:
    """A question starts none: a thread costs more than a short query."""
    Clock(60, lambda: None).stop()
    before = threading.active_count()
    clocks = [Clock(60, lambda: None) for _ in range(50)]
    assert threading.active_count() == before
    for clock in clocks:
        clock.stop()


def test_the_clock_that_is_due_first_rings_first() -> None:
    rung: list[str] = []
    late = Clock(60, lambda: rung.append("late"))
    with pytest.raises(TimeUp):
        _wait_in(Clock(0.02, lambda: rung.append("soon")))
    late.stop()
    assert rung == ["soon"]


def _wait_in(clock: Clock) -> None:
    try:
        for _ in range(500):
            time.sleep(0.01)
    finally:
        clock.stop()

"""A test run that is interrupted or killed leaves no server behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.neo4j.conftest import REQUIRED
from tests.neo4j.watchdog import servers_below

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
# Starts what looks like a server, detached as a server is, says so, and waits to be killed. What
# runs in the background ignores SIGINT, and so would whatever it starts.
RUN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from tests.neo4j.watchdog import watched
folder = Path(sys.argv[1])
with watched(folder):
    sleep = [sys.executable, "-c", "import time; time.sleep(600)", f"--home-dir={folder}/5.26"]
    subprocess.Popen(sleep, start_new_session=True)
    print("started", flush=True)
    time.sleep(600)
"""


def _until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_server_ends_with_the_process_that_started_it(
    signal_: signal.Signals, tmp_path: Path
) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert run.stdout is not None
    with run.stdout as said:
        assert said.readline() == b"started\n"
        assert _until(lambda: len(servers_below(tmp_path)) == 1)
        run.send_signal(signal_)
    assert run.wait(timeout=SECONDS) != 0
    assert _until(lambda: servers_below(tmp_path) == [])


def test_a_killed_test_run_leaves_no_server(tmp_path: Path) -> None:
    which = "tests/neo4j/test_server.py::test_up_again_returns_the_server_that_runs[5.26]"
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", which, "--basetemp", str(tmp_path / "run"), "-q"],
        cwd=ROOT,
        env=os.environ | {REQUIRED: "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert _until(lambda: run.poll() is not None or servers_below(tmp_path) != [])
        if run.poll() is not None and os.environ.get(REQUIRED) != "1":
            pytest.skip("NO NEO4J: the run ended without a server")
        assert servers_below(tmp_path), "the run ended without a server"
    finally:
        run.kill()
        run.wait()
    assert _until(lambda: servers_below(tmp_path) == [])

"""Workers that share no memory, and a Spark Connect server, find what one machine finds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.demo.generate import generate
from graphchannel.errors import EngineError
from graphchannel.ingest import load
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.spark.java import check_java
from graphchannel.spark.lake import export_lake
from graphchannel.workspace import create_workspace
from tests.spark.cluster import cluster, connect_server, end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.spark.cluster import Cluster

pytest.importorskip("pyspark.sql")
pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("spark")]
RULES = ("supply/*", "territory/*", "certification/*", "paths/*", "coverage/*")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace and its lake, in one folder."""
    try:
        check_java()
    except EngineError as error:
        pytest.skip(f"NO SPARK: {error}")
    folder = tmp_path_factory.mktemp("network")
    generate(folder / "files", partners=300, lines=4000, seed=11)
    policy = load_policy(pack())
    with create_workspace(folder / "channel.duckdb", policy) as workspace:
        assert load(workspace, [folder / "files"], policy).rejected == 0
        export_lake(workspace, folder / "channel.lake")
    return folder


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Cluster]:
    with cluster(tmp_path / "spark", 2) as made:
        yield made


def scan(folder: Path, *options: str, **further: Any) -> subprocess.Popen[bytes]:
    rules = [word for rule in RULES for word in ("--rule", rule)]
    command = ["scan", "-w", str(folder / "channel.duckdb"), "--as-of", "2015-06-30", *rules]
    return subprocess.Popen(
        [sys.executable, "-m", "graphchannel", *command, "--format", "json", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **further,
    )


def finished(process: subprocess.Popen[bytes]) -> bytes:
    try:
        output, errors = process.communicate(timeout=540)
    finally:
        process.kill()  # a driver waits for workers for ever
    assert process.returncode == 1, errors.decode()  # there are findings
    assert b" finding" in output or b'"findings"' in output
    return output


def findings(output: bytes) -> bytes:
    """Leave out what says which engine it was."""
    lines = output.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.lstrip().startswith(b'"engine"'))


def executors(events: list[dict[str, Any]]) -> set[str]:
    ended = (event for event in events if event["Event"] == "SparkListenerTaskEnd")
    return {event["Task Info"]["Executor ID"] for event in ended if event["Task End Reason"]}


def keeps(event: dict[str, Any]) -> bool:
    """Tell whether a stage that has ended keeps rows in memory."""
    stored = event.get("Stage Info", {}).get("RDD Info", ())
    return event["Event"] == "SparkListenerStageCompleted" and any(
        rdd["Storage Level"]["Use Memory"] for rdd in stored
    )


def test_two_workers_find_what_one_machine_finds(network: Path, two: Cluster) -> None:
    here = findings(finished(scan(network)))
    there = finished(scan(network, "--engine", two.uri, env=two.environment))
    assert findings(there) == here
    assert len(executors(two.events())) == 2  # both had a part in it


def test_a_connect_server_finds_what_one_machine_finds(network: Path, tmp_path: Path) -> None:
    pytest.importorskip("grpc")
    here = findings(finished(scan(network)))
    with connect_server(tmp_path) as address:
        assert findings(finished(scan(network, "--engine", address))) == here


def test_a_worker_that_goes_down_takes_no_finding_along(network: Path, two: Cluster) -> None:
    here = findings(finished(scan(network)))
    running = scan(network, "--engine", two.uri, env=two.environment)
    until = time.monotonic() + 300
    while len(executors(two.events())) < 2:
        assert running.poll() is None, running.communicate()[1].decode()
        assert time.monotonic() < until
        time.sleep(0.2)
    end(two.workers[0])
    assert running.poll() is None, "the scan was done before the worker went down"
    assert findings(finished(running)) == here
    assert any(event["Event"] == "SparkListenerExecutorRemoved" for event in two.events())


def test_rules_say_that_a_driver_went_down(network: Path, two: Cluster) -> None:
    """Lose it while rows in parts are kept: the scan lets go of them at the end."""
    running = scan(network, "--engine", two.uri, env=two.environment)
    until = time.monotonic() + 300
    while not any(map(keeps, two.events())):
        assert running.poll() is None, running.communicate()[1].decode()
        assert time.monotonic() < until
        time.sleep(0.2)
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    output, errors = running.communicate(timeout=120)
    assert running.returncode == 2
    assert b"Traceback" not in errors, errors.decode()
    rules = json.loads(output)["rules"]
    lost = [rule["reason"] for rule in rules if rule["status"] == "error"]
    assert len(lost) > 3
    assert [reason for reason in lost if "Spark" not in reason] == []

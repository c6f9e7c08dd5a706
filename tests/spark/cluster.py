"""A standalone cluster on loopback: a master and workers, each a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"
HOST = "--host 127.0.0.1"
_PATIENCE = 120  # seconds for a Java that starts on a busy machine


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the master listens, its workers' processes, and the settings that drivers take."""

    uri: str
    page: str
    workers: tuple[subprocess.Popen[bytes], ...]
    settings: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a driver needs to know beside the address."""
        own = {"SPARK_CONF_DIR": str(self.settings), "SPARK_LOCAL_IP": "127.0.0.1"}
        return dict(os.environ) | own

    def state(self) -> dict[str, Any]:
        """Return what the master says of workers and applications."""
        with urllib.request.urlopen(f"{self.page}/json/", timeout=30) as answer:  # noqa: S310 - ours
            found: dict[str, Any] = json.load(answer)
        return found

    def alive(self) -> int:
        """Count the workers that the master knows to be there."""
        return sum(worker["state"] == "ALIVE" for worker in self.state()["workers"])

    def events(self) -> list[dict[str, Any]]:
        """Return what drivers wrote of their jobs."""
        files = sorted(path for path in (self.settings / "events").rglob("*") if path.is_file())
        lines = (line for file in files for line in file.read_text("utf-8").splitlines())
        return [json.loads(line) for line in lines if line.startswith("{")]


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Start a master and workers of one core each; end them, and what they started."""
    (folder / "events").mkdir(parents=True)
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.executor.memory": "600m",
        "spark.executor.cores": "1",
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": (folder / "events").as_uri(),
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
    }
    text = "".join(f"{name} {value}\n" for name, value in settings.items())
    (folder / "spark-defaults.conf").write_text(text, "utf-8")
    started: list[subprocess.Popen[bytes]] = []
    port, page = free_port(), free_port()
    uri = f"spark://127.0.0.1:{port}"
    try:
        started.append(
            start(folder, "master", _MASTER, f"{HOST} --port {port} --webui-port {page}")
        )
        _await(lambda: _answers(page))
        for number in range(workers):
            room = f"{HOST} --work-dir {folder / f'work{number}'} --cores 1 --memory 700m"
            of_its_own = f"--port {free_port()} --webui-port {free_port()}"
            started.append(start(folder, f"worker{number}", _WORKER, f"{room} {of_its_own} {uri}"))
        made = Cluster(uri, f"http://127.0.0.1:{page}", tuple(started[1:]), folder)
        _await(lambda: made.alive() == workers)
        yield made
    finally:
        for process in started:
            end(process)


def start(
    folder: Path, name: str, main: str, arguments: str, memory: str = "256m"
) -> subprocess.Popen[bytes]:
    """Start a part of Spark in a group of its own, which its executors belong to."""
    import pyspark  # noqa: PLC0415 - an extra

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    own = {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}
    own |= {"SPARK_DAEMON_MEMORY": memory, "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1"}
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(program), main, *arguments.split()],
            env=dict(os.environ) | own,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@contextlib.contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """Start a Spark Connect server of two cores; give its address, and end it."""
    port, main = free_port(), "org.apache.spark.sql.connect.service.SparkConnectServer"
    settings = {
        "spark.connect.grpc.binding.port": port,
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
    }
    options = " ".join(f"--conf {name}={value}" for name, value in settings.items())
    arguments = f"--class {main} --master local[2] {options} spark-internal"
    process = start(folder, "connect", "org.apache.spark.deploy.SparkSubmit", arguments, "1g")
    try:
        _await(lambda: _answers(port))
        yield f"sc://127.0.0.1:{port}"
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a part with all that it started, as a machine does that goes down."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _await(done: Any) -> None:
    until = time.monotonic() + _PATIENCE
    while not done():
        assert time.monotonic() < until, "Spark did not start"
        time.sleep(0.2)

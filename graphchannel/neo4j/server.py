"""A Neo4j server of the user's own, on this machine, without Docker and without an installed Java.

Each release has a folder below `home` with its data, configuration, logs and password. The server
listens on loopback only and goes on running after the command that started it. `server.json` says
how to reach it; it counts only while the process that it names still runs from that folder.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.errors import EngineError
from graphchannel.neo4j import jars as neo4j_jars

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphchannel.neo4j.jars import Release

__all__ = ["LocalServer", "admin_tool", "default_home", "down", "running", "up"]

_LOOPBACK = "127.0.0.1"
_BOLT, _HTTP = 7687, 7474  # taken where they are free, so that addresses stay the usual ones
_OPENS = ("java.nio", "java.io", "java.lang", "sun.nio.ch")
# Measured: publishing costs a server of this size a fifth less than with Java's own choice.
_COLLECTOR = ("-XX:+UseParallelGC",)
_START_SECONDS = 180
_STOP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that runs: where its folder is and how to reach it."""

    release: str
    version: str
    folder: str
    pid: int
    bolt_port: int
    http_port: int

    @property
    def user(self) -> str:
        """The user that the generated password is for."""
        return "neo4j"

    @property
    def uri(self) -> str:
        """What drivers connect to."""
        return f"bolt://{_LOOPBACK}:{self.bolt_port}"

    @property
    def browser(self) -> str:
        """The address of Neo4j Browser."""
        return f"http://{_LOOPBACK}:{self.http_port}/browser/"

    @property
    def password_file(self) -> Path:
        """The file with the generated password, readable by its owner alone."""
        return Path(self.folder) / "password"

    @property
    def password(self) -> str:
        """The generated password of the user `neo4j`."""
        return self.password_file.read_text("utf-8").strip()


def default_home() -> Path:
    """Return where servers are kept: `GRAPHCHANNEL_HOME`, else the platform's data folder."""
    if named := os.environ.get("GRAPHCHANNEL_HOME"):
        return Path(named) / "neo4j"
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "graphchannel" / "neo4j"


def up(
    home: Path,
    version: str | None = None,
    *,
    heap: str = "1g",
    usual_ports: bool = True,
    java_options: Sequence[str] = _COLLECTOR,
    say: Callable[[str], None],
) -> LocalServer:
    """Start a server and wait until it answers; return the one that runs already, if any.

    `java_options` come beside the heap; `say` hears of progress. Raises EngineError if the parts
    cannot be had or the server does not start.
    """
    release = neo4j_jars.release(version)
    _refuse_windows()
    with neo4j_jars.locked(home):
        folder = home / release.name
        if (server := _running(folder)) is not None:
            return server
        jars = neo4j_jars.class_path(release, say)
        bolt, web = (_port(_BOLT, usual=usual_ports), _port(_HTTP, usual=usual_ports))
        _prepare(folder, bolt, web)
        if not (folder / "password").exists():
            _set_password(release, folder, say)
        say(f"Starting Neo4j {release.version} ...")
        process = _start(release, jars, folder, [*_java(heap), *java_options])
        server = LocalServer(release.name, release.version, str(folder), process.pid, bolt, web)
        known = folder / "server.json"
        known.touch(mode=0o600)  # it holds the password
        known.write_text(json.dumps(asdict(server)), "utf-8")
        _await_answer(process, server)
        return server


def down(home: Path, version: str | None = None) -> list[LocalServer]:
    """Stop the servers below `home` (of all releases unless one is named); return those stopped."""
    stopped = []
    for server in running(home):
        if version is None or server.release == neo4j_jars.release(version).name:
            _stop(server)
            stopped.append(server)
    return stopped


def running(home: Path) -> list[LocalServer]:
    """Return the servers that run from folders below `home`."""
    found = (_running(home / release.name) for release in neo4j_jars.RELEASES)
    return [server for server in found if server is not None]


def admin_tool(release: Release, folder: Path, *arguments: str, say: Callable[[str], None]) -> str:
    """Run `neo4j-admin` of a release on the server in `folder`; return what it printed.

    Raises EngineError where it fails.
    """
    jars = neo4j_jars.class_path(release, say)
    command = [*_java("512m"), "-cp", _joined(jars), "org.neo4j.cli.AdminTool", *arguments]
    environment = os.environ | {"NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")}
    done = subprocess.run(  # noqa: S603 - our own Java, and arguments that are no shell text
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise EngineError(
            f"neo4j-admin {' '.join(arguments[:2])} of Neo4j {release.version} failed: "
            f"{_last_words(done.stderr or done.stdout)}"
        )
    return done.stdout


def _refuse_windows() -> None:
    if os.name != "posix":
        raise EngineError(
            "Starting Neo4j this way works on Linux and macOS; use docker compose here."
        )


def _port(usual_one: int, *, usual: bool) -> int:
    """Return a free loopback port, the usual one if it is wanted and free."""
    for port in (usual_one, 0) if usual else (0,):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((_LOOPBACK, port))
            return int(probe.getsockname()[1])
    raise EngineError("No port is free on this machine's loopback address.")


def _prepare(folder: Path, bolt: int, web: int) -> None:
    """Write the configuration; Neo4j refuses to start with a setting that it does not know."""
    folder.mkdir(exist_ok=True, mode=0o700)
    for name in ("conf", "logs", "run"):
        (folder / name).mkdir(exist_ok=True)
    settings = {
        "server.default_listen_address": _LOOPBACK,
        "server.bolt.listen_address": f"{_LOOPBACK}:{bolt}",
        "server.http.listen_address": f"{_LOOPBACK}:{web}",
        "server.https.enabled": "false",
        "server.memory.pagecache.size": "256m",
        "db.tx_log.preallocate": "false",
        # Drivers give up on a connection that is silent for so long, twice; usually two minutes.
        "server.bolt.connection_keep_alive": "5s",
        "server.bolt.connection_keep_alive_probes": "2",
        "dbms.usage_report.enabled": "false",
        # Browser would draw every line between the parties that a query shows, thousands of them.
        "browser.post_connect_cmd": "config autoComplete: false",
    }
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    (folder / "conf" / "neo4j.conf").write_text(lines, "utf-8")


def _set_password(release: Release, folder: Path, say: Callable[[str], None]) -> None:
    """Generate the password, and hand it over in a file: arguments are visible to other users."""
    written = folder / "password.new"
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{secrets.token_hex(12)}\n")
    admin_tool(release, folder, "dbms", "set-initial-password", f"@{written}", say=say)
    written.rename(folder / "password")


def _java(heap: str) -> list[str]:
    opens = (f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENS)
    return [str(neo4j_jars.java()), f"-Xmx{heap}", *opens, "-Dfile.encoding=UTF-8"]


def _joined(jars: tuple[Path, ...]) -> str:
    return os.pathsep.join(map(str, jars))


def _start(
    release: Release, jars: tuple[Path, ...], folder: Path, java: list[str]
) -> subprocess.Popen[bytes]:
    places = [f"--home-dir={folder}", f"--config-dir={folder / 'conf'}"]
    command = [*java, "-cp", _joined(jars), release.main_class, *places]
    with (folder / "logs" / "console.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own Java, and arguments that are no shell text
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _await_answer(process: subprocess.Popen[bytes], server: LocalServer) -> None:
    log = Path(server.folder) / "logs" / "console.log"
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(server):
        if process.poll() is not None:
            words = _last_words(log.read_text("utf-8", "replace"))
            raise EngineError(f"Neo4j {server.version} did not start: {words} (see {log}).")
        if time.monotonic() > deadline:
            _stop(server)
            raise EngineError(
                f"Neo4j {server.version} did not answer within {_START_SECONDS} seconds; see {log}."
            )
        time.sleep(0.2)
    # The server outlives this command; Popen would warn that nobody waits for it.
    process.returncode = 0


def _answers(server: LocalServer) -> bool:
    connection = http.client.HTTPConnection(_LOOPBACK, server.http_port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Accept": "application/json"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _running(folder: Path) -> LocalServer | None:
    try:
        server = LocalServer(**json.loads((folder / "server.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return server if _alive(server) else None


def _alive(server: LocalServer) -> bool:
    """Say whether the process still is that server: a number may have gone to another process."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(server.pid, os.WNOHANG)  # a child that has ended would stay listed
    return f"--home-dir={server.folder}" in _command_of(server.pid)


def _command_of(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace")
        return ""
    ps = ["ps", "-ww", "-p", str(pid), "-o", "command="]
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout  # noqa: S603 - a number


def _stop(server: LocalServer) -> None:
    os.kill(server.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while _alive(server):
        if time.monotonic() > deadline:
            os.kill(server.pid, signal.SIGKILL)
        time.sleep(0.1)
    (Path(server.folder) / "server.json").unlink(missing_ok=True)


def _last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-3:]) or "it said nothing"

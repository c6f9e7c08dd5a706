"""Commands run by processes that are there at once: forks of one that has imported all they need.

To start Python for each of hundreds of kills would take minutes. What is forked has no thread and
no open database; each fork is a process of its own, as a command is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["Ended", "Forks", "forks"]

# Libraries that would start one of their own when they are imported.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
# A point is the begin or the end of a call that writes: SQL, or an operation on files.
_PROGRAM = """
import functools, json, os, signal, sys, time
from pathlib import Path
import altair, duckdb, jinja2, pyarrow.parquet, xlsxwriter
import graphchannel.channel, graphchannel.channel.reports, graphchannel.channel.work
import graphchannel.ingest, graphchannel.report.documents.scan, graphchannel.rules.cache
from graphchannel.cli import main

SQL = ("execute", "executemany", "sql", "close")
FILES = ("fsync", "replace", "rename", "link", "unlink", "remove", "mkdir", "rmdir", "chmod")
seen = 0

def passed():
    global seen
    seen += 1
    if seen == last:
        os.kill(os.getpid(), signal.SIGKILL)

def counted(call):
    @functools.wraps(call)
    def counting(*arguments, **options):
        passed()
        try:
            return call(*arguments, **options)
        finally:
            passed()
    return counting

def count():
    for owner, names in ((duckdb.DuckDBPyConnection, SQL), (os, FILES)):
        for name in names:
            setattr(owner, name, counted(getattr(owner, name)))

def run(job):
    global last
    os.chdir(job["folder"])
    os.environ.update(job["environment"])
    for name, number in (("stdout", 1), ("stderr", 2)):
        with open(name, "wb") as stream:
            os.dup2(stream.fileno(), number)
    last = job["point"]
    if last is not None:
        count()
    code = 0
    try:
        main(job["arguments"])
    except SystemExit as ended:
        code = ended.code or 0
    Path("points").write_text(str(seen))
    sys.stdout.flush()
    os._exit(code)

signal.signal(signal.SIGINT, signal.default_int_handler)
assert len(os.listdir("/proc/self/task")) == 1
for asked in sys.stdin:
    job = json.loads(asked)
    child = os.fork()
    if child == 0:
        run(job)
    if job["seconds"] is not None:
        time.sleep(job["seconds"])
        os.kill(child, job["signal"])
    begun = time.monotonic()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([code, time.monotonic() - begun]), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: `seconds` went by since it was started, or since its signal.

    `points` are the moments at which it could have been killed, 0 where it was.
    """

    code: int
    seconds: float
    points: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Forks:
    """Starts commands, one after the other.

    With `point` a command kills itself there; at 0 never, but `points` tells how many it passed.
    """

    process: subprocess.Popen[str]

    def run(
        self,
        folder: Path,
        arguments: Sequence[str],
        *,
        point: int | None = None,
        seconds: float | None = None,
        sent: int = 9,
        **environment: str,
    ) -> Ended:
        """Run a command line in a folder, until the point, or the signal after so many seconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        job: dict[str, Any] = {
            "folder": str(folder),
            "arguments": list(arguments),
            "point": point,
            "seconds": seconds,
            "signal": sent,
            "environment": environment,
        }
        files = {name: folder / name for name in ("stdout", "stderr", "points")}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        code, took = json.loads(self.process.stdout.readline())
        said = {
            name: file.read_text("utf-8") if file.exists() else "" for name, file in files.items()
        }
        for file in files.values():
            file.unlink(missing_ok=True)
        return Ended(code, took, int(said["points"] or 0), said["stdout"], said["stderr"])


@contextmanager
def forks() -> Iterator[Forks]:
    """Start what is forked; it ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **_ONE_THREAD},
    ) as process:
        yield Forks(process)
        assert process.stdin is not None
        process.stdin.close()

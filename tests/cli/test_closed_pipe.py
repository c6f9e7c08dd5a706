"""Output that nobody reads to its end: real processes, real pipes, a reader that goes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.sampling import sampled

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

UNREAD = 141


def ended(desk: Desk, *arguments: str, both: bool = False, buffer: bool = True) -> tuple[int, str]:
    """Run a command whose reader has gone before the first byte; return its code and errors."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "" if buffer else "1"}
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, "-m", "graphchannel", *arguments],
        stdout=write,
        stderr=write if both else subprocess.PIPE,
        cwd=desk.folder,
        env=environment,
        check=False,
    )
    os.close(write)
    return process.returncode, (process.stderr or b"").decode()


@pytest.mark.parametrize(
    "arguments",
    sampled(
        [
            ("--help",),  # printed before any command runs
            ("rules", "list"),  # by rich, which ends the process with 1 itself
            ("scan", "--pack", "pack", "--format", "json"),  # with findings
            ("scan", "--help"),
            ("status",),  # by rich on standard output
            ("scan", "--pack", "pack"),
            ("query", "MATCH (p:Party) RETURN p.id"),
        ],
        3,
    ),
    ids=" ".join,
)
def test_a_reader_that_has_gone_is_neither_findings_nor_success(
    desk: Desk, arguments: tuple[str, ...]
) -> None:
    for buffer in (True, False):
        code, errors = ended(desk, *arguments, buffer=buffer)
        assert code == UNREAD, errors
        assert "Traceback" not in errors
        assert "ipe" not in errors  # quiet, like any other program


def test_errors_go_to_the_same_pipe(desk: Desk) -> None:
    assert ended(desk, "scan", "--workspace", "none.duckdb", both=True)[0] == UNREAD
    code, errors = ended(desk, "scan", "--workspace", "none.duckdb")
    assert code == 2  # nothing was to be printed, and nothing was
    assert "none.duckdb" in errors


@pytest.mark.skipif(shutil.which("head") is None, reason="there is no head")
def test_a_shell_says_how_each_of_a_pipeline_ended(desk: Desk) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    program = f"'{sys.executable}' -m graphchannel"

    def statuses(pipeline: str) -> list[str]:
        script = f"{program} {pipeline}; echo ${{PIPESTATUS[@]}}"
        done = subprocess.run(
            [bash, "-c", script], capture_output=True, text=True, cwd=desk.folder, check=True
        )
        return done.stdout.splitlines()[-1].split()

    many = "query 'UNWIND range(1, 100000) AS n RETURN n' --format csv --max-rows 100000"
    assert statuses(f"{many} | head -n 1") == [str(UNREAD), "0"]
    assert statuses(f"{many} | cat") == ["0", "0"]  # all was read


def test_another_pipe_that_breaks_is_a_failure(desk: Desk) -> None:
    """One that is not the output, such as that of a connection."""
    broken = """
import graphchannel.cli
import graphchannel.workspace

def lost(*_, **__):
    raise BrokenPipeError(32, "Broken pipe")

graphchannel.workspace.open_workspace = lost
graphchannel.cli.main(["status"])
"""
    done = subprocess.run(
        [sys.executable, "-c", broken],
        capture_output=True,
        text=True,
        cwd=desk.folder,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "graphchannel: Broken pipe.\n")

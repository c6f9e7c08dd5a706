"""Run a command as a whole process and account for its wall time and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds of wall time, peak memory in MiB, and what it printed.

    `cpu` are the seconds of all its threads together, which say more than wall time while others
    use the machine too.
    """

    seconds: float
    mebibytes: float
    output: str
    cpu: float = 0.0


def python(*arguments: str, codes: tuple[int, ...] = (0,)) -> Run:
    """Run this interpreter; raise RuntimeError unless it exits with one of `codes`."""
    return command([sys.executable, *arguments], codes)


def graphchannel(*arguments: str) -> Run:
    """Run the command line; findings (exit code 1) are a success."""
    return python("-m", "graphchannel", *arguments, codes=(0, 1))


def command(arguments: Sequence[str], codes: tuple[int, ...]) -> Run:
    """Run a command and wait for it."""
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "stdout"
        with printed.open("wb") as stdout:
            begin = time.perf_counter()
            process = subprocess.Popen(arguments, stdout=stdout, stderr=subprocess.PIPE)  # noqa: S603 - our own commands
            errors = process.stderr.read() if process.stderr else b""
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.stderr:
                process.stderr.close()
        if process.returncode not in codes:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{errors.decode()[-2000:]}")
        cpu = usage.ru_utime + usage.ru_stime
        return Run(seconds, usage.ru_maxrss / 1024, printed.read_text("utf-8"), cpu)

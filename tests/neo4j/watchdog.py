"""Ends the servers of a test run that could not do it itself, because it was killed.

Servers go on running after the process that started them. The watchdog is a process of its own that
waits for the end of its standard input, a pipe that the test process holds open: the system closes
it however that process ends. Then it kills the servers whose folder is below the run's own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUNDS, _PAUSE = 5, 0.2  # a server that was about to start shows up a moment later


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """Have the servers below a folder killed if this process ends inside the block."""
    command = [sys.executable, str(Path(__file__)), str(folder)]
    # In a session of its own: what interrupts the tests from a terminal must not reach it.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield
    finally:
        process.communicate(timeout=60)


def servers_below(folder: Path) -> list[int]:
    """Return the processes of servers whose home is below a folder."""
    ps = ["ps", "-ww", "-A", "-o", "pid=,command="]
    listed = subprocess.run(ps, capture_output=True, text=True, check=True).stdout
    rows = (line.strip().partition(" ") for line in listed.splitlines())
    return [int(pid) for pid, _, command in rows if f"--home-dir={folder}{os.sep}" in command]


def _end_servers(folder: Path) -> None:
    for _ in range(_ROUNDS):
        for pid in servers_below(folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_PAUSE)


if __name__ == "__main__":
    sys.stdin.read()
    _end_servers(Path(sys.argv[1]))

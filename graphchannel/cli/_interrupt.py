"""Ctrl-C and SIGTERM end a command at once, with the code of a shell for it."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections import deque
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

from graphchannel.cli._exit import Exit
from graphchannel.stopping import stop_all

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Stopped", "end_at_once", "ended_by_ctrl_c", "told_to_end"]

_PATIENCE = 1.5  # seconds for a command to clean up after itself, before the process ends
_HEARD: deque[int] = deque(maxlen=1)  # the signal; it reaches the process, as in `stopping`


class Stopped(KeyboardInterrupt):
    """The process was told to end by SIGTERM, as schedulers do."""


@contextmanager
def ended_by_ctrl_c() -> Iterator[bool]:
    """Watch for Ctrl-C and SIGTERM while the block runs, where the process is the command's own.

    Gives whether it is. Python tells the main thread of it between two of its steps; a query, or a
    thread that is waited for, may be one long step. A thread of its own hears of the signal at
    once, stops what runs in databases, and ends the process if it still runs after a while. A
    database survives that, as it survives a kill. Nothing is watched where others run the command,
    as in a test or a notebook.
    """
    if (
        threading.current_thread() is not threading.main_thread()
        or sys.stdout is not sys.__stdout__
    ):
        yield False
        return
    _HEARD.clear()
    heard, told = socket.socketpair()
    told.setblocking(False)  # noqa: FBT003 - its only parameter
    threading.Thread(target=_watch, args=(heard,), name="ctrl-c", daemon=True).start()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:  # a shell says so to what runs in its background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _stop)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    try:
        yield True
    finally:
        signal.set_wakeup_fd(-1)
        told.close()


def told_to_end() -> KeyboardInterrupt | None:
    """Return what ends the command if a signal was heard, whatever came of it since.

    What is stopped may fail in many ways, and so may the work to clean up after it.
    """
    if not _HEARD:
        return None
    return Stopped() if _HEARD[0] == signal.SIGTERM else KeyboardInterrupt()


def end_at_once(code: int) -> NoReturn:
    """End the process with a code; threads of libraries are not waited for."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # who read it may have gone
            stream.flush()
    os._exit(code)


def _stop(*_: object) -> None:
    raise Stopped


def _watch(heard: socket.socket) -> None:
    """End the process a while after the first of the signals, at the second one at once."""
    codes = {signal.SIGINT: Exit.INTERRUPTED, signal.SIGTERM: Exit.STOPPED}
    while (read := heard.recv(1)) and read[0] not in codes:
        pass
    if not read:  # the block has ended
        return
    _HEARD.append(read[0])
    stop_all()
    heard.settimeout(_PATIENCE)
    with suppress(TimeoutError):
        ended = not heard.recv(1)
        if ended and read[0] == signal.SIGTERM:  # well, with a code of its own
            return
    os._exit(codes[signal.Signals(read[0])])

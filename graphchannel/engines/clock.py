"""A limit of time on what a thread does, in the database and in Python alike."""

from __future__ import annotations

import ctypes
import threading
from typing import TYPE_CHECKING

from graphchannel.errors import QueryTimeout

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Clock", "TimeUp"]


class TimeUp(QueryTimeout):
    """What a thread works on took longer than allowed."""

    def __str__(self) -> str:
        return "It took longer than allowed; raise --timeout."


class Clock:
    """Stops the thread that makes it after `seconds`, unless `stop` is called before.

    `interrupt` ends the statement that the thread may wait for; between two statements, TimeUp is
    raised wherever the thread is in Python. A step of a library, such as a solver's, is waited for.
    """

    def __init__(self, seconds: float, interrupt: Callable[[], None]) -> None:
        self.rung = False
        self._over = False
        self._interrupt = interrupt
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Let nothing be stopped from now on; what was to be raised is not, unless it was."""
        with self._lock:
            self._over = True
            if self.rung:
                _raise_in(self._thread, None)
        self._timer.cancel()

    def _ring(self) -> None:
        with self._lock:
            if not self._over:
                self.rung = True
                self._interrupt()
                _raise_in(self._thread, TimeUp)


def _raise_in(thread: int, error: type[Exception] | None) -> None:
    """Raise an error between two steps of a thread; None takes back one that is not raised yet."""
    raised = ctypes.py_object(error) if error is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)

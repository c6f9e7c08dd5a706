"""A limit of time on what a thread does, in the database and in Python alike."""

from __future__ import annotations

import ctypes
import heapq
import itertools
import os
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from graphchannel.errors import QueryTimeout

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Clock", "TimeUp"]

_STEPS = 100  # of Python, between which an error that waits is raised


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
        self.over = False
        self._interrupt: Callable[[], None] | None = interrupt
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        _ALARMS.watch(self, seconds)

    def stop(self) -> None:
        """Let nothing be stopped from now on; what is yet to be raised is raised and ends here.

        It cannot be taken back: Python 3.11 never forgets that it was asked to, and hangs where a
        debugger watches. The error of a longer clock is passed on.
        """
        of_another = False
        while True:
            try:
                with self._lock:
                    self.over = True
                    self._interrupt = None
                if self.rung and not isinstance(sys.exception(), TimeUp):
                    for _ in range(_STEPS):
                        pass
                break
            except TimeUp:
                of_another = not self.rung
        if of_another:
            raise TimeUp

    def ring(self) -> None:
        """Stop the thread, unless `stop` was quicker."""
        with self._lock:
            if self._interrupt is not None:
                self.rung = True
                with suppress(Exception):  # a connection that is closed has nothing to stop
                    self._interrupt()
                _raise_in(self._thread, TimeUp)


class _Alarms:
    """Rings all clocks of the process from one thread: a thread for each costs more than a query.

    The thread begins with the first clock, and sleeps until the next one is due.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Watch nothing yet."""
        self._due: list[tuple[float, int, Clock]] = []
        self._number = itertools.count()
        self._sooner = threading.Condition()
        self._thread: threading.Thread | None = None

    def watch(self, clock: Clock, seconds: float) -> None:
        """Let a clock ring in so many seconds."""
        due = time.monotonic() + seconds
        with self._sooner:
            self._forget_stopped()
            heapq.heappush(self._due, (due, next(self._number), clock))
            if self._thread is None:
                self._thread = threading.Thread(target=self._ring, name="clock", daemon=True)
                self._thread.start()
            elif self._due[0][2] is clock:
                self._sooner.notify()

    def _forget_stopped(self) -> None:
        while self._due and self._due[0][2].over:
            heapq.heappop(self._due)

    def _ring(self) -> None:
        while True:
            self._next().ring()

    def _next(self) -> Clock:
        """Wait for the clock that is due first."""
        with self._sooner:
            while True:
                self._forget_stopped()
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._sooner.wait(wait)


# One for the process, as threads are; a fork has none of its parent's threads.
_ALARMS = _Alarms()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ALARMS.begin)


def _raise_in(thread: int, error: type[Exception]) -> None:
    """Raise an error between two steps of a thread."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))

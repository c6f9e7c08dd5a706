"""What runs in a database is stopped at once when somebody says so, whatever waits for it.

Python hears of Ctrl-C between two of its own steps, and a query is one step. Connections are noted
here when they are opened, so that another thread can stop what they do.
"""

from __future__ import annotations

import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Stoppable", "noted", "stop_all"]


class Stoppable(Protocol):
    """A connection whose work another thread can stop."""

    def interrupt(self) -> None:
        """Let the statement that runs end with an error."""


_Connection = TypeVar("_Connection", bound=Stoppable)
# The one list of its kind: a signal reaches the process, not what was handed down to a function.
_OPEN: weakref.WeakSet[Stoppable] = weakref.WeakSet()


def noted(connection: _Connection) -> _Connection:
    """Note a connection as one to be stopped, while it lives; return it."""
    _OPEN.add(connection)
    return connection


def stop_all() -> None:
    """Stop what all connections do; those that do nothing, or are closed, stay as they are."""
    connections: Iterable[Stoppable] = list(_OPEN)
    for connection in connections:
        with suppress(Exception):  # one that is closed has nothing to stop
            connection.interrupt()

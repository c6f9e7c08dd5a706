"""Opening what a channel stands on: its workspace, current for the policy, or the graph alone."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from graphchannel.errors import GraphChannelError, InputError
from graphchannel.lookup import last_day
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.workspace import LAKE, create_workspace, open_workspace, workspace_to_fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import duckdb

    from graphchannel.channel.engines import EngineChoice
    from graphchannel.engines import Engine
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.runs.model import RunRecord
    from graphchannel.workspace import Workspace

    Day = date | str  # text is ISO 8601

__all__ = ["Asking", "Opening", "day_of", "year_before"]

_log = logging.getLogger("graphchannel")


class Asking(NamedTuple):
    """What one question works with: an engine, and the connection on which its rows land."""

    engine: Engine
    connection: duckdb.DuckDBPyConnection


@dataclass(slots=True)
class Opening:
    """What a channel stands on; `workspace` is opened when the first question is asked.

    `path` is None for a workspace in memory, or, where the engine is a server, for the published
    graph alone. `known_at` is a load or a day: what the workspace knew then is asked, and nothing
    is changed. `say` hears what a person should know beside an answer. `waiting` are runs that are
    written when the workspace is let go.
    """

    path: Path | None
    pack: Path
    rules: tuple[Path, ...]
    engine: EngineChoice
    as_of: date | None = None
    known_at: str | None = None
    say: Callable[[str], None] = _log.info
    waiting: list[RunRecord] = field(default_factory=list, repr=False)
    _workspace: Workspace | None = field(default=None, repr=False)
    _in_step: Workspace | None = field(default=None, repr=False)  # it follows the policy
    _catalogue: Catalogue | None = field(default=None, repr=False)
    _closed: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def catalogue(self) -> Catalogue:
        """The policy with its rules, read when they are first needed.

        Raises PolicyError, and RuleError for a folder without rules or an id that is there twice.
        """
        with self._lock:
            if self._catalogue is None:
                self._catalogue = load_catalogue(self.pack, self.rules)
            return self._catalogue

    @property
    def stored(self) -> Workspace:
        """The workspace to read, as it is stored, whatever policy it follows.

        Raises WorkspaceError where there is none, GraphChannelError where the channel is closed.
        """
        if self._closed:
            raise GraphChannelError("The channel is closed; open it again.")
        with self._lock:
            if self._workspace is None:
                self._workspace = self._opened()
            return self._workspace

    @property
    def workspace(self) -> Workspace:
        """The workspace to read, derived for the policy; raises what `stored` raises."""
        policy = self.catalogue.policy
        with self._lock:
            if (stored := self.stored) is self._in_step:
                return stored
            if stored.policy_fingerprint != policy.fingerprint and self.path is not None:
                self.say(
                    f"The workspace follows another policy than '{policy.name}'; deriving roles "
                    "again."
                )
                self._refresh()
            if self.stored.fixed is not None:
                self._in_step = self.stored
            return self.stored

    @property
    def known_load(self) -> int | None:
        """The load at which the workspace is asked; None for what it knows now. Raises InputError.

        What was known at the last load is what is known now.
        """
        if self.known_at is None or self.path is None:
            return None
        from graphchannel.ingest import load_known_at  # noqa: PLC0415 - seldom asked

        with open_workspace(self.path) as workspace:
            if workspace.meta(LAKE) is not None:
                raise InputError(
                    "Lines that stand in a lake have no history: leave out --known-at."
                )
            return load_known_at(workspace, self.known_at)

    @contextmanager
    def writing(self) -> Iterator[Workspace]:
        """Open the workspace to change it, or make it; what was read from it before is gone."""
        self._refuse_past()
        if self.path is None:
            self._refuse_graph()
            yield self.stored
            return
        self.release()
        with workspace_to_fill(self.path, self.catalogue.policy) as workspace:
            yield workspace

    @contextmanager
    def changing(self) -> Iterator[Workspace]:
        """Open the workspace that is there to change it. Raises WorkspaceError if there is none."""
        self._refuse_past()
        if self.path is None:
            self._refuse_graph()
            with self._lock:  # all threads share the one connection that can write
                yield self.stored
            return
        self.release()
        with open_workspace(self.path, write=True) as workspace:
            yield workspace

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Read what is stored, with a connection that no other thread uses."""
        with self.stored.session() as session, session.reading() as connection:
            yield connection

    @contextmanager
    def asking(
        self, timeout: float | None = None, max_rows: int | None = None, *, once: bool = False
    ) -> Iterator[Asking]:
        """Open the engine, at work in a session of its own.

        `timeout` in seconds and `max_rows` bound each query; None means no limit. What asks `once`
        leaves no table behind, and gets a session that another question has used.
        """
        in_step = self.path is not None  # a replica was read from the graph itself
        workspace = self.workspace
        with (
            self.engine.opened(workspace, timeout, max_rows, checked=in_step) as engine,
            workspace.lent() if once else workspace.session() as session,
            session.working() as connection,
        ):
            yield Asking(engine.on(connection), connection)

    def day(self, as_of: date | str | None) -> date:
        """Return the day to judge: that asked for, the channel's, else the last with a shipment.

        Raises InputError for a text that is no day, GraphChannelError where there is no shipment.
        """
        given = day_of(as_of) or self.as_of
        if given is not None:
            return given
        with self.workspace.session() as session:
            found = last_day(session.connection)
        self.say(f"As of {found}, the last day with a shipment.")
        return found

    def release(self) -> None:
        """Close the workspace, and write the runs that wait; the next question opens it again."""
        with self._lock:
            if self._workspace is not None:
                self._workspace.close()
                self._workspace = self._in_step = None
            waiting, self.waiting = self.waiting, []
        if waiting and self.path is not None:
            from graphchannel.runs.written import write_or_set_aside  # noqa: PLC0415 - after scans

            write_or_set_aside(self.path, waiting, self.say)

    def close(self) -> None:
        """Close all; harmless when done twice."""
        self.release()
        self._closed = True

    def _opened(self) -> Workspace:
        policy = self.catalogue.policy
        if self.known_at is not None:
            return self._opened_past(policy)
        if self.path is None and self.engine.is_server:
            from graphchannel.neo4j.replica import MISSING, replica  # noqa: PLC0415 - an extra

            self.say(MISSING)
            with self.engine.connect() as link:
                return replica(link, policy)
        if self.path is None:
            return create_workspace(None, policy)
        return open_workspace(self.path)

    def _opened_past(self, policy: Policy) -> Workspace:
        """Copy what was known at a load into a workspace in memory. Raises InputError."""
        from graphchannel.ingest import copy_known_at  # noqa: PLC0415 - seldom asked

        if self.engine.uri is not None:
            raise InputError(
                "A published graph or a lake has no history: ask what was known without --engine."
            )
        load = self.known_load
        if self.path is None or load is None:
            raise InputError("What was known is asked of a workspace in a file; name one.")
        self.say(f"As known at load {load}.")
        return copy_known_at(self.path, policy, load)

    def _refuse_past(self) -> None:
        if self.known_at is not None:
            raise InputError("What was known is not changed any more; leave out --known-at.")

    def _refresh(self) -> None:
        """Derive the roles again, for the channel's policy."""
        from graphchannel.ingest import refresh_policy  # noqa: PLC0415 - seldom needed

        with self.changing() as workspace:
            refresh_policy(workspace, self.catalogue.policy)

    def _refuse_graph(self) -> None:
        if self.engine.is_server:
            raise InputError(
                "There is no workspace to load into, only the published graph; name a workspace."
            )


def day_of(value: date | str | None) -> date | None:
    """Return a day, or read it from ISO 8601 text. Raises InputError.

    >>> day_of("2015-06-30")
    datetime.date(2015, 6, 30)
    """
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InputError(f"'{value}' is no day; expected one such as 2015-06-30.") from error


def year_before(the_day: date) -> date:
    """Return the first day of the year that ends on `the_day`; the calendar's first has none."""
    if the_day.year == 1:
        return date.min
    leap = the_day.month == 2 and the_day.day == 29
    return the_day.replace(year=the_day.year - 1, day=28 if leap else the_day.day) + timedelta(1)

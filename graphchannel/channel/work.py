"""Work on findings: who deals with which, until when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from graphchannel.channel.opening import day_of
from graphchannel.runs.store import set_aside_records
from graphchannel.runs.written import write_or_set_aside
from graphchannel.tabular import Tabular
from graphchannel.worklist import changes
from graphchannel.worklist.changes import Doer
from graphchannel.worklist.items import (
    WorkFilter,
    chosen_items,
    item_named,
    known_findings,
    work_items,
)
from graphchannel.worklist.judged import last_judged
from graphchannel.worklist.sheet import SHEET_MAY_HAVE, SHEET_NEEDS, sheet_rows
from graphchannel.worklist.store import add_events
from graphchannel.worklist.table_file import read_table_file
from graphchannel.worklist.who import who_is

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import duckdb

    from graphchannel.channel.opening import Day, Opening
    from graphchannel.findings.work import WorkEvent
    from graphchannel.worklist.items import WorkItem
    from graphchannel.worklist.sheet import SheetRow
    from graphchannel.worklist.who import Who

__all__ = [
    "OPEN_STATES",
    "Work",
    "WorkChange",
    "WorkFilter",
    "WorkImport",
    "WorkList",
    "today",
    "who_is",
]

OPEN_STATES = ("open", "assigned", "reopened")


@dataclass(frozen=True, slots=True)
class WorkList(Tabular):
    """Findings with the work on them; as a table, a row for each.

    `as_of` is the day of the last run, None where there is none; `today` the day by which what is
    overdue is told.
    """

    columns: ClassVar[tuple[str, ...]] = (
        "fingerprint", "severity", "rule", "subject", "object", "lines", "amount", "state", "owner",
        "due", "closed_as", "gone",
    )  # fmt: skip

    items: tuple[WorkItem, ...]
    as_of: date | None
    today: date

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the items."""
        for item in self.items:
            of_work = {n: getattr(item.work, n) for n in ("state", "owner", "due", "closed_as")}
            known = {n: getattr(item, n) for n in self.columns[:7]}
            yield known | of_work | {"gone": not item.there}


@dataclass(frozen=True, slots=True)
class WorkChange:
    """What was done, by whom: `items` are the findings that were meant, `events` what was written.

    A finding that was so already has no event.
    """

    who: Who
    items: tuple[WorkItem, ...]
    events: tuple[WorkEvent, ...]

    @property
    def changed(self) -> int:
        """How many findings something was done about."""
        return len({event.fingerprint for event in self.events})


@dataclass(frozen=True, slots=True)
class WorkImport(Tabular):
    """What became of each row of a sheet that came back; `applied` tells if any was written."""

    columns: ClassVar[tuple[str, ...]] = ("row", "fingerprint", "outcome", "said")

    who: Who
    rows: tuple[SheetRow, ...]
    applied: bool

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(row.outcome == "refused" for row in self.rows)

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the rows."""
        for row in self.rows:
            yield {name: getattr(row, name) for name in self.columns}


@dataclass(frozen=True, slots=True)
class Work:
    """The work list of a channel.

    Findings are meant by the beginnings of their fingerprints, or by a `WorkFilter`, or both: then
    those that are named and fit. `by` says who does something; by default the environment, else the
    system's user. With `only_look` nothing is written. Everything is done as a whole or not at all.
    """

    _opening: Opening

    def list(self, which: WorkFilter | None = None, *names: str, on: Day | None = None) -> WorkList:
        """Return the findings on the list, by default all. Raises InputError for unknown names."""
        with self._opening.reading() as connection:
            last = last_judged(connection)
            found = self._meant(connection, names, which or WorkFilter())
        return WorkList(found, last.as_of, day_of(on) or today())

    def show(self, fingerprint: str) -> WorkItem:
        """Return one finding with all that was done about it. Raises InputError."""
        (item,) = self.list(None, fingerprint).items
        return item

    def assign(
        self,
        *names: str,
        to: str | None,
        which: WorkFilter | None = None,
        due: Day | None = None,
        reason: str | None = None,
        by: str | None = None,
        only_look: bool = False,
    ) -> WorkChange:
        """Give findings an owner, None for nobody, and a due day. Raises InputError if closed."""
        day = day_of(due)

        def done(items: Sequence[WorkItem], doer: Doer) -> Sequence[WorkEvent]:
            return changes.assigned(items, doer, owner=to, due=day, reason=reason)

        return self._do(names, which, by, done, only_look=only_look)

    def comment(
        self,
        *names: str,
        text: str,
        which: WorkFilter | None = None,
        by: str | None = None,
        only_look: bool = False,
    ) -> WorkChange:
        """Say something about findings. Raises InputError for an empty text."""

        def done(items: Sequence[WorkItem], doer: Doer) -> Sequence[WorkEvent]:
            return changes.commented(items, doer, text=text)

        return self._do(names, which, by, done, only_look=only_look)

    def close(
        self,
        *names: str,
        as_: str,
        reason: str,
        which: WorkFilter | None = None,
        by: str | None = None,
        only_look: bool = False,
    ) -> WorkChange:
        """Close findings as `confirmed`, `false-positive` or `remediated`. Raises InputError."""

        def done(items: Sequence[WorkItem], doer: Doer) -> Sequence[WorkEvent]:
            return changes.closed(items, doer, as_=as_, reason=reason)

        return self._do(names, which, by, done, only_look=only_look)

    def reopen(
        self,
        *names: str,
        reason: str,
        which: WorkFilter | None = None,
        by: str | None = None,
        only_look: bool = False,
    ) -> WorkChange:
        """Open closed findings again. Raises InputError for those that are open."""

        def done(items: Sequence[WorkItem], doer: Doer) -> Sequence[WorkEvent]:
            return changes.reopened(items, doer, reason=reason)

        return self._do(names, which, by, done, only_look=only_look)

    def read_sheet(
        self,
        file: Path | str,
        *,
        by: str | None = None,
        only_look: bool = False,
        skip_refused: bool = False,
    ) -> WorkImport:
        """Read a sheet of the list that came back, with what somebody changed in it.

        Nothing is written if a row is refused, unless those are to be skipped. Raises InputError
        for a file that is no such sheet.
        """
        who = who_is(by)
        self._take_in()
        with self._opening.changing() as workspace, workspace.transaction():
            connection = workspace.connection
            table = read_table_file(connection, Path(file), SHEET_NEEDS, SHEET_MAY_HAVE)
            items = {one.fingerprint: one for one in self._meant(connection, (), WorkFilter())}
            doer = Doer(who.name, _now(), last_judged(connection).last)
            rows = sheet_rows(table, items, doer)
            events = [event for row in rows for event in row.events]
            fits = skip_refused or not any(row.outcome == "refused" for row in rows)
            applied = bool(events) and fits and not only_look
            if applied:
                add_events(connection, events)
        return WorkImport(who, rows, applied)

    def _do(
        self,
        names: Sequence[str],
        which: WorkFilter | None,
        by: str | None,
        done: Callable[[Sequence[WorkItem], Doer], Sequence[WorkEvent]],
        *,
        only_look: bool,
    ) -> WorkChange:
        who = who_is(by)
        self._take_in()
        with self._opening.changing() as workspace, workspace.transaction():
            connection = workspace.connection
            items = self._meant(connection, names, which or WorkFilter())
            doer = Doer(who.name, _now(), last_judged(connection).last)
            events = tuple(done(items, doer))
            if not only_look:
                add_events(connection, events)
        return WorkChange(who, items, events)

    def _take_in(self) -> None:
        """Let runs that wait beside the workspace be written first: people have seen them."""
        path = self._opening.path
        if path is not None and set_aside_records(path):
            self._opening.release()
            write_or_set_aside(path, [], self._opening.say)

    def _meant(
        self, connection: duckdb.DuckDBPyConnection, names: Sequence[str], which: WorkFilter
    ) -> tuple[WorkItem, ...]:
        items = work_items(connection, self._opening.catalogue.policy.due_days)
        fitting = chosen_items(connection, items, which)
        if not names:
            return fitting
        known = known_findings(connection)
        named = {item_named(items, known, name).fingerprint for name in names}
        return tuple(item for item in fitting if item.fingerprint in named)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def today() -> date:
    """Return the day by which something is overdue (UTC)."""
    return _now().date()

"""What goes into a channel's workspace, and what is known of it: loads, rows, rejects."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from graphchannel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from graphchannel.channel.opening import Opening
    from graphchannel.ingest import (
        Duplicate,
        LoadEntry,
        LoadReport,
        ReadOptions,
        Reject,
        RejectReason,
        Status,
        TakenIn,
        UnloadReport,
        WithdrawnDuplicates,
    )
    from graphchannel.spark.lake import Lake

__all__ = ["ALL", "ChannelData", "RejectFilter"]


class RejectFilter(NamedTuple):
    """Which rejects are meant: those of a load, a table, with a code; None leaves it open."""

    load: int | None = None
    table: str | None = None
    code: str | None = None


ALL = RejectFilter()


class ChannelData:
    """Changes of the workspace, and questions about what was loaded."""

    __slots__ = ("_opening",)

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def load(
        self,
        *sources: Path | str,
        options: ReadOptions | None = None,
        replace: Sequence[str] = (),
        keep_empty: Sequence[str] = (),
        reporter: str | None = None,
        period: str | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> LoadReport:
        """Load folders, files and globs as one load, in one transaction.

        Tables named in `replace` are full snapshots: rows that the files lack are withdrawn. In
        those of `keep_empty` an empty cell leaves what is stored. With a `period`, such as 2015-06,
        the files are all that the party `reporter` has to say of it. `progress` hears each step.
        Reply sheets of partners among them go into the work list (see `LoadReport.replies`).
        Raises InputError, LoaderError, WorkspaceError; the workspace is then as it was.
        """
        from graphchannel.channel.replying import answered, sheets_among  # noqa: PLC0415 - to load
        from graphchannel.ingest import (  # noqa: PLC0415 - to load
            LoadReport,
            Reported,
            load,
            parse_period,
        )
        from graphchannel.ingest.readers import find_files  # noqa: PLC0415 - to load

        if period and not reporter:
            raise InputError("--period goes with --reporter ID.")
        of_period = parse_period(period) if period else None
        paths = [Path(source) for source in sources]
        with self._opening.writing() as workspace:
            sheets = sheets_among(workspace, paths)
            if sheets and len(sheets) == len(find_files(paths).files):
                return LoadReport(0, (), replies=answered(workspace, sheets))
            report = load(
                workspace,
                paths,
                self._opening.catalogue.policy,
                options,
                replace=replace,
                keep_empty=keep_empty,
                reported=Reported(reporter, of_period) if reporter else None,
                progress=progress,
                leave=sheets,
            )
            return dataclasses.replace(report, replies=answered(workspace, sheets))

    def load_into(
        self,
        lake: Path | str,
        *sources: Path | str,
        engine: str,
        options: ReadOptions | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> LoadReport:
        """Load folders, files and globs on Spark into a lake, made anew from them alone.

        `engine` is such as `spark:local[*]`. What is accepted and rejected is what a load into a
        new workspace would; that of the lake is `workspace.duckdb` in it. Raises InputError for
        what cannot be loaded so, EngineError; the lake of before stands then.
        """
        from graphchannel.ingest import ReadOptions  # noqa: PLC0415 - to load
        from graphchannel.spark.load_into import load_into  # noqa: PLC0415 - few ask

        paths = [Path(source) for source in sources]
        asked, policy = options or ReadOptions(), self._opening.catalogue.policy
        said = progress or (lambda _: None)
        return load_into(engine, paths, policy, asked, Path(lake), progress=said)

    def take_in(
        self,
        files: Sequence[Path | str],
        options: ReadOptions | None = None,
        *,
        again: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> TakenIn:
        """Load files that the workspace has not seen, by their content; refuse those that are none.

        One that cannot be read keeps no other from being loaded, and is not tried again, unless
        `again` asks for it. Reply sheets of partners go into the work list. Raises WorkspaceError,
        OSError.
        """
        from graphchannel.channel.replying import answered_sheet  # noqa: PLC0415 - to load
        from graphchannel.ingest import ReadOptions, take_in  # noqa: PLC0415 - to load

        with self._opening.writing() as workspace:
            return take_in(
                workspace,
                [Path(file) for file in files],
                self._opening.catalogue.policy,
                options or ReadOptions(),
                again=again,
                progress=progress,
                answer=lambda file: answered_sheet(workspace, file),
            )

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Be the only one that watches for this workspace while the block runs.

        Raises WorkspaceBusy where another process does, InputError for a workspace in memory.
        """
        from graphchannel.channel.watching import only_watch  # noqa: PLC0415 - seldom

        if self._opening.path is None:
            raise InputError("Files that are dropped go into a workspace in a file; name one.")
        with only_watch(self._opening.path):
            yield

    def release(self) -> None:
        """Let go of the workspace until the next question, so that others may change it."""
        self._opening.release()

    def unload(self, load: int) -> UnloadReport:
        """Take a load back, as if it had not been loaded. Raises GraphChannelError."""
        from graphchannel.ingest import unload  # noqa: PLC0415 - seldom

        with self._opening.changing() as workspace:
            return unload(workspace, load)

    def export(self, lake: Path | str | None = None) -> Lake:
        """Write the graph as a lake of Parquet files for Spark, by default beside the workspace.

        A lake that is there is replaced whole. Raises InputError for a folder that holds something
        else, EngineError for a workspace in memory without a named one, OSError.
        """
        from graphchannel.spark.lake import default_lake, export_lake  # noqa: PLC0415 - few ask

        workspace = self._opening.workspace
        return export_lake(workspace, Path(lake) if lake else default_lake(workspace.path))

    def loads(self) -> tuple[LoadEntry, ...]:
        """Return what changed the workspace, oldest first."""
        from graphchannel.ingest import loads  # noqa: PLC0415 - few ask

        return tuple(loads(self._opening.stored))

    def status(self) -> Status:
        """Return what the workspace holds."""
        from graphchannel.ingest import status  # noqa: PLC0415 - few ask

        return status(self._opening.stored)

    def duplicates(self) -> tuple[Duplicate, ...]:
        """Return lines that say what another line says: one sale under two line ids."""
        from graphchannel.ingest import duplicates  # noqa: PLC0415 - few ask

        return duplicates(self._opening.stored)

    def withdraw_duplicates(self) -> WithdrawnDuplicates | None:
        """Take likely duplicates out of all totals, as one load; None if there are none."""
        from graphchannel.ingest import withdraw_duplicates  # noqa: PLC0415 - seldom

        with self._opening.changing() as workspace:
            return withdraw_duplicates(workspace)

    def rejects(self, which: RejectFilter = ALL, *, limit: int | None = None) -> tuple[Reject, ...]:
        """Return open rejects, the first `limit` of them."""
        from graphchannel.ingest import rejects  # noqa: PLC0415 - few ask

        return tuple(rejects(self._opening.stored, **which._asdict(), limit=limit))

    def reject_reasons(self, which: RejectFilter = ALL) -> tuple[RejectReason, ...]:
        """Return why rows were rejected, the most frequent reason first."""
        from graphchannel.ingest import reject_reasons  # noqa: PLC0415 - few ask

        return tuple(reject_reasons(self._opening.stored, **which._asdict()))

    def count_rejects(self, which: RejectFilter = ALL) -> int:
        """Return how many rejects are open."""
        from graphchannel.ingest import count_rejects  # noqa: PLC0415 - few ask

        return count_rejects(self._opening.stored, **which._asdict())

    def export_rejects(self, file: Path | str) -> int:
        """Write all open rejects to a CSV file, to be corrected and loaded; return how many."""
        from graphchannel.ingest import export_rejects  # noqa: PLC0415 - few ask

        return export_rejects(self._opening.stored, Path(file))

    def dismiss_rejects(self, numbers: Sequence[int]) -> int:
        """Close rejects that are no matter; return how many. Raises InputError for unknown ones."""
        from graphchannel.ingest import dismiss_rejects  # noqa: PLC0415 - seldom

        with self._opening.changing() as workspace:
            return dismiss_rejects(workspace, numbers)

    def accept_rejects(self, numbers: Sequence[int]) -> LoadReport:
        """Apply corrections that were held for review, as one load. Raises InputError."""
        from graphchannel.ingest import accept_rejects  # noqa: PLC0415 - seldom

        with self._opening.changing() as workspace:
            return accept_rejects(workspace, self._opening.catalogue.policy, numbers)

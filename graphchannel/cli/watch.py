"""`graphchannel watch`."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._exit import Exit
from graphchannel.cli._faults import told
from graphchannel.cli._help import example
from graphchannel.cli._interrupt import Stopped
from graphchannel.cli._loading import load_code, said_of_load, shown_progress
from graphchannel.cli._options import SECONDS
from graphchannel.cli._reading import reading_options
from graphchannel.cli._saying import echo
from graphchannel.cli._scanning import judge_and_print, question_options
from graphchannel.errors import GraphChannelError, WorkspaceBusy
from graphchannel.text import counted

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._scanning import Question
    from graphchannel.ingest import LoadReport, ReadOptions, TakenIn
    from graphchannel.ingest.inbox import Inbox
    from graphchannel.ingest.outcome import ReplySheet

GROUP = "data"


@example(
    "graphchannel watch inbox/ --once --summary --output report.html",
    "graphchannel watch inbox/ --every 60 --fail-on high --summary",
)
@click.command("watch")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER"
)
@click.option("--once", is_flag=True, help="Look once and end, as for cron or a systemd timer.")
@click.option(
    "--every",
    type=SECONDS,
    default=10.0,
    show_default=True,
    help="Look after so many seconds again.",
)
@click.option(
    "--settle",
    type=SECONDS,
    default=3.0,
    show_default=True,
    help="Load a file once it has not changed for so many seconds.",
)
@click.option("--retry", is_flag=True, help="Try files again that were refused before.")
@reading_options
@channel_options(rules=True, known_at=False, as_of=True)
@question_options
def command(
    *,
    folder: Path,
    once: bool,
    every: float,
    settle: float,
    retry: bool,
    options: ReadOptions,
    channel: Channel,
    question: Question,
) -> None:
    """Load files that are dropped into a folder, then scan.

    FOLDER and the folders in it are looked at. Each file is loaded once, by its content, when it is
    there whole; one that cannot be read is told of once. After a load the channel is scanned as by
    `graphchannel scan`, whose options are here, too. With --once the exit code is 0 if nothing was
    new or found, 1 if a row was rejected or there are findings, 2 if a file was refused or the scan
    failed.
    """
    from graphchannel.ingest.inbox import Inbox  # noqa: PLC0415 - not for help

    channel.catalogue.select(question.rules, question.severity)  # misspelt, it is said at once
    watch = _Watch(channel, Inbox(folder, settle), options, question, retry=retry)
    with channel.watching():
        if once:
            sys.exit(watch.once())
        _poll(watch, folder, every)


def _poll(watch: _Watch, folder: Path, every: float) -> None:
    """Look again and again; SIGTERM is how this ends, and no failure."""
    echo(f"Watching {folder}. Ctrl-C ends it.", err=True)
    try:
        while True:
            watch.look()
            time.sleep(every)
    except Stopped:
        echo("Stopped.", err=True)


@dataclass(slots=True)
class _Watch:
    """A folder, a channel, and what is scanned when something came in.

    `pending` tells whether rows may have changed since the last scan, also one that another process
    did not come to. `said` are troubles that were told of and may pass.
    """

    channel: Channel
    inbox: Inbox
    options: ReadOptions
    question: Question
    retry: bool
    pending: bool = True
    said: set[str] = field(default_factory=set)

    def once(self) -> Exit:
        """Wait until what is there has settled, load it, scan, and return how that ended."""
        self.inbox.settled(time.monotonic())
        time.sleep(self.inbox.settle)
        taken = self._take_in()
        for file in (*self.inbox.unsettled(), *taken.changing):
            echo(
                f"{file}: it is empty, or still being written; it is left for the next time.",
                err=True,
            )
        code = max([Exit.CLEAN, *map(load_code, taken.loads)])
        answers = [row.outcome for sheet in taken.replies for row in sheet.rows]
        code = max(code, Exit.FINDINGS) if "refused" in answers else code
        code = Exit.FAILED if taken.refused else code
        if self.channel.unjudged() is None:
            echo(f"Nothing new in {self.inbox.folder}.", err=True)
            return code
        return max(code, judge_and_print(self.channel, self.question))

    def look(self) -> None:
        """Load what has settled and scan; what goes wrong is said, and the next look comes."""
        try:
            self.pending |= bool(self._take_in().loads)
            if self.pending:
                self._scan()
        except (GraphChannelError, OSError) as error:
            sentence = told(error) or str(error)
            if sentence not in self.said:
                echo(f"graphchannel: {sentence}", err=True)
            self.said.add(sentence)
        else:
            self.said.clear()
        finally:
            self.channel.release()

    def _scan(self) -> None:
        """Scan what no run has judged; a failure is not repeated, unless others were in the way."""
        try:
            if self.channel.unjudged() is not None:
                judge_and_print(self.channel, self.question)
        except WorkspaceBusy:
            raise
        except BaseException:
            self.pending = False
            raise
        self.pending = False

    def _take_in(self) -> TakenIn:
        from graphchannel.ingest import TakenIn  # noqa: PLC0415 - not for help
        from graphchannel.ingest.inbox import stamp_of  # noqa: PLC0415 - with it

        files = self.inbox.settled(time.monotonic())
        if not files:
            return TakenIn((), (), 0)
        stamps = {file: stamp_of(file) for file in files}
        with shown_progress() as progress:
            taken = self.channel.take_in(files, self.options, again=self.retry, progress=progress)
        self.retry = False
        for file in set(files) - set(taken.changing):
            self.inbox.done(file, stamps[file])
        for report in taken.loads:
            _say(report)
        for sheet in taken.replies:
            _say_answers(sheet)
        for refused in taken.refused:
            echo(
                f"{refused.reason} It is not loaded, nor tried again: load it by hand, or use "
                "--retry.",
                err=True,
            )
        return taken


def _say_answers(sheet: ReplySheet) -> None:
    """Say how many rows of a reply sheet had which outcome, and why rows were refused."""
    from graphchannel.ingest.outcome import outcomes_told  # noqa: PLC0415 - not for help

    answers = counted(len(sheet.rows), "answer")
    echo(f"{sheet.file.name}: {answers} of a partner: {outcomes_told(sheet.rows)}.", err=True)
    for row in sheet.rows:
        if row.outcome == "refused":
            echo(f"{sheet.file.name}: row {row.row}: {row.said}", err=True)


def _say(report: LoadReport) -> None:
    """Say what became of the records of each file of a load."""
    said_of_load(report)
    for file in report.files:
        parts = [f"{counted(file.records, 'record')} of {file.table}"]
        for word in ("added", "corrected", "unchanged", "rejected"):
            parts += [f"{number:,} {word}"] if (number := getattr(file, word)) else []
        echo(f"Load {report.load}: {file.file}: {', '.join(parts)}.", err=True)

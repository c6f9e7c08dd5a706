"""What commands that load say beside their result."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphchannel.cli._exit import Exit
from graphchannel.cli._saying import echo
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphchannel.ingest import LoadReport

__all__ = ["load_code", "said_of_load", "shown_progress"]


def load_code(report: LoadReport) -> Exit:
    """Return how a command ends that loaded this."""
    if not report.rejected and not report.refused:
        return Exit.CLEAN
    answers = any(row.outcome != "refused" for sheet in report.replies for row in sheet.rows)
    return Exit.FINDINGS if report.accepted or answers else Exit.FAILED


def said_of_load(report: LoadReport) -> None:
    """Say what there is to know about how files were read, and what to do about rejects."""
    for sentence in report.passed_over:
        echo(sentence, err=True)
    for file in report.files:
        for warning in file.warnings:
            echo(warning, err=True)
        if file.loader is not None:
            by = file.loader if file.loader.startswith("sender ") else f"loader {file.loader}"
            echo(f"{file.file}: {by}. {file.because}", err=True)
    if report.load and not any(file.records for file in report.files):
        echo("The files have no rows yet.", err=True)
    if report.rejected:
        wrong = counted(report.rejected, "row")
        echo(f"{wrong} rejected; 'graphchannel rejects' says why.", err=True)


@contextmanager
def shown_progress() -> Iterator[Callable[[str], None]]:
    """Show the step on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - a terminal alone needs it

    with Console(stderr=True).status("loading") as status:
        yield status.update

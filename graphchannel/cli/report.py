"""`graphchannel report`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import neo4j_url_option, parsed_address
from graphchannel.cli._options import day_range_options
from graphchannel.cli._outputs import Destination, refuse_files, write_all
from graphchannel.cli._saying import echo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphchannel.channel import Channel
    from graphchannel.channel.report_facts import ReportFacts
    from graphchannel.neo4j.browser import BrowserAddress

GROUP = "findings"


@example(
    "graphchannel report report.html",
    "graphchannel report report.html report.pdf --as-of 2015-06-30",
    "graphchannel report --partner P00108 --out amber/",
)
@click.command("report")
@click.argument(
    "files", metavar="[FILE]...", nargs=-1, type=click.Path(dir_okay=False, path_type=Path)
)
@channel_options(rules=True, engine=True, as_of=True)
@day_range_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["html", "pdf"]),
    help="How to write it.  [default: as the file's suffix says]",
)
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON report of an earlier scan: tell new, known and gone findings.",
)
@click.option("--partner", metavar="ID", help="Write what this partner may be given, with --out.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for what a partner may be given; its key is written beside it.",
)
@neo4j_url_option
def command(
    *,
    files: tuple[Path, ...],
    channel: Channel,
    since: date | None,
    until: date | None,
    format_: str | None,
    baseline: Path | None,
    partner: str | None,
    out: Path | None,
    neo4j_url: str | None,
) -> None:
    """Write a report that needs no program: one HTML file, or a PDF.

    FILE holds all: findings to search, sort and group, a page for each finding and party, coverage,
    resilience, key figures, rules, and what the report rests on. It asks no network. A PDF is
    printed by the Chromium that is installed, and has the worst findings in full. Several files are
    written from one scan. Exit code 2 if a rule could not be run; the report says which.

    With --partner and --out a folder is written that this partner may be given: findings about it,
    lines that it reported or took part in, a sheet to answer on; all other parties are masked.
    """
    if partner is not None and out is not None:
        if files or format_ or baseline or neo4j_url:
            raise click.UsageError("--partner and --out go with days and workspace alone.")
        _write_pack(channel, partner, out, since=since, until=until)
    elif files and partner is None and out is None:
        outputs = _outputs(files, format_)
        browser = parsed_address(neo4j_url)
        facts = channel.report(since=since, until=until, baseline=baseline)
        _write_report(facts, browser, outputs)
    else:
        raise click.UsageError("Name a file such as report.html, or --partner ID and --out DIR.")


def _write_report(
    facts: ReportFacts, browser: BrowserAddress | None, outputs: Sequence[Destination]
) -> None:
    from graphchannel.cli._pages import page_of  # noqa: PLC0415 - not for help
    from graphchannel.report.pages.printed import write_page  # noqa: PLC0415 - not for help

    page = page_of(facts, browser)

    def write(output: Destination) -> None:
        if output.file is not None:
            write_page(page, output.file, output.format)
            echo(f"Wrote {output.file}: {len(facts.judged.findings):,} findings.", err=True)

    write_all(outputs, write)
    _say_what_failed(facts)


def _say_what_failed(facts: ReportFacts) -> None:
    """Say beside the report what is in it, too, and end with code 2 if a rule could not be run."""
    for notice in facts.judged.notices:
        echo(notice, err=True)
    failed = [outcome for outcome in facts.judged.outcomes if outcome.status == "error"]
    for outcome in failed:
        echo(f"graphchannel: {outcome.id}: {outcome.reason}", err=True)
    if failed:
        sys.exit(Exit.FAILED)


def _write_pack(
    channel: Channel, partner: str, out: Path, *, since: date | None, until: date | None
) -> None:
    from graphchannel.report.pages.pack import write_pack  # noqa: PLC0415 - not for help

    pack = channel.partner_pack(partner, since=since, until=until)
    key = write_pack(pack, out)
    echo(f"Wrote {out}: {len(pack.facts.judged.findings):,} findings.", err=True)
    echo(f"{key} says who is who; keep it, and do not pass it on.", err=True)


def _outputs(files: Sequence[Path], format_: str | None) -> list[Destination]:
    """Say how to write each file; refuse before any work what could not be written after it."""
    from graphchannel.report.pages.printed import chromium  # noqa: PLC0415 - not for help

    if format_ and len(files) > 1:
        raise click.UsageError(
            f"--format {format_} goes with one file; the names of several say how to write them."
        )
    refuse_files(files, "")
    outputs = [Destination(_kind(file, format_), file) for file in files]
    if any(output.format == "pdf" for output in outputs):
        chromium()
    return outputs


def _kind(file: Path, format_: str | None) -> str:
    kind = format_ or {".html": "html", ".htm": "html", ".pdf": "pdf"}.get(file.suffix.lower())
    if kind is None:
        raise click.UsageError(f"{file}: expected a name such as report.html, or --format.")
    return kind

"""How a scan is asked for, printed, and told by its exit code, in every command that scans.

The command receives `question: Question` in place of options, and hands it to `judge_and_print`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphchannel.cli._config import SEVERITIES, from_config
from graphchannel.cli._exit import Exit
from graphchannel.cli._neo4j import neo4j_url_option, parsed_address
from graphchannel.cli._options import SECONDS, day_range_options
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._rules import complete_rule, repeated_options
from graphchannel.cli._saying import echo
from graphchannel.report.formats import format_named
from graphchannel.text import listed

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing
    from graphchannel.findings import ScanResult
    from graphchannel.neo4j.browser import BrowserAddress
    from graphchannel.policy import Severity
    from graphchannel.report.document import Document

__all__ = ["Question", "judge_and_print", "question_options"]

_Command = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Question:
    """What a scan is asked, what is shown of it, and what does not stop a gate."""

    since: date | None
    until: date | None
    rules: tuple[str, ...]
    severity: Severity | None
    partner: str | None
    country: str | None
    product: str | None
    baseline: Path | None
    timeout: float
    by: str | None
    show_waived: bool
    top: int
    summary: bool
    browser: BrowserAddress | None
    from_scratch: bool
    fail_on: Severity
    allow_policy_change: bool
    allow_empty: bool
    printing: Printing

    def ask(self, channel: Channel) -> ScanResult:
        """Scan the channel."""
        return channel.scan(
            since=self.since,
            until=self.until,
            rules=self.rules,
            severity=self.severity,
            partner=self.partner,
            country=self.country,
            product=self.product,
            baseline=self.baseline,
            timeout=self.timeout,
            from_scratch=self.from_scratch,
        )


_OPTIONS: tuple[Callable[[_Command], _Command], ...] = (
    day_range_options,
    click.option(
        "--rule",
        "rules_",
        metavar="GLOB",
        multiple=True,
        shell_complete=complete_rule,
        help="Run these rules only.",
    ),
    click.option(
        "--severity", type=click.Choice(SEVERITIES), help="Run rules at or above it only."
    ),
    click.option("--partner", metavar="ID", help="Show findings about this party only."),
    click.option("--country", metavar="CODE", help="Show findings about this country only."),
    click.option("--product", metavar="ID", help="Count lines of this product only."),
    click.option(
        "--by",
        type=click.Choice(["subject"]),
        help="Sum the findings up by subject instead of listing them.",
    ),
    click.option("--show-waived", is_flag=True, help="Show waived findings, too."),
    click.option(
        "--baseline",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="JSON report of an earlier scan: only findings that are new or have grown fail.",
    ),
    click.option(
        "--allow-policy-change",
        is_flag=True,
        help="Compare with the baseline although the policy or a rule was edited since.",
    ),
    click.option(
        "--allow-empty", is_flag=True, help="End with exit code 0 although nothing was judged."
    ),
    click.option(
        "--timeout",
        type=SECONDS,
        default=3600.0,
        show_default=True,
        help="Stop a rule after so many seconds; the others run.",
    ),
    click.option(
        "--from-scratch",
        is_flag=True,
        help="Run each rule, also one whose rows are those of the last scan.",
    ),
    printing_options("rules", "waivers", "findings", "evidence", has=("scan", "page")),
    click.option(
        "--summary",
        is_flag=True,
        help="Print one line for a log or a chat, beside what --output writes.",
    ),
    neo4j_url_option,
    click.option(
        "--top",
        type=click.IntRange(min=1),
        default=10,
        show_default=True,
        help="How many findings the table shows.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(SEVERITIES),
        default="low",
        show_default=True,
        callback=from_config("fail-on"),
        help="End with exit code 1 if a finding is at or above this severity.",
    ),
)


def question_options(function: _Command) -> _Command:
    """Add the options of a scan; the command receives `question: Question` in place of them."""

    @functools.wraps(function)
    def gathered(**given: Any) -> object:
        asked = {name: given.pop(name) for name in _ASKED if name in given}
        question = Question(
            rules=given.pop("rules_"), browser=parsed_address(given.pop("neo4j_url")), **asked
        )
        _refuse(question)
        return function(question=question, **given)

    command: _Command = gathered
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_ASKED = tuple(name for name in Question.__dataclass_fields__ if name not in {"rules", "browser"})


def _refuse(question: Question) -> None:
    """Refuse before any work what does not go together."""
    printing = question.printing
    whole = [name for name in sorted(printing.formats) if format_named(name).needs]
    if question.by and whole:
        raise click.UsageError(f"--format {whole[0]} lists findings; leave out --by.")
    if question.summary and any(one.file is None for one in printing.outputs) and printing.asked:
        raise click.UsageError(
            "--summary takes the place of what is printed on standard output; name files with "
            "--output for the rest."
        )


def judge_and_print(channel: Channel, question: Question) -> Exit:
    """Scan once, write all that was asked for, and return how the command ends.

    Raises what a scan raises, and GraphChannelError where something could not be written.
    """
    from graphchannel.report.documents.scan_sentences import summary  # noqa: PLC0415 - as below

    with question.ask(channel) as result:
        in_table = "table" in question.printing.formats and not question.summary
        _notice(result, with_waivers=not in_table or bool(question.by))
        code, said = _ending(result, question)
        line = summary(result) if question.summary else None
        printing = question.printing.without_screen if question.summary else question.printing
        print_document(_document(channel, result, question), printing)
    if line is not None:
        echo(line)
    for sentence in said:
        echo(f"graphchannel: {sentence}", err=True)
    return code


def _notice(result: ScanResult, *, with_waivers: bool) -> None:
    from graphchannel.findings.waivers import sentence  # noqa: PLC0415 - imports duckdb

    for notice in result.notices:
        echo(notice, err=True)
    for waiver in result.waivers if with_waivers else ():
        if said := sentence(waiver):
            echo(said, err=True)


def _document(channel: Channel, result: ScanResult, question: Question) -> Document:
    from graphchannel.report.documents.scan import scan_document  # noqa: PLC0415 - imports duckdb
    from graphchannel.report.documents.subjects import by_subject_document  # noqa: PLC0415 - with it

    if question.by == "subject":
        return by_subject_document(result, top=question.top)
    document = scan_document(
        result,
        top=question.top,
        show_waived=question.show_waived,
        show_options=repeated_options(click.get_current_context()),
        browser=question.browser,
    )
    return replace(
        document,
        fail_on=question.fail_on,
        page=lambda: _page(channel, result, question.browser),
    )


def _page(channel: Channel, result: ScanResult, browser: BrowserAddress | None) -> str:
    from graphchannel.cli._pages import page_of  # noqa: PLC0415 - seldom asked

    return page_of(channel.report_on(result), browser)


def _ending(result: ScanResult, question: Question) -> tuple[Exit, list[str]]:
    """Return how the command ends, and what is to be said of it."""
    if result.failed:
        failed = [outcome for outcome in result.outcomes if outcome.status == "error"]
        return Exit.FAILED, [f"{outcome.id}: {outcome.reason}" for outcome in failed]
    if result.empty and not question.allow_empty:
        said = "That says nothing of compliance; where it is meant, add --allow-empty."
        return Exit.FAILED, [f"{result.empty} {said}"]
    if result.edits and not question.allow_policy_change:
        said = (
            f"The baseline was judged otherwise ({listed(result.edits)}): what is gone may be gone "
            "for that alone. Write the baseline again, or add --allow-policy-change."
        )
        return Exit.FAILED, [said]
    return (Exit.FINDINGS if result.fails(question.fail_on) else Exit.CLEAN), []

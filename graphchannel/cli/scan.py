"""`graphchannel scan`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._scanning import judge_and_print, question_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._scanning import Question

GROUP = "findings"


@example(
    "graphchannel scan --as-of 2015-06-30",
    "graphchannel scan --rule 'supply/*' --severity high",
    "graphchannel scan --summary --output findings.xlsx --output report.html",
)
@click.command("scan")
@channel_options(rules=True, engine=True, as_of=True)
@question_options
def command(*, channel: Channel, question: Question) -> None:
    """Run the rules and print the findings.

    Lines after the as-of day never count. One scan writes as many files as are named, each in the
    format of its name. Exit code: 0 nothing at or above --fail-on, 1 findings, 2 a rule could not
    be run, a file could not be written, nothing was judged, or the policy is not that of the
    baseline.
    """
    sys.exit(judge_and_print(channel, question))

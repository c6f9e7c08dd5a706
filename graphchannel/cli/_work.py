"""Which findings a command of the work list means, and what it says of what it did."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from graphchannel.cli._config import SEVERITIES
from graphchannel.cli._rules import complete_rule
from graphchannel.cli._saying import echo
from graphchannel.text import counted

if TYPE_CHECKING:
    from graphchannel.channel.work import WorkChange, WorkFilter

__all__ = ["filter_of", "filter_options", "meant_by", "say_done"]

_STATES = ("open", "assigned", "reopened", "closed")
_Command = Callable[..., object]


def filter_options(function: _Command) -> _Command:
    """Add options that choose findings; the command receives `which: Mapping` of what was given."""

    @functools.wraps(function)
    def gathered(
        *,
        rule: str | None,
        partner: str | None,
        region: str | None,
        severity: str | None,
        states: tuple[str, ...],
        owner: str | None,
        **others: Any,
    ) -> object:
        which = {
            "rule": rule,
            "partner": partner,
            "region": region,
            "severity": severity,
            "states": states,
            "owner": owner,
        }
        given = {name: value for name, value in which.items() if value}
        return function(which=given, **others)

    options = [
        click.option("--rule", metavar="GLOB", shell_complete=complete_rule, help="Of this rule."),
        click.option("--partner", metavar="ID", help="About this party."),
        click.option("--region", metavar="ID", help="About somebody in this region."),
        click.option("--severity", type=click.Choice(SEVERITIES), help="Of this severity."),
        click.option(
            "--state",
            "states",
            type=click.Choice(_STATES),
            multiple=True,
            help="In this state; may be given more than once.",
        ),
        click.option("--owner", metavar="NAME", help="Assigned to this person."),
    ]
    decorated: _Command = gathered
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def filter_of(which: dict[str, Any]) -> WorkFilter:
    """Return the filter that options give."""
    from graphchannel.channel.work import WorkFilter  # noqa: PLC0415 - not for help

    return WorkFilter(**which)


def meant_by(
    names: tuple[str, ...], which: dict[str, Any], *, but_closed: bool = False
) -> WorkFilter:
    """Return the filter of a change; UsageError where nothing says what is meant."""
    from graphchannel.channel.work import OPEN_STATES  # noqa: PLC0415 - not for help

    if not names and not which:
        raise click.UsageError("Name findings by their fingerprints, or by --rule and the like.")
    if which and but_closed:
        which = {"states": OPEN_STATES} | which
    return filter_of(which)


def say_done(done: WorkChange, what: str, *, dry_run: bool) -> None:
    """Say what was done, by whom, and how many findings were so already."""
    would = "would be " if dry_run else ""
    source = f" ({done.who.source})" if done.who.source else ""
    echo(f"{counted(done.changed, 'finding')} {would}{what}, by {done.who.name}{source}.")
    same = len(done.items) - done.changed
    if same:
        echo(
            f"{counted(same, 'finding')} was so already."
            if same == 1
            else f"{same:,} findings were so already."
        )
    if not done.items:
        echo("No finding on the list fits.", err=True)

"""`graphchannel simulate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._charts import chart_option, save_chart
from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._options import day
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._saying import echo
from graphchannel.simulation.scenario import (
    CHANGES,
    KINDS,
    Scenario,
    parse_change,
    read_scenario,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "analysis"


def _change_options(function: Callable[..., object]) -> Callable[..., object]:
    for kind, change in reversed(list(CHANGES.items())):
        option = click.option(f"--{kind}", metavar=change.form, multiple=True, help=change.says)
        function = option(function)
    return function


@example(
    "graphchannel simulate --terminate P00172",
    "graphchannel simulate --demote P00018=silver --section appearing",
)
@click.command("simulate")
@channel_options(rules=True, as_of=True)
@_change_options
@click.option(
    "--scenario",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file with changes, and the day from which they hold.",
)
@click.option(
    "--policy",
    "policy",
    type=click.Path(exists=True, path_type=Path),
    help="Judge by this policy file instead, or by this pack and its rules.",
)
@click.option(
    "--on",
    type=day,
    metavar="DAY",
    help="First day on which the changes hold.  [default: the as-of day]",
)
@printing_options(
    "summary",
    "appearing",
    "vanishing",
    "altered",
    "regions",
    "cities",
    "stranded",
    "trade",
    "changes",
    "rules",
)
@chart_option
def command(
    *,
    channel: Channel,
    scenario: Path | None,
    policy: Path | None,
    on: date | None,
    printing: Printing,
    chart: Path | None,
    **changes: tuple[str, ...],
) -> None:
    """Show what would follow if partners or the policy changed.

    Partners may leave, move or change; the policy may be another. Findings that appear and vanish,
    coverage gained and lost, partners left without a supplier and the nearest distributor that
    could take them, and the trade that is affected. Works on a copy in memory; the workspace stays
    as it is. Exit code: 0 no finding appears, 1 some do, 2 the question cannot be answered.
    """
    from graphchannel.report.documents.simulation import (  # noqa: PLC0415 - not for help
        simulation_document,
    )

    asked = _scenario(scenario, on, changes)
    if not asked.changes and policy is None:
        raise click.UsageError("name a change, a --scenario or a --policy.")
    found = channel.simulate(asked, policy=policy)
    print_document(simulation_document(found), printing)
    if chart:
        from graphchannel.report.charts.simulations import (  # noqa: PLC0415 - the extra
            simulation_chart,
        )

        save_chart(simulation_chart(found), chart)
    for rule, reason in found.failed:
        echo(f"graphchannel: {rule}: {reason}", err=True)
    if found.failed:
        sys.exit(Exit.FAILED)
    sys.exit(Exit.FINDINGS if found.findings.appearing else Exit.CLEAN)


def _scenario(file: Path | None, on: date | None, options: dict[str, tuple[str, ...]]) -> Scenario:
    """Put the changes of the file and of the options together."""
    given = read_scenario(file) if file else Scenario(())
    if on and given.on and on != given.on:
        raise click.UsageError(f"--on is {on}, and the scenario's own day is {given.on}.")
    more = tuple(
        parse_change(kind, text) for kind in KINDS for text in options[kind.replace("-", "_")]
    )
    return Scenario((*given.changes, *more), on or given.on)

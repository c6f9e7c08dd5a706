"""`graphchannel simulate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._charts import chart_option, save_chart
from graphchannel.cli._exit import Exit
from graphchannel.cli._facts import year_before
from graphchannel.cli._help import example
from graphchannel.cli._options import pack_option, workspace_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._scanning import as_of_option, catalogue_of, day, rules_option

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from graphchannel.cli._printing import Printing
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.simulation.scenario import Scenario

GROUP = "analysis"
_CHANGES: dict[str, tuple[str, str]] = {
    "terminate": ("PARTNER", "The partner leaves; its own papers end, those it issued stay."),
    "demote": ("PARTNER=ROLE", "The partner holds this lower role of tier 2 instead."),
    "promote": ("PARTNER=ROLE", "The partner holds this higher role of tier 2 instead."),
    "certify": ("PARTNER=ROLE", "The partner, or end user, gets this role as well."),
    "end-territory": ("PARTNER:REGION", "Its authorizations that name the region end."),
    "grant-territory": ("PARTNER:REGION", "It is authorized in the region."),
    "close-branch": ("PARTNER:CITY", "Its branch in the city closes."),
    "open-branch": ("PARTNER:CITY", "It opens a branch in the city."),
    "move": ("PARTNER:FROM:TO", "TO certifies it from now on, in place of FROM."),
}


def _change_options(function: Callable[..., object]) -> Callable[..., object]:
    for kind, (form, says) in reversed(_CHANGES.items()):
        function = click.option(f"--{kind}", metavar=form, multiple=True, help=says)(function)
    return function


@example(
    "graphchannel simulate --terminate P00172",
    "graphchannel simulate --demote P00018=silver --section appearing",
)
@click.command("simulate")
@workspace_option
@pack_option
@rules_option
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
@as_of_option
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
    workspace: Path,
    pack: Path | None,
    rules: tuple[Path, ...],
    scenario: Path | None,
    policy: Path | None,
    on: date | None,
    as_of: date | None,
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
    from graphchannel.lookup import last_day  # noqa: PLC0415 - imports duckdb
    from graphchannel.report.documents.simulation import (  # noqa: PLC0415 - not for --help
        simulation_document,
    )
    from graphchannel.simulation.run import SimulationQuestion, simulate  # noqa: PLC0415 - with it
    from graphchannel.workspace import open_workspace  # noqa: PLC0415 - with it

    asked = _scenario(scenario, on, changes)
    if not asked.changes and policy is None:
        raise click.UsageError("name a change, a --scenario or a --policy.")
    before = catalogue_of(pack, rules)
    after = _other(pack, rules, policy) if policy else before
    with open_workspace(workspace) as opened:
        the_day = as_of or last_day(opened.connection)
    if as_of is None:
        click.echo(f"As of {the_day}, the last day with a shipment.", err=True)
    question = SimulationQuestion(asked, before, after, the_day, year_before(the_day))
    found = simulate(workspace, question)
    print_document(simulation_document(found), printing)
    if chart:
        from graphchannel.report.charts.simulations import (  # noqa: PLC0415 - the extra
            simulation_chart,
        )

        save_chart(simulation_chart(found), chart)
    for rule, reason in found.failed:
        click.echo(f"graphchannel: {rule}: {reason}", err=True)
    if found.failed:
        sys.exit(Exit.FAILED)
    sys.exit(Exit.FINDINGS if found.findings.appearing else Exit.CLEAN)


def _scenario(file: Path | None, on: date | None, options: dict[str, tuple[str, ...]]) -> Scenario:
    """Put the changes of the file and of the options together."""
    from graphchannel.simulation.scenario import (  # noqa: PLC0415 - not for --help
        KINDS,
        Scenario,
        check_scenario,
        parse_change,
        read_scenario,
    )

    given = read_scenario(file) if file else Scenario(())
    if on and given.on and on != given.on:
        raise click.UsageError(f"--on is {on}, and the scenario's own day is {given.on}.")
    more = tuple(
        parse_change(kind, text) for kind in KINDS for text in options[kind.replace("-", "_")]
    )
    return check_scenario(Scenario((*given.changes, *more), on or given.on))


def _other(pack: Path | None, rules: tuple[Path, ...], policy: Path) -> Catalogue:
    """Read a pack, or a policy file for the rules of the present one."""
    from graphchannel import resources  # noqa: PLC0415 - reads the policy module
    from graphchannel.rules.catalogue import load_catalogue  # noqa: PLC0415 - with it

    if policy.is_dir():
        return catalogue_of(policy, rules)
    return load_catalogue(pack or resources.pack(), rules, policy_file=policy)

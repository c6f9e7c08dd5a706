"""`graphchannel policy`: show and check the policy."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._options import pack_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._scanning import catalogue_of, rules_option

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.cli._printing import Printing

GROUP = "findings"


@example("graphchannel policy show")
@click.group("policy")
def command() -> None:
    """Show the policy as paths between roles, and check it."""


@example("graphchannel policy show", "graphchannel policy show --format svg --output policy.svg")
@command.command("show")
@pack_option
@printing_options("paths", "hops", "automaton", has=("drawing",))
def show(pack: Path | None, printing: Printing) -> None:
    """Show who may supply whom, as paths and as rulings.

    Also shows the automaton of the permitted paths. With --format svg it is a drawing.
    """
    from graphchannel import resources  # noqa: PLC0415 - not for --help
    from graphchannel.policy import load_policy  # noqa: PLC0415 - not for --help
    from graphchannel.report.documents.policy import policy_document  # noqa: PLC0415 - with it

    policy = load_policy(pack or resources.pack())
    print_document(policy_document(policy), printing)


@example("graphchannel policy check")
@command.command("check")
@pack_option
@rules_option
def check(pack: Path | None, rules: tuple[Path, ...]) -> None:
    """Find contradictions and dead entries in policy and rules.

    Roles that no permitted path reaches or that lead to no end user, rulings that conflict, and
    rules that can never fire. Exit code 1 if there are any.
    """
    from graphchannel.rules.policy_check import check_policy  # noqa: PLC0415 - not for --help

    catalogue = catalogue_of(pack, rules)
    problems = check_policy(catalogue)
    for problem in problems:
        click.echo(problem)
    if problems:
        sys.exit(Exit.FINDINGS)
    click.echo(
        f"The policy '{catalogue.policy.name}' and its {len(catalogue.rules)} rules hold no "
        "contradictions and no dead entries."
    )

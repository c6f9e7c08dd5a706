"""`graphchannel policy`: show and check the policy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import example
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._rules import catalogue_options
from graphchannel.cli._saying import echo

if TYPE_CHECKING:
    from graphchannel.cli._printing import Printing
    from graphchannel.rules.catalogue import Catalogue

GROUP = "findings"


@example("graphchannel policy show")
@click.group("policy")
def command() -> None:
    """Show and check the policy, and begin one of your own."""


@example("graphchannel policy new our-policy/")
@command.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new(*, folder: Path) -> None:
    """Write a copy of the shipped policy and its rules to edit.

    DIR is a new folder; --pack DIR, or pack in graphchannel.toml, then judges by it.
    """
    from graphchannel.policy.copied import copy_pack  # noqa: PLC0415 - not for --help

    count = copy_pack(folder)
    echo(f"{folder} has policy.toml and {count} rules; edit them.", err=True)
    echo(f"Then run: graphchannel policy check --pack {folder}", err=True)


@example("graphchannel policy show", "graphchannel policy show --format svg --output policy.svg")
@command.command("show")
@catalogue_options()
@printing_options("paths", "hops", "automaton", has=("drawing",))
def show(*, catalogue: Catalogue, printing: Printing) -> None:
    """Show who may supply whom, as paths and as rulings.

    Also shows the automaton of the permitted paths. With --format svg it is a drawing.
    """
    from graphchannel.report.documents.policy import policy_document  # noqa: PLC0415 - with it

    print_document(policy_document(catalogue.policy), printing)


@example("graphchannel policy check")
@command.command("check")
@catalogue_options(rules=True)
@printing_options()
def check(*, catalogue: Catalogue, printing: Printing) -> None:
    """Find contradictions and dead entries in policy and rules.

    Roles that no permitted path reaches or that lead to no end user, rulings that conflict, and
    rules that can never fire. Exit code 1 if there are any.
    """
    from graphchannel.report.documents.checks import (  # noqa: PLC0415 - with it
        policy_problems_document,
    )
    from graphchannel.rules.policy_check import check_policy  # noqa: PLC0415 - not for --help

    problems = check_policy(catalogue)
    name, rule_count = catalogue.policy.name, len(catalogue.rules)
    print_document(policy_problems_document(problems, name, rule_count), printing)
    if problems:
        sys.exit(Exit.FINDINGS)

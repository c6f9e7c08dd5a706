"""Help to be read at a glance: commands by what they are about, and an example of each.

A module of this folder says with `GROUP` where its command stands in `graphchannel --help`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["GROUPS", "example", "write_groups"]

GROUPS = {  # in the order in which help lists them
    "data": "Data: load what partners report",
    "findings": "Findings: who broke the policy",
    "analysis": "Analysis: coverage, dependency, goods, key figures, what if",
    "graph": "Graph: queries, Neo4j",
    "admin": "Setting up",
}
_Command = TypeVar("_Command", bound=click.Command)


def example(*lines: str) -> Callable[[_Command], _Command]:
    """Show command lines below the help of a command, as they would be typed."""

    def shown(command: _Command) -> _Command:
        heading = "Example:" if len(lines) == 1 else "Examples:"
        command.epilog = "\b\n" + "\n".join([heading, *(f"  {line}" for line in lines)])
        return command

    return shown


def write_groups(
    formatter: click.HelpFormatter, commands: dict[str, list[tuple[str, click.Command]]]
) -> None:
    """Write the commands of each group in turn, their summaries below each other and uncut."""
    width = max(len(name) for listed in commands.values() for name, _ in listed)
    for group, title in GROUPS.items():
        listed = commands.get(group, [])
        with formatter.section(title):
            rows = [
                (name.ljust(width), command.get_short_help_str(formatter.width))
                for name, command in listed
            ]
            formatter.write_dl(rows)

"""Write docs/cli.md: every command with the help text that it prints itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"

_INTRODUCTION = """\
# Command line

Generated from the commands' own help (`make docs`). Exit codes are the same everywhere: 0 clean,
1 findings (or rejected rows), 2 the job could not be done, 141 nobody read the output to its end,
as in `| head`. Results go to standard output, everything else to standard error.
"""


def page() -> str:
    """Return the text of docs/cli.md."""
    sections = [_INTRODUCTION]
    for path, command in commands():
        context = _context(path)
        help_text = command.get_help(context).rstrip()
        sections.append(f"## {' '.join(path)}\n\n```text\n{help_text}\n```\n")
    return "\n".join(sections)


def commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Walk the program and all of its commands, in the order in which help lists them."""
    return _commands(main, ("graphchannel",))


def _commands(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Walk a command and those below it, in the order in which help lists them."""
    yield path, command
    if isinstance(command, click.Group):
        context = _context(path)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _commands(child, (*path, name))


def _context(path: tuple[str, ...]) -> click.Context:
    """Return a context whose usage line shows `path`, at the width of a page."""
    return click.Context(
        click.Command(path[-1]),
        info_name=" ".join(path),
        terminal_width=88,
        help_option_names=["-h", "--help"],
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

"""The command line: one module per command or group, found by its place in this folder.

A module `graphchannel/cli/<name>.py` whose name does not begin with an underscore holds `command`,
a click command, and `GROUP`, the part of `graphchannel --help` that lists it. Modules import click
at the top and everything heavy inside the command's function, so that `--help` starts no engine.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import write_groups
from graphchannel.cli._interrupt import end_at_once, ended_by_ctrl_c, told_to_end
from graphchannel.cli._process import collect_seldom, ended_well, limit_memory, prepare_streams
from graphchannel.errors import did_you_mean
from graphchannel.version import __version__

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["main"]


class _Commands(click.Group):
    """A group whose commands are the modules of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        modules = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted(name for name in modules if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = _module(cmd_name).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what they are about."""
        groups: dict[str, list[tuple[str, click.Command]]] = {}
        for name in self.list_commands(ctx):
            module = _module(name)
            groups.setdefault(module.GROUP, []).append((name, module.command))
        write_groups(formatter, groups)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of a misspelt one, say which may be meant."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            hint = did_you_mean(args[0], self.list_commands(ctx))
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a whole command line; Ctrl-C ends it at once, whatever it does."""
        with ended_by_ctrl_c() as watched:
            if watched:
                limit_memory()
                collect_seldom()
            try:
                return super().main(*args, **extra)
            except SystemExit as ending:
                # The thread that watches may be about to hear of it.
                stopped = told_to_end() is not None or ending.code == Exit.STOPPED
                if watched and stopped and isinstance(ending.code, int):
                    end_at_once(ending.code)
                raise

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the arguments, and print help where they ask for it."""
        prepare_streams()
        with ended_well():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; whatever stops it, the exit code says that the job was not done."""
        with ended_well():
            return super().invoke(ctx)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="graphchannel")
def main() -> None:
    """Find out who broke the channel policy, where coverage has gaps, and what depends on whom.

    Start with `graphchannel demo`, or with your own files: `graphchannel load DIR`, then
    `graphchannel scan`.
    """

"""The command line: one module per command or group, found by its place in this folder.

A module `graphchannel/cli/<name>.py` whose name does not begin with an underscore holds `command`,
a click command, and `GROUP`, the part of `graphchannel --help` that lists it. Modules import click
at the top and everything heavy inside the command's function, so that `--help` starts no engine.
"""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import select
import sys
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from graphchannel.cli._exit import Exit
from graphchannel.cli._help import write_groups
from graphchannel.errors import GraphChannelError, did_you_mean
from graphchannel.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
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

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the arguments, and print help where they ask for it."""
        _show_all()
        with _until_nobody_reads():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; whatever stops it, the exit code says that the job was not done."""
        with _until_nobody_reads():
            return self._invoke(ctx)

    def _invoke(self, ctx: click.Context) -> object:
        """Say why a command was stopped.

        What graphchannel raises on purpose becomes one line. Anything else is a fault of its own:
        the traceback is shown, and the code is 2, since 1 would read as findings.
        """
        try:
            return super().invoke(ctx)
        except GraphChannelError as error:
            click.echo(f"graphchannel: {error}", err=True)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise  # click knows what to do with these
        except OSError as error:  # a full disk, a folder that may not be written to
            if isinstance(error, BrokenPipeError) and _nobody_reads():
                raise
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"graphchannel: {where}{error.strerror or error}.", err=True)
        except Exception:  # noqa: BLE001 - the outermost frame: shown in full, never swallowed
            traceback.print_exc()
            click.echo("graphchannel: this is a fault of graphchannel, please report it.", err=True)
        sys.exit(Exit.FAILED)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")


def _show_all() -> None:
    """Let streams write what their encoding lacks, as consoles of Windows do, by its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in {"strict", "surrogateescape"}:
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def _until_nobody_reads() -> Iterator[None]:
    """End the process where its output goes to a pipe whose reader has gone, such as `head`.

    All is written out first, so that this shows here, and not when the interpreter shuts down. The
    code is that of a process that the signal SIGPIPE ends: click would make it 1.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):  # what is left in them is written out at the end
            os.dup2(nowhere, stream.fileno())
        sys.exit(Exit.UNREAD)


def _nobody_reads() -> bool:
    """Tell whether the reader of what is printed has gone; other pipes can break, too."""
    streams = select.poll()
    for stream in (sys.stdout, sys.stderr):
        streams.register(stream.fileno(), 0)  # a pipe without a reader is always told
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in streams.poll(0))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="graphchannel")
def main() -> None:
    """Find out who broke the channel policy, where coverage has gaps, and what depends on whom.

    Start with `graphchannel demo`, or with your own files: `graphchannel load DIR`, then
    `graphchannel scan`.
    """

"""Options that mean the same in every command."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from graphchannel.cli._config import from_config
from graphchannel.files import replacing

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])

WORKSPACE = "graphchannel.workspace"  # its place in the meta of click's contexts
DEFAULT_WORKSPACE = Path("channel.duckdb")


def workspace_option(function: _Decorated) -> _Decorated:
    """Add `--workspace`; the command receives `workspace: Path`."""
    return click.option(
        "--workspace",
        "-w",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="GRAPHCHANNEL_WORKSPACE",
        default=DEFAULT_WORKSPACE,
        show_default=True,
        callback=_noted_workspace,
        help="The workspace file.",
    )(function)


def _noted_workspace(ctx: click.Context, param: click.Parameter, value: object) -> object:
    """Note the workspace, so that what stops the command can be told of it."""
    found = from_config("workspace")(ctx, param, value)
    ctx.meta[WORKSPACE] = found
    return found


def pack_option(function: _Decorated) -> _Decorated:
    """Add `--pack`; the command receives `pack: Path | None`, None for the shipped pack."""
    return click.option(
        "--pack",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        envvar="GRAPHCHANNEL_PACK",
        callback=from_config("pack"),
        help="Folder with a policy.toml and its rules, instead of the shipped pack.",
    )(function)


def senders_option(function: _Decorated) -> _Decorated:
    """Add `--senders`; the command receives `senders: tuple[Path, ...]`, the folders to look in."""
    return click.option(
        "--senders",
        type=click.Path(file_okay=False, path_type=Path),
        multiple=True,
        callback=_with_own_senders,
        help="Folder with sender files, used beside ./senders.",
    )(function)


def _with_own_senders(
    ctx: click.Context,  # noqa: ARG001 - click's signature
    param: click.Parameter,  # noqa: ARG001 - click's signature
    value: tuple[Path, ...],
) -> tuple[Path, ...]:
    own = Path("senders")
    return (own, *value) if own.is_dir() else value


def output_option(function: _Decorated) -> _Decorated:
    """Add `--output`; the command receives `output: Path | None`, None for standard output."""
    return click.option(
        "--output",
        "-o",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the result to this file instead of standard output.",
    )(function)


@contextmanager
def opened_output(output: Path | None, *, binary: bool = False) -> Iterator[IO[Any]]:
    """Open the file that a result goes to, or standard output; the file is written whole or not."""
    if output is None:
        yield sys.stdout.buffer if binary else sys.stdout
    else:
        with replacing(output, binary=binary) as stream:
            yield stream


class FiniteNumber(click.FloatRange):
    """A number in a range that is neither infinite nor none at all."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number; click takes `inf` and `nan` for some."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number that ends; name one such as 60.", param, ctx)
        return number


SECONDS = FiniteNumber(min=0, min_open=True, max=31_536_000)  # up to a year


def day(value: str) -> date:
    """Read an ISO 8601 day for an option."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        message = f"'{value}' is no day; expected one such as 2015-06-30."
        raise click.BadParameter(message) from error


def as_of_option(function: _Decorated) -> _Decorated:
    """Add `--as-of`; the command receives `as_of: date | None`."""
    return click.option(
        "--as-of",
        type=day,
        metavar="DAY",
        callback=from_config("as-of"),
        help="The day to look at.  [default: the last day with a shipment]",
    )(function)


def day_range_options(function: _Decorated) -> _Decorated:
    """Add `--since` and `--until`; the command receives `date | None` for both."""
    until = click.option(
        "--until", type=day, metavar="DAY", help="Count lines up to this day only."
    )
    since = click.option(
        "--since", type=day, metavar="DAY", help="Count lines from this day on only."
    )
    return since(until(function))


def rules_option(function: _Decorated) -> _Decorated:
    """Add `--rules`; the command receives `rules: tuple[Path, ...]`."""
    return click.option(
        "--rules",
        "rules",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        multiple=True,
        help="Folder with further rules, <family>/<rule>.cypher; may be given more than once.",
    )(function)

"""Options that mean the same in every command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from graphchannel.cli._config import from_config

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])

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
        callback=from_config("workspace"),
        help="The workspace file.",
    )(function)


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
    """Open the file that a result goes to, or standard output."""
    if output is None:
        yield sys.stdout.buffer if binary else sys.stdout
    elif binary:
        with output.open("wb") as stream:
            yield stream
    else:
        with output.open("w", encoding="utf-8", newline="") as stream:
            yield stream

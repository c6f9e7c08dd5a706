"""Who does something, as an option: `--by`, else GRAPHCHANNEL_USER, the file, the system's user."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from graphchannel.cli._config import from_config

__all__ = ["by_option"]

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])


def by_option(function: _Decorated) -> _Decorated:
    """Add `--by`; the command receives `by: str | None`, None for the system's user."""
    return click.option(
        "--by",
        metavar="NAME",
        envvar="GRAPHCHANNEL_USER",
        callback=from_config("user"),
        help="Who you are.  [default: the system's user]",
    )(function)

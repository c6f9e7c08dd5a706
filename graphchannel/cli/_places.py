"""Options of commands on coverage, resilience and sites."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._options import day
from graphchannel.cli._printing import printing_options

__all__ = ["compare_option", "country_option", "place_options", "population_option"]

_Command = Callable[..., object]
_Decorated = TypeVar("_Decorated", bound=_Command)


def place_options(*sections: str) -> Callable[[_Command], _Command]:
    """Add what every command on places has: those of a channel, `--since`, how to print.

    The command receives `channel`, `since: date | None` and `printing`; `sections` are those of its
    document.
    """

    def decorated(function: _Command) -> _Command:
        since = click.option(
            "--since",
            type=day,
            metavar="DAY",
            help="Count sales from this day on.  [default: a year before the as-of day]",
        )
        described = since(printing_options(*sections)(function))
        return channel_options(engine=True, as_of=True)(described)

    return decorated


def country_option(function: _Decorated) -> _Decorated:
    """Add `--country`; the command receives `country: str | None`."""
    return click.option("--country", metavar="CODE", help="Look at this country only.")(function)


def compare_option(function: _Decorated) -> _Decorated:
    """Add `--compare-to`; the command receives `compare_to: date | None`."""
    return click.option(
        "--compare-to",
        type=day,
        metavar="DAY",
        help="Show what was gained and lost since this day, and why.",
    )(function)


def population_option(function: _Decorated) -> _Decorated:
    """Add `--key-city-population`; the command receives `key_city_population: int | None`."""
    return click.option(
        "--key-city-population",
        type=click.IntRange(min=0),
        metavar="N",
        help="Count cities of so many inhabitants as key cities where the data does not say.",
    )(function)

"""The channel that a command asks: its workspace, policy, rules, engine and as-of day, as options.

The command receives an open `Channel`, and calls it once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from graphchannel.cli._neo4j import login_options, server_choice
from graphchannel.cli._options import (
    as_of_option,
    pack_option,
    rules_option,
    workspace_option,
)
from graphchannel.cli._saying import echo

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel import EngineChoice

__all__ = ["channel_options", "say"]

_Command = Callable[..., object]
_ENGINE = ("engine", "user", "password", "database")


def channel_options(
    *,
    pack: bool = True,
    rules: bool = False,
    engine: bool = False,
    as_of: bool = False,
    known_at: bool = True,
) -> Callable[[_Command], _Command]:
    """Add `--workspace`, `--pack`, `--known-at`, and on demand `--rules`, `--engine`, `--as-of`.

    `--known-at` is for commands that read; without it `--pack` may be left out, too.

    The command receives `channel: Channel` in place of them; it is closed when the command ends.
    """

    def decorated(function: _Command) -> _Command:
        @functools.wraps(function)
        def opened(
            *,
            workspace: Path,
            pack: Path | None = None,
            rules: tuple[Path, ...] = (),
            as_of: date | None = None,
            known_at: str | None = None,
            **others: Any,
        ) -> object:
            from graphchannel.channel import Channel, EngineChoice  # noqa: PLC0415 - not for help

            # Without --engine a command's own login, such as that of `publish`, is no choice.
            named = [others.pop(name) for name in _ENGINE] if engine else []
            chosen = server_choice(*named) if named else EngineChoice()
            chosen = replace(chosen, lake=others.pop("lake")) if named else chosen
            path = _stands_on(workspace, chosen)
            channel = Channel.open(
                path,
                policy=pack,
                rules=rules,
                engine=chosen,
                as_of=as_of,
                known_at=known_at,
                say=say,
            )
            click.get_current_context().call_on_close(channel.close)  # after a group's commands
            return function(channel=channel, **others)

        options = _described(opened, rules=rules, engine=engine, as_of=as_of, known_at=known_at)
        return workspace_option(pack_option(options) if pack else options)

    return decorated


def _described(
    options: _Command, *, rules: bool, engine: bool, as_of: bool, known_at: bool
) -> _Command:
    if known_at:
        options = _known_at_option(options)
    if as_of:
        options = as_of_option(options)
    if engine:
        options = _engine_option(login_options(options))
    return rules_option(options) if rules else options


def say(text: str) -> None:
    """Tell people something beside the result."""
    echo(text, err=True)


def _known_at_option(function: _Command) -> _Command:
    return click.option(
        "--known-at",
        metavar="LOAD|DAY",
        help="Ask what the workspace knew at a load, or at the end of a day (UTC).",
    )(function)


def _engine_option(function: _Command) -> _Command:
    engine = click.option(
        "--engine",
        envvar="GRAPHCHANNEL_ENGINE",
        metavar="URI",
        help="Run on the Neo4j server at URI, where the workspace is published, or on Spark: "
        "spark:local[*], spark://host:7077 or sc://host.",
    )
    lake = click.option(
        "--lake",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="GRAPHCHANNEL_LAKE",
        help="What 'export' wrote, for Spark.  [default: beside the workspace]",
    )
    return engine(lake(function))


def _stands_on(workspace: Path, engine: EngineChoice) -> Path | None:
    """Return the workspace; None where nobody named one, none is there, and a graph has to do."""
    source = click.get_current_context().get_parameter_source("workspace")
    named = source is not ParameterSource.DEFAULT
    if engine.lake is not None and not named:
        from graphchannel.spark.lake import WORKSPACE  # noqa: PLC0415 - imports duckdb

        within = engine.lake / WORKSPACE  # of a lake that was loaded
        workspace = within if within.exists() else workspace
    return workspace if not engine.is_server or named or workspace.exists() else None

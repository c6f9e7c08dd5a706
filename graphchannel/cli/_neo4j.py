"""How commands reach a Neo4j server: its login, and the address of its Browser."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from graphchannel.cli._config import from_config

if TYPE_CHECKING:
    from graphchannel.channel import EngineChoice
    from graphchannel.neo4j.browser import BrowserAddress

__all__ = ["login_options", "neo4j_url_option", "parsed_address", "server_choice"]

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])


def login_options(function: _Decorated) -> _Decorated:
    """Add `--user`, `--password` and `--database`; the command receives the three."""
    user = click.option(
        "--user",
        envvar="NEO4J_USERNAME",
        default="neo4j",
        show_default=True,
        help="User of the Neo4j server.",
    )
    password = click.option(
        "--password",
        envvar="NEO4J_PASSWORD",
        help="Its password; better in NEO4J_PASSWORD, or asked for.",
    )
    database = click.option(
        "--database",
        envvar="NEO4J_DATABASE",
        metavar="NAME",
        help="Database of the Neo4j server.  [default: the user's]",
    )
    return user(password(database(function)))


def server_choice(
    uri: str | None, user: str, password: str | None, database: str | None
) -> EngineChoice:
    """Return the engine that the options name; a password that is missing is asked for."""
    from graphchannel.channel import EngineChoice  # noqa: PLC0415 - help starts no engine

    return EngineChoice(uri, user, password, database, _asked)


def neo4j_url_option(function: _Decorated) -> _Decorated:
    """Add `--neo4j-url`; the command receives `neo4j_url: str | None`."""
    return click.option(
        "--neo4j-url",
        envvar="GRAPHCHANNEL_NEO4J_URL",
        metavar="URL",
        callback=from_config("neo4j-url"),
        help="Address of a Neo4j server; findings in JSON link into its Browser.",
    )(function)


def parsed_address(neo4j_url: str | None) -> BrowserAddress | None:
    """Read what `--neo4j-url` named, if anything; raise EngineError if it is no address."""
    if not neo4j_url:
        return None
    from graphchannel.neo4j.browser import browser_address  # noqa: PLC0415 - help stays quick

    return browser_address(neo4j_url)


def _asked(prompt: str) -> str | None:
    """Ask for a password at a terminal; elsewhere nobody can be asked."""
    if not sys.stdin.isatty():
        return None
    answer: str = click.prompt(prompt, hide_input=True, err=True)
    return answer

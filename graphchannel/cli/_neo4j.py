"""What `publish`, `verify` and `--engine` do alike: how to reach a Neo4j server."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from graphchannel.engines.neo4j_link import Link

__all__ = ["login_options", "opened_link"]

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


def opened_link(uri: str, user: str, password: str | None, database: str | None) -> Link:
    """Connect; without a password use that of a server started here, or ask at a terminal."""
    from graphchannel.engines import neo4j_link  # noqa: PLC0415 - help stays quick
    from graphchannel.errors import EngineError  # noqa: PLC0415 - with it

    # The driver warns of each transaction that it runs again, which is its ordinary work.
    logging.getLogger("neo4j").setLevel(logging.ERROR)
    known = password or neo4j_link.known_password(uri)
    if known is None and sys.stdin.isatty():
        known = click.prompt(f"Password of {user} at {uri}", hide_input=True, err=True)
    if known is None:
        raise EngineError(f"{uri}: the password of user '{user}' is missing; set NEO4J_PASSWORD.")
    return neo4j_link.connect(neo4j_link.Login(uri, user, known, database))

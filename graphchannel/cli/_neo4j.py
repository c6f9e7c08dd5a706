"""What `publish`, `verify` and `--engine` do alike: how to reach a Neo4j server."""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

from graphchannel.cli._config import from_config
from graphchannel.cli._scanning import current_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.engines import Engine
    from graphchannel.neo4j.browser import BrowserAddress
    from graphchannel.neo4j.link import Link
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

__all__ = [
    "ChosenEngine",
    "engine_options",
    "login_options",
    "neo4j_url_option",
    "opened_for_scan",
    "opened_link",
    "parsed_address",
]

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


@dataclass(frozen=True, slots=True)
class ChosenEngine:
    """Where queries are to run: on the embedded engine, or at a URI."""

    uri: str | None
    user: str
    password: str | None = field(repr=False)
    database: str | None

    @contextmanager
    def opened(
        self, workspace: Workspace, timeout: float | None = None, max_rows: int | None = None
    ) -> Iterator[Engine]:
        """Open the engine for a workspace; a published graph must be in step with it."""
        if self.uri is None:
            from graphchannel.engines import DuckDBEngine  # noqa: PLC0415 - imports duckdb

            yield DuckDBEngine(workspace.connection, timeout=timeout, max_rows=max_rows)
            return
        from graphchannel.neo4j import published_state as state  # noqa: PLC0415 - with it
        from graphchannel.neo4j.engine import Neo4jEngine  # noqa: PLC0415 - an extra

        with opened_link(self.uri, self.user, self.password, self.database) as link:
            state.check_current(link, workspace)
            yield Neo4jEngine(link, workspace.connection, timeout=timeout, max_rows=max_rows)


@contextmanager
def opened_for_scan(
    path: Path, policy: Policy, engine: ChosenEngine
) -> Iterator[tuple[Workspace, Engine]]:
    """Open the workspace and the engine that its rules run on.

    Where nobody named a workspace and there is none, the graph has to do.
    """
    if engine.uri is None or path.exists() or _was_named("workspace"):
        with current_workspace(path, policy) as workspace, engine.opened(workspace) as where:
            yield workspace, where
        return
    from graphchannel.neo4j.engine import Neo4jEngine  # noqa: PLC0415 - an extra
    from graphchannel.neo4j.replica import MISSING, replica  # noqa: PLC0415 - with it

    click.echo(MISSING, err=True)
    with (
        opened_link(engine.uri, engine.user, engine.password, engine.database) as link,
        replica(link, policy) as workspace,
    ):
        yield workspace, Neo4jEngine(link, workspace.connection)


def _was_named(option: str) -> bool:
    """Whether an option of the running command has a value that somebody gave."""
    source = click.get_current_context().get_parameter_source(option)
    return source is not ParameterSource.DEFAULT


def engine_options(function: Callable[..., object]) -> Callable[..., object]:
    """Add `--engine` and the login's options; the command receives `engine: ChosenEngine`."""

    @functools.wraps(function)
    def gathered(
        *,
        engine: str | None,
        user: str,
        password: str | None,
        database: str | None,
        **others: object,
    ) -> object:
        return function(engine=ChosenEngine(engine, user, password, database), **others)

    option = click.option(
        "--engine",
        envvar="GRAPHCHANNEL_ENGINE",
        metavar="URI",
        help="Run on the Neo4j server at URI, where the workspace is published.",
    )
    return option(login_options(gathered))


def opened_link(uri: str, user: str, password: str | None, database: str | None) -> Link:
    """Connect; without a password use that of a server started here, or ask at a terminal."""
    from graphchannel.errors import EngineError  # noqa: PLC0415 - with it
    from graphchannel.neo4j import link as neo4j_link  # noqa: PLC0415 - help stays quick

    # The driver warns of each transaction that it runs again, which is its ordinary work.
    logging.getLogger("neo4j").setLevel(logging.ERROR)
    neo4j_link.check_address(uri)
    known = password or neo4j_link.known_password(uri)
    if known is None and sys.stdin.isatty():
        known = click.prompt(f"Password of {user} at {uri}", hide_input=True, err=True)
    if known is None:
        raise EngineError(f"{uri}: the password of user '{user}' is missing; set NEO4J_PASSWORD.")
    return neo4j_link.connect(neo4j_link.Login(uri, user, known, database))

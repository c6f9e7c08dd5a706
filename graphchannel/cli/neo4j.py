"""`graphchannel neo4j`: a Neo4j server of one's own, without Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from graphchannel.engines.neo4j_server import LocalServer

_RELEASE = click.option(
    "--release", metavar="NAME", help="Neo4j release: 5.26 (long-term support) or 2026.09."
)


@click.group()
def command() -> None:
    """Start, stop and look at a Neo4j server on this machine, without Docker.

    The server is Neo4j Community with Neo4j Browser, fetched once from its published artifacts. It
    lives in a folder of the user (GRAPHCHANNEL_HOME, else the platform's data folder) and listens
    on loopback only. Needs the extra `neo4j-local`.
    """


@command.command()
@_RELEASE
@click.option("--heap", default="1g", show_default=True, help="Memory for Java's heap.")
def up(release: str | None, heap: str) -> None:
    """Start the server and say how to reach it; one that runs already stays as it is."""
    from graphchannel.engines import neo4j_server as server  # noqa: PLC0415 - help stays quick

    _describe(server.up(server.default_home(), release, heap=heap, say=_say))


@command.command()
@_RELEASE
def down(release: str | None) -> None:
    """Stop the server; its data stays."""
    from graphchannel.engines import neo4j_server as server  # noqa: PLC0415 - help stays quick

    stopped = server.down(server.default_home(), release)
    for one in stopped:
        click.echo(f"Neo4j {one.version} at {one.uri} is stopped.")
    if not stopped:
        click.echo("No Neo4j server runs here.")


@command.command()
def status() -> None:
    """Say which servers run and how to reach them."""
    from graphchannel.engines import neo4j_server as server  # noqa: PLC0415 - help stays quick

    found = server.running(server.default_home())
    for one in found:
        _describe(one)
    if not found:
        click.echo("No Neo4j server runs here; start one with 'graphchannel neo4j up'.")


def _describe(server: LocalServer) -> None:
    click.echo(
        f"Neo4j {server.version} runs (process {server.pid}).\n"
        f"  drivers   {server.uri}\n"
        f"  Browser   {server.browser}\n"
        f"  user      {server.user}\n"
        f"  password  in {server.password_file}"
    )


def _say(text: str) -> None:
    click.echo(text, err=True)

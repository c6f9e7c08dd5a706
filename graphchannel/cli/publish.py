"""`graphchannel publish`."""

from __future__ import annotations

import shlex
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import login_options, server_choice
from graphchannel.cli._options import day
from graphchannel.cli._saying import echo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from graphchannel.channel import Channel
    from graphchannel.neo4j.publishing import Published

GROUP = "graph"


@example("graphchannel publish neo4j://localhost:7687")
@click.command("publish")
@click.argument("uri", required=False)
@channel_options(rules=True, known_at=False)
@login_options
@click.option(
    "--roles-on",
    type=day,
    metavar="DAY",
    help="Day whose roles become labels (:Gold, …).  [default: today]",
)
@click.option(
    "--all", "thorough", is_flag=True, help="Send every row anew, not only those loaded since."
)
@click.option(
    "--replace",
    "replace_graph",
    is_flag=True,
    help="Take the place of a graph of another workspace, version or --aggregate.",
)
@click.option(
    "--aggregate",
    type=click.Choice(["month"]),
    help="The trade of each pair, product and month in place of lines; for looking, not for rules.",
)
@click.option(
    "--findings/--no-findings",
    default=True,
    show_default=True,
    help="Scan the workspace and publish what it finds, too.",
)
@click.option(
    "--offline",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write files for neo4j-admin database import instead; for above 5 million lines.",
)
@click.option("--writers", default=3, show_default=True, help="Connections that write at a time.")
def command(
    *,
    uri: str | None,
    channel: Channel,
    user: str,
    password: str | None,
    database: str | None,
    roles_on: date | None,
    thorough: bool,
    replace_graph: bool,
    aggregate: Literal["month"] | None,
    findings: bool,
    offline: Path | None,
    writers: int,
) -> None:
    """Publish the graph to a Neo4j server.

    URI is that of the server, such as neo4j://host:7687. The first time sends everything, later
    ones what changed. A publish that was interrupted goes on where it is needed. Data that others
    keep in the database stays as it is.
    """
    if offline is not None:
        _say_import(channel.write_import(offline, roles_on=roles_on, aggregate=aggregate), offline)
        return
    if uri is None:
        raise click.UsageError("Name the server to publish to, or a folder with --offline.")
    published = channel.publish(
        server_choice(uri, user, password, database),
        roles_on=roles_on,
        aggregate=aggregate,
        findings=findings,
        replace=replace_graph,
        thorough=thorough,
        writers=writers,
        progress=_progress(),
    )
    _report(published, uri)


def _say_import(arguments: Sequence[str], folder: Path) -> None:
    from graphchannel.neo4j.offline import SCRIPT  # noqa: PLC0415 - one of two ways

    echo(f"cd {folder}\nneo4j-admin {shlex.join(arguments)}")
    echo(f"The command is in {folder / SCRIPT}, too; the server must be stopped.", err=True)


def _progress() -> Callable[[str, int], None]:
    """Return what shows the rows sent so far on a terminal, and says nothing elsewhere."""
    sent: dict[str, int] = {}
    lock = threading.Lock()
    shown = sys.stderr.isatty()

    def progress(name: str, rows: int) -> None:
        with lock:
            sent[name] = sent.get(name, 0) + rows
            if shown:
                click.echo(f"\r{name:<15} {sent[name]:>12,}", nl=False, err=True)

    return progress


def _report(published: Published, uri: str) -> None:
    if sys.stderr.isatty():
        click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
    changed = [change for change in published.changes if change.sent or change.removed]
    for change in changed:
        removed = f", {change.removed:,} removed" if change.removed else ""
        echo(f"{change.name:<15} {change.sent:>12,} sent{removed}")
    if not changed:
        echo(f"{uri} was up to date with load {published.load} already.")
    else:
        echo(f"{uri} is up to date with load {published.load}.")

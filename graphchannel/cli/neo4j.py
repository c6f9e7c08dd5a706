"""`graphchannel neo4j`: a Neo4j server of one's own, without Docker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import neo4j_url_option, parsed_address
from graphchannel.cli._options import day_range_options, opened_output, output_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._rules import catalogue_options, complete_rule
from graphchannel.cli._saying import echo

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing
    from graphchannel.neo4j.browser import BrowserAddress
    from graphchannel.neo4j.server import LocalServer
    from graphchannel.rules.catalogue import Catalogue

GROUP = "graph"
_RELEASE = click.option(
    "--release", metavar="NAME", help="Neo4j release: 5.26 (long-term support) or 2026.09."
)


@example("graphchannel neo4j up")
@click.group()
def command() -> None:
    """Run a Neo4j server here, and open its Browser.

    No Docker is needed. The server is Neo4j Community with Neo4j Browser, fetched once from its
    published artifacts. It lives in a folder of the user (GRAPHCHANNEL_HOME, else the platform's
    data folder) and listens on loopback only. Needs the extra `neo4j-local`.
    """


@example("graphchannel neo4j up", "graphchannel neo4j up --release 2026.09 --heap 4g")
@command.command()
@_RELEASE
@click.option("--heap", default="1g", show_default=True, help="Memory for Java's heap.")
def up(release: str | None, heap: str) -> None:
    """Start the server and say how to reach it.

    One that runs already stays as it is.
    """
    from graphchannel.neo4j import server  # noqa: PLC0415 - help stays quick

    _describe(server.up(server.default_home(), release, heap=heap, say=_say))


@example("graphchannel neo4j down")
@command.command()
@_RELEASE
def down(release: str | None) -> None:
    """Stop the server; its data stays."""
    from graphchannel.neo4j import server  # noqa: PLC0415 - help stays quick

    stopped = server.down(server.default_home(), release)
    for one in stopped:
        echo(f"Neo4j {one.version} at {one.uri} is stopped.")
    if not stopped:
        echo("No Neo4j server runs here.")


@example("graphchannel neo4j status")
@command.command()
@printing_options()
def status(printing: Printing) -> None:
    """Say which servers run and how to reach them."""
    from graphchannel.neo4j import server  # noqa: PLC0415 - help stays quick
    from graphchannel.report.documents.published_graph import servers_document  # noqa: PLC0415 - with it

    print_document(servers_document(server.running(server.default_home())), printing)


@example(
    "graphchannel neo4j browser 23be13c1ffab", "graphchannel neo4j browser --rule paths/diverted"
)
@command.command()
@click.argument("fingerprint", required=False)
@click.option(
    "--rule", metavar="ID", shell_complete=complete_rule, help="Show the findings of this rule."
)
@click.option("--partner", metavar="ID", help="Show this party and what is around it.")
@click.option("--open/--no-open", "open_", default=True, help="Open the link.  [default: open]")
@channel_options(rules=True, as_of=True, known_at=False)
@day_range_options
@neo4j_url_option
def browser(
    *,
    fingerprint: str | None,
    rule: str | None,
    partner: str | None,
    open_: bool,
    channel: Channel,
    since: date | None,
    until: date | None,
    neo4j_url: str | None,
) -> None:
    """Print and open a link into Neo4j Browser.

    It leads to a finding, a rule's findings, a party, or the worst findings. The query stands in
    Browser's editor, ready to run. The server is that of --neo4j-url, else the one that
    'graphchannel neo4j up' started. The graph must be published there.
    """
    if sum(chosen is not None for chosen in (fingerprint, rule, partner)) > 1:
        raise click.UsageError("Name a finding, --rule or --partner; one of them.")
    address = parsed_address(neo4j_url) or _local_address()
    query = channel.browser_query(fingerprint, rule, partner, since=since, until=until)
    link = address.link(query)
    echo(link)
    _say(
        "The query stands in the editor. A server with a password first shows Connect: log in "
        "there, then run the query by hand."
    )
    if open_:
        click.launch(link)


@example("graphchannel neo4j style --output style.grass")
@command.command()
@catalogue_options()
@output_option
def style(*, catalogue: Catalogue, output: Path | None) -> None:
    """Print the style for Neo4j Browser.

    It is a GraSS file: drop it onto Browser's window. Roles differ by colour and size; a pair's
    trade stands apart from single lines.
    """
    from graphchannel.neo4j.browser_style import grass  # noqa: PLC0415 - help stays quick

    with opened_output(output) as stream:
        stream.write(grass(catalogue.policy))


@example("graphchannel neo4j queries browser-queries/")
@command.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@catalogue_options(rules=True)
def queries(*, folder: Path, catalogue: Catalogue) -> None:
    """Write queries to keep in Neo4j Browser.

    They are written into FOLDER: drop the files onto Browser's window. Worst offenders, a partner's
    neighbourhood, coverage gaps, diverted goods, who may supply whom, and the findings of each
    rule.
    """
    from graphchannel.neo4j.saved_queries import write_queries  # noqa: PLC0415 - help stays quick

    for file in write_queries(catalogue, folder):
        echo(file)


def _local_address() -> BrowserAddress:
    """Return the Browser of a server that was started here."""
    from graphchannel.errors import EngineError  # noqa: PLC0415 - with it
    from graphchannel.neo4j import server  # noqa: PLC0415 - help stays quick
    from graphchannel.neo4j.browser import BrowserAddress  # noqa: PLC0415 - with it

    for one in server.running(server.default_home()):
        return BrowserAddress(one.browser, one.uri.replace("://", f"://{one.user}@"))
    raise EngineError(
        "No Neo4j server is named: give --neo4j-url, set GRAPHCHANNEL_NEO4J_URL or neo4j-url in "
        "graphchannel.toml, or start one with 'graphchannel neo4j up'."
    )


def _describe(server: LocalServer) -> None:
    from graphchannel.report.documents.published_graph import server_text  # noqa: PLC0415 - help is quick

    echo(server_text(server))


def _say(text: str) -> None:
    echo(text, err=True)

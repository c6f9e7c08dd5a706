"""`graphchannel neo4j`: a Neo4j server of one's own, without Docker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphchannel.cli._help import example
from graphchannel.cli._neo4j import neo4j_url_option, parsed_address
from graphchannel.cli._options import (
    opened_output,
    output_option,
    pack_option,
    workspace_option,
)
from graphchannel.cli._scanning import (
    as_of_option,
    catalogue_of,
    complete_rule,
    current_workspace,
    day_range_options,
    rules_option,
)

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.findings import ScanOptions
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
        click.echo(f"Neo4j {one.version} at {one.uri} is stopped.")
    if not stopped:
        click.echo("No Neo4j server runs here.")


@example("graphchannel neo4j status")
@command.command()
def status() -> None:
    """Say which servers run and how to reach them."""
    from graphchannel.neo4j import server  # noqa: PLC0415 - help stays quick

    found = server.running(server.default_home())
    for one in found:
        _describe(one)
    if not found:
        click.echo("No Neo4j server runs here; start one with 'graphchannel neo4j up'.")


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
@workspace_option
@pack_option
@rules_option
@as_of_option
@day_range_options
@neo4j_url_option
def browser(
    *,
    fingerprint: str | None,
    rule: str | None,
    partner: str | None,
    open_: bool,
    workspace: Path,
    pack: Path | None,
    rules: tuple[Path, ...],
    as_of: date | None,
    since: date | None,
    until: date | None,
    neo4j_url: str | None,
) -> None:
    """Print and open a link into Neo4j Browser.

    It leads to a finding, a rule's findings, a party, or the worst findings. The query stands in
    Browser's editor, ready to run. The server is that of --neo4j-url, else the one that
    'graphchannel neo4j up' started. The graph must be published there.
    """
    from graphchannel.findings import ScanOptions  # noqa: PLC0415 - imports duckdb

    if sum(chosen is not None for chosen in (fingerprint, rule, partner)) > 1:
        raise click.UsageError("Name a finding, --rule or --partner; one of them.")
    address = parsed_address(neo4j_url) or _local_address()
    catalogue = catalogue_of(pack, rules)
    options = ScanOptions(as_of=as_of, since=since, until=until)
    if fingerprint is not None:
        query = _finding(workspace, catalogue, options, fingerprint)
    elif partner is not None:
        query = _party(workspace, catalogue, partner)
    else:
        query = _rule(catalogue, rule)
    link = address.link(query)
    click.echo(link)
    _say(
        "The query stands in the editor. A server with a password first shows Connect: log in "
        "there, then run the query by hand."
    )
    if open_:
        click.launch(link)


@example("graphchannel neo4j style --output style.grass")
@command.command()
@pack_option
@output_option
def style(*, pack: Path | None, output: Path | None) -> None:
    """Print the style for Neo4j Browser.

    It is a GraSS file: drop it onto Browser's window. Roles differ by colour and size; a pair's
    trade stands apart from single lines.
    """
    from graphchannel.neo4j.browser_style import grass  # noqa: PLC0415 - help stays quick

    catalogue = catalogue_of(pack, ())
    with opened_output(output) as stream:
        stream.write(grass(catalogue.policy))


@example("graphchannel neo4j queries browser-queries/")
@command.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@pack_option
@rules_option
def queries(*, folder: Path, pack: Path | None, rules: tuple[Path, ...]) -> None:
    """Write queries to keep in Neo4j Browser.

    They are written into FOLDER: drop the files onto Browser's window. Worst offenders, a partner's
    neighbourhood, coverage gaps, diverted goods, who may supply whom, and the findings of each
    rule.
    """
    from graphchannel.neo4j.saved_queries import write_queries  # noqa: PLC0415 - help stays quick

    for file in write_queries(catalogue_of(pack, rules), folder):
        click.echo(file)


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


def _finding(workspace: Path, catalogue: Catalogue, options: ScanOptions, fingerprint: str) -> str:
    from graphchannel.findings import scan  # noqa: PLC0415 - imports duckdb
    from graphchannel.neo4j.views import finding_query  # noqa: PLC0415 - with it

    with current_workspace(workspace, catalogue.policy) as opened:
        return finding_query(scan(opened, catalogue, options).find(fingerprint))


def _party(workspace: Path, catalogue: Catalogue, party: str) -> str:
    from graphchannel.lookup import check_party  # noqa: PLC0415 - imports duckdb
    from graphchannel.neo4j.views import party_query  # noqa: PLC0415 - with it

    with current_workspace(workspace, catalogue.policy) as opened:
        check_party(opened.connection, party)
        name = opened.connection.execute(
            "SELECT name FROM graph.party WHERE id = $id", {"id": party}
        ).fetchall()[0][0]
        return party_query(party, name)


def _rule(catalogue: Catalogue, rule: str | None) -> str:
    from graphchannel.neo4j.views import rule_query, worst_query  # noqa: PLC0415 - help is quick

    return worst_query() if rule is None else rule_query(rule, catalogue.rule(rule).header.name)


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

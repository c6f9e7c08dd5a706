"""`graphchannel config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from graphchannel.cli._config import FILE, SEVERITIES, from_config, read_config
from graphchannel.cli._help import example
from graphchannel.cli._neo4j import neo4j_url_option
from graphchannel.cli._options import as_of_option, pack_option, workspace_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._who import by_option
from graphchannel.text import without_password

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from graphchannel.cli._printing import Printing

GROUP = "admin"
_VARIABLES = {
    "workspace": "GRAPHCHANNEL_WORKSPACE",
    "pack": "GRAPHCHANNEL_PACK",
    "neo4j-url": "GRAPHCHANNEL_NEO4J_URL",
    "user": "GRAPHCHANNEL_USER",
}
_PARAMETERS = {"user": "by"}
_BUILT_IN = {
    "pack": "the shipped pack",
    "as-of": "the last day with a shipment",
    "neo4j-url": "none",
    "user": "the system's user",
}


@example("graphchannel config")
@click.command("config")
@workspace_option
@pack_option
@as_of_option
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="low",
    show_default=True,
    callback=from_config("fail-on"),
    help="The severity at which a scan ends with exit code 1.",
)
@neo4j_url_option
@by_option
@printing_options()
@click.pass_context
def command(
    ctx: click.Context,
    *,
    workspace: Path,
    pack: Path | None,
    as_of: date | None,
    fail_on: str,
    neo4j_url: str | None,
    by: str | None,
    printing: Printing,
) -> None:
    """Show the settings in force and where each comes from.

    The command line goes before the environment, that before graphchannel.toml in the working
    directory, and that before the built-in default.
    """
    from graphchannel.report.documents.settings import settings_document  # noqa: PLC0415 - not for --help

    values = {
        "workspace": workspace,
        "pack": pack,
        "as-of": as_of,
        "fail-on": fail_on,
        "neo4j-url": neo4j_url,
        "user": by,
    }
    rows = [
        (
            setting,
            without_password(str(_BUILT_IN.get(setting, "") if value is None else value)),
            _source(ctx, setting),
        )
        for setting, value in values.items()
    ]
    print_document(settings_document(rows), printing)


def _source(ctx: click.Context, setting: str) -> str:
    source = ctx.get_parameter_source(_PARAMETERS.get(setting, setting.replace("-", "_")))
    if source is ParameterSource.COMMANDLINE:
        return "the command line"
    if source is ParameterSource.ENVIRONMENT:
        return _VARIABLES[setting]
    return str(FILE) if setting in read_config() else "built in"

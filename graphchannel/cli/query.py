"""`graphchannel query`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._channel import channel_options
from graphchannel.cli._help import example
from graphchannel.cli._options import SECONDS
from graphchannel.cli._printing import print_document, print_text, printing_options

if TYPE_CHECKING:
    from graphchannel.channel import Channel
    from graphchannel.cli._printing import Printing

GROUP = "graph"


@example(
    'graphchannel query "MATCH (p:Partner) RETURN p.country AS country, count(*) AS partners"',
    'graphchannel query --sql "MATCH (:Vendor)-[s:SUPPLIED]->(p) RETURN p.id AS id, s.id AS line"',
)
@click.command("query")
@click.argument("cypher")
@channel_options(engine=True, as_of=True)
@click.option(
    "--param",
    "params",
    metavar="NAME=VALUE",
    multiple=True,
    help="Give $NAME a value: a number, true, false, a day, a JSON list, else a text.",
)
@printing_options(endings=(".sql",))
@click.option(
    "--sql", "show_sql", is_flag=True, help="Print the compiled SQL instead of running it."
)
@click.option(
    "--timeout",
    type=SECONDS,
    default=60.0,
    show_default=True,
    help="Stop the query after so many seconds.",
)
@click.option(
    "--max-rows",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="A result with more rows is an error.",
)
def command(
    *,
    cypher: str,
    channel: Channel,
    params: tuple[str, ...],
    printing: Printing,
    show_sql: bool,
    timeout: float,
    max_rows: int,
) -> None:
    """Run one read-only Cypher query.

    $as_of and the policy's parameters are known to the query, as they are to rules.
    """
    from graphchannel.report.documents.query import query_document  # noqa: PLC0415 - not for help

    given = dict(_parameter(text) for text in params)
    if show_sql:
        print_text(f"{channel.compiled(cypher, given).sql}\n", printing)
        return
    rows = channel.query(cypher, given, timeout=timeout, max_rows=max_rows)
    print_document(query_document(rows), printing)


def _parameter(text: str) -> tuple[str, object]:
    import json  # noqa: PLC0415 - only with --param
    import re  # noqa: PLC0415 - only with --param
    from datetime import date  # noqa: PLC0415 - only with --param

    name, separator, value = text.partition("=")
    if not separator or not name.isidentifier():
        raise click.BadParameter(
            f"'{text}' gives no value; expected NAME=VALUE.", param_hint="--param"
        )
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):  # 20240131 is a number
        try:
            return name, date.fromisoformat(value)
        except ValueError:
            raise click.BadParameter(
                f"'{value}' is no day of the calendar; put it into double quotes if it is a text.",
                param_hint="--param",
            ) from None
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value

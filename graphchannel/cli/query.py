"""`graphchannel query`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphchannel.cli._help import example
from graphchannel.cli._neo4j import engine_options
from graphchannel.cli._options import opened_output, pack_option, workspace_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._scanning import as_of_option, current_workspace
from graphchannel.errors import GraphChannelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.cli._printing import Printing
    from graphchannel.compiler import Compiled, CypherType
    from graphchannel.policy import Policy

GROUP = "graph"


@example(
    'graphchannel query "MATCH (p:Partner) RETURN p.country AS country, count(*) AS partners"',
    'graphchannel query --sql "MATCH (:Vendor)-[s:SUPPLIED]->(p) RETURN p.id AS id, s.id AS line"',
)
@click.command("query")
@click.argument("cypher")
@workspace_option
@pack_option
@engine_options
@as_of_option
@click.option(
    "--param",
    "params",
    metavar="NAME=VALUE",
    multiple=True,
    help="Give $NAME a value: a number, true, false, a day, a JSON list, else a text.",
)
@printing_options()
@click.option(
    "--sql", "show_sql", is_flag=True, help="Print the compiled SQL instead of running it."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
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
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    as_of: date | None,
    params: tuple[str, ...],
    printing: Printing,
    show_sql: bool,
    timeout: float,
    max_rows: int,
) -> None:
    """Run one read-only Cypher query.

    $as_of and the policy's parameters are known to the query, as they are to rules.
    """
    from graphchannel import resources  # noqa: PLC0415 - reads the policy module
    from graphchannel.engines import Query  # noqa: PLC0415 - imports duckdb
    from graphchannel.engines.parameters import policy_parameters  # noqa: PLC0415 - with it
    from graphchannel.lookup import last_day  # noqa: PLC0415 - with it
    from graphchannel.policy import load_policy  # noqa: PLC0415 - not for --help

    policy = load_policy(pack or resources.pack())
    given = dict(_parameter(text) for text in params)
    query = Query("query", cypher, _compiled(cypher, policy, given))
    if show_sql:
        with opened_output(printing.output) as stream:
            stream.write(f"{query.compiled.sql}\n")
        return
    for note in query.compiled.notes:
        click.echo(note, err=True)
    with current_workspace(workspace, policy) as opened:
        values = policy_parameters(policy)
        known = {name: value for name, value in values.items() if value is not None} | given
        if "as_of" in query.compiled.parameters and "as_of" not in known:
            known["as_of"] = as_of or last_day(opened.connection)
        with engine.opened(opened, timeout=timeout, max_rows=max_rows) as where:
            table = where.run(query, known)
    from graphchannel.report.documents.query import query_document  # noqa: PLC0415 - after it

    print_document(query_document(table), printing)


def _compiled(cypher: str, policy: Policy, given: Mapping[str, object]) -> Compiled:
    from graphchannel.compiler import compile  # noqa: A004, PLC0415 - its name; imports lark
    from graphchannel.engines.parameters import parameter_types  # noqa: PLC0415 - with it
    from graphchannel.schema import CHANNEL  # noqa: PLC0415 - with it

    # What an empty list would be a list of, the query tells, or the policy.
    told = {name: _type(name, value) for name, value in given.items() if value != []}
    types = parameter_types(policy) | told
    return compile(cypher, CHANNEL, parameters=types, exploring=True)


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


def _type(name: str, value: object) -> CypherType:
    from graphchannel.compiler import type_of  # noqa: PLC0415 - only with --param

    found = type_of(value)
    if found is not None:
        return found
    if isinstance(value, list):
        raise GraphChannelError(f"--param {name}: expected a list of values of one type.")
    raise GraphChannelError(f"--param {name}: a query takes no value such as {value!r}.")

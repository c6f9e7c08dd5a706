"""`graphchannel trace`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from graphchannel.cli._help import example
from graphchannel.cli._neo4j import engine_options
from graphchannel.cli._options import pack_option, workspace_option
from graphchannel.cli._printing import print_document, printing_options
from graphchannel.cli._scanning import (
    as_of_option,
    current_workspace,
    day_range_options,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import duckdb

    from graphchannel.analysis.goods.following import Goods
    from graphchannel.analysis.goods.model import TraceQuestion
    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.cli._printing import Printing
    from graphchannel.report.documents.trace import Part

GROUP = "analysis"


@example(
    "graphchannel trace --from P00172",
    "graphchannel trace --to E00001 --product SW-100",
    "graphchannel trace --serial R1",
)
@click.command("trace")
@click.option("--from", "start", metavar="PARTY", help="Follow what this party sold.")
@click.option("--to", "end", metavar="PARTY", help="Follow back what this party bought.")
@click.option("--product", metavar="ID", help="Follow this product only.")
@click.option("--line", metavar="SHIPMENT", help="Follow the goods of this line, on and back.")
@click.option("--serial", metavar="NUMBER", help="Show the history of the units with this number.")
@click.option(
    "--max-hops",
    type=click.IntRange(min=1, max=20),
    default=6,
    show_default=True,
    help="The most hops of a path.",
)
@click.option(
    "--window",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="The most days between a hop and the next.  [default: any]",
)
@workspace_option
@pack_option
@engine_options
@as_of_option
@day_range_options
@printing_options("hops", "by_serial", "paths", "came", "went")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many paths to show.",
)
def command(
    *,
    start: str | None,
    end: str | None,
    product: str | None,
    line: str | None,
    serial: str | None,
    max_hops: int,
    window: int | None,
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    as_of: date | None,
    since: date | None,
    until: date | None,
    printing: Printing,
    top: int,
) -> None:
    """Follow goods hop by hop.

    They are followed by serial number exactly, else as far as product, days and quantities tell.
    Name a party, a product, parties and a product together, a line, or a serial number. A crossed
    arrow is a hop that the policy does not allow. Lines after the as-of day are left out.
    """
    from graphchannel.analysis.fetch import fetch_from  # noqa: PLC0415 - imports duckdb
    from graphchannel.analysis.goods.following import Goods  # noqa: PLC0415 - with it
    from graphchannel.analysis.goods.model import TraceQuestion  # noqa: PLC0415 - with it
    from graphchannel.lookup import check_days, last_day  # noqa: PLC0415 - imports duckdb
    from graphchannel.policy import load_policy  # noqa: PLC0415 - not for --help
    from graphchannel.report.documents.trace import (  # noqa: PLC0415 - with it
        TraceReport,
        trace_document,
    )
    from graphchannel.resources import pack as shipped_pack  # noqa: PLC0415 - with it

    asked = TraceQuestion(start, end, product, line, max_hops, window)
    _refuse_mixed(asked, serial)
    policy = load_policy(pack or shipped_pack())
    with (
        current_workspace(workspace, policy) as opened,
        engine.opened(opened) as where,
    ):
        _check(opened.connection, asked, serial)
        day = as_of or last_day(opened.connection)
        check_days(since, until, day)
        last = min(day, until or day)
        fetch = fetch_from(
            where,
            policy,
            day,
            since=since or date.min,
            until=last,
            product=product or _product_of(opened.connection, line),
        )
        goods = Goods(opened.connection, fetch.source("lines"), fetch.source("units"), policy)
        names = _names(opened.connection)
        parts, remarks = _traced(goods, asked, serial, top, names)
        if not any(part.paths for part in parts):
            remarks += goods.silence(asked, serial, names)
        question = {
            "from": start,
            "to": end,
            "product": product,
            "line": line,
            "serial": serial,
            "max_hops": max_hops,
            "window": window,
        }
        report = TraceReport(day, since, last, question, parts, remarks, names, policy, top)
        print_document(trace_document(report), printing)


def _refuse_mixed(asked: TraceQuestion, serial: str | None) -> None:
    """Refuse a question about nothing, and one about a line or a number and more besides."""
    ends = [asked.start, asked.end, asked.product]
    single = [one for one in (asked.line, serial) if one is not None]
    if len(single) + any(end is not None for end in ends) != 1:
        raise click.UsageError(
            "Say what to follow: --from, --to and --product, alone or together; or --line; or "
            "--serial."
        )


def _check(connection: duckdb.DuckDBPyConnection, asked: TraceQuestion, serial: str | None) -> None:
    """Refuse names that the workspace does not know: no path would look like a clean one."""
    from graphchannel import lookup  # noqa: PLC0415 - imports duckdb

    for party in (asked.start, asked.end):
        if party is not None:
            lookup.check_party(connection, party)
    if asked.product is not None:
        lookup.check_product(connection, asked.product)
    if asked.line is not None:
        lookup.check_line(connection, asked.line)
    if serial is not None:
        lookup.check_serial(connection, serial)


def _traced(
    goods: Goods, asked: TraceQuestion, serial: str | None, top: int, names: Mapping[str, str]
) -> tuple[list[Part], list[str]]:
    """Follow the goods, numbered units first; return the paths and what is odd about units."""
    from graphchannel.report.documents.trace import Part  # noqa: PLC0415 - imports the solver

    ways, remarks = goods.unit_paths(asked, serial, top, names)
    found = [("by_serial", "Followed by serial number", ways)]
    if serial is None and asked.line is None:
        title = "Possible by product, days and quantities"
        found.append(("paths", title, goods.paths(asked, top)))
    elif serial is None:
        back = goods.paths(asked, top, back=True)
        found.append(("came", "Where the goods of the line can have come from", back))
        on = goods.paths(asked, top)
        found.append(("went", "Where the goods of the line can have gone", on))
    parts: list[Part] = []
    told: set[tuple[str, ...]] = set()
    for key, title, result in found:
        judged = goods.judged(result.paths)
        new = [one for one in judged if one.path.lines not in told]  # by number and by lines alike
        told.update(one.path.lines for one in judged)
        parts.append(Part(key, title, new, result.further))
    return parts, remarks


def _product_of(connection: duckdb.DuckDBPyConnection, line: str | None) -> str:
    """Return the product of a line, within which its goods are followed; of none, an empty text."""
    rows = connection.execute(
        "SELECT product_id FROM main.shipments WHERE id = $line", {"line": line}
    ).fetchall()
    return str(rows[0][0]) if rows else ""


def _names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the names of all parties by id."""
    return dict(connection.execute("SELECT id, name FROM graph.party").fetchall())

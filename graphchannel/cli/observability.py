"""`graphchannel observability`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from graphchannel.cli._neo4j import engine_options
from graphchannel.cli._network import fetch_from
from graphchannel.cli._options import format_option, output_option, pack_option, workspace_option
from graphchannel.cli._scanning import as_of_option, current_workspace, opened_output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.network.bounds import Bound
    from graphchannel.network.observability import Observed
    from graphchannel.report.sections import Document


_REMARKS = (
    "followed: by serial number, of those that are numbered.",
    "seen: followed, and of the rest an estimate, as if stock were sold evenly mixed.",
    "at_least, at_most: what days and quantities leave open; the estimate is held between them.",
)


@click.command("observability")
@workspace_option
@pack_option
@engine_options
@as_of_option
@format_option("table", "json", "csv")
@output_option
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many partners to show, and products of partners with exact bounds.",
)
def command(
    *,
    workspace: Path,
    pack: Path | None,
    engine: ChosenEngine,
    as_of: date | None,
    format_: str,
    output: Path | None,
    top: int,
) -> None:
    """Tell how much of what was sold in can be followed to an end user, the least seen first.

    By serial number exactly; else by what the parties report that they sold on. What nobody reports
    is not seen. JSON and CSV list all partners.
    """
    from graphchannel.findings.scanner import last_day  # noqa: PLC0415 - imports duckdb
    from graphchannel.network.following import Goods  # noqa: PLC0415 - with it
    from graphchannel.policy import load_policy  # noqa: PLC0415 - not for --help
    from graphchannel.report.sections import write_document  # noqa: PLC0415 - with it
    from graphchannel.resources import pack as shipped_pack  # noqa: PLC0415 - with it

    policy = load_policy(pack or shipped_pack())
    with (
        current_workspace(workspace, policy) as opened,
        engine.opened(opened) as where,
    ):
        connection = opened.connection
        day = as_of or last_day(connection)
        fetch = fetch_from(where, policy, day, since=date.min, until=day, product="")
        goods = Goods(connection, fetch.source("lines"), fetch.source("units"), policy)
        entries = goods.observed()
        bounds = goods.bounded(entries[:top])
        names = dict(connection.execute("SELECT id, name FROM main.partners").fetchall())
        with opened_output(output) as stream:
            write_document(_document(entries, bounds, names, day, top), stream, format_)


def _document(
    entries: Sequence[Observed],
    bounds: Sequence[Bound],
    names: Mapping[str, str],
    day: date,
    top: int,
) -> Document:
    """Return partners, and the products of partners that least is seen of.

    The bounds of the first products hold their figures alone, so that no sum hangs on how many
    are shown.
    """
    from graphchannel.network.observability import within  # noqa: PLC0415 - imports duckdb
    from graphchannel.report.figures import percent  # noqa: PLC0415 - not for --help
    from graphchannel.report.sections import Document, Section  # noqa: PLC0415 - not for --help

    totals: dict[str, list[int]] = {}
    for entry in entries:
        total = totals.setdefault(entry.partner, [0, 0, 0, 0])
        figures = (entry.sold_in, entry.numbered, entry.followed, entry.seen)
        totals[entry.partner] = [a + b for a, b in zip(total, figures, strict=True)]
    ranked = sorted(totals.items(), key=lambda item: (item[1][3] - item[1][0], item[0]))
    partners = [
        (
            id_,
            names[id_],
            sold_in,
            numbered,
            followed,
            seen,
            sold_in - seen,
            percent(seen / sold_in),
        )
        for id_, (sold_in, numbered, followed, seen) in ranked
    ]
    products = [
        (
            entry.partner,
            names[entry.partner],
            entry.product,
            entry.sold_in,
            entry.numbered,
            entry.followed,
            within(entry, bound).seen,
            bound.least,
            bound.most,
        )
        for entry, bound in zip(entries, bounds, strict=False)  # only so many have bounds
    ]
    sold_in, seen = sum(row[2] for row in partners), sum(row[5] for row in partners)
    if sold_in:
        headline = (
            f"Of {sold_in:,} units sold in up to {day}, about {seen:,} "
            f"({percent(seen / sold_in)} %) can be followed to an end user."
        )
    else:
        headline = f"No line tells that anything was sold in up to {day}; nothing can be followed."
    columns = ("sold_in", "numbered", "followed", "seen")
    return Document(
        headline=headline,
        facts={"as_of": day, "sold_in": sold_in, "seen": seen},
        sections=(
            Section(
                "partners",
                "Partners, those of whose goods least is seen first",
                ("partner", "name", *columns, "not_seen", "seen_percent"),
                partners,
                shown=top,
            ),
            Section(
                "products",
                "Products of partners that least is seen of",
                ("partner", "name", "product", *columns, "at_least", "at_most"),
                products,
                remarks=_REMARKS,
            ),
        ),
    )

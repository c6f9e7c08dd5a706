"""`graphchannel observability`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from graphchannel.cli._neo4j import engine_options
from graphchannel.cli._options import format_option, output_option, pack_option, workspace_option
from graphchannel.cli._scanning import as_of_option, current_workspace, opened_output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graphchannel.analysis.goods.observability import Limits, Observed
    from graphchannel.cli._neo4j import ChosenEngine
    from graphchannel.report.sections import Document


_COLUMNS = ("sold_in", "numbered", "followed", "sent_back", "seen", "returned", "not_seen")
_RETURNED = ("returned_at_least", "returned_at_most")
_DETAILS = frozenset({"sent_back", *_RETURNED})
_REMARKS = (
    "sold_in = seen + returned + not_seen; seen_percent: of what was not returned.",
    "followed: with an end user by serial number, of those that are numbered.",
    "seen: followed, and of the rest an estimate, as if stock were sold evenly mixed.",
    "returned: came back to a vendor, likewise by serial number, and of the rest an estimate.",
    "at_least, at_most: what of seen days and quantities leave open; it is held between them.",
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

    By serial number exactly; else by what the parties report that they sold on. Units that came
    back to a vendor are told apart. What nobody reports is not seen. JSON and CSV list all
    partners.
    """
    from graphchannel.analysis.fetch import fetch_from  # noqa: PLC0415 - imports duckdb
    from graphchannel.analysis.goods.following import Goods  # noqa: PLC0415 - with it
    from graphchannel.lookup import last_day  # noqa: PLC0415 - imports duckdb
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
        limits = goods.bounded(entries[:top])
        names = dict(connection.execute("SELECT id, name FROM main.partners").fetchall())
        with opened_output(output) as stream:
            write_document(_document(entries, limits, names, day, top), stream, format_)


def _document(
    entries: Sequence[Observed],
    limits: Sequence[Limits],
    names: Mapping[str, str],
    day: date,
    top: int,
) -> Document:
    """Return partners, and the products of partners that least is seen of.

    The bounds of the first products hold their figures alone, so that no sum hangs on how many
    are shown.
    """
    from graphchannel.analysis.goods.observability import within  # noqa: PLC0415 - imports duckdb
    from graphchannel.report.sections import Document, Section  # noqa: PLC0415 - not for --help

    totals: dict[str, list[int]] = {}
    for entry in entries:
        total = totals.setdefault(entry.partner, [0] * len(_COLUMNS))
        totals[entry.partner] = [a + b for a, b in zip(total, _figures(entry), strict=True)]
    ranked = sorted(totals.items(), key=lambda item: (-item[1][-1], item[0]))
    partners = [
        (id_, names[id_], *figures, _percent_seen(figures[0], figures[-3], figures[-2]))
        for id_, figures in ranked
    ]
    products = [
        (
            entry.partner,
            names[entry.partner],
            entry.product,
            *_figures(within(entry, limit)),
            limit.seen.least,
            limit.seen.most,
            limit.returned.least,
            limit.returned.most,
        )
        for entry, limit in zip(entries, limits, strict=False)  # only so many have limits
    ]
    sold_in, seen, returned, not_seen = (
        sum(getattr(entry, name) for entry in entries)
        for name in ("sold_in", "seen", "returned", "unseen")
    )
    return Document(
        headline=_headline(sold_in, seen, returned, day),
        facts={
            "as_of": day,
            "sold_in": sold_in,
            "seen": seen,
            "returned": returned,
            "not_seen": not_seen,
        },
        sections=(
            Section(
                "partners",
                "Partners, those of whose goods least is seen first",
                ("partner", "name", *_COLUMNS, "seen_percent"),
                partners,
                shown=top,
                details=_DETAILS,
            ),
            Section(
                "products",
                "Products of partners that least is seen of",
                ("partner", "name", "product", *_COLUMNS, "at_least", "at_most", *_RETURNED),
                products,
                remarks=_REMARKS,
                details=_DETAILS,
            ),
        ),
    )


def _figures(entry: Observed) -> list[int]:
    return [
        entry.sold_in,
        entry.numbered,
        entry.followed,
        entry.sent_back,
        entry.seen,
        entry.returned,
        entry.unseen,
    ]


def _percent_seen(sold_in: int, seen: int, returned: int) -> float | None:
    """Return how much is seen of what did not come back, None where all did."""
    from graphchannel.report.figures import percent  # noqa: PLC0415 - not for --help

    kept = sold_in - returned
    return percent(seen / kept) if kept else None


def _headline(sold_in: int, seen: int, returned: int, day: date) -> str:
    if not sold_in:
        return f"No line tells that anything was sold in up to {day}; nothing can be followed."
    share = _percent_seen(sold_in, seen, returned)
    if not returned:
        return (
            f"Of {sold_in:,} units sold in up to {day}, about {seen:,} ({share} %) can be followed "
            "to an end user."
        )
    back = f"Of {sold_in:,} units sold in up to {day}, about {returned:,} came back to a vendor"
    if share is None:
        return f"{back}; none are left to follow."
    return (
        f"{back}; of the other {sold_in - returned:,}, about {seen:,} ({share} %) can be followed "
        "to an end user."
    )

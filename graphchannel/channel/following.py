"""Questions about goods: where they went and came from, and how much of it can be seen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel import lookup
from graphchannel.analysis.fetch import fetch_from
from graphchannel.analysis.goods.following import Goods
from graphchannel.channel.results import Observability, TracePart, Traces
from graphchannel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from graphchannel.analysis.goods.model import TraceQuestion
    from graphchannel.channel.opening import Opening

__all__ = ["observability", "trace"]


def trace(
    opening: Opening,
    question: TraceQuestion,
    serial: str | None,
    *,
    as_of: date | None,
    since: date | None,
    until: date | None,
    top: int,
) -> Traces:
    """Follow goods; show the `top` paths of each part. Raises InputError for unknown names."""
    _refuse_mixed(question, serial)
    policy = opening.catalogue.policy
    with opening.asking() as (engine, connection):
        _check(connection, question, serial)
        day = opening.day(as_of)
        lookup.check_days(since, until, day)
        last = min(day, until or day)
        product = question.product or _product_of(connection, question.line)
        first = since or date.min
        fetch = fetch_from(engine, policy, day, since=first, until=last, product=product)
        goods = Goods(connection, fetch.source("lines"), fetch.source("units"), policy)
        names = _names(connection, "graph.party")
        parts, remarks = _parts(goods, question, serial, top, names)
        if not any(part.paths for part in parts):
            remarks += goods.silence(question, serial, names)
    return Traces(
        as_of=day,
        since=since,
        until=last,
        question=question,
        serial=serial,
        parts=parts,
        remarks=tuple(remarks),
        names=names,
        policy=policy,
    )


def observability(opening: Opening, *, as_of: date | None, bounded: int) -> Observability:
    """Return what can be followed, with the least and most of the first `bounded` entries."""
    policy = opening.catalogue.policy
    day = opening.day(as_of)
    with opening.asking() as (engine, connection):
        fetch = fetch_from(engine, policy, day, since=date.min, until=day, product="")
        goods = Goods(connection, fetch.source("lines"), fetch.source("units"), policy)
        entries = goods.observed()
        limits = goods.bounded(entries[:bounded])
        names = _names(connection, "main.partners")
    return Observability(day, tuple(entries), tuple(limits), names)


def _refuse_mixed(question: TraceQuestion, serial: str | None) -> None:
    """Refuse a question about nothing, and one about a line or a number and more besides."""
    ends = [question.start, question.end, question.product]
    single = [one for one in (question.line, serial) if one is not None]
    if len(single) + any(end is not None for end in ends) != 1:
        raise InputError(
            "Say what to follow: --from, --to and --product, alone or together; or --line; or "
            "--serial."
        )


def _check(
    connection: duckdb.DuckDBPyConnection, question: TraceQuestion, serial: str | None
) -> None:
    """Refuse names that the workspace does not know: no path would look like a clean one."""
    for party in (question.start, question.end):
        if party is not None:
            lookup.check_party(connection, party)
    if question.product is not None:
        lookup.check_product(connection, question.product)
    if question.line is not None:
        lookup.check_line(connection, question.line)
    if serial is not None:
        lookup.check_serial(connection, serial)


def _parts(
    goods: Goods, question: TraceQuestion, serial: str | None, top: int, names: Mapping[str, str]
) -> tuple[tuple[TracePart, ...], list[str]]:
    """Follow the goods, numbered units first; return the paths and what is odd about units."""
    ways, remarks = goods.unit_paths(question, serial, top, names)
    found = [("by_serial", "Followed by serial number", ways)]
    if serial is None and question.line is None:
        title = "Possible by product, days and quantities"
        found.append(("paths", title, goods.paths(question, top)))
    elif serial is None:
        back = goods.paths(question, top, back=True)
        found.append(("came", "Where the goods of the line can have come from", back))
        on = goods.paths(question, top)
        found.append(("went", "Where the goods of the line can have gone", on))
    shown: set[tuple[str, ...]] = set()

    def parts() -> Iterator[TracePart]:
        for key, title, traced in found:
            judged = goods.judged(traced.paths)
            new = tuple(one for one in judged if one.path.lines not in shown)  # by number and lines
            shown.update(one.path.lines for one in judged)
            yield TracePart(key, title, new, traced.further)

    return tuple(parts()), remarks


def _product_of(connection: duckdb.DuckDBPyConnection, line: str | None) -> str:
    """Return the product of a line, within which its goods are followed; of none, an empty text."""
    rows = connection.execute(
        "SELECT product_id FROM main.shipments WHERE id = $line", {"line": line}
    ).fetchall()
    return str(rows[0][0]) if rows else ""


def _names(connection: duckdb.DuckDBPyConnection, parties: str) -> dict[str, str]:
    return dict(connection.execute(f"SELECT id, name FROM {parties}").fetchall())

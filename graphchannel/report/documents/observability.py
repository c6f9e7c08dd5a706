"""How much of what was sold in can be followed, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from graphchannel.analysis.goods.observability import Observed, within
from graphchannel.report.document import Column, Document, Section
from graphchannel.report.figures import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from graphchannel.analysis.goods.observability import Limits
    from graphchannel.channel.results import Observability

__all__ = ["observability_document"]

_REMARKS = (
    "sold_in = seen + returned + not_seen; seen_percent: of what was not returned.",
    "followed: units that serial numbers show with an end user.",
    "seen: followed units, and an estimate of the rest, as if stock were sold evenly mixed.",
    "returned: units that came back to a vendor, by serial number, and an estimate of the rest.",
    "at_least, at_most: the bounds of seen, from days and quantities; seen is kept within them.",
)


Entry = TypeVar("Entry")
_FIGURES: tuple[tuple[str, Callable[[Observed], int]], ...] = (
    ("sold_in", lambda entry: entry.sold_in),
    ("numbered", lambda entry: entry.numbered),
    ("followed", lambda entry: entry.followed),
    ("sent_back", lambda entry: entry.sent_back),
    ("seen", lambda entry: entry.seen),
    ("returned", lambda entry: entry.returned),
    ("not_seen", lambda entry: entry.unseen),
)
_DETAILS = frozenset({"sent_back"})
_SPARE = frozenset({"numbered", "followed", "returned"})


def observability_document(result: Observability, *, top: int) -> Document:
    """Return partners, and the products of partners that least is seen of.

    `limits` are those of the first entries. They hold the figures of these alone, so that no sum
    depends on how many are shown.
    """
    entries, limits, names, day = result.entries, result.limits, result.names, result.as_of
    sold_in, seen, returned, not_seen = (
        sum(getattr(entry, name) for entry in entries)
        for name in ("sold_in", "seen", "returned", "unseen")
    )
    products = [
        (within(entry, limit), limit) for entry, limit in zip(entries, limits, strict=False)
    ]
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
                "Partners, the least seen first",
                _partner_columns(names),
                _partners(entries),
                shown=top,
            ),
            Section(
                "products",
                "Products of partners, the least seen first",
                _product_columns(names),
                products,
                _REMARKS,
            ),
        ),
    )


def _partner_columns(names: Mapping[str, str]) -> tuple[Column[Observed], ...]:
    return (
        Column("partner", lambda entry: entry.partner, "id"),
        Column("name", lambda entry: names[entry.partner]),
        *_figures(_itself),
        Column("seen_percent", _seen_of, "number"),
    )


def _product_columns(names: Mapping[str, str]) -> tuple[Column[tuple[Observed, Limits]], ...]:
    return (
        Column("partner", lambda pair: pair[0].partner, "id"),
        Column("name", lambda pair: names[pair[0].partner]),
        Column("product", lambda pair: pair[0].product, "id"),
        *_figures(_first),
        Column("at_least", lambda pair: pair[1].seen.least, "number"),
        Column("at_most", lambda pair: pair[1].seen.most, "number"),
        Column("returned_at_least", lambda pair: pair[1].returned.least, "number", detail=True),
        Column("returned_at_most", lambda pair: pair[1].returned.most, "number", detail=True),
    )


def _figures(observed: Callable[[Entry], Observed]) -> Iterator[Column[Entry]]:
    for name, of in _FIGURES:
        value = _composed(of, observed)
        yield Column(name, value, "number", detail=name in _DETAILS, spare=name in _SPARE)


def _composed(
    of: Callable[[Observed], int], observed: Callable[[Entry], Observed]
) -> Callable[[Entry], int]:
    return lambda entry: of(observed(entry))


def _itself(entry: Observed) -> Observed:
    return entry


def _first(pair: tuple[Observed, Limits]) -> Observed:
    return pair[0]


def _partners(entries: Sequence[Observed]) -> list[Observed]:
    """Return the sums over the products of each partner, those of whose goods least is seen first.

    The product of a sum has no name.
    """
    products: dict[str, list[Observed]] = {}
    for entry in entries:
        products.setdefault(entry.partner, []).append(entry)
    names = ("sold_in", "numbered", "followed", "sent_back", "seen", "returned")
    totals = [
        Observed(partner, "", *(sum(getattr(one, name) for one in own) for name in names))
        for partner, own in products.items()
    ]
    return sorted(totals, key=lambda total: (-total.unseen, total.partner))


def _seen_of(entry: Observed) -> float | None:
    return _percent_seen(entry.sold_in, entry.seen, entry.returned)


def _percent_seen(sold_in: int, seen: int, returned: int) -> float | None:
    """Return how much is seen of what did not come back, None where all did."""
    kept = sold_in - returned
    return percent(seen / kept) if kept else None


def _headline(sold_in: int, seen: int, returned: int, day: date) -> str:
    if not sold_in:
        return f"No line shows anything sold in up to {day}; nothing can be followed."
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

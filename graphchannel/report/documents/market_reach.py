"""What distributors reach of their markets as a document: a table and the sentences beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.market import threshold_of
from graphchannel.report.document import Column, Document, Section
from graphchannel.report.documents.regions import SHOWN
from graphchannel.report.figures import percent
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.coverage.market import MarketReach
    from graphchannel.channel.place_results import MarketReaches

__all__ = ["distributors_document"]


def distributors_document(result: MarketReaches) -> Document:
    """Tell which share of its market each distributor reaches in each country.

    `before` is the same on the day `day_before`.
    """
    facts, found = result.facts, result.reaches
    before, day_before = result.before, result.compared_to
    threshold = threshold_of(facts.policy)
    known = [row for row in found if row.share is not None]
    least = f"the policy's {100 * threshold:g} %" if threshold is not None else None
    thin = [row for row in known if threshold is not None and (row.share or 0.0) < threshold]
    return Document(
        headline=(
            f"Markets as of {facts.as_of}, one for each distributor and country: {len(found)}."
            + (
                f" Reached below {least}: {len(thin)} of {len(known)} whose demand is known."
                if least
                else ""
            )
        ),
        facts={
            "as_of": facts.as_of,
            "threshold_percent": percent(threshold),
            "markets": len(found),
            "below": len(thin) if least else None,
        },
        sections=(
            Section(
                "distributors",
                "Distributors by country, the thinnest first",
                _columns(facts, before, day_before),
                found,
                shown=SHOWN,
            ),
        ),
        remarks=tuple(_market_remarks(found, least)),
    )


def _columns(
    facts: Facts, before: Sequence[MarketReach] | None, day_before: date | None
) -> list[Column[MarketReach]]:
    columns: list[Column[MarketReach]] = [
        Column("distributor", lambda row: row.distributor, "id"),
        Column("name", lambda row: facts.partners[row.distributor].name),
        Column("country", lambda row: row.country, spare=True),
        Column("percent", lambda row: percent(row.share), "number"),
    ]
    if before is not None:
        shares = {(row.distributor, row.country): row.share for row in before}
        columns.append(
            Column(
                f"percent_{day_before}",
                lambda row: percent(shares.get((row.distributor, row.country))),
                "number",
            )
        )
    columns += [
        Column("demand", lambda row: row.demand, "number", spare=True),
        Column("reached", lambda row: row.reached, "number", detail=True),
        Column("regions", lambda row: len(row.regions), "number", spare=True),
        Column("in_reach", lambda row: len(row.regions) - len(row.missing), "number", spare=True),
        Column("resellers", lambda row: len(row.resellers), "number", detail=True),
        Column("missing", lambda row: listed([facts.regions[id_].name for id_ in row.missing])),
    ]
    return columns


def _market_remarks(found: Sequence[MarketReach], least: str | None) -> Iterator[str]:
    if not found:
        yield "No distributor is authorized by name in any region on that day."
        return
    yield (
        "A region is reached by an open branch of the distributor there, or by a partner that it "
        "certified and that is authorized there."
    )
    if least is None:
        yield "The policy sets no market_share_threshold, so no share is called too thin."
    unknown = sum(row.share is None for row in found)
    if unknown:
        yield (
            f"The share of {unknown} markets is unknown, because regions that are reached state no "
            "demand; the number of regions still tells."
        )

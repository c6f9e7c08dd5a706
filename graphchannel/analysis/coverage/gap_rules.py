"""Analyses of rules about coverage: places without a route, or with one partner on every route."""

from __future__ import annotations

import math
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphchannel.analysis.contract import Projection, analysis
from graphchannel.analysis.coverage.market import Standpoint, reaches
from graphchannel.analysis.coverage.routes import Presence, Reach, reach
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["distributor_thin_country", "no_compliant_route", "single_source_region"]

_NAMES = 10  # that stand in one cell of evidence
_CERTIFIED = ("region", "partner", "role", "issuer", "by_vendor", "holds", "active")
_MARKET = ("region", "country", "demand", "partner", "role", "issuer", "branch")
_TYPES: Mapping[str, pa.DataType] = {
    "sellers": pa.int64(),
    "regions": pa.int64(),
    "reached": pa.int64(),
    "percent": pa.float64(),
    "demand": pa.float64(),
}


@analysis(needs=_CERTIFIED, returns=("subject", "missing", "partners"), kinds={"subject": "region"})
def no_compliant_route(projection: Projection) -> pa.Table:
    """Return the regions that have partners on paper but no route, and the hops missing there.

    `partners` are those on paper, the first ten of them by id.
    """
    return _table(
        ("subject", "missing", "partners"),
        [
            (region, ", ".join(found.missing), listed(found.on_paper, _NAMES))
            for region, found in _reaches(projection)
            if found.on_paper and not found.served
        ],
    )


@analysis(
    needs=_CERTIFIED, returns=("subject", "object", "role", "sellers"), kinds={"subject": "region"}
)
def single_source_region(projection: Projection) -> pa.Table:
    """Return the regions with each partner that every route leads through.

    `role` is the partner's, `sellers` how many partners end users can buy from.
    """
    return _table(
        ("subject", "object", "role", "sellers"),
        [
            (region, partner, found.members[partner], len(found.sellers))
            for region, found in _reaches(projection)
            for partner in found.sole
        ],
    )


@analysis(
    needs=_MARKET,
    returns=("subject", "country", "percent", "reached", "regions", "demand"),
    uses=("market_share_threshold",),
)
def distributor_thin_country(projection: Projection) -> pa.Table:
    """Return the distributors that reach too little of their market in a country.

    `percent` of the `demand` is reached, which lies in `reached` of the `regions` of its market.
    """
    rows = (Standpoint(*row) for row in _rows(projection, _MARKET))
    least: Any = projection.parameters["market_share_threshold"]
    return _table(
        ("subject", "country", "percent", "reached", "regions", "demand"),
        [
            (
                market.distributor,
                market.country,
                _percent_below(market.share, least),
                len(market.regions) - len(market.missing),
                len(market.regions),
                market.demand,
            )
            for market in reaches(rows, projection.policy)
            if market.country is not None and market.share is not None and market.share < least
        ],
    )


def _percent_below(share: float, limit: float) -> float:
    """Return a share below the limit in percent, rounded so that it reads below, too.

    >>> _percent_below(0.4996, 0.5), _percent_below(0.123, 0.5)
    (49.9, 12.3)
    """
    rounded = round(100 * share, 1)
    return rounded if rounded < 100 * limit else math.floor(1000 * share) / 10


def _reaches(projection: Projection) -> Iterator[tuple[str, Reach]]:
    for region, there in groupby(_rows(projection, _CERTIFIED), key=itemgetter(0)):
        yield region, reach((Presence(*row[1:]) for row in there), projection.policy)


def _rows(projection: Projection, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows by region; the order of the others does not matter."""
    table = projection.table(
        f"SELECT {', '.join(columns)} FROM {projection.relation} ORDER BY region"
    )
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> pa.Table:
    fields = [(name, _TYPES.get(name, pa.string())) for name in columns]
    values = list(zip(*rows, strict=True)) or [()] * len(fields)
    return pa.table(
        {
            name: pa.array(column, type_)
            for (name, type_), column in zip(fields, values, strict=True)
        }
    )

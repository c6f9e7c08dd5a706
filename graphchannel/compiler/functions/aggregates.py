"""The aggregating functions: what they are called, and where one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s
from graphchannel.compiler.syntax.liveness import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

AGGREGATES: Mapping[str, str] = {
    "count": "count(*), count(x), count(DISTINCT x): rows, or values that are not null",
    "sum": "sum(x): of numbers; 0 over nothing",
    "avg": "avg(x): mean of numbers, a float; null over nothing",
    "min": "min(x): least number, text, date or boolean; null over nothing",
    "max": "max(x): greatest number, text, date or boolean; null over nothing",
    "stdev": "stDev(x): of a sample; 0.0 of one number; over nothing the query stops",
    "stdevp": "stDevP(x): of a population; over nothing the query stops",
    "percentilecont": "percentileCont(x, 0.5): of floats, interpolated; null over nothing",
    "percentiledisc": "percentileDisc(x, 0.5): of numbers, the nearest; null over nothing",
    "collect": "collect(x): list of values that are not null; its order is that of a "
    "preceding ORDER BY",
}


def is_aggregate(node: object) -> bool:
    """Whether a node is the call of an aggregating function."""
    return isinstance(node, s.CountStar) or (
        isinstance(node, s.FunctionCall) and node.name.lower() in AGGREGATES
    )


def has_aggregate(node: s.Expression) -> bool:
    """Whether an aggregate stands anywhere in an expression."""
    return any(is_aggregate(found) for found in walk(node))

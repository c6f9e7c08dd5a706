"""Whether `$as_of` does nothing in a query but leave out lines of later days."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from graphchannel.compiler.syntax import (
    ComparisonChain,
    ParameterReference,
    PropertyAccess,
    Variable,
)
from graphchannel.engines.parameters import AS_OF
from graphchannel.rules.query_facts import walk

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from graphchannel.compiler.syntax import RegularQuery

__all__ = ["bounds_days"]


def bounds_days(query: RegularQuery, lines: AbstractSet[str | None]) -> bool:
    """Tell whether each `$as_of` stands in `x.shipped_on <= $as_of`, or the opposite, of a line.

    What such a comparison says can only change for lines of the days between two as-of days.
    """
    used = sum(isinstance(one, ParameterReference) and one.name == AS_OF for one in walk(query))
    bounding = 0
    for chain in walk(query):
        if isinstance(chain, ComparisonChain):
            for (left, right), operator in zip(
                pairwise(chain.operands), chain.operators, strict=True
            ):
                if operator in ("<=", ">"):
                    bounding += _is_day(left, lines) and _is_as_of(right)
                elif operator in (">=", "<"):
                    bounding += _is_as_of(left) and _is_day(right, lines)
    return used == bounding


def _is_as_of(expression: object) -> bool:
    return isinstance(expression, ParameterReference) and expression.name == AS_OF


def _is_day(expression: object, lines: AbstractSet[str | None]) -> bool:
    match expression:
        case PropertyAccess(subject=Variable(name=name), name="shipped_on"):
            return name in lines
    return False

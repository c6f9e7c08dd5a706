"""Aggregating functions: found in an expression, and computed over the rows of a group."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from graphchannel.compiler import syntax
from tests.compiler.reference.arithmetic import arithmetic
from tests.compiler.reference.evaluate import evaluate
from tests.compiler.reference.functions import number
from tests.compiler.reference.values import CypherRaises, identity, order_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.compiler.reference.evaluate import Context, Row
    from tests.compiler.reference.graph import Value

AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "collect"})


def aggregates_in(part: object) -> Iterator[syntax.FunctionCall | syntax.CountStar]:
    """Yield the aggregating calls inside an expression, not those of a query inside it."""
    if isinstance(part, syntax.Exists | syntax.CountSubquery):
        return
    if isinstance(part, syntax.CountStar) or (
        isinstance(part, syntax.FunctionCall) and part.name.lower() in AGGREGATES
    ):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from aggregates_in(item)
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from aggregates_in(getattr(part, field.name))


def aggregate(
    call: syntax.FunctionCall | syntax.CountStar, rows: Sequence[Row], context: Context
) -> Value:
    """Compute one aggregating call over the rows of a group; nulls do not count."""
    if isinstance(call, syntax.CountStar):
        return len(rows)
    evaluated = (evaluate(call.arguments[0], row, context) for row in rows)
    values: list[Value] = [value for value in evaluated if value is not None]
    if call.distinct:
        values = list({identity(value): value for value in reversed(values)}.values())[::-1]
    match call.name.lower():
        case "count":
            return len(values)
        case "collect":
            return values
        case "sum":
            return total(values)
        case "avg":
            return float(number(total(values))) / len(values) if values else None
        case "min":
            return min(values, key=order_key, default=None)
        case "max":
            return max(values, key=order_key, default=None)
        case _:
            raise CypherRaises(f"no aggregate {call.name}()")


def total(values: Sequence[Value]) -> Value:
    """Add numbers up; nothing adds up to the integer 0."""
    result: Value = 0
    for value in values:
        result = arithmetic("+", result, number(value))
    return result

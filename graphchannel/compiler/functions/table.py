"""The table of all functions, and the call of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.functions import (
    angles,
    collections,
    conversions,
    dates,
    durations,
    elsewhere,
    graph,
    mathematics,
    moments,
    numbers,
    texts,
)
from graphchannel.compiler.functions.aggregates import AGGREGATES
from graphchannel.compiler.functions.signature import (
    Call,
    Function,
)
from graphchannel.compiler.values.doubts import as_float
from graphchannel.compiler.values.model import Scalar, Value
from graphchannel.compiler.values.representation import as_scalar, each, is_null_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.values.context import Context, Lowering
    from graphchannel.compiler.values.session import Session

FUNCTIONS: Mapping[str, Function] = {
    function.name.lower(): function
    for module in (
        *(numbers, mathematics, angles, conversions, texts, collections, dates),
        *(moments, durations, graph),
    )
    for function in module.FUNCTIONS
}
_DISTANCE = "point.distance(point({latitude: …, longitude: …}), point({…}))"
_INSTEAD = {
    "exists": "use EXISTS { … } for patterns and IS NOT NULL for properties",
    "timestamp": "pass the day as a parameter",
    "randomuuid": "a rule must give the same rows each time",
    "duration.inseconds": "use duration.inDays(a, b).days",
    "point": f"a point stands where a distance is asked for: {_DISTANCE}",
    "distance": f"write {_DISTANCE}",
}


# what gives the same for the integer 0 and for 0.0
_SAME_OF_ZERO = {"round", "floor", "ceil", "sign", "sqrt", "exp", "log", "log10", "isNaN"}
_SAME_OF_ZERO |= {function.name for function in angles.FUNCTIONS}


def call(
    lowering: Lowering, node: s.FunctionCall, context: Context, expected: t.CypherType | None
) -> Value:
    """Lower the call of a function that is not an aggregate."""
    session = lowering.session
    function = FUNCTIONS.get(node.name.lower())
    if function is None:
        instead = _INSTEAD.get(node.name.lower()) or elsewhere.of_extension(node.name)
        if instead:
            raise session.refuse(node.at, f"{node.name}()", instead)
        known_as = elsewhere.of_other_language(node.name)
        known = [f.name for f in FUNCTIONS.values()] + list(AGGREGATES)
        hint = f" In Cypher this is {known_as}." if known_as else ""
        raise session.unknown(node.at, "The function", node.name, known, hint)
    if node.distinct:
        raise session.wrong(node.at, f"DISTINCT has no meaning in {function.name}().")
    most = len(function.parameters)
    least = most - function.optional
    if function.name != "coalesce" and not least <= len(node.arguments) <= most:
        raise session.wrong(
            node.at, f"{function.signature} was called with {len(node.arguments)} arguments."
        )
    parts = node.arguments[0] if node.arguments else None
    if function.name == "date" and isinstance(parts, s.MapLiteral):
        return dates.date_of_parts(lowering, node, context, parts)
    if function.name in moments.KINDS and isinstance(parts, s.MapLiteral):
        return moments.of_parts(lowering, node, context, parts)
    if function.name == "duration" and isinstance(parts, s.MapLiteral):
        return durations.duration_of_parts(lowering, context, parts)
    if function.name == "point.distance":
        return angles.distance(lowering, node, context)
    values = tuple(
        lowering.lower(argument, context, _expected(function, i, expected))
        for i, argument in enumerate(node.arguments)
    )
    if function.name in _SAME_OF_ZERO:
        values = tuple(as_float(session, v) if isinstance(v, Scalar) else v for v in values)
    if values and isinstance(values[0].type, t.MixedType) and function.parameters[0]:
        mixed, *others = values
        return each(
            session,
            node.at,
            as_scalar(session, node.at, mixed),
            lambda one: _checked(session, function, Call(lowering, node, context, (one, *others))),
        )
    return _checked(session, function, Call(lowering, node, context, values))


def _checked(session: Session, function: Function, call_: Call) -> Value:
    """Build a call once its arguments have passed."""
    for i, value in enumerate(call_.values[: len(function.parameters)]):
        _check(session, function, call_.node.arguments[i], value, function.parameters[i])
        if function.parameters[i] and function.null_in_null_out and is_null_value(value):
            return Scalar(session.null(function.result), function.result)
    return function.build(call_)


def _expected(function: Function, i: int, expected: t.CypherType | None) -> t.CypherType | None:
    if function.name == "coalesce":
        return expected
    if function.name == "date":
        return t.DATE
    accepted = function.parameters[i]
    return accepted[0] if len(accepted) == 1 else None


def _check(
    session: Session,
    function: Function,
    argument: s.Expression,
    value: Value,
    accepted: tuple[t.CypherType, ...],
) -> None:
    if not accepted or is_null_value(value) or value.type in accepted:
        return
    kinds = " or ".join(map(str, accepted))
    raise session.mismatch(
        argument.at, f"{function.signature} takes {kinds} here, this is {value.type}."
    )

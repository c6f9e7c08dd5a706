"""Whether the values given for a query's parameters have the types that it was compiled for."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from graphchannel.compiler import types as t
from graphchannel.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLASSES: Mapping[Kind, tuple[type, ...]] = {
    Kind.STRING: (str,),
    Kind.INTEGER: (int,),
    Kind.FLOAT: (float, int),
    Kind.BOOLEAN: (bool,),
    Kind.DATE: (dt.date,),
}
_LARGEST = 2**63 - 1  # Cypher's integers have 64 bits


def misfits(
    parameters: Mapping[str, t.CypherType], values: Mapping[str, object]
) -> tuple[str, ...]:
    """Return a sentence for each value that is missing, or that the SQL would silently convert.

    >>> misfits({"n": t.INTEGER}, {"n": 1.5})
    ('$n is an INTEGER in this query, 1.5 is not.',)
    >>> misfits({"n": t.INTEGER, "m": t.ListType(t.STRING)}, {"n": None, "m": ["a", None]})
    ()
    """
    found = []
    for name, type_ in parameters.items():
        if name not in values:
            found.append(f"${name} has no value; the query needs one ({type_}).")
        elif not _fits(values[name], type_):
            found.append(
                f"${name} is {_article(type_)} {type_} in this query, {values[name]!r} is not."
            )
    return tuple(found)


def type_of(value: object) -> t.CypherType | None:
    """Return the type of a parameter's value; None for one that a query cannot take.

    >>> str(type_of(["a"])), str(type_of(1.5)), type_of(["a", 1])
    ('LIST OF STRING', 'FLOAT', None)
    """
    if value is None:
        return t.NULL
    if isinstance(value, list | tuple):
        elements = {type_of(item) for item in value}
        element = elements.pop() if len(elements) == 1 else None
        return None if element is None else t.ListType(element)
    scalars: Mapping[type, t.CypherType] = {
        bool: t.BOOLEAN,
        int: t.INTEGER,
        float: t.FLOAT,
        str: t.STRING,
        dt.date: t.DATE,
    }
    return scalars.get(type(value))


def _article(type_: t.CypherType) -> str:
    return "an" if str(type_).startswith("I") else "a"


def _fits(value: object, type_: t.CypherType) -> bool:
    if value is None:
        return True
    if isinstance(type_, t.ListType):
        return isinstance(value, list | tuple) and all(
            _fits(v, type_.element) and (type_.nullable or v is not None) for v in value
        )
    if not isinstance(type_, t.ScalarType):
        return False
    if isinstance(value, bool | dt.datetime):  # both are subclasses of what they must not pass for
        return isinstance(value, bool) and type_ == t.BOOLEAN
    if isinstance(value, int) and not -_LARGEST - 1 <= value <= _LARGEST:
        return False
    if isinstance(value, float) and (math.isnan(value) or str(value) == "-0.0"):
        return False  # SQL finds NaN equal to itself, and -0.0 not less than 0.0
    return isinstance(value, _CLASSES.get(type_.kind, ()))

"""The Arrow type of each column that a portable query returns."""

from __future__ import annotations

import pyarrow as pa

from graphchannel.compiler import types
from graphchannel.schema import Kind

__all__ = ["arrow_type"]

_SCALARS = {
    Kind.STRING: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
}


def arrow_type(type_: types.CypherType) -> pa.DataType | None:
    """Return the Arrow type of a column; None where the values themselves decide."""
    match type_:
        case types.ScalarType():
            return _SCALARS[type_.kind]
        case types.ListType():
            element = arrow_type(type_.element)
            return None if element is None else pa.list_(element)
        case types.MapType():
            fields = [(key, arrow_type(inner)) for key, inner in type_.entries]
            return None if any(inner is None for _, inner in fields) else pa.struct(fields)
        case types.PathType():
            keys = pa.list_(pa.string())
            return pa.struct([("nodes", keys), ("relationships", keys)])
        case types.NodeType() | types.RelationshipType():
            return pa.string()
        case types.MomentType():
            return pa.string()
        case types.DurationType():
            return pa.month_day_nano_interval()
        case _:
            return None

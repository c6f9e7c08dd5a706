"""Values of typed sources such as Parquet: SQL that converts them, null where they do not fit."""

from __future__ import annotations

from graphchannel.ingest.values.numbers import DECIMALS, without_zeros
from graphchannel.ingest.values.reading import when
from graphchannel.schema import Kind
from graphchannel.workspace import SQL_TYPES

_INTEGERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
    | {"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
)
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_EXACT_WHOLE = 1 << 53  # beyond, a double stands for several whole numbers
_DAYS = "{x} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"


def is_text(type_: str) -> bool:
    """Tell whether values of a DuckDB type are to be read as text."""
    return type_ in {"VARCHAR", "JSON"} or not (
        type_ in _INTEGERS | _FLOATS | {"BOOLEAN", "DATE"}
        or type_.startswith(("DECIMAL", "TIMESTAMP"))
    )


def typed_value(kind: Kind, x: str, type_: str) -> str:
    """Convert the expression `x` of a type that is not text."""
    if type_ in _INTEGERS or type_ in _FLOATS or type_.startswith("DECIMAL"):
        return _from_number(kind, x, type_)
    if kind is Kind.BOOLEAN and type_ == "BOOLEAN":
        return x
    if kind is Kind.DATE and type_ == "DATE":
        return when(_DAYS.format(x=x), x)
    if kind is Kind.DATE and type_.startswith("TIMESTAMP"):
        # A moment with a zone is another day elsewhere.
        zoned = "TIME ZONE" in type_
        midnight = f"{_DAYS.format(x=x)} AND {x} = date_trunc('day', {x})"
        return when("false" if zoned else midnight, f"{x}::DATE")
    return f"{x}::VARCHAR" if kind is Kind.STRING else f"NULL::{SQL_TYPES[kind]}"


def exact_text(kind: Kind, x: str, type_: str) -> str:
    """Write a number or a day of a type that is not text in the one form that needs no other."""
    if kind is Kind.DATE:
        return f"({typed_value(kind, x, type_)})::VARCHAR"
    if type_ in _FLOATS:
        return without_zeros(f"TRY_CAST({x} AS DECIMAL(38,{DECIMALS}))::VARCHAR")
    if type_ in _INTEGERS or type_.startswith("DECIMAL"):
        return without_zeros(f"{x}::VARCHAR")
    return "NULL::VARCHAR"


def _from_number(kind: Kind, x: str, type_: str) -> str:
    whole = f"{x} = trunc({x})"
    match kind:
        case Kind.INTEGER:
            return when(whole, f"TRY_CAST({x} AS BIGINT)")
        case Kind.FLOAT:
            return when(f"isfinite({x}::DOUBLE)", f"{x}::DOUBLE")
        case Kind.DECIMAL:
            # A double is the nearest to a decimal, seldom the decimal itself.
            value = f"TRY_CAST({x} AS DECIMAL(18,4))"
            near = f"1e-9 * greatest(1, abs({x}::DOUBLE))"
            fits = f"abs({x}::DOUBLE - {value}::DOUBLE) <= {near}"
            if type_ in _FLOATS:
                digits = f"strlen(ltrim(regexp_replace({x}::VARCHAR, '[-.]', '', 'g'), '0'))"
                fits += f" OR (isfinite({x}) AND {digits} >= 15)"
            return when(fits, value)
        case Kind.STRING if type_ in _FLOATS:
            # Spreadsheets keep an id such as 1001 as a float.
            exact = f"{whole} AND abs({x}) < {_EXACT_WHOLE}"
            return when(exact, f"TRY_CAST({x} AS BIGINT)::VARCHAR", f"{x}::VARCHAR")
        case Kind.STRING:
            return f"{x}::VARCHAR"
        case _:
            return f"NULL::{SQL_TYPES[kind]}"

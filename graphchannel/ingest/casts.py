"""SQL that converts a delivered value to a declared kind, or to null where it does not fit.

DuckDB's own casts are kinder than the contract: to them '12.5' is the integer 13, '2024-1-5' a date
and 'yes' a boolean. So text has to look right before it is cast.
"""

from __future__ import annotations

from graphchannel.schema import Kind
from graphchannel.workspace import SQL_TYPES

_INTEGERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
    | {"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
)
_DAYS = "{x} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_SHAPES: dict[Kind, str] = {
    Kind.INTEGER: r"\s*[+-]?\d+\s*",
    Kind.DECIMAL: r"\s*[+-]?(\d+\.?\d{0,4}0*|\.\d{1,4}0*)\s*",
    # any year but 0000, which would be before the start that an open interval has
    Kind.DATE: r"\s*(\d{3}[1-9]|\d\d[1-9]\d|\d[1-9]\d\d|[1-9]\d{3})-\d\d-\d\d\s*",
}


def cast(kind: Kind, x: str, type_: str) -> str:
    """Convert the expression `x` of the DuckDB type `type_`."""
    if type_ in {"VARCHAR", "JSON"}:
        return _from_text(kind, x)
    if type_ in _INTEGERS or type_ in _FLOATS or type_.startswith("DECIMAL"):
        return _from_number(kind, x, type_)
    if kind is Kind.BOOLEAN and type_ == "BOOLEAN":
        return x
    if kind is Kind.DATE and type_ == "DATE":
        return when(_DAYS.format(x=x), x)
    if kind is Kind.DATE and type_.startswith("TIMESTAMP") and "TIME ZONE" not in type_:
        return when(f"{_DAYS.format(x=x)} AND {x} = date_trunc('day', {x})", f"{x}::DATE")
    return _from_text(kind, f"{x}::VARCHAR")


def when(condition: str, value: str, otherwise: str = "NULL") -> str:
    """Choose between two expressions."""
    return f"CASE WHEN {condition} THEN {value} ELSE {otherwise} END"


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
            return when(f"abs({x}::DOUBLE - {value}::DOUBLE) <= {near}", value)
        case Kind.STRING if type_ in _FLOATS:
            # Spreadsheets keep an id such as 1001 as a float.
            text = f"{x}::VARCHAR"
            return when(whole, f"coalesce(TRY_CAST({x} AS BIGINT)::VARCHAR, {text})", text)
        case Kind.STRING:
            return f"{x}::VARCHAR"
        case _:
            return f"NULL::{SQL_TYPES[kind]}"


def _from_text(kind: Kind, x: str) -> str:
    value = f"TRY_CAST({x} AS {SQL_TYPES[kind]})"
    match kind:
        case Kind.STRING:
            return x
        case Kind.FLOAT:
            return when(f"isfinite({value})", value)
        case Kind.BOOLEAN:
            return f"CASE lower(trim({x})) WHEN 'true' THEN true WHEN 'false' THEN false END"
        case _:
            return when(f"regexp_full_match({x}, '{_SHAPES[kind]}')", value)

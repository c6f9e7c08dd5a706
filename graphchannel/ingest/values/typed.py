"""Values of typed sources such as Parquet: SQL that converts them, null where they do not fit."""

from __future__ import annotations

from graphchannel.ingest.values.numbers import DECIMALS, without_zeros
from graphchannel.ingest.values.reading import (
    EXPECTED,
    Cleaning,
    ColumnReading,
    Refusal,
    first_of,
    when,
)
from graphchannel.schema import Kind
from graphchannel.text import literal
from graphchannel.workspace import SQL_TYPES

_INTEGERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
    | {"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
)
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_EXACT_WHOLE = 1 << 53  # beyond, a double stands for several whole numbers
_QUICK = "1e11"  # below, a double is cast to four decimals exactly
_DAYS = "{x} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"


def is_text(type_: str) -> bool:
    """Tell whether values of a DuckDB type are to be read as text."""
    return type_ in {"VARCHAR", "JSON"} or not (
        type_ in _INTEGERS | _FLOATS | {"BOOLEAN", "DATE"}
        or type_.startswith(("DECIMAL", "TIMESTAMP"))
    )


def typed_value(kind: Kind, x: str, type_: str, *, drop_times: bool = False) -> str:
    """Convert the expression `x` of a type that is not text.

    A moment is a day if it is midnight, or with `drop_times`, but for one with a zone: that is
    another day elsewhere.
    """
    if type_ in _INTEGERS or type_ in _FLOATS or type_.startswith("DECIMAL"):
        return _from_number(kind, x, type_)
    if kind is Kind.BOOLEAN and type_ == "BOOLEAN":
        return x
    if kind is Kind.DATE and type_ == "DATE":
        return when(_DAYS.format(x=x), x)
    if kind is Kind.DATE and type_.startswith("TIMESTAMP"):
        moment = f"{x}::TIMESTAMP"  # which holds all years, unlike nanoseconds
        midnight = "true" if drop_times else f"{moment} = date_trunc('day', {moment})"
        fits = f"{_DAYS.format(x=moment)} AND {midnight}"
        return when("false" if is_zoned(type_) else fits, f"{x}::DATE")
    return f"{x}::VARCHAR" if kind is Kind.STRING else f"NULL::{SQL_TYPES[kind]}"


def is_zoned(type_: str) -> bool:
    """Tell whether values of a DuckDB type are moments with a time zone."""
    return "TIME ZONE" in type_ or "TZ" in type_


def exact_text(kind: Kind, x: str, type_: str, *, drop_times: bool = False) -> str:
    """Write a number or a day of a type that is not text in the one form that needs no other."""
    if kind is Kind.DATE:
        return f"({typed_value(kind, x, type_, drop_times=drop_times)})::VARCHAR"
    if type_ in _FLOATS:
        return without_zeros(f"TRY_CAST({x}::VARCHAR AS DECIMAL(38,{DECIMALS}))::VARCHAR")
    if type_ in _INTEGERS or type_.startswith("DECIMAL"):
        return without_zeros(f"{x}::VARCHAR")
    return "NULL::VARCHAR"


def typed_reading(kind: Kind, x: str, type_: str, value: str, whole: str) -> ColumnReading:
    """Read a typed column of which some values do not fit, or lose their time of day.

    `value` is what is taken of `x`, `whole` what would be if nothing were dropped.
    """
    says, cleanings = f"; expected {EXPECTED[kind]}", list[Cleaning]()
    if kind is Kind.DATE and type_.startswith("TIMESTAMP"):
        zoned = ": a moment with a time zone is another day elsewhere"
        says += zoned if is_zoned(type_) else ", without the time of day"
        cleanings += [Cleaning(f"{value} IS NOT NULL AND {whole} IS NULL", "a time of day")]
    refusal = Refusal(f"{x} IS NOT NULL AND {value} IS NULL", literal(f"{says}."))
    return ColumnReading((), value, f"{x}::VARCHAR", (refusal,), tuple(cleanings))


def _from_number(kind: Kind, x: str, type_: str) -> str:
    whole = f"{x} = trunc({x})"
    match kind:
        case Kind.INTEGER:
            return when(whole, f"TRY_CAST({x} AS BIGINT)")
        case Kind.FLOAT:
            return when(f"isfinite({x}::DOUBLE)", f"{x}::DOUBLE")
        case Kind.DECIMAL if type_ in _FLOATS:
            return _from_float(x, type_)
        case Kind.DECIMAL:
            value = f"TRY_CAST({x} AS DECIMAL(18,4))"
            return when(f"TRY_CAST({value} AS {type_}) = {x}", value)
        case Kind.STRING if type_ in _FLOATS:
            # Spreadsheets keep an id such as 1001 as a float.
            exact = f"{whole} AND abs({x}) < {_EXACT_WHOLE}"
            return when(exact, f"TRY_CAST({x} AS BIGINT)::VARCHAR", f"{x}::VARCHAR")
        case Kind.STRING:
            return f"{x}::VARCHAR"
        case Kind.DATE if (
            type_ in _INTEGERS
        ):  # 20150630, of the years that a text of digits may be of
            years = f"{x} BETWEEN 19000101 AND 19991231 OR {x} BETWEEN 21000101 AND 21991231"
            fits = f"{x} BETWEEN 20000101 AND 20991231 OR {years}"
            return when(fits, f"try_strptime({x}::VARCHAR, '%Y%m%d')::DATE")
        case _:
            return f"NULL::{SQL_TYPES[kind]}"


def _from_float(x: str, type_: str) -> str:
    """Take the decimal that a float shows: it is the nearest to it, seldom the decimal itself.

    Digits that nobody writes are rounded off, as in a text. A cast of large numbers goes astray,
    and of single ones it shows digits that they have not: their text is taken, which takes longer.
    """
    shown = f"TRY_CAST({x}::VARCHAR AS DECIMAL(18,4))"
    if type_ == "FLOAT":
        return when(f"{shown}::VARCHAR::FLOAT = {x}", shown)
    digits = f"strlen(ltrim(regexp_replace({x}::VARCHAR, '[-.]', '', 'g'), '0'))"
    quick = f"TRY_CAST({x} AS DECIMAL(18,4))"
    many = f"isfinite({x}) AND {digits} >= 15"
    return first_of(
        [
            (f"abs({x}) < {_QUICK} AND abs({x} - {quick}::DOUBLE) <= 1e-9", quick),
            (f"({many}) OR {shown}::VARCHAR::DOUBLE = {x}", shown),
        ]
    )

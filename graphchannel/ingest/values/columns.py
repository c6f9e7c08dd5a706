"""Which columns are plain, and how each kind of the others is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.values.days import PLAIN_DAY, Orders, day_reading
from graphchannel.ingest.values.forms import COMMA, OPEN
from graphchannel.ingest.values.numbers import (
    PLAIN_DECIMAL,
    PLAIN_INTEGER,
    PLAIN_NUMBER,
    PLAIN_WHOLE,
    Signs,
    number_reading,
    without_zeros,
)
from graphchannel.ingest.values.reading import EXPECTED, ColumnReading, Refusal, matches, when
from graphchannel.ingest.values.text import (
    PLAIN_ID,
    PLAIN_TEXT,
    says_nothing,
    text_reading,
    tidied,
    without_value,
)
from graphchannel.schema import Kind
from graphchannel.text import literal
from graphchannel.workspace import SQL_TYPES

if TYPE_CHECKING:
    from graphchannel.ingest.values.forms import Forms
    from graphchannel.ingest.values.reading import Need

_SHAPES = {
    Kind.INTEGER: PLAIN_INTEGER,
    Kind.DECIMAL: PLAIN_DECIMAL,
    Kind.FLOAT: PLAIN_NUMBER,
}


def is_plain(need: Need, x: str, forms: Forms = OPEN) -> str:
    """Tell of a text that it is what the column needs, as it stands."""
    plain = _has_shape(need, x, forms)
    if not forms.nothing:
        return plain
    words = ", ".join(literal(word.casefold()) for word in forms.nothing)
    return f"{plain} AND lower({x}) NOT IN ({words})"


def _has_shape(need: Need, x: str, forms: Forms) -> str:
    if need.kind is Kind.STRING:
        parted = f" AND NOT contains({x}, '/')" if need.single else ""
        return matches(x, PLAIN_ID if need.identifier else PLAIN_TEXT) + parted
    if need.kind is Kind.DATE:
        return f"{matches(x, PLAIN_DAY)} AND TRY_CAST({x} AS DATE) IS NOT NULL"
    if need.kind is Kind.BOOLEAN:
        return matches(x, "true|false")
    if forms.decimal == COMMA:
        return matches(x, PLAIN_WHOLE)
    return matches(x, PLAIN_NUMBER if need.exact else _SHAPES[need.kind])


def plain_value(need: Need, x: str) -> str:
    """Convert a text that is plain."""
    if need.kind is Kind.STRING or (need.exact and need.kind is Kind.DATE):
        return x
    if need.exact:
        return without_zeros(x)
    return f"TRY_CAST({x} AS {SQL_TYPES[need.kind]})"


def reading_of(need: Need, x: str, forms: Forms, form: Signs | Orders | None) -> ColumnReading:
    """Return how a column that is not plain is read; `form` is how its values are written."""
    prefix = f"{x}_"
    if need.kind is Kind.STRING:
        return text_reading(need, x, prefix, forms)
    if isinstance(form, Orders):
        return day_reading(need, x, prefix, forms, form)
    if isinstance(form, Signs):
        return number_reading(need, x, prefix, forms, form)
    return _truth_reading(need, x, prefix, forms)


def _truth_reading(need: Need, x: str, prefix: str, forms: Forms) -> ColumnReading:
    tidy, delivered, value = (f"{prefix}{name}" for name in ("tidy", "delivered", "value"))
    nothing = says_nothing(tidy, forms, text=False)
    return ColumnReading(
        steps=(
            (tidy, tidied(x)),
            (delivered, when(f"{tidy} IS NOT NULL AND NOT ({nothing})", x)),
            (value, f"CASE lower({tidy}) WHEN 'true' THEN true WHEN 'false' THEN false END"),
        ),
        value=value,
        delivered=delivered,
        refusals=(
            *without_value(need, x, tidy, nothing),
            Refusal(
                f"{delivered} IS NOT NULL AND {value} IS NULL",
                literal(f"; expected {EXPECTED[Kind.BOOLEAN]}."),
            ),
        ),
        cleanings=(),
    )

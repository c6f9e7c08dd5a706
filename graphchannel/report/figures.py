"""How figures look in every report."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graphchannel.text import NO_CURRENCY, json_visible

__all__ = [
    "Amounts",
    "Days",
    "Figures",
    "amount_text",
    "json_text",
    "percent",
    "plain",
    "rounded_figures",
    "rounded_share",
    "text_of",
]


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers by name in one cell, such as amounts by currency or partners by role."""

    by_name: Mapping[str, int | Decimal]


@dataclass(frozen=True, slots=True)
class Amounts:
    """Exact amounts by currency in one cell; as text `12.50 EUR; 3.00 USD`."""

    by_currency: Mapping[str, Decimal]

    def __str__(self) -> str:
        return "; ".join(
            f"{amount_text(amount)} {currency}" for currency, amount in self.by_currency.items()
        )


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, or one day, in one cell; nothing where there is no day."""

    first: date | None
    last: date | None

    def __str__(self) -> str:
        if self.first == self.last:
            return f"{self.first or ''}"
        return f"{self.first} to {self.last}"


_CENT = Decimal("0.01")
_FLOAT_DIGITS = 15


def amount_text(amount: Decimal) -> str:
    """Return an amount exactly, with two decimals or, where they count, more.

    >>> amount_text(Decimal("12.5000")), amount_text(Decimal("12.3456"))
    ('12.50', '12.3456')
    """
    shortest = amount.normalize()
    exponent = shortest.as_tuple().exponent
    shown = shortest if isinstance(exponent, int) and exponent < -2 else amount.quantize(_CENT)
    return f"{shown:f}"


def rounded_figures(figures: Figures) -> str:
    """Return figures for reading, whole and with separators of thousands; none of those that are 0.

    One that would round to 0 keeps its digits.

    >>> rounded_figures(Figures({"EUR": Decimal("12345.67"), "USD": Decimal("0.0001"), "GBP": 0}))
    '12,346 EUR; 0.0001 USD'
    """
    return "; ".join(
        f"{_rounded(figure)} {'(no currency)' if name == NO_CURRENCY else name}"
        for name, figure in figures.by_name.items()
        if figure
    )


def _rounded(figure: Decimal | float) -> str:
    whole = figure >= 1 or figure <= -1
    return f"{figure:,.0f}" if whole else f"{Decimal(str(figure)).normalize():f}"


def rounded_share(value: float | None, digits: int = 4) -> float | None:
    """Round a share for reading; one below 1 never looks like all of it, nor one above 0 like none.

    >>> rounded_share(0.25401), rounded_share(0.9999976), rounded_share(1.0)
    (0.254, 0.999998, 1.0)
    """
    if value is None:
        return None
    while round(value, digits) in (0, 1) and value not in (0, 1) and digits < _FLOAT_DIGITS:
        digits += 1
    return round(value, digits)


def percent(share: float | None) -> float | None:
    """Return a share in percent with one decimal, with more where `rounded_share` needs them.

    >>> percent(2 / 3), percent(0.9999976), percent(None)
    (66.7, 99.9998, None)
    """
    rounded = rounded_share(share, 3)
    return None if rounded is None else round(100 * rounded, _FLOAT_DIGITS - 3)


def json_text(value: object, indent: int | None = None) -> str:
    r"""Return a plain value as JSON that every reader takes and no terminal obeys.

    JSON knows no NaN and no infinity: they are texts.

    >>> json_text([float("nan"), "\x9b31m"])
    '["NaN", "\\u009b31m"]'
    """
    try:
        text = json.dumps(value, ensure_ascii=False, indent=indent, default=str, allow_nan=False)
    except ValueError:
        told = _finite(value)
        text = json.dumps(told, ensure_ascii=False, indent=indent, default=str, allow_nan=False)
    return json_visible(text)


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _finite(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(held) for held in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}Infinity"
    return value


def plain(value: object) -> object:
    """Return a value that JSON knows: dates as ISO text, decimals as exact text."""
    if isinstance(value, Figures):
        return {name: plain(figure) for name, figure in value.by_name.items()}
    if isinstance(value, Amounts):
        return {name: amount_text(amount) for name, amount in value.by_currency.items()}
    if isinstance(value, Days):
        return str(value)
    if isinstance(value, Decimal):
        return amount_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def text_of(value: object, *, thousands: bool = False) -> str:
    """Return a value as people read it in a page: amounts rounded, nothing for no value.

    >>> text_of(12345, thousands=True), text_of(12345), text_of(None), text_of(["a", "b"])
    ('12,345', '12345', '', 'a, b')
    """
    if value is None:
        return ""
    if isinstance(value, Figures):
        return rounded_figures(value)
    if thousands and isinstance(value, int):
        return f"{value:,}"
    if thousands and isinstance(value, float):
        return f"{value:,.10g}"
    found = str(value) if isinstance(value, Amounts | Days) else plain(value)
    return ", ".join(map(str, found)) if isinstance(found, list | tuple) else str(found)

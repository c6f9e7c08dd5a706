"""What values tell: dates, decimal signs, names, words for yes and no, countries, returns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphchannel.ingest.senders.synonyms import country_code, marks_return, truth_value
from graphchannel.ingest.values.currencies import currency_code
from graphchannel.schema import CURRENCIES, TABLES, Kind
from graphchannel.schema import table as canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

EXTRA = {
    "unit_price": "price of one unit",
    "serial": "serial number of the unit",
    "document_date": "date of the document",
}
NUMBERS = frozenset(
    {"unit_price"}
    | {
        column.name
        for table in TABLES
        for column in table.columns
        if column.kind in {Kind.DECIMAL, Kind.FLOAT, Kind.INTEGER}
    }
)
DAYS = frozenset(
    {"document_date"}
    | {column.name for table in TABLES for column in table.columns if column.kind is Kind.DATE}
)
# What a file often does not say, because it is the same in each row.
LACKING = {
    "shipments": {
        "seller_id": "Who sold? The id of the sender, as partners and vendors have it.",
        "currency": "In which currency are the amounts, such as EUR?",
    }
}
# Columns that a spreadsheet shows once for several rows.
REPEATED = frozenset(
    {"document", "shipped_on", "seller_id", "buyer_id", "document_date", "currency", "partner_id"}
)
# What a heading above several lines may be, where no column says it.
HEADINGS = ("buyer_id", "product_id", "seller_id")
UNSURE = {
    "shipped_on": "Is this the day of the hand-over, or only that of a document?",
    "buyer_id": "Is this the party that the sender sold to?",
    "unit_price": "Is this the price of one unit? If it is that of the line, call it amount.",
    "ship_to_city_id": "Is this the city of delivery?",
}
_NUMERIC_DATE = re.compile(r"(\d{1,4})[./\- ](\d{1,2})[./\- ](\d{1,4})\b")
_TIME = re.compile(
    r"\d[T ]+(?!00:00|12:00(?::00)? ?[Aa])\d{1,2}:\d\d(?::[\d.]+)?(?: ?[AaPp]\.?[Mm]\.?)?$"
)
_WORD = r"[^\W\d_]{1,4}\.?|[A-Z]{2,3}\$|[$\u00a2-\u00a5\u20a0-\u20bf]"
_BESIDE = re.compile(
    rf"[-+(\u2212]? ?({_WORD})?\s*[-+(\u2212]?\s*\d[\d.,'\u2019\s]*[-+]?\s*({_WORD})?\s*[)-]?"
)
# Words that make another number of the one that they stand beside, and those of what is none.
_NOT_BESIDE = {"k", "m", "t", "mn", "mio", "mrd", "tsd", "tys", "mln", "mld", "dz", "e", "cr", "dr"}
_MOST_SHOWN = 20


def is_lacking(table: str, column: str, chosen: Container[str]) -> bool:
    """Tell whether a file does not say what it should, and somebody has to."""
    if column == "currency" and "amount" not in chosen and "unit_price" not in chosen:
        return False
    return column in LACKING.get(table, {})


def date_order(values: Sequence[str]) -> str | None:
    """Return the order of day, month and year, `?` where values leave it open, None for ISO."""
    possible = {"dmy", "mdy"}
    seen = False
    for value in values:
        found = _NUMERIC_DATE.match(value)
        if not found or len(found[1]) == 4:
            continue
        seen = True
        if int(found[1]) > 12:
            possible.discard("mdy")
        if int(found[2]) > 12:
            possible.discard("dmy")
    if not seen:
        return None
    return possible.pop() if len(possible) == 1 else "?"


def decimal_sign(values: Sequence[str], format_: str) -> str | None:
    """Return the decimal sign, `?` where numbers can be read in two ways, None if none has any."""
    if format_ == "parquet":
        return None
    comma = any(re.search(r"\d,(\d{1,2}|\d{4,})\D*$|\.\d{3},", value) for value in values)
    point = any(re.search(r"\d\.(\d{1,2}|\d{4,})\D*$|,\d{3}\.", value) for value in values)
    either = any(re.fullmatch(r"[-+(]?[1-9]\d{0,2}[.,]\d{3}\D*", value) for value in values)
    if comma and point:
        return "?"
    if comma or point:
        return "," if comma else "."
    return "?" if either else None


def units_and_currencies(values: Sequence[str]) -> tuple[str, ...]:
    """Return what stands beside numbers in some values: signs of currencies, units."""
    found = (_BESIDE.fullmatch(value) for value in values if any(map(str.isdigit, value)))
    words = (word for each in found if each for word in each.groups() if word)
    return tuple(dict.fromkeys(w for w in words if w.casefold().strip(".€") not in _NOT_BESIDE))


def have_times(values: Sequence[str]) -> bool:
    """Tell whether some days have a time of day, and no zone with it."""
    return any(_TIME.search(value) for value in values)


def are_names(values: Sequence[str]) -> bool:
    """Tell whether values of a column that should hold ids look like names: words, in most rows."""
    wordy = [value for value in values if re.search(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}", value)]
    return bool(values) and len(wordy) * 2 > len(values)


def value_map(table: str, column: str, values: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return what values mean where they are not in canonical form, and those that nobody knows."""
    if column in EXTRA:
        return {}, []
    declared = canonical(table).column(column)
    if declared.kind is Kind.BOOLEAN:
        return _mapped(values, truth_value, lambda value: value in {"true", "false"})
    if column == "currency":
        return _mapped(values, currency_code, lambda value: value in CURRENCIES)
    if column == "country":
        return _mapped(values, country_code, lambda value: bool(re.fullmatch("[A-Z]{2}", value)))
    return {}, []


def return_marks(values: Sequence[str]) -> tuple[str, ...]:
    """Return the values that mark a line as a return."""
    return tuple(dict.fromkeys(value for value in values if marks_return(value)))


def _mapped(
    values: Sequence[str], known: Callable[[str], str | None], right: Callable[[str], bool]
) -> tuple[dict[str, str], list[str]]:
    meant = {value: known(value) for value in dict.fromkeys(values)}
    found = {value: word for value, word in meant.items() if word and word != value}
    unknown = [value for value, word in meant.items() if not word and not right(value)]
    return found, unknown[:_MOST_SHOWN]

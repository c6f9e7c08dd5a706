"""Numbers: `1234.56`, `1.234,56`, `1 234,56`, `(5)`, `5-`.

Which sign parts the decimals is seen from all values of a column together. A value that shows it by
itself (`12,50`, `1.234,56`) is read as it shows; one that can be read both ways (`1.234`) is read
as the others of its column are, else as those of the other columns of the file; if none tells, or
if they contradict each other, it is refused. A double's last digits (`3.3000000000000003`) are
rounded off: nobody writes fifteen digits of a price by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.ingest.values.forms import COMMA, POINT
from graphchannel.ingest.values.reading import (
    EXPECTED,
    Cleaning,
    ColumnReading,
    Refusal,
    first_of,
    has,
    matches,
    when,
    without,
)
from graphchannel.ingest.values.text import (
    optional_nothing,
    says_nothing,
    spreadsheet_error,
    tidied,
    unmarked,
    without_value,
)
from graphchannel.schema import Kind
from graphchannel.text import literal
from graphchannel.workspace import SQL_TYPES

if TYPE_CHECKING:
    from graphchannel.ingest.values.forms import Forms
    from graphchannel.ingest.values.reading import Need, Step

# Shapes that show a decimal point or need none, and fit the SQL types whatever the digits.
PLAIN_INTEGER = r"-?\d{1,18}"
PLAIN_WHOLE = r"-?\d{1,14}"
PLAIN_DECIMAL = r"-?(?:\d{1,14}|\d{0,14}\.(?:\d{1,2}|\d{4}0{0,6})|0\.\d{3}|\d{4,14}\.\d{3})"
PLAIN_NUMBER = r"-?(?:\d{1,14}|\d{0,8}\.(?:\d{1,2}|\d{4,6})|0\.\d{3}|\d{4,8}\.\d{3})"

_GROUPS = (POINT, COMMA, " ", "'")
_APOSTROPHES = r"[\x{2019}\x{02BC}\x{B4}\x{60}]"
_MINUS = r"^[\x{2212}\x{2013}]|[\x{2212}\x{2013}]$"
_SIGNED = r"(?:[-+] ?)?[^-+()]+|[^-+()]+ ?-|\( ?[^-+()]+ ?\)"
_SIGN = r"^[-+] ?|^\( ?| ?\)$| ?-$"
_NEGATIVE = r"^[-(]|-$"
_EITHER = r"[1-9]\d{0,2}[.,]\d{3}"
_CURRENCIES = "EUR|USD|GBP|CHF|PLN|CZK|HUF|RON|SEK|NOK|DKK|JPY|CNY|AUD|CAD|INR|BRL|TRY"
_MONEY = (
    r".*[\x{20A0}-\x{20BF}$\x{A3}\x{A5}].*"
    rf"|(?:{_CURRENCIES})\b.*|.*\d ?(?:{_CURRENCIES})"
)
_UNIT = r"[-+]?[\d.,' ]*\d ?[(\[]?[^\d\s.,()+-]+\.?[)\]]?"
_EXPONENT = r"[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d+"
_FOUR_DECIMALS = r"-?\d*(?:\.\d{0,4}0*)?"
_WHOLE = r"-?\d+(?:\.0*)?"
DECIMALS = 10  # of a floating-point number that is given as text


@dataclass(frozen=True, slots=True)
class Signs:
    """How numbers of a column are written; `decimal` is None where nobody can tell.

    Of `declared` forms no other is read. `contradict` tells that some values show a point, others a
    comma.
    """

    decimal: str | None
    thousands: str | None = None
    declared: bool = False
    contradict: bool = False


def number_reading(need: Need, x: str, prefix: str, forms: Forms, signs: Signs) -> ColumnReading:
    """Return how numbers are read; `x` is the column, `prefix` begins the names of the steps."""
    tidy, size, exact, float_, came, value = (
        prefix + name for name in ("tidy", "size", "exact", "float", "delivered", "value")
    )
    nothing = says_nothing(tidy, forms, text=False)
    unread = f"{came} IS NOT NULL AND {value} IS NULL"
    return ColumnReading(
        steps=(
            (tidy, tidied(x)),
            (came, when(f"{tidy} IS NOT NULL AND NOT ({nothing})", x)),
            *size_steps(prefix, tidy, forms),
            (exact, _exact(need, prefix, signs)),
            (float_, _is_float(exact)),
            (value, when(f"{came} IS NOT NULL", _value(need, tidy, exact, float_))),
        ),
        value=value,
        delivered=came,
        refusals=(
            *without_value(need, x, tidy, nothing),
            spreadsheet_error(tidy),
            *((_both_ways(unread, exact, size, signs),) if not signs.declared else ()),
            *_refusals(need, unread, tidy),
        ),
        cleanings=(
            Cleaning(f"{tidy} <> {x}", "blanks around"),
            *optional_nothing(need, nothing),
            *_cleanings(prefix),
        ),
    )


def evidence(size: str) -> tuple[str, str]:
    """Tell of a number without its sign that it shows a decimal point, or a decimal comma."""
    point, comma = (matches(size, pattern(sign, None)) for sign in (POINT, COMMA))
    parted = has(size, "[.,]")
    return f"{point} AND NOT {comma} AND {parted}", f"{comma} AND NOT {point} AND {parted}"


def size_steps(prefix: str, tidy: str, forms: Forms) -> tuple[Step, Step]:
    """Give the steps that write the sign of a tidied text in one way, `even`, and take it off.

    What the sender writes beside numbers is left out. The second, `size`, is null where the signs
    do not fit.
    """
    even, size = f"{prefix}even", f"{prefix}size"
    one = without(without(unmarked(tidy), _APOSTROPHES, "'"), _MINUS, "-")
    if forms.beside:
        words = "|".join(re.escape(word) for word in sorted(forms.beside, key=len, reverse=True))
        one = f"trim({without(without(one, f'(?i){words}'), ' +', ' ')})"
    return (even, one), (size, when(matches(even, _SIGNED), without(even, _SIGN)))


def pattern(decimal: str, thousands: str | None) -> str:
    """Give the pattern of a number without its sign; `thousands` None: any sign but the decimal."""
    signs = [each for each in _GROUPS if each != decimal] if thousands is None else [thousands]
    groups = "|".join(rf"(?:{re.escape(each)}\d{{3}})+" for each in signs if each)
    if COMMA in signs:  # 12,34,567 as in India
        groups += r"|(?:,\d\d)+,\d{3}"
    whole = rf"(?:\d+|[1-9]\d{{0,2}}(?:{groups}))" if groups else r"\d+"
    point = re.escape(decimal)
    return rf"(?:{whole}(?:{point}\d*)?|{point}\d+)"


def without_zeros(x: str) -> str:
    """Take zeros at the end of decimals away: a whole number then looks like one."""
    return when(f"contains({x}, '.')", f"rtrim(rtrim({x}, '0'), '.')", x)


def _exact(need: Need, prefix: str, signs: Signs) -> str:
    """Write a number in plain digits, `-1234.5`; null if it is none or can be read both ways."""
    even, size = f"{prefix}even", f"{prefix}size"

    def reads(decimal: str) -> str:
        return matches(size, pattern(decimal, signs.thousands))

    def plain(decimal: str) -> str:
        groups = "".join(each for each in _GROUPS if each != decimal)
        digits = f"replace({without(size, f'[{groups}]')}, '{decimal}', '.')"
        return when(has(even, _NEGATIVE), f"'-' || {digits}", digits)

    def possible(decimal: str) -> str:
        value = f"TRY_CAST({plain(decimal)} AS DOUBLE)"
        least = "" if need.least is None else f" AND {value} >= {need.least:g}"
        most = "" if need.most is None else f" AND {value} <= {need.most:g}"
        return f"(true{least}{most})"

    either = matches(size, _EITHER)
    if signs.decimal is not None:
        other = COMMA if signs.decimal == POINT else POINT
        order = (signs.decimal,) if signs.declared else (signs.decimal, other)
        return first_of([(reads(sign), plain(sign)) for sign in order])
    return first_of(
        [
            (f"{either} AND {possible(POINT)} AND NOT {possible(COMMA)}", plain(POINT)),
            (f"{either} AND {possible(COMMA)} AND NOT {possible(POINT)}", plain(COMMA)),
            (either, "NULL"),
            (reads(POINT), plain(POINT)),
            (reads(COMMA), plain(COMMA)),
        ]
    )


def _is_float(exact: str) -> str:
    """Tell whether a number has the digits of a double, as only machines write them."""
    digits = f"ltrim({without(exact, '[-.]')}, '0')"
    return when(
        f"strlen({exact}) >= 16 AND contains({exact}, '.')", f"strlen({digits}) >= 15", "false"
    )


def _value(need: Need, tidy: str, exact: str, float_: str) -> str:
    if need.exact:
        short = f"TRY_CAST({exact} AS DECIMAL(38,{DECIMALS}))::VARCHAR"
        return without_zeros(when(float_, short, exact))
    match need.kind:
        case Kind.INTEGER:
            near = f"abs({exact}::DOUBLE - round({exact}::DOUBLE)) < 1e-9"
            fits = f"{matches(exact, _WHOLE)} OR ({float_} AND {near})"
        case Kind.DECIMAL:
            fits = f"{float_} OR {matches(exact, _FOUR_DECIMALS)}"
        case _:
            exact = f"coalesce({exact}, {when(matches(tidy, _EXPONENT), tidy)})"
            fits = f"isfinite(TRY_CAST({exact} AS DOUBLE))"
    return when(fits, f"TRY_CAST({exact} AS {SQL_TYPES[need.kind]})")


def _both_ways(unread: str, exact: str, size: str, signs: Signs) -> Refusal:
    """Refuse a number that can be read in two ways; say both."""
    why = "no other value tells which"
    if signs.contradict:
        why = "the column has points and commas before decimals"
    point, none = f"replace({size}, ',', '.')", without(size, "[.,]")
    name = literal(f", and {why}; name the decimal sign: --decimal point or --decimal comma.")
    return Refusal(
        f"{unread} AND {exact} IS NULL AND {matches(size, _EITHER)}",
        f"', which can be ' || {point} || ' or ' || {none} || {name}",
    )


def _refusals(need: Need, unread: str, tidy: str) -> tuple[Refusal, ...]:
    expected = f"expected {EXPECTED[Kind.FLOAT if need.exact else need.kind]}"
    named = (
        (_EXPONENT, f", which has an exponent; {expected}, with all of its digits."),
        (_MONEY, f", which names a currency; {expected}, without the currency."),
        (_UNIT, f", which names a unit; {expected}, without the unit."),
    )
    return (
        *(Refusal(f"{unread} AND {matches(tidy, shape)}", literal(says)) for shape, says in named),
        Refusal(unread, literal(f"; {expected}.")),
    )


def _cleanings(prefix: str) -> tuple[Cleaning, ...]:
    """List what is not as it came in a number that is read."""
    even, size, exact, float_ = (prefix + name for name in ("even", "size", "exact", "float"))
    read = f"{prefix}value IS NOT NULL"
    comma = f"contains({exact}, '.') AND {has(size, ',[0-9]*$')}"
    return (
        Cleaning(f"{read} AND {has(even, '^[(]|-$')}", "a minus behind or brackets around"),
        Cleaning(f"{read} AND {comma}", "a decimal comma"),
        Cleaning(
            f"{read} AND strlen({size}) > strlen(ltrim({exact}, '-'))", "signs between thousands"
        ),
        Cleaning(
            f"{read} AND {float_} AND NOT {matches(exact, _FOUR_DECIMALS)}",
            "the last digits of a floating-point number",
        ),
    )

"""Days: `2024-01-31`, `31.01.2024`, `01/31/2024`, `31-Jan-24`, `Wed, 31 Jan 2024`.

Which of two numbers is the month is seen from all values of a column that part it in the same way:
an order that fits them all is theirs, if there is one alone. Where points part them and nothing
says otherwise, the day comes first. A day that has one reading alone is read in any case; one with
two is refused while the order is open. A year of two digits is the one from 1980 to the year of the
load that it can be; if there is none, it is refused. So is a day that is of another day of the week
than the one in front of it. A timestamp at midnight is its day, a day of
zero (`0000-00-00`, `1900-01-00`) none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.ingest.values.forms import DMY, ISO, MDY, YMD
from graphchannel.ingest.values.months import BEGINNINGS
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
from graphchannel.ingest.values.weekdays import weekday_steps
from graphchannel.lookup import FIRST_PLAUSIBLE
from graphchannel.schema import Kind
from graphchannel.text import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.ingest.values.forms import Forms
    from graphchannel.ingest.values.reading import Need, Step

# Any year but 0000, which would be before the start that an open interval has.
_YEAR = r"(?:\d{3}[1-9]|\d\d[1-9]\d|\d[1-9]\d\d|[1-9]\d{3})"
PLAIN_DAY = rf"{_YEAR}-\d\d-\d\d"

_YEAR_FIRST = "|".join(rf"{_YEAR}{sign}\d{{1,2}}{sign}\d{{1,2}}" for sign in ("-", "/", r"\."))
_ALL_DIGITS = r"(?:19|2[01])\d{6}"
_SHORT = "|".join(rf"\d{{1,2}}{sign}\d{{1,2}}{sign}(?:\d\d){{1,2}}" for sign in (r"\.", "/", "-"))
_SHORT_YEAR = r".*\D\d\d"
_YEAR_MAY_LEAD = r"\d\d-\d\d-\d\d"
_NAMED = r"\d{1,2} [^\d ]+ (?:\d\d){1,2}|[^\d ]+ \d{1,2} (?:\d\d){1,2}"
_MIDNIGHT = (
    r"(?:[T ]+00:00(?::00(?:[.,]0+)?)? ?(?:Z|UTC|[-+]\d\d:?\d\d)?"
    r"| +12:00(?::00)? ?[Aa]\.?[Mm]\.?)$"
)
_ZERO = (
    r"[0:/. T-]*0[0:/. TZ-]*|1900-0?1-00?"
    r"|00?[./-]0?1[./-](?:19)?00|0?1[./-]00?[./-](?:19)?00"
)
_EASTERN = r"^(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]"
_TIME = r"[T ]+\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?$"  # without a zone
_TIMESTAMP = r".*\d[T ]+\d{1,2}:\d\d.*"
_SERIAL = r"[2-6]\d{4}(?:[.,]\d+)?"
_EPOCH = r"\d{10}|\d{13}"
_EXPECTED = f"expected {EXPECTED[Kind.DATE]}"


@dataclass(frozen=True, slots=True)
class Orders:
    """How days of a column are written: the order by what parts them, None where nobody can tell.

    Of a `declared` order no other is read. `contradict` names signs between which some values show
    one order, others another.
    """

    by_sign: Mapping[str, str | None] = field(default_factory=dict)
    declared: str | None = None
    contradict: frozenset[str] = frozenset()


def day_reading(need: Need, x: str, prefix: str, forms: Forms, orders: Orders) -> ColumnReading:
    """Return how days are read; `x` is the column, `prefix` begins the names of the steps."""
    tidy, came, bare, value = (prefix + name for name in ("tidy", "delivered", "bare", "value"))
    day, weekday = prefix + "day", prefix + "weekday"
    fits = f"({weekday} IS NULL OR isodow({day}) = {weekday})"
    nothing = f"({says_nothing(tidy, forms, text=False)} OR {matches(tidy, _ZERO)})"
    short_year = f"{matches(bare, _SHORT)} AND {matches(bare, _SHORT_YEAR)}"
    return ColumnReading(
        steps=(
            (tidy, tidied(x)),
            (came, when(f"{tidy} IS NOT NULL AND NOT {nothing}", x)),
            *day_steps(prefix, tidy, forms),
            (day, when(f"{came} IS NOT NULL", _value(prefix, orders))),
            (value, when(fits, day)),
        ),
        value=f"strftime({value}, '%Y-%m-%d')" if need.exact else value,
        delivered=came,
        refusals=(
            *without_value(need, x, tidy, nothing),
            spreadsheet_error(tidy),
            Refusal(f"NOT {fits}", f"', but ' || {day} || ' is a ' || dayname({day}) || '.'"),
            *((_both_ways(prefix, orders),) if orders.declared is None else ()),
            *_refusals(prefix),
        ),
        cleanings=(
            Cleaning(f"{tidy} <> {x}", "blanks around"),
            *optional_nothing(need, nothing, "a word or a zero for no value"),
            *((Cleaning(has(tidy, _TIME), "a time of day"),) if forms.drop_times else ()),
            *(() if forms.drop_times else (_midnight(value, tidy),)),
            Cleaning(f"{value} IS NOT NULL AND {short_year}", "a year of two digits"),
            Cleaning(f"{value} IS NOT NULL AND {weekday} IS NOT NULL", "a day of the week"),
            *_decided(prefix, orders),
        ),
    )


def day_steps(prefix: str, tidy: str, forms: Forms) -> tuple[Step, ...]:
    """Give the steps from a tidied text to the days that it can be: `bare`, …, `readings`.

    `readings` has a day for each order, and one that is `sure`; null where there is none.
    """
    bare, even, long, lead, named, readings = (
        prefix + name for name in ("bare", "even", "long", "lead", "named", "readings")
    )
    spaced, month, year = (prefix + name for name in ("spaced", "month", "year"))
    weekday, dated = prefix + "weekday", prefix + "dated"
    short_year = f"{matches(bare, _SHORT)} AND {matches(bare, _SHORT_YEAR)}"
    written_out = f"{without(even, '..$')} || {_year(f'right({bare}, 2)')}"
    year_first = f"{_year(f'left({bare}, 2)')} || substr({even}, 3)"
    spelt = without(dated, _EASTERN, r"\1-\2-\3")
    if forms.drop_times:
        spelt = without(spelt, _TIME)
    days = {
        DMY: _parsed(long, "%d.%m.%Y"),
        MDY: _parsed(long, "%m.%d.%Y"),
        YMD: _parsed(lead, "%Y.%m.%d"),
        "sure": _sure(bare, named),
    }
    return (
        *weekday_steps(weekday, dated, unmarked(tidy)),
        (bare, without(without(spelt, _MIDNIGHT), r"\. +", ".")),
        (even, when(matches(bare, _SHORT), without(bare, "[/-]", "."))),
        (long, first_of([(short_year, written_out), (f"{even} IS NOT NULL", even)])),
        (lead, when(matches(bare, _YEAR_MAY_LEAD), year_first)),
        (spaced, when(has(bare, "[A-Za-z]"), without(without(bare, "[-., /]+", " "), "^ | $"))),
        (month, f"lower(regexp_extract({spaced}, '[^\\d ]+'))"),
        (year, f"regexp_extract({spaced}, '\\d+$')"),
        (named, when(matches(spaced, _NAMED), _named(spaced, month, year))),
        (readings, "{" + ", ".join(f"'{name}': {day}" for name, day in days.items()) + "}"),
    )


def _midnight(value: str, tidy: str) -> Cleaning:
    return Cleaning(f"{value} IS NOT NULL AND {has(tidy, _MIDNIGHT)}", "a time of midnight")


def sign_between(bare: str) -> str:
    """Return the sign between the parts of a day, null where no order is in question."""
    return when(matches(bare, _SHORT), f"regexp_extract({bare}, '[./-]')")


def _parsed(text: str, form: str) -> str:
    return f"try_strptime({text}, '{form}')::DATE"


def _year(two: str) -> str:
    """Write out a year of two digits; null if it is not certain."""
    number = f"TRY_CAST({two} AS INTEGER)"
    return first_of(
        [
            (f"{number} + 2000 <= year(current_date)", f"'20' || {two}"),
            # 99 may be 1999, 2099 or the open end that 31.12.9999 is elsewhere.
            (f"{number} BETWEEN {FIRST_PLAUSIBLE.year - 1900} AND 98", f"'19' || {two}"),
        ]
    )


def _named(spaced: str, month: str, year: str) -> str:
    """Write a day with the name of its month as `31.1.2024`; null if it is none."""
    begins = f"left({month}, 4), left({month}, 3)"
    number = first_of(
        [
            (f"list_has_any([{begins}], [{', '.join(map(literal, names))}])", f"'{at}'")
            for at, names in enumerate(BEGINNINGS, 1)
        ]
    )
    day = f"regexp_extract({spaced}, '\\b\\d{{1,2}}\\b')"
    whole = when(f"strlen({year}) = 2", _year(year), year)
    return f"{day} || '.' || {number} || '.' || {whole}"


def _sure(bare: str, named: str) -> str:
    """Read what can be one day alone."""
    return first_of(
        [
            (matches(bare, _YEAR_FIRST), _parsed(without(bare, "[./]", "-"), "%Y-%m-%d")),
            (matches(bare, _ALL_DIGITS), _parsed(bare, "%Y%m%d")),
            (f"{named} IS NOT NULL", _parsed(named, "%d.%m.%Y")),
        ]
    )


def _value(prefix: str, orders: Orders) -> str:
    bare, readings = f"{prefix}bare", f"{prefix}readings"
    if orders.declared == ISO:
        return when(matches(bare, PLAIN_DAY), f"{readings}.sure")
    if orders.declared is not None:
        return f"coalesce({readings}.sure, {readings}.{orders.declared})"
    decided = [
        (f"{sign_between(bare)} = '{sign}'", f"{readings}.{order}")
        for sign, order in orders.by_sign.items()
        if order is not None
    ]
    days = _different(readings)
    return first_of(
        [
            (f"{readings}.sure IS NOT NULL", f"{readings}.sure"),
            *decided,
            (f"len({days}) = 1", f"{days}[1]"),
        ]
    )


def _different(readings: str) -> str:
    """List the days that a text can be."""
    days = ", ".join(f"{readings}.{order}" for order in (DMY, MDY, YMD))
    return f"list_sort(list_distinct([{days}]))"


def _unread(prefix: str) -> str:
    return f"{prefix}delivered IS NOT NULL AND {prefix}value IS NULL"


def _both_ways(prefix: str, orders: Orders) -> Refusal:
    """Refuse a day that can be two; say both."""
    days = _different(f"{prefix}readings")
    signs = ", ".join(literal(sign) for sign in sorted(orders.contradict)) or "NULL"
    why = when(
        f"{sign_between(f'{prefix}bare')} IN ({signs})",
        literal("the column has days of both orders"),
        literal("no other value tells which"),
    )
    return Refusal(
        f"{_unread(prefix)} AND len({days}) > 1",
        f"', which can be ' || array_to_string(list_transform({days}, lambda day: day::VARCHAR),"
        f" ' or ') || ', and ' || {why}"
        " || '; name the order: --dates dmy or --dates mdy.'",
    )


def _refusals(prefix: str) -> tuple[Refusal, ...]:
    unread, tidy, bare = _unread(prefix), f"{prefix}tidy", f"{prefix}bare"
    two = f"right({bare}, 2)"
    short_year = f"{matches(bare, _SHORT)} AND {matches(bare, _SHORT_YEAR)}"
    counted = f"(DATE '1899-12-30' + TRY_CAST(left({tidy}, 5) AS INTEGER))::VARCHAR"
    shown = f"make_timestamp(left({tidy}, 10)::BIGINT * 1000000)::DATE::VARCHAR"
    return (
        Refusal(
            f"{unread} AND {short_year} AND {_year(two)} IS NULL",
            f"', whose year can be 19' || {two} || ' or 20' || {two}"
            " || '; write all four digits of it.'",
        ),
        Refusal(
            f"{unread} AND {matches(tidy, _TIMESTAMP)}",
            literal(f", a timestamp; {_EXPECTED}, without the time of day."),
        ),
        Refusal(
            f"{unread} AND {matches(tidy, _SERIAL)}",
            f"', a count of days as spreadsheets keep it, ' || {counted} || "
            + literal(f" if they are counted from 1900; {_EXPECTED}: format the cells as dates."),
        ),
        Refusal(
            f"{unread} AND {matches(tidy, _EPOCH)}",
            f"', a count of seconds since 1970, on ' || {shown} || " + literal(f"; {_EXPECTED}."),
        ),
        Refusal(unread, literal(f"; {_EXPECTED}.")),
    )


def _decided(prefix: str, orders: Orders) -> tuple[Cleaning, ...]:
    """Count the days whose order the column decided: it is said, since a person may know better."""
    words = {DMY: "the day before the month", MDY: "the month before the day"}
    read = f"{prefix}value IS NOT NULL AND {sign_between(f'{prefix}bare')}"
    return tuple(
        Cleaning(f"{read} = '{sign}'", words.get(str(order), "the year first"))
        for sign, order in orders.by_sign.items()
        if order is not None and (sign, order) != (".", DMY)
    )

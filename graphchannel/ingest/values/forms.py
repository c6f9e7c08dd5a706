"""How a sender writes numbers and days: what is declared, and what the values are to decide."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphchannel.errors import InputError, did_you_mean

POINT, COMMA = ".", ","
DECIMALS = {"point": POINT, "comma": COMMA, POINT: POINT, COMMA: COMMA}
THOUSANDS = {
    "none": "",
    "point": POINT,
    "comma": COMMA,
    "space": " ",
    "apostrophe": "'",
    "": "",
    POINT: POINT,
    COMMA: COMMA,
    " ": " ",
    "'": "'",
}
MISTAKABLE = r"-?[1-9]\d{0,2}\.\d{3}"  # with three decimals, as a group of thousands has
_MISTAKABLE = re.compile(MISTAKABLE)
_OF_NUMBERS = re.compile(r"[\d,'()<>+\-]|^[. ]*$")
DMY, MDY, YMD, ISO = "dmy", "mdy", "ymd", "iso"
DAYS = (DMY, MDY, YMD, ISO)


@dataclass(frozen=True, slots=True)
class Forms:
    """How values are written; what is None is decided by all values of a column together.

    `decimal` is '.' or ','. `thousands` is one of '.', ',', ' ', "'", or '' where digits are not
    grouped. `days` is `dmy` (31/01/2024), `mdy` (01/31/2024), `ymd` (24-01-31), or `iso`, which
    takes nothing but 2024-01-31. `nothing` are words that stand for no value, besides those that
    always do unless there are no `words`: a program leaves empty what it does not know. `beside`
    are words and signs that stand beside numbers and are no part of them, such as `€` or `EA`.
    With `drop_times` a moment without a zone is its day.
    """

    decimal: str | None = None
    thousands: str | None = None
    days: str | None = None
    nothing: tuple[str, ...] = ()
    words: bool = True
    beside: tuple[str, ...] = ()
    drop_times: bool = False


OPEN = Forms()  # the values decide
EXACT = Forms(
    decimal=POINT, thousands="", days=ISO, words=False
)  # as programs write, and as rejects are kept


def declared(
    decimal: str | None = None,
    thousands: str | None = None,
    days: str | None = None,
    nothing: tuple[str, ...] = (),
    beside: tuple[str, ...] = (),
    *,
    drop_times: bool = False,
) -> Forms:
    """Return the forms that somebody named: signs by themselves or as `point`, `comma`, `space`.

    Raises InputError, a sentence without a place, for a word that names none, for two equal signs,
    and for what is part of a number but said to stand beside it.
    """
    forms = Forms(
        decimal if decimal is None else _sign(decimal, DECIMALS, "decimal sign"),
        thousands if thousands is None else _sign(thousands, THOUSANDS, "thousands sign"),
        days if days is None else _order(days),
        nothing,
        beside=beside,
        drop_times=drop_times,
    )
    part = next((word for word in beside if _OF_NUMBERS.search(word)), None)
    if part is not None:
        raise InputError(
            f"'{part}' may be part of a number; what stands beside one has no digits, commas, "
            "signs or brackets."
        )
    if forms.decimal is not None and forms.decimal == forms.thousands:
        raise InputError(
            f"'{forms.decimal}' cannot be both the decimal sign and the thousands sign."
        )
    return forms


def unmistakable(number: str) -> str:
    """Write a number that was none of a text so that nobody reads a thousands sign into it.

    >>> unmistakable("1.234"), unmistakable("12.5")
    ('1.2340', '12.5')
    """
    return f"{number}0" if _MISTAKABLE.fullmatch(number) else number


def _sign(word: str, known: dict[str, str], what: str) -> str:
    found = known.get(word.casefold())
    if found is None:
        names = [name for name in known if name.isalpha()]
        raise InputError(
            f"'{word}' is no {what} (there are: {', '.join(names)}).{did_you_mean(word, names)}"
        )
    return found


def _order(word: str) -> str:
    if word.casefold() not in DAYS:
        raise InputError(
            f"'{word}' is no form of dates; give dmy (31/01/2024), mdy (01/31/2024), "
            "ymd (24-01-31) or iso (2024-01-31 alone)."
        )
    return word.casefold()

"""A day of the week in front of a day: `Mon, 15 Jun 2015`, `Montag, 15.06.2015`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.values.reading import first_of, matches, when, without
from graphchannel.text import literal

if TYPE_CHECKING:
    from graphchannel.ingest.values.reading import Step

__all__ = ["weekday_steps"]

# How the names begin, from Monday, in the languages of the months; short ones of German as a whole.
_BEGINNINGS = (
    ("mon", "maa", "lun", "seg", "pon"),
    ("tue", "die", "din", "mar", "ter", "wto"),
    ("wed", "mit", "woe", "mer", "mie", "mi\xe9", "qua", "sro", "\u015bro"),
    ("thu", "don", "jeu", "jue", "gio", "qui", "czw"),
    ("fri", "fre", "vri", "ven", "vie", "sex", "pia", "pi\u0105"),
    ("sat", "sam", "zat", "sab", "s\xe1b", "sob"),
    ("sun", "son", "zon", "dim", "dom", "nie"),
)
_SHORT = ("mo", "di", "mi", "do", "fr", "sa", "so")
# Before a day in numbers, or with the name of a month: `Mar 15, 2015` has none in front.
_WRITTEN = (
    r"([^\d\s.,/:-]{2,14})(?:[.,]+\s*|\s+)(\d{1,4}[./-].*|\d{1,2}[. ]+[^\d\s].*|[^\d\s]+\.? \d.*)"
)


def weekday_steps(weekday: str, rest: str, tidy: str) -> tuple[Step, Step]:
    """Give the steps to the day of the week in a tidied text, 1 for Monday, and to what follows.

    Null, and all of the text, where there is none.
    """
    name = f"lower(regexp_extract({tidy}, {literal(_WRITTEN)}, 1))"
    number = first_of(
        [
            (f"left({name}, 3) IN ({', '.join(map(literal, (*names, short)))})", str(at))
            for at, (names, short) in enumerate(zip(_BEGINNINGS, _SHORT, strict=True), 1)
        ]
    )
    return (
        (weekday, when(matches(tidy, _WRITTEN), number)),
        (rest, when(f"{weekday} IS NULL", tidy, without(tidy, f"^{_WRITTEN}$", r"\2"))),
    )

"""Text: blanks and invisible characters, words for no value, what spreadsheets put for a value.

What is certain is cleaned: blanks of any kind around a value, characters that cannot be seen, the
`.0` that a spreadsheet or a data frame gave an id. What is not is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.values.reading import (
    Cleaning,
    ColumnReading,
    Refusal,
    has,
    matches,
    when,
    without,
)
from graphchannel.text import literal

if TYPE_CHECKING:
    from graphchannel.ingest.values.forms import Forms
    from graphchannel.ingest.values.reading import Need

# Letters that spell no word for no value: such words have 3, 4 or 9.
_LETTERS = (
    "[A-Za-z]{1,2}|[A-MO-Za-mo-z][A-Za-z]{2,3}|[A-Za-z]{5,8}|[A-TV-Za-tv-z][A-Za-z]{8}"
    "|[A-Za-z]{10,}"
)
# Visible ASCII that is no word for no value, and that no spreadsheet has touched.
PLAIN_ID = (
    "[A-Za-z][A-Za-z_:-]*[0-9][A-Za-z0-9_:./-]*|[0-9]+(?:[A-DF-Za-df-z_:/-][A-Za-z0-9_:/-]*)?"
    f"|{_LETTERS}"
)
PLAIN_TEXT = f"[A-Za-z0-9][!-~]* [ -~]*[!-~]|[A-Za-z][!-~]{{14,}}|{PLAIN_ID}"

_DIGITS = "０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹．，－"  # noqa: RUF001 - as Japanese and Arabic files have them
_WIDE = r"\x{A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}"
_UNSEEN = (
    r"\x00-\x08\x0E-\x1F\x7F\x{AD}\x{180E}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}"
    r"\x{2060}-\x{2064}\x{2066}-\x{2069}\x{FEFF}"
)
_AROUND = rf"\x09-\x0D \x{{85}}\x{{200C}}\x{{200D}}\x{{2028}}\x{{2029}}{_WIDE}{_UNSEEN}"

# Words, in small letters, that stand for no value in any column.
_NOTHING = (
    *("-", "--", "---", "\N{EN DASH}", "\N{EM DASH}", "n/a", "n.a.", "n.a", "<na>", "nan", "nat"),
    *("null", "(null)", r"\n", "nil", "none", "(none)", "(blank)", "(empty)", "undefined"),
)
# "NA" is Namibia and may be an id; a number or a day it is not.
_NOTHING_BUT_TEXT = ("na", "?")

_ERROR = (
    r"#(?:REF|DIV/0|VALUE|NAME|NUM|NULL|SPILL|CALC|FIELD|GETTING_DATA|BEZUG|WERT|ZAHL)[!?]?"
    r"|#N/?A!?|#NV|#{2,}|Err:\d{3}"
)
_SHORTENED = r"[+-]?\d(?:[.,]\d+)?[eE]\+\d+|[+-]?\d[.,]\d+[eE]\d+"
_FLOATED = r"[1-9]\d*\.0+"
_CONTROLS = r"[\x{80}-\x{84}\x{86}-\x{9F}]"  # text of cp1252 that was read as Latin-1
# What two and three bytes of UTF-8 are in cp1252.
_SECOND = (
    r"\x{A1}-\x{BF}\x{152}\x{153}\x{160}\x{161}\x{178}\x{17D}\x{17E}\x{192}\x{2C6}\x{2DC}"
    r"\x{20AC}\x{2122}"
)
_DOUBLED = (
    rf"[\x{{C2}}-\x{{C5}}\x{{CE}}-\x{{D1}}][{_SECOND}]"
    r"|[\x{C2}\x{C3}\x{C5}][\x{2013}-\x{2022}\x{2026}\x{2030}\x{2039}\x{203A}]"
    rf"|\x{{E2}}[\x{{20AC}}\x{{201A}}][{_SECOND}\x{{2013}}-\x{{2022}}]"
)
_TIDY = "[!-<>-~]+"  # most values: one look is quicker than to take away what is not there
_AS_TEXT = '^ *="([^"]*)" *$'  # how some keep a spreadsheet from reading a number
_PARTS = r"\s*[,;|\n\r\t]+\s*"
_MAY_PART = r"\s*[/+&]\s*|\s+"
_SERIAL = r"^..+\d"


def text_reading(need: Need, x: str, prefix: str, forms: Forms) -> ColumnReading:
    """Return how text is read; `x` is the column, `prefix` begins the names of the steps."""
    tidy, kept = f"{prefix}tidy", f"{prefix}kept"
    nothing = says_nothing(tidy, forms, text=True)
    number = matches(tidy, _FLOATED)
    bare = without(tidy, "^'([0-9]+)$", r"\1")  # as a spreadsheet marks text
    value = when(number, without(tidy, r"\.0+$"), bare) if need.identifier else tidy
    return ColumnReading(
        steps=(
            (tidy, f"nfc_normalize({tidied(x)})" if need.identifier else tidied(x)),
            (kept, when(nothing, "NULL", value)),
        ),
        value=kept,
        delivered=kept,
        refusals=(
            *without_value(need, x, tidy, nothing),
            spreadsheet_error(tidy),
            *wrongly_decoded(tidy),
            *((_shortened(tidy),) if need.identifier else ()),
            *(_several(tidy) if need.single else ()),
            *((_broken(tidy),) if need.line else ()),
        ),
        cleanings=(
            Cleaning(f"{tidy} IS DISTINCT FROM {x}", "blanks or invisible characters"),
            *optional_nothing(need, nothing),
            Cleaning(f"{kept} <> {tidy} AND {number}", "the '.0' of a number"),
            Cleaning(f"{kept} <> {tidy} AND NOT {number}", "a spreadsheet's mark of text"),
        ),
    )


def tidied(x: str) -> str:
    """Take off blanks around a text and what cannot be seen within; null if nothing is left."""
    spaced = without(without(without(x, _AS_TEXT, r"\1"), f"[{_UNSEEN}]"), f"[{_WIDE}]", " ")
    bare = f"nullif({without(spaced, f'^[{_AROUND}]+|[{_AROUND}]+$')}, '')"
    return when(matches(x, _TIDY), x, bare)


def unmarked(tidy: str) -> str:
    """Write a number or a day without a spreadsheet's mark of text, and in the usual digits."""
    mark = r"^'([-+(]?[0-9.,])"
    return without(
        f"translate({tidy}, {literal(_DIGITS)}, {literal('0123456789' * 3 + '.,-')})", mark, r"\1"
    )


def says_nothing(tidy: str, forms: Forms, *, text: bool) -> str:
    """Tell whether a tidied value is a word for no value; `text` leaves out what may be some."""
    if not forms.words:
        return "false"
    own = (word.casefold() for word in forms.nothing)
    known = [*_NOTHING, *(() if text else _NOTHING_BUT_TEXT), *own]
    return f"lower({tidy}) IN ({', '.join(literal(word) for word in known)})"


def without_value(need: Need, x: str, tidy: str, nothing: str) -> tuple[Refusal, ...]:
    """Refuse a word for no value where there must be one."""
    if not need.required:
        return ()
    blank = literal(f", which is blank; expected {need.doc}.")
    word = literal(f", which says that there is no value; expected {need.doc}.")
    return (
        Refusal(f"{x} IS NOT NULL AND {tidy} IS NULL", blank, "missing"),
        Refusal(nothing, word, "missing"),
    )


def optional_nothing(
    need: Need, nothing: str, had: str = "a word for no value"
) -> tuple[Cleaning, ...]:
    """Count a word for no value where there need not be one."""
    return () if need.required else (Cleaning(nothing, had),)


def spreadsheet_error(tidy: str) -> Refusal:
    """Refuse the error that a spreadsheet shows for a value."""
    says = ", an error of a spreadsheet, which has lost the value; mend the cell and export again."
    return Refusal(matches(tidy, _ERROR), literal(says))


def wrongly_decoded(tidy: str) -> tuple[Refusal, ...]:
    """Refuse characters, and pairs of them, that only come of text read in the wrong encoding."""
    controls = (
        ", with control characters that come of a wrong encoding; the file is probably cp1252: load"
        " it again with --encoding cp1252."
    )
    doubled = (
        ", UTF-8 that was read in another encoding, now or by the program that exported it; load"
        " it without --encoding, or have it exported anew."
    )
    return (
        Refusal(has(tidy, _CONTROLS), literal(controls)),
        Refusal(has(tidy, _DOUBLED), literal(doubled)),
    )


def _shortened(tidy: str) -> Refusal:
    says = (
        ", a number that a spreadsheet has shortened, so that digits are lost; format the column as"
        " text before the ids go into it, and export again."
    )
    return Refusal(matches(tidy, _SHORTENED), literal(says))


def _broken(tidy: str) -> Refusal:
    says = ", with a tab or a line break within it; expected one id."
    return Refusal(has(tidy, r"[\x09-\x0D]"), literal(says))


def _several(tidy: str) -> tuple[Refusal, ...]:
    """Refuse several things in a field: parted by what parts a list, or alike in length and start.

    A serial number may have a blank or a slash; `SN01 SN02` are two.
    """
    found = []
    for parting, alike in ((_PARTS, False), (_MAY_PART, True)):
        parts = f"list_filter(string_split_regex({tidy}, {literal(parting)}), lambda x: x <> '')"
        look = f"list_distinct(list_transform({parts}, lambda x: (strlen(x), left(x, 2))))"
        shape = f" AND len({look}) = 1 AND {has(f'{parts}[1]', _SERIAL)}" if alike else ""
        found.append(
            Refusal(
                f"{has(tidy, parting)} AND len({parts}) > 1{shape}",
                f"', which are ' || len({parts}) || ' in one field; give each a row of its own.'",
            )
        )
    return tuple(found)

"""SQL that writes a sender's values as conform reads them: 1234.5, 2015-06-30.

What does not have the declared form is handed on as it came, so that its reject shows it; but
where it would then be read as something else (1.234 in a column of decimal commas), with what is
wrong behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.text import literal

if TYPE_CHECKING:
    from graphchannel.ingest.values import Forms

_PLAIN_NUMBER = r"[+-]?\d+(\.\d*)?|[+-]?\.\d+"
_SEPARATED = r"\s*[./\- ]\s*"
_PARTS = {"d": r"(\d{1,2})", "m": r"(\d{1,2})", "y": r"(\d{4})"}
_SPACES = r"\s\x{00a0}\x{202f}"
_MIDNIGHT = r"([ T]00:00(:00(\.0+)?)?)?"


def number(x: str, forms: Forms) -> str:
    """Write the text `x` with a decimal point and no thousands."""
    decimal = forms.decimal or "."
    if decimal == "." and not forms.thousands:
        return x
    marks = forms.thousands
    if marks is None:  # any but the decimal sign, as long as it parts groups of three
        marks = "".join(each for each in ".,' " if each != decimal)
    whole, bare = r"\d+", x
    if marks:
        sign = f"[{marks.replace(' ', _SPACES)}]"
        whole = rf"(\d{{1,3}}({sign}\d{{3}})+|\d+)"
        bare = f"regexp_replace({x}, {literal(sign)}, '', 'g')"
    shape = rf"[+-]?({whole}([{decimal}]\d*)?|[{decimal}]\d+)"
    written = bare if decimal == "." else f"replace({bare}, '{decimal}', '.')"
    said = literal(f" (the decimal sign is {decimal})")
    return (
        f"CASE WHEN regexp_full_match({x}, {literal(shape)}) THEN {written} "
        f"WHEN regexp_full_match({x}, {literal(_PLAIN_NUMBER)}) THEN {x} || {said} ELSE {x} END"
    )


def date(x: str, order: str | None) -> str:
    """Write the text `x`, a date in that order, as ISO 8601; one that is ISO already stays."""
    if order not in {"dmy", "mdy", "ymd"}:
        return x
    shape = "^" + _SEPARATED.join(_PARTS[part] for part in order) + _MIDNIGHT + "$"
    parts = {
        part: f"regexp_extract({x}, {literal(shape)}, {at})" for at, part in enumerate(order, 1)
    }
    iso = f"{parts['y']} || '-' || lpad({parts['m']}, 2, '0') || '-' || lpad({parts['d']}, 2, '0')"
    return f"CASE WHEN TRY_CAST({iso} AS DATE) IS NOT NULL THEN {iso} ELSE {x} END"

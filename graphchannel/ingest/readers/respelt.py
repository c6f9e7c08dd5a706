"""SQL that tells a cell which a spreadsheet wrote in its own way from one that a person changed."""

from __future__ import annotations

_WELL_READ = ("%Y-%m-%d", "%d.%m.%Y")  # forms of a date that need no correction
_SHOWN = (  # how spreadsheets write one
    *("%Y-%m-%d", "%d.%m.%Y", "%-d.%-m.%Y", "%d.%m.%y", "%d/%m/%Y", "%-d/%-m/%Y", "%d/%m/%y"),
    *("%m/%d/%Y", "%-m/%-d/%Y", "%m/%d/%y", "%-m/%-d/%y", "%d-%m-%Y", "%Y/%m/%d", "%d-%b-%y"),
)
_MIDNIGHT = " 0?0:00(:00)?$"
_SCIENTIFIC = "[0-9]([.,][0-9]+)?E[+]?[0-9]+"


def respelt(cell: str, before: str) -> str:
    """Return the condition that `cell` is `before` as a spreadsheet writes it, both SQL text.

    Never true where `before` could have been corrected to `cell`: it has a form that is read.
    """
    cell = f"trim({cell})"
    conditions = (_zeros(cell, before), _digits(cell, before), _comma(cell, before))
    return f"coalesce({' OR '.join((*conditions, _day(cell, before)))}, false)"


def _zeros(cell: str, before: str) -> str:
    """Tell whether leading zeros are gone."""
    kept = f"coalesce(nullif(ltrim({before}, '0'), ''), '0')"
    return f"(regexp_full_match({before}, '0[0-9]+') AND {cell} = {kept})"


def _digits(cell: str, before: str) -> str:
    """Tell whether there were more digits than it keeps: 1.23457E+14, or zeros at the end."""
    number = f"TRY_CAST(replace({cell}, ',', '.') AS DOUBLE)"
    scientific = (
        f"(regexp_full_match({cell}, '{_SCIENTIFIC}')"
        f" AND abs({number} / TRY_CAST({before} AS DOUBLE) - 1) < 0.05)"
    )
    rounded = (
        f"(length({cell}) = length({before}) AND left({cell}, 15) = left({before}, 15)"
        f" AND regexp_full_match({cell}[16:], '0+'))"
    )
    return f"(regexp_full_match({before}, '[0-9]{{12,}}') AND ({scientific} OR {rounded}))"


def _comma(cell: str, before: str) -> str:
    """Tell whether the decimal sign is a comma now."""
    return (
        f"(regexp_full_match({before}, '-?[0-9]+[.][0-9]+')"
        f" AND regexp_full_match({cell}, '-?[0-9]+,[0-9]+')"
        f" AND TRY_CAST(replace({cell}, ',', '.') AS DECIMAL(38, 9))"
        f" = TRY_CAST({before} AS DECIMAL(38, 9)))"
    )


def _day(cell: str, before: str) -> str:
    """Tell whether it is the same day in another form."""
    readings = ", ".join(f"try_strptime(trim({before}), '{form}')" for form in _WELL_READ)
    forms = ", ".join(f"strftime(coalesce({readings}), '{form}')" for form in _SHOWN)
    return f"list_contains([{forms}], regexp_replace({cell}, '{_MIDNIGHT}', ''))"

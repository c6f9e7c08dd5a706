"""Names, numbers and values as text: in a sentence, on a screen, and in SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "NO_CURRENCY",
    "among",
    "counted",
    "folded",
    "joined",
    "json_visible",
    "listed",
    "literal",
    "on_screen",
    "quoted",
    "visible",
    "without_password",
]

NO_CURRENCY = "—"  # stands where amounts name no currency

# Control characters, line and paragraph separators, what turns the direction of text around, and
# halves of surrogate pairs: none of them is seen, and terminals and pages obey them.
_OBEYED = "\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff"
_UNSEEN = re.compile(f"[\\x00-\\x1f{_OBEYED}]")
_UNSEEN_IN_LINES = re.compile(f"[\\x00-\\x08\\x0b-\\x1f{_OBEYED}]")

# What stands before the last @ of an address, and a port that is none: passwords hold anything.
_CREDENTIALS = re.compile(r"(\b[a-zA-Z][a-zA-Z0-9+.-]*:/{0,2})\S*@")
_NO_PORT = re.compile(
    r"(\b[a-zA-Z][a-zA-Z0-9+.-]*://[^/\s:@\[\]]*:)(?![0-9]*(?:[/?#\s'\"]|$))[^\s'\"]*"
)


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return the first names and how many more there are.

    >>> listed(["Porto", "Faro", "Beja", "Guarda"]), listed(["Porto", "Faro"])
    ('Porto, Faro, Beja and 1 more', 'Porto, Faro')
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def joined(names: Sequence[str], word: str = "and") -> str:
    """Return all names, the last after a word.

    >>> joined(["Porto", "Faro", "Beja"]), joined(["Porto", "Faro"], "or"), joined(["Porto"])
    ('Porto, Faro and Beja', 'Porto or Faro', 'Porto')
    """
    return f" {word} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, whose plural has an s unless it is named.

    >>> counted(1, "row"), counted(2500, "row"), counted(2, "branch", "branches")
    ('1 row', '2,500 rows', '2 branches')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def among(column: str, values: Iterable[str]) -> str:
    """Return the SQL condition that a column has one of these values.

    >>> print(among("id", ["b", "a'c"]))
    "id" IN ('a''c', 'b')
    """
    return f"{quoted(column)} IN ({', '.join(map(literal, sorted(values))) or 'NULL'})"


def quoted(name: str) -> str:
    """Quote a name for SQL.

    >>> print(quoted('in "pieces" only'))
    "in ""pieces"" only"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """Quote a value as a text of SQL, where a parameter cannot stand.

    >>> print(literal("O'Neil"))
    'O''Neil'
    """
    return "'" + str(value).replace("'", "''") + "'"


def visible(text: str) -> str:
    r"""Return a text with characters that are not seen, but obeyed, as escapes.

    >>> print(visible("red \x1b[31m, and \u202eback"))
    red \x1b[31m, and \u202eback
    """
    return _UNSEEN.sub(_by_number, text)


def on_screen(text: str) -> str:
    r"""Return a text as `visible` does, with its own line ends and tabs.

    >>> print(on_screen("two\nlines \x1b]8;;"))
    two
    lines \x1b]8;;
    """
    return _UNSEEN_IN_LINES.sub(_by_number, text)


def json_visible(text: str) -> str:
    r"""Return JSON with what a terminal obeys as escapes of JSON: its values stay what they are.

    >>> print(json_visible('"\u202eback"'))
    "\u202eback"
    """
    return _UNSEEN_IN_LINES.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def without_password(address: str) -> str:
    """Return a text without the user and the password that an address of a server in it has.

    >>> without_password("neo4j://ann:s3cr@et@host:7687"), without_password("neo4j://host:7687")
    ('neo4j://***@host:7687', 'neo4j://host:7687')
    >>> without_password("bolt://ann:s3cret")
    'bolt://ann:***'
    """
    return _NO_PORT.sub(r"\1***", _CREDENTIALS.sub(r"\1***@", address))


def folded(name: str) -> str:
    """Return what is compared of a column name: letters and digits, whatever their case.

    >>> folded("Ship-To City") == folded("ship_to_city")
    True
    """
    return "".join(character for character in name.casefold() if character.isalnum())


def _by_number(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode("ascii")

"""Names that say that a file or sheet is a copy of another: `partners_old` beside `partners`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = frozenset(
    {"alt", "archive", "archived", "archiv", "backup", "bak", "bkp", "copia", "copie", "copy"}
    | {"draft", "entwurf", "kopie", "obsolete", "old", "orig", "original", "prev", "previous"}
    | {"sauvegarde", "sicherung", "sicherungskopie", "temp", "tmp", "veraltet"}
)
_BETWEEN = frozenset({"of", "von", "de", "di", "der"})
_NUMBERED = re.compile(r"(?P<base>.*\S)\s*(\(\d+\)|~\d*)")
_TOKENS = re.compile(r"[^\W_]+")


def copies(names: Sequence[str]) -> dict[int, str]:
    """Return, by position, the names that are copies, each with the one that it is a copy of.

    A word such as `backup` or `old` makes a name a copy where another begins with what is left of
    it; a number in brackets only where another is exactly that.

    >>> copies(["partners", "partners_old", "Copy of Partners", "partners (2)", "products old"])
    {1: 'partners', 2: 'partners', 3: 'partners'}
    """
    found: dict[int, str] = {}
    real = {name: _tokens(name) for name in names if not _is_copy(name)}
    for at, name in enumerate(names):
        numbered = _NUMBERED.fullmatch(name.strip())
        base = _tokens(numbered["base"]) if numbered else _base(name)
        for other, tokens in real.items():
            same = tokens == base or (not numbered and tokens[: len(base)] == base)
            if base and same and other != name:
                found.setdefault(at, other)
    return found


def _is_copy(name: str) -> bool:
    return bool(_NUMBERED.fullmatch(name.strip()) or _base(name))


def _tokens(name: str) -> list[str]:
    return _TOKENS.findall(name.casefold())


def _base(name: str) -> list[str]:
    """Return the words that a copy's name has of the name of the other."""
    tokens = _tokens(name)
    for at, token in enumerate(tokens):
        if token in _WORDS:
            before, after = tokens[:at], tokens[at + 1 :]
            return before or [each for each in after if each not in _BETWEEN | _WORDS]
    return []

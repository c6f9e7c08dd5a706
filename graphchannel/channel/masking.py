"""Masks: what another party may not read is replaced wherever it stands in a text.

Names and ids are found whatever is around them; short ones and mere numbers as whole words only,
for every text has an A in it, and an amount may read like an id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["UNSEEN", "Masks"]

UNSEEN = "…"
_ANYWHERE = 4  # characters from which a name is found inside of words, too


@dataclass(slots=True)
class Masks:
    """Masks for parties, given out as they are needed: the same party has the same one throughout.

    `owner` is the party that reads; its own id and name stay, and so does what is `kept`. `parties`
    are names by id, all that there are. `hidden` are further texts, such as ids of lines, of which
    nothing is to be seen.
    """

    owner: str
    parties: Mapping[str, str]
    hidden: Collection[str] = ()
    kept: Iterable[str] = ()
    given: dict[str, str] = field(default_factory=dict)
    _instead: dict[str, str | None] = field(default_factory=dict)
    _lengths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Note what to look for: a party by id, None for what only is not to be seen."""
        self._instead = {_same(text): None for text in self.hidden if text}
        for id_, name in self.parties.items():
            self._instead[_same(id_)] = self._instead[_same(name)] = id_
        own = {self.owner, self.parties.get(self.owner, self.owner), *self.kept}
        self._instead |= {_same(text): self.owner for text in own}
        self._lengths = tuple(sorted({len(text) for text in self._instead}, reverse=True))

    def of(self, party: str) -> str:
        """Return the mask of a party; its own id if it is the one that reads."""
        if party == self.owner:
            return party
        return self.given.setdefault(party, f"Party {len(self.given) + 1}")

    def named(self, party: str) -> str:
        """Return the name of the party that reads, the mask of another."""
        return self.parties.get(party, party) if party == self.owner else self.of(party)

    def text(self, value: str) -> str:
        """Return a text with all that may not be read replaced, the longest first."""
        folded = _same(value)
        parts: list[str] = []
        place = 0
        while place < len(value):
            length = next((n for n in self._lengths if self._stands(folded, place, n)), 0)
            if not length:
                parts.append(value[place])
                place += 1
                continue
            parts.append(self._mask(value[place : place + length]))
            place += length
        return "".join(parts)

    def value(self, value: Any) -> Any:
        """Return a value with the texts in it masked, whatever it is made of."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.value(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(part) for part in value]
        if isinstance(value, float | Decimal) and str(value) in self.hidden:
            return UNSEEN
        return value

    def _mask(self, found: str) -> str:
        party = self._instead[_same(found)]
        if party is None:
            return UNSEEN
        return found if party == self.owner else self.of(party)

    def _stands(self, folded: str, place: int, length: int) -> bool:
        found = folded[place : place + length]
        if len(found) < length or found not in self._instead:
            return False
        anywhere = length >= _ANYWHERE and not found.isdecimal()
        return anywhere or _is_word(folded, place, place + length)


def _same(text: str) -> str:
    """Return a text as it is compared, of the same length whatever its letters."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _is_word(text: str, start: int, end: int) -> bool:
    before, behind = text[max(start - 1, 0) : start], text[end : end + 1]
    return not re.search(r"\w", f"{before}{behind}")

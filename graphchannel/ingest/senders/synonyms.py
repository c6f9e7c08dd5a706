"""What headers mean: `synonyms.toml` and the names of countries, compared as people do."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from graphchannel.ingest.values.countries import country_names
from graphchannel.schema import COUNTRIES, TABLES
from graphchannel.schema import table as canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER = re.compile(r"#|\bn\.?\s?[°º]|\b(?:nos?|nr|num|numbers?|nummern?|num[eé]ros?)\b\.?")
_COMPOUND = re.compile(r"(?<=[a-z]{2})(?:nummern?|nr|datum)$")
_EXPLAINED = re.compile(r"\([^)]*\)|\[[^]]*\]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header means: the canonical column, or `line` or `kind`; the lower `rank` the surer.

    `sure` is false for a name that can mean it and something else.
    """

    column: str
    rank: int
    sure: bool


def meanings(table: str, header: str) -> tuple[Meaning, ...]:
    """Return what a header can mean in a table, the surest first."""
    known = _known(table)
    found = known.get(plain(header)) or known.get(plain(_EXPLAINED.sub(" ", header))) or ()
    return tuple(sorted(found, key=lambda each: (not each.sure, each.rank)))


def tables() -> tuple[str, ...]:
    """Return the canonical tables that a file is looked at for, most likely first."""
    known = [name for name in _file("synonyms") if name not in {"footer", "truth", "returned"}]
    return tuple(dict.fromkeys([*known, *(each.name for each in TABLES)]))


def begins_footer(text: str) -> bool:
    """Tell whether a text begins a row below the records, such as a total."""
    words = plain(text)
    return any(words.startswith(plain(each)) for each in _file("synonyms")["footer"]["begins"])


def footer_word(text: str) -> str | None:
    """Return the word at the begin or end of a text that makes it the name of a sum, as written.

    >>> footer_word("Total for Alpenblick"), footer_word("Alpenblick Total"), footer_word("Totalis")
    ('Total', 'Total', None)
    """
    folded = text.casefold()
    for word in sorted(_file("synonyms")["footer"]["begins"], key=len):
        size, name = len(word), word.casefold()
        if folded.startswith(name) and not folded[size : size + 1].isalnum():
            return text[:size]
        if folded.endswith(name) and not folded[-size - 1 : -size].isalnum():
            return text[-size:]
    return None


def truth_value(text: str) -> str | None:
    """Return `true` or `false` for a word that says so, else None."""
    return next(
        (
            meant
            for meant, words in _file("synonyms")["truth"].items()
            if plain(text) in map(plain, words)
        ),
        None,
    )


def marks_return(text: str) -> bool:
    """Tell whether a value marks a line as a return."""
    return plain(text) in {plain(each) for each in _file("synonyms")["returned"]["values"]}


def country_code(text: str) -> str | None:
    """Return the code of a country that is written in another way, None if it is not known."""
    if text.upper() in COUNTRIES:
        return text.upper()
    return _countries().get(plain(text))


def plain(text: str) -> str:
    """Return what is compared of a name: letters and digits without accents, case and blanks.

    >>> plain("Rechnungs-Nr.") == plain("Rechnungsnummer")
    True
    >>> plain("Invoice #") == plain("INVOICE_NUMBER")
    True
    """
    lower = text.casefold().replace("ß", "ss").replace("_", " ")
    bare = unicodedata.normalize("NFKD", _NUMBER.sub(" no ", lower))
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    spaced = re.sub(r"[\W_]+", " ", _NUMBER.sub(" no ", letters)).strip()
    words = [_COMPOUND.sub(_last, word) for word in spaced.split()]
    return "".join(words)


def _last(found: re.Match[str]) -> str:
    return "datum" if found[0] == "datum" else "no"


@cache
def _known(table: str) -> dict[str, tuple[Meaning, ...]]:
    words = _file("synonyms").get(table, {})
    # what makes lines one sale, a sender says of all his lines
    given = [name for name in canonical(table).column_names if name != "same_sale"]
    columns = dict.fromkeys([*given, *words])
    known: dict[str, tuple[Meaning, ...]] = {}
    for column in columns:
        said = words.get(column, {})
        own = [column] if column in given else []
        for sure, names in ((True, [*own, *said.get("is", [])]), (False, said.get("may", []))):
            for rank, name in enumerate(names):
                meant = Meaning(column, rank, sure)
                if not _has(known.get(plain(name), ()), column):
                    known[plain(name)] = (*known.get(plain(name), ()), meant)
    return known


def _has(found: Iterable[Meaning], column: str) -> bool:
    return any(each.column == column for each in found)


@cache
def _countries() -> dict[str, str]:
    return {plain(name): code for code, names in country_names().items() for name in names}


@cache
def _file(name: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)

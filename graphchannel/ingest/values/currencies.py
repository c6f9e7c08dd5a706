"""Currencies as senders write them: what was probably meant by a sign or a word that is no code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from graphchannel.ingest.values.reading import meant
from graphchannel.schema import CURRENCIES


@cache
def currency_names() -> dict[str, str]:
    """Return the code by each sign, word or code, in small letters; `$` is that of many."""
    text = resources.files(__package__).joinpath("currencies.toml").read_text("utf-8")
    named = {name: code for code, names in tomllib.loads(text).items() for name in names}
    return {name.casefold(): code for name, code in named.items()} | {
        code.casefold(): code for code in CURRENCIES
    }


def currency_code(text: str) -> str | None:
    """Return the code of a currency however it is written, None if it is not known.

    >>> currency_code("€"), currency_code("usd"), currency_code("$")
    ('EUR', 'USD', None)
    """
    return currency_names().get(text.strip().casefold())


def meant_currency(x: str) -> str:
    """Say in SQL which currency a text probably means: ` Did you mean 'EUR'?`, or nothing."""
    return meant(x, currency_names())

"""Countries as senders write them: what was probably meant by a code or a name that is none."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from graphchannel.ingest.values.reading import meant


@cache
def country_names() -> dict[str, tuple[str, ...]]:
    """Return names of countries by their ISO code: in several languages, and other codes."""
    text = resources.files(__package__).joinpath("countries.toml").read_text("utf-8")
    return {code: tuple(names) for code, names in tomllib.loads(text).items()}


def meant_country(x: str) -> str:
    """Say in SQL which country a text probably means: ` Did you mean 'GB'?`, or nothing."""
    pairs = {name.casefold(): code for code, names in country_names().items() for name in names}
    pairs |= {code.casefold(): code for code in country_names()}
    return meant(x, pairs)

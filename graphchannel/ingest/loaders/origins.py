"""What a source calls the columns that a loader makes of it, so that messages can name them.

A loader's SQL is not analysed but tried, on two records whose values are the names of their
columns. In the second, numbers are negative and days are days, as in a line that is a return.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import duckdb

from graphchannel.errors import LoaderError
from graphchannel.ingest.loaders.sections import LoaderRun
from graphchannel.ingest.source import RECORD
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from graphchannel.ingest.loaders.header import Loader
    from graphchannel.ingest.source import Source

# By canonical column: the loader's columns that it is made of, and those of it in a return.
Origins = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]

_NAMED = re.compile("\x02([^\x03]*)\x03")
_NEGATIVE = r"[-(\x{2212}]"


def own_names(
    connection: duckdb.DuckDBPyConnection, loader: Loader, source: Source, chosen: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return for each section what the source calls its columns, where a trial tells.

    `chosen` gives the source's name of each column of the loader that it has.
    """
    returns = _has_negative(connection, source, [chosen.get(name) for name in loader.numbers])
    return [
        {
            name: _spoken(
                [chosen[each] for each in made],
                [chosen[each] for each in turned],
                returns=returns,
            )
            for name, (made, turned) in section.items()
        }
        for section in _origins(loader, frozenset(chosen))
    ]


@lru_cache(maxsize=64)
def _origins(loader: Loader, present: frozenset[str]) -> tuple[Origins, ...]:
    """Try a loader on records that have the columns `present`."""
    with duckdb.connect() as connection:
        try:
            sections = LoaderRun(connection, loader, "its own names", 2).sections(
                _records(loader, present)
            )
        except LoaderError:  # a SELECT that fails on a name in place of a value tells nothing
            return ({},) * len(loader.sections)
        return tuple(_made_of(connection, *section) for section in sections)


def _made_of(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: tuple[str, ...]
) -> Origins:
    found: Origins = {}
    for name in columns:
        values = connection.execute(f"SELECT {quoted(name)} FROM {relation} ORDER BY {RECORD}")
        told = [tuple(dict.fromkeys(_NAMED.findall(str(value)))) for (value,) in values.fetchall()]
        if told and told[0]:
            found[name] = (told[0], told[-1])
    return found


def _records(loader: Loader, present: Collection[str]) -> str:
    """Select a record of names, and one that looks like a return."""
    names = [*loader.columns, *loader.optional]
    tokens = {name: literal(f"\x02{name}\x03") if name in present else "NULL" for name in names}
    values = dict.fromkeys(loader.numbers, "'-1'") | dict.fromkeys(loader.days, "'2015-06-15'")
    return " UNION ALL ".join(
        f"SELECT {number}::BIGINT AS {RECORD}, "
        + ", ".join(f"({record[name]})::VARCHAR AS {quoted(name)}" for name in names)
        for number, record in enumerate((tokens, tokens | values), 1)
    )


def _has_negative(
    connection: duckdb.DuckDBPyConnection, source: Source, columns: Collection[str | None]
) -> bool:
    """Tell whether some number of a source may be below zero."""
    signs = [f"regexp_matches({quoted(each)}::VARCHAR, '{_NEGATIVE}')" for each in columns if each]
    found = f"SELECT 1 FROM {source.relation} WHERE {' OR '.join(signs) or 'false'} LIMIT 1"
    return bool(connection.execute(found).fetchall())


def _spoken(made: list[str], turned: list[str], *, returns: bool) -> str:
    if returns and len(made) == 1 and len(turned) == 1 and made != turned:
        return f"{made[0]} (of a return, {turned[0]})"
    return " with ".join(made)

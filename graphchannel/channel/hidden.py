"""What rules say that is of others: ids and documents of lines that a party had no part in, prices.

A rule may return anything as evidence and put it into its sentence. What it says is held against
the lines of others, whole and word by word.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from graphchannel.findings import Finding

__all__ = ["of_others", "said"]

_OWN = "coalesce($party IN (seller_id, buyer_id, reporter_id), false)"
_LINES = f"""
WITH word AS (SELECT unnest($words::VARCHAR[]) AS word)
SELECT word FROM word
WHERE word IN (SELECT id FROM main.shipments WHERE NOT {_OWN}
               UNION ALL SELECT document FROM main.shipments WHERE NOT {_OWN})
  AND word NOT IN (SELECT id FROM main.shipments WHERE {_OWN}
                   UNION ALL SELECT document FROM main.shipments
                   WHERE {_OWN} AND document IS NOT NULL)
"""
_PRICES = f"""
SELECT word FROM (SELECT unnest($words::VARCHAR[]) AS word)
WHERE word::DECIMAL(38,4) IN (SELECT amount FROM main.shipments WHERE NOT {_OWN})
  AND word::DECIMAL(38,4) NOT IN (
      SELECT unnest([amount, quantity]) FROM main.shipments WHERE {_OWN} AND amount IS NOT NULL)
"""
_NUMBER = re.compile(r"\d{1,30}(\.\d{1,4})?")
_PRICE = 4  # characters of a number that may be a price: every sentence counts something
_WORDS = 8  # of a sentence that may be one document
_MARKS = ".,;:()[]\"'"


def said(about: Iterable[Finding], evidence: Mapping[int, Sequence[Mapping[str, Any]]]) -> set[str]:
    """Return all that findings say: values of their evidence, and runs of words of sentences."""
    found: set[str] = set()
    for finding in about:
        found.update(_runs(finding.message))
        for row in (*finding.evidence, *evidence.get(finding.number, ())):
            found.update(_texts(row))
    return found


def of_others(connection: duckdb.DuckDBPyConnection, party: str, words: set[str]) -> list[str]:
    """Return the words that are an id, a document or the price of a line without the party."""
    numbers = [word for word in words if _NUMBER.fullmatch(word) and len(word) >= _PRICE]
    found: list[str] = []
    for query, asked in ((_LINES, words), (_PRICES, numbers)):
        parameters = {"party": party, "words": sorted(asked)}
        found += [word for (word,) in connection.execute(query, parameters).fetchall()]
    return found


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value, numbers as rules write them, and the words of each text."""
    if isinstance(value, str):
        yield value
        yield from _runs(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, float | Decimal):
        yield str(value)


def _runs(text: str) -> Iterator[str]:
    """Yield each run of words, with and without the marks around it."""
    places = [found.span() for found in re.finditer(r"\S+", text)]
    for number, (start, _) in enumerate(places):
        for _, end in places[number : number + _WORDS]:
            yield text[start:end]
            yield text[start:end].strip(_MARKS)

"""What other languages write where Cypher has something else, and what that is."""

from __future__ import annotations

import re

__all__ = ["instead_of"]

_CHARACTERS = (
    (re.compile(r"(!=?|==)$"), "Equality is written =, its opposite <>."),
    (re.compile(r"(&&|&)$"), "Conditions are joined by AND."),
    (re.compile(r"['\"]$"), "The text that begins here has no closing quote."),
)
_MATCHED = "A text is matched by CONTAINS, STARTS WITH, ENDS WITH or =~."
_WORDS = {
    "over": "There are no window functions: collect() the rows in order, then index the list.",
    "partition": "What stands beside an aggregate in WITH or RETURN is what it is computed for.",
    "group": "Leave GROUP BY out: what stands beside an aggregate is what it is grouped by.",
    "having": "Groups are filtered after WITH: WITH p, count(*) AS n WHERE n > 3.",
    "like": _MATCHED,
    "ilike": _MATCHED,
    "between": "Write low <= x AND x <= high.",
    "not": "NOT stands in front of the condition: NOT x IN list.",
    "select": "A query is MATCH … WHERE … RETURN ….",
    "from": "A query is MATCH … WHERE … RETURN ….",
    "join": "Nodes are joined by patterns: (a)-[:TYPE]->(b).",
    "left": "What need not be there is OPTIONAL MATCH.",
    "inner": "Nodes are joined by patterns: (a)-[:TYPE]->(b).",
    "nulls": "Nulls come last, and first with DESC; ORDER BY x IS NULL, x DESC puts them last.",
    "top": "The first rows are ORDER BY … LIMIT 10 at the end.",
    "fetch": "The first rows are ORDER BY … LIMIT 10 at the end.",
    "elseif": "Write a further WHEN … THEN ….",
    "elif": "Write a further WHEN … THEN ….",
}


def instead_of(text: str, offset: int, word: str) -> str:
    """Return what to write instead of a character or word that does not fit; empty if not known."""
    upto = text[: offset + (2 if text[offset : offset + 2] in ("!=", "&&") else 1)]
    for pattern, sentence in _CHARACTERS:
        if pattern.search(upto):
            return sentence
    return _WORDS.get(word.lower(), "")

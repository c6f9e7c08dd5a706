"""Small changes to a rule's text, each of which some case must notice.

A mutant drops one conjunct or disjunct of a WHERE, moves one bound by one, drops one element of a
list, or widens one label to `Party`. The label `Partner` is left alone where roles, terminations or
relationships imply it, which is nearly everywhere: such a mutant finds the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(
    r"\b(WHERE|AND|OR|MATCH|OPTIONAL|WITH|UNWIND|RETURN|UNION)\b|//[^\n]*|'[^']*'|[(){}\[\]]"
)
_ENDS = frozenset({"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "UNION"})
_BOUND = re.compile(r" (<=|>=|<|>) ")
_OTHER = {"<=": "<", "<": "<=", ">=": ">", ">": ">="}
_LIST = re.compile(r"IN \[([^\]]*)\]")
_LABEL = re.compile(r"(?<=issuer:)Partner\b|(?<=:)(?:EndUser|Vendor)\b")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed rule; `about` says what was changed, with its line."""

    about: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """Yield every mutant of a rule file's text."""
    body = text.index("\nMATCH") + 1
    for start, end, neutral in _parts(text, body):
        yield _mutant(text, start, end, neutral)
    for match in _BOUND.finditer(text, body):
        yield _mutant(text, match.start(1), match.end(1), _OTHER[match[1]])
    for match in _LIST.finditer(text, body):
        items = match[1].split(", ")
        for item in items:
            others = ", ".join(other for other in items if other != item)
            yield _mutant(text, match.start(1), match.end(1), others, f"without {item}")
    for match in _LABEL.finditer(text, body):
        yield _mutant(text, match.start(), match.end(), "Party")


def _mutant(text: str, start: int, end: int, by: str, about: str | None = None) -> Mutant:
    line = text.count("\n", 0, start) + 1
    was = " ".join(text[start:end].split())
    return Mutant(f"line {line}: {about or f'{was} → {by}'}", text[:start] + by + text[end:])


def _parts(text: str, body: int) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and neutral value of each part of a conjunction or disjunction."""
    tokens = [match for match in _WORD.finditer(text, body) if not match[0].startswith(("//", "'"))]
    for number, token in enumerate(tokens):
        if token[0] == "WHERE" or (token[0] == "(" and _is_group(tokens, number)):
            yield from _split(text, tokens, number)


def _is_group(tokens: list[re.Match[str]], opening: int) -> bool:
    """Tell whether a parenthesis holds AND or OR of its own."""
    depth = 0
    for token in tokens[opening:]:
        depth += (token[0] in "({[") - (token[0] in ")}]")
        if depth == 0:
            return False
        if depth == 1 and token[0] in ("AND", "OR"):
            return True
    return False


def _split(text: str, tokens: list[re.Match[str]], opening: int) -> Iterator[tuple[int, int, str]]:
    """Yield the parts between `opening` and the end of its expression."""
    depth, start, words = 0, tokens[opening].end(), set[str]()
    parts = []
    end = len(text)
    for token in tokens[opening + 1 :]:
        closes = token[0] in (")", "}", "]")
        if depth == 0 and (closes or token[0] in _ENDS):
            end = token.start()
            break
        depth += (token[0] in ("(", "{", "[")) - closes
        if depth == 0 and token[0] in ("AND", "OR"):
            words.add(token[0])
            parts.append((start, token.start()))
            start = token.end()
    neutral = "false" if words == {"OR"} else "true"
    for first, last in (*parts, (start, end)):
        yield first, last, f" {neutral} "

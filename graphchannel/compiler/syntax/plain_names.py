"""Names of variables that a server reads as something else, unless they stand in backticks.

`size(all)` is `size(ALL …)` without an argument, `abs(all - 3)` is the absolute value of -3, and
`nan` is a number. Some of these are errors in Neo4j, others are other answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lark import Token, Tree

from graphchannel.errors import NotPortable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.compiler.syntax.parse_tree import ParseTree

__all__ = ["check_names"]

_NUMBERS = ("inf", "infinity", "nan")
_SUSPECT = re.compile(r"\b(all|inf|infinity|nan)\b", re.IGNORECASE)
_VARIABLES = ("variable", "parenthesised_variable")
_AFTER_ALL = ("call", "projection")  # what ALL may stand at the beginning of
# What ALL cannot stand before, so that the name is a variable for every server.
_NO_OPERAND = re.compile(r"\s*([.,:=<>^%*]|/(?![/*]))")
_COLUMN_ENDS = re.compile(r"\s*(as\b|order\s+by\b|where\b(?!\s*\()|[}]|$)", re.IGNORECASE)


def check_names(tree: ParseTree, text: str, name: str) -> None:
    """Raise NotPortable for a variable that Neo4j 5.26 or a later release takes for a keyword."""
    if not _SUSPECT.search(text):
        return
    for part in tree.iter_subtrees():
        if part.data in _VARIABLES:
            token = part.children[0]
            if isinstance(token, Token) and token.lower() in _NUMBERS:
                raise _refused(token, "which is a number in Neo4j,", name)
        if part.data in _AFTER_ALL:
            for token in _first_words(part):
                behind = text[token.end_pos :]
                column = part.data == "projection" and _COLUMN_ENDS.match(behind)
                if not (column or _NO_OPERAND.match(behind)):
                    raise _refused(token, "which begins ALL … in Neo4j,", name)


def _first_words(part: ParseTree) -> Iterator[Token]:
    """Yield the variable `all` where the first argument or column begins with it."""
    inner = [child for child in part.children if isinstance(child, Tree)]
    if not inner or any(
        isinstance(child, Token) and child.type == "DISTINCT" for child in part.children
    ):
        return
    first: Tree[Token] | Token = inner[0]
    start = inner[0].meta.start_pos
    named = False
    while isinstance(first, Tree) and first.children:
        named, first = first.data == "variable", first.children[0]
    # A parenthesis or a sign before the name keeps the two apart.
    if named and isinstance(first, Token) and first.start_pos == start and first.lower() == "all":
        yield first


def _refused(token: Token, why: str, name: str) -> NotPortable:
    construct = f"a variable called {token}, {why}"
    return NotPortable(
        f"{construct} is not portable; write it in backticks: `{token}`.",
        construct=construct,
        line=token.line or 1,
        column=token.column or 1,
        name=name,
    )

"""Long chains of AND and OR as balanced trees, which nest less."""

from __future__ import annotations

from typing import Literal

from graphchannel.compiler import syntax as s

_LONG = 16  # a chain of more operands is balanced


def joined(operator: Literal["and", "or"], terms: list[s.Expression]) -> s.Expression:
    """Return the terms joined by one connective: a long chain as a balanced tree."""
    if len(terms) <= _LONG:
        whole = terms[0]
        for term in terms[1:]:
            whole = s.Binary(terms[0].at, operator, whole, term)
        return whole
    middle = len(terms) // 2
    left, right = joined(operator, terms[:middle]), joined(operator, terms[middle:])
    return s.Binary(terms[0].at, operator, left, right)

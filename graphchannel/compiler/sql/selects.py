"""What a SELECT reads, and the parts of its conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["QUERIES", "conjuncts", "disjuncts", "is_told_by", "sources_of"]

QUERIES = (exp.Select, exp.SetOperation)  # exp.Subquery is a pair of brackets around one


def sources_of(query: exp.Select) -> dict[str, exp.Expression]:
    """Return the relations that a SELECT reads, by name."""
    from_ = query.args.get("from_")
    sources = [from_.this] if from_ is not None else []
    sources += [join.this for join in query.args.get("joins") or ()]
    sources += query.args.get("laterals") or ()
    return {source.alias_or_name: source for source in sources}


def conjuncts(condition: Any) -> Iterator[exp.Expression]:
    """Yield the conditions of which all hold where this one does."""
    yield from _operands(condition, exp.And)


def disjuncts(condition: Any) -> Iterator[exp.Expression]:
    """Yield the conditions of which one holds where this one does."""
    yield from _operands(condition, exp.Or)


def is_told_by(condition: exp.Expression, relations: set[str]) -> bool:
    """Whether a condition needs nothing but these relations; bare names are a lambda's."""
    if condition.find(*QUERIES) is not None:
        return False
    return all(not one.table or one.table in relations for one in condition.find_all(exp.Column))


def _operands(condition: Any, connector: type[exp.And | exp.Or]) -> Iterator[exp.Expression]:
    whole = condition.unnest()
    if isinstance(whole, connector):
        yield from _operands(whole.left, connector)
        yield from _operands(whole.right, connector)
    else:
        yield whole

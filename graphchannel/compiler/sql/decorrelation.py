"""EXISTS in EXISTS for engines whose subqueries see one level up only.

    … FROM a WHERE EXISTS (… FROM b WHERE EXISTS (… FROM c WHERE c.x = a.x))

becomes

    … FROM a WHERE EXISTS (SELECT 1 FROM (
        SELECT DISTINCT o.x FROM (SELECT DISTINCT a.x FROM a) AS o CROSS JOIN b
        WHERE EXISTS (… FROM c WHERE c.x = o.x)) AS f WHERE f.x <=> a.x)

What the inner subquery needs of the outermost rows is thereby one level up from it. The rows are
the same: for each distinct set of those values the middle subquery is asked once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from graphchannel.compiler.sql.builders import all_of, column, derived, select
from graphchannel.compiler.sql.selects import QUERIES, conjuncts, is_told_by, sources_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["decorrelated"]


class _Key(NamedTuple):
    """A column of a relation of the outermost SELECT."""

    relation: str
    name: str


def decorrelated(query: exp.Query) -> exp.Query:
    """Return the query with no EXISTS whose own subqueries reach beyond it."""
    done = query.copy()
    open_, number = [done], 0
    while open_:  # from the outside to the inside: what is rewritten holds the next level
        one = open_.pop(0)
        if isinstance(one, exp.Select):
            for exists in _subqueries(one):
                keys = _reached_through(exists, set(sources_of(one)))
                if keys:
                    number += 1
                    _rewrite(one, exists, keys, number)
        open_.extend(_inner(one))
    return done


def _inner(query: exp.Query) -> Iterator[exp.Query]:
    """Yield the queries directly inside of another one."""
    for node in query.walk(prune=lambda node: node is not query and isinstance(node, QUERIES)):
        if node is not query and isinstance(node, QUERIES):
            yield node


def _subqueries(query: exp.Select) -> list[exp.Exists]:
    """Return the EXISTS of a SELECT itself, not those within its subqueries."""
    return [
        inner.parent
        for inner in _inner(query)
        if isinstance(inner, exp.Select) and isinstance(inner.parent, exp.Exists)
    ]


def _reached_through(exists: exp.Exists, relations: set[str]) -> list[_Key]:
    """Return the columns of `relations` that an EXISTS needs, if its own subqueries need any."""
    middle = exists.this
    if not any(_columns(inner, relations) for inner in _inner(middle)):
        return []
    found = _columns(middle, relations)
    return list(dict.fromkeys(_Key(one.table, one.name) for one in found))


def _columns(query: exp.Query, relations: set[str]) -> list[exp.Column]:
    return [one for one in query.find_all(exp.Column) if one.table in relations]


def _rewrite(outer: exp.Select, exists: exp.Exists, keys: list[_Key], number: int) -> None:
    """Ask the EXISTS once for each set of values that the outer SELECT's rows have."""
    given, found = f"outer__{number}", f"found__{number}"
    names = {key: f"key__{number}_{i}" for i, key in enumerate(keys)}
    values = _distinct_values(outer, names)
    middle = exists.this
    for one in _columns(middle, {key.relation for key in keys}):
        one.replace(column(given, names[_Key(one.table, one.name)]))
    middle.set("expressions", [column(given, name) for name in names.values()])
    middle.set("distinct", exp.Distinct())
    before = middle.args.get("from_")  # none where a path of no hops is all that it asks for
    first = [] if before is None else [exp.Join(this=before.this, kind="CROSS")]
    middle.set("joins", [*first, *(middle.args.get("joins") or ())])
    middle.set("from_", exp.From(this=derived(values, given)))
    same = [
        exp.NullSafeEQ(this=column(found, name), expression=column(*key))
        for key, name in names.items()
    ]
    rows = derived(middle.copy(), found)
    exists.set("this", select([exp.Literal.number(1)], [rows], same))


def _distinct_values(outer: exp.Select, names: dict[_Key, str]) -> exp.Select:
    """Return the sets of values, of the rows that pass what the outer SELECT alone can tell."""
    rows = outer.copy()
    for part in list(rows.args):
        if part not in ("from_", "joins", "laterals", "where"):
            rows.set(part, None)
    rows.set(
        "expressions",
        [exp.alias_(column(*key), name, quoted=True) for key, name in names.items()],
    )
    rows.set("distinct", exp.Distinct())
    where = rows.args.get("where")
    if where is not None:
        near = set(sources_of(outer))
        plain = [one for one in conjuncts(where.this) if is_told_by(one, near)]
        rows.set("where", exp.Where(this=all_of(plain)) if plain else None)
    return rows

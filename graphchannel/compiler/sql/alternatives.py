"""EXISTS with alternatives, for engines that compare all pairs where conditions are joined by OR.

    … FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.x = a.x AND (b.y = a.y OR b.z AND …))

becomes

    … FROM a WHERE a.key IN (
        SELECT a.key FROM a CROSS JOIN b WHERE b.x = a.x AND b.y = a.y
        UNION ALL SELECT a.key FROM a CROSS JOIN b WHERE b.x = a.x AND b.z AND …)

The rows are the same, since no two rows of `a` have the same key. Each alternative is a join of its
own, by all that is equal in it, and one that no row can meet costs nothing. It is done where an
alternative holds an equality between the two, and the EXISTS sees one relation around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler.sql.builders import KEY, column, select, union_all
from graphchannel.compiler.sql.selects import conjuncts, disjuncts, is_told_by, sources_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["split_alternatives"]

_MOST = 4  # alternatives: each reads the relations again


def split_alternatives(query: exp.Query) -> exp.Query:
    """Ask the alternatives of each EXISTS of a WHERE one by one; the query itself is changed."""
    for outer in list(query.find_all(exp.Select)):
        where = outer.args.get("where")
        for condition in list(conjuncts(where.this)) if where is not None else ():
            if isinstance(condition, exp.Exists):
                _split(outer, condition)
    return query


def _split(outer: exp.Select, exists: exp.Exists) -> None:
    asked, inner = _asked(outer, exists), exists.this
    if asked is None or not _is_plain(inner):
        return
    conditions = list(conjuncts(inner.args["where"].this)) if inner.args.get("where") else []
    place = _place(conditions, asked.alias, set(sources_of(inner)))
    if place is None:
        return
    key = column(asked.alias, asked.meta[KEY])
    near = [one for one in conjuncts(outer.args["where"].this) if is_told_by(one, {asked.alias})]
    sources = [asked, *sources_of(inner).values()]
    queries = [
        select(
            [key.copy()],
            [source.copy() for source in sources],
            [
                one.copy()
                for one in (*near, *conditions[:place], alternative, *conditions[place + 1 :])
            ],
        )
        for alternative in disjuncts(conditions[place])
    ]
    exists.replace(exp.In(this=key, query=exp.Subquery(this=union_all(queries))))


def _asked(outer: exp.Select, exists: exp.Exists) -> exp.Table | None:
    """Return the relation with a key of which alone an EXISTS asks, None if it is not so."""
    inner = exists.this
    if not isinstance(inner, exp.Select):
        return None
    around, own = sources_of(outer), _names(inner)
    seen = {one.table for one in inner.find_all(exp.Column) if one.table} - own
    if len(seen) != 1 or not seen <= set(around):
        return None
    found = around[seen.pop()]
    return found if isinstance(found, exp.Table) and KEY in found.meta else None


def _is_plain(query: exp.Select) -> bool:
    """Whether a SELECT pairs relations and leaves out rows, and does nothing else."""
    joins = query.args.get("joins") or ()
    return all(
        name in ("expressions", "from_", "joins", "where") or not value
        for name, value in query.args.items()
    ) and all(join.kind == "CROSS" and "on" not in join.args for join in joins)


def _names(query: exp.Select) -> set[str]:
    """Return the names of all relations that a query and those within it read."""
    return {name for one in query.find_all(exp.Select) for name in sources_of(one)}


def _place(conditions: Sequence[exp.Expression], outer: str, inner: set[str]) -> int | None:
    """Return where the alternatives are of which one is an equality of both sides."""
    for place, condition in enumerate(conditions):
        alternatives = list(disjuncts(condition))
        if 1 < len(alternatives) <= _MOST and any(
            _joins(one, outer, inner) for all_ in alternatives for one in conjuncts(all_)
        ):
            return place
    return None


def _joins(condition: exp.Expression, outer: str, inner: set[str]) -> bool:
    """Whether a condition is an equality of a column around an EXISTS and one within."""
    if not isinstance(condition, exp.EQ):
        return False
    left, right = condition.left.unnest(), condition.right.unnest()
    if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
        return False
    sides = {left.table, right.table}
    return outer in sides and bool(sides & inner)

"""How far nodes are from where a walk begins, and which of them lie on the shortest ways.

A walk that keeps to these never strays: breadth first it is known how far each node is, and of the
nodes that are reached, only those count from which the wanted ends can still be reached in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from graphchannel.compiler import sql

if TYPE_CHECKING:
    from graphchannel.compiler import syntax as s
    from graphchannel.compiler.patterns.hops import Side

__all__ = [
    "Step",
    "among_shortest",
    "distances",
    "kept_to",
    "kept_to_reaching",
    "limit_parallels",
    "on_the_way",
]

_KEY = ("n0", "t0", "n1", "t1")
_COLUMNS = (*_KEY, "n", "e")  # both ends, the distance, and one relationship that leads there


class Step(NamedTuple):
    """One step of a walk as rows of its columns; where it leads, and by what relationship."""

    query: exp.Select
    far: Side
    identity: exp.Expression


def distances(name: str, seeds: exp.Select, step: Step, kind: str) -> exp.CTE:
    """Return how far each node is from each where a walk begins, breadth first.

    `seeds` are the nodes of distance 0 as `k` and `t`; the FROM and WHERE of `step` join `name` to
    the hops. `kind` is the SQL type of what tells relationships apart.
    """
    hop, far = step.query, step.far
    key, tag = (sql.column("seed", text) for text in ("k", "t"))
    nothing = sql.cast(exp.Null(), sql.data_type(kind))
    values = (key, tag, key.copy(), tag.copy(), exp.Literal.number(0), nothing)
    columns = [sql.aliased(v, text) for text, v in zip(_COLUMNS, values, strict=True)]
    first = sql.select(columns, [sql.derived(seeds, "seed")])
    known = exp.Table(
        this=sql.name(name),
        db=sql.name("recurring"),
        alias=exp.TableAlias(this=sql.name(f"{name}_known")),
    )
    reached = (sql.column(name, "n0"), sql.column(name, "t0"), far.key.copy(), _tag(far))
    same = [
        sql.equal(sql.column(f"{name}_known", key), value)
        for key, value in zip(_KEY, reached, strict=True)
    ]
    seen = exp.Exists(this=sql.select([exp.Literal.number(1)], [known], same))
    further = exp.Add(this=sql.column(name, "n"), expression=exp.Literal.number(1))
    hop.set(
        "expressions",
        [*map(sql.own, reached), exp.Min(this=further), exp.Min(this=step.identity.copy())],
    )
    hop.set("group", exp.Group(expressions=[value.copy() for value in reached]))
    hop.set("where", exp.Where(this=sql.all_of([hop.args["where"].this, sql.not_(seen)])))
    both = exp.Union(this=first, expression=hop, distinct=True)
    return exp.CTE(
        this=both,
        alias=exp.TableAlias(this=sql.name(name)),
        key_expressions=[sql.name(key) for key in _KEY],
    )


def on_the_way(name: str, known: str, ends: exp.Select, back: Step) -> exp.CTE:
    """Return the rows of the distances `known` that lie on a shortest way to one of `ends`.

    `ends` are nodes as `k` and `t`; the FROM and WHERE of `back` join `name` to the hops.
    """
    hop, near = back.query, back.far
    at_end = [
        sql.equal(sql.column(known, "n1"), sql.column("end", "k")),
        sql.equal(sql.column(known, "t1"), sql.column("end", "t")),
    ]
    rows = [sql.column(known, text) for text in _COLUMNS]
    sources = [sql.relation(known, known), sql.derived(ends, "end")]
    first = sql.select([sql.aliased(row, row.name) for row in rows], sources, at_end)
    nearer = exp.Sub(this=sql.column(name, "n"), expression=exp.Literal.number(1))
    before = (sql.column(name, "n0"), sql.column(name, "t0"), near.key.copy(), _tag(near), nearer)
    _join(hop, known, dict(zip(_COLUMNS, before, strict=False)))
    hop.set("expressions", [row.copy() for row in rows])
    both = exp.Union(this=first, expression=hop, distinct=True)
    return exp.CTE(this=both, alias=exp.TableAlias(this=sql.name(name)))


def kept_to(
    step: exp.Select, alias: str, known: str, identity: exp.Expression | None
) -> exp.Select:
    """Let the step of a walk take shortest ways only; of several, those by `identity` alone."""
    reached = step.expressions[2:5]
    wanted = dict(zip(_COLUMNS[2:5], reached, strict=True))
    wanted |= {text: sql.column(alias, text) for text in _COLUMNS[:2]}
    if identity is not None:
        wanted["e"] = identity.copy()
    _join(step, known, wanted)
    return step


def kept_to_reaching(step: Step, name: str, ends: exp.Select, back: Step) -> exp.CTE:
    """Let the step of a walk lead only to nodes from which one of `ends` can be reached.

    `ends` are nodes as `k` and `t`; the FROM and WHERE of `back` join `name` to the hops.
    """
    columns = [
        sql.aliased(sql.column("end", kept), text)
        for kept, text in zip(("k", "t"), _KEY[2:], strict=True)
    ]
    first = sql.select(columns, [sql.derived(ends, "end")])
    back.query.set("expressions", [sql.own(back.far.key), _tag(back.far)])
    _join(step.query, name, dict(zip(_KEY[2:], (step.far.key.copy(), _tag(step.far)), strict=True)))
    both = exp.Union(this=first, expression=back.query, distinct=True)
    return exp.CTE(this=both, alias=exp.TableAlias(this=sql.name(name)))


def limit_parallels(step: Step, alias: str, count: int) -> None:
    """Let the step of a walk take only so many relationships to one node as `count` ways can need.

    The shortest ways pass a node at most `count` times: without the rounds between, each would be a
    shorter way. So all of them together take at most `2 * count * count` of the relationships
    between two nodes, and of these any are as good as others.
    """
    partition: list[exp.Expression] = [
        sql.column(alias, "n0"),
        sql.column(alias, "t0"),
        sql.column(alias, "es"),
    ]
    partition += [step.far.key.copy(), _tag(step.far)]
    number = exp.Window(
        this=exp.RowNumber(),
        partition_by=partition,
        order=exp.Order(expressions=[step.identity.copy()]),
    )
    most = exp.Literal.number(2 * count * count)
    step.query.set("qualify", exp.Qualify(this=exp.LTE(this=number, expression=most)))


def among_shortest(alias: str, selector: s.Selector) -> exp.Qualify:
    """Return the condition that a way is among the shortest between its two ends."""
    order: list[exp.Expression] = [sql.column(alias, "n")]
    if not selector.groups:
        order.append(sql.column(alias, "es"))
    number = exp.Window(
        this=exp.DenseRank() if selector.groups else exp.RowNumber(),
        partition_by=[sql.column(alias, text) for text in _KEY],
        order=exp.Order(expressions=order),
    )
    return exp.Qualify(this=exp.LTE(this=number, expression=exp.Literal.number(selector.count)))


def _join(query: exp.Select, known: str, wanted: dict[str, exp.Expression]) -> None:
    same = [sql.equal(sql.column(known, text), value) for text, value in wanted.items()]
    query.set("where", exp.Where(this=sql.all_of([query.args["where"].this, *same])))
    query.append("joins", exp.Join(this=sql.relation(known, known), kind="CROSS"))


def _tag(side: Side) -> exp.Expression:
    return side.tag.copy() if side.tag is not None else exp.Literal.number(0)

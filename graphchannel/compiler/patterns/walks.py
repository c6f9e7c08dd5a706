"""Walks of any length: trails as rows of a recursive query, from the end that is better known.

A walk is one relation in FROM: its two ends, the relationships passed and, where a path asks for
them, the nodes. It begins at the nodes of one end and never takes a relationship twice, so the
graph itself bounds it; time and rows are bounded by the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.patterns.hops import MatchedHop, Side
from graphchannel.compiler.patterns.seeds import Seeds
from graphchannel.compiler.patterns.shortest import distances
from graphchannel.compiler.patterns.slots import NodeSlot
from graphchannel.compiler.values.model import Entity
from graphchannel.compiler.values.representation import packed, tag_constant

if TYPE_CHECKING:
    from graphchannel.compiler.patterns.slots import HopSlot


@dataclass(frozen=True, slots=True)
class Walked:
    """A walk's relation in FROM: lists of the relationships' identities, of them, and of nodes."""

    sides: tuple[Side, Side]
    identities: exp.Expression
    tables: frozenset[int]
    relationships: exp.Expression
    nodes: exp.Expression


class Walks(Seeds):
    """Emits the walks of one alternative."""

    def _walk(self, number: int) -> Walked:
        slot = self._way.hops[number]
        if self._session.dialect.name == "spark":
            raise self._session.refuse(
                slot.pattern.at, "on Spark a path of any length", "give it an upper bound: *1..8"
            )
        backwards = self._known_of(slot.end) > self._known_of(slot.start)
        alias = self._session.fresh("w")
        query = self._recursive(slot, alias, backwards=backwards)
        outer = self._session.fresh("e")
        self._sources.append(sql.derived(query, outer))
        ends = [Side(sql.column(outer, f"n{i}"), sql.column(outer, f"t{i}")) for i in (0, 1)]
        if backwards:
            ends.reverse()
        for side, node in zip(ends, (slot.start, slot.end), strict=True):
            tables = self._way.nodes[node].tables
            if len(tables) < len(self._session.schema.nodes) and side.tag is not None:
                tags = [exp.Literal.number(self._session.node_tag(name)) for name in tables]
                self._conditions.append(sql.among(side.tag, tags))
        return Walked(
            (ends[0], ends[1]),
            sql.column(outer, "es"),
            frozenset(index for index, _ in slot.tables),
            sql.column(outer, "rs"),
            sql.column(outer, "ns"),
        )

    def _hop_of_walk(self, walked: Walked) -> MatchedHop:
        """Return a walk as a hop that nodes can be joined to."""
        return MatchedHop(walked.identities, None, walked.sides, {}, None)

    # --- the recursion ---

    def _recursive(self, slot: HopSlot, alias: str, *, backwards: bool) -> exp.Select:
        seeds = self._session.fresh("n")
        near = slot.end if backwards else slot.start
        key, tag = sql.column(seeds, "k"), sql.column(seeds, "t")
        empty = sql.cast(exp.Array(), self._session.sql_type(t.ListType(t.STRING)))
        identity, relationships, nodes = self._list_types(slot)
        base = sql.select(
            [
                sql.aliased(key, "n0"),
                sql.aliased(tag, "t0"),
                sql.aliased(key.copy(), "n1"),
                sql.aliased(tag.copy(), "t1"),
                sql.aliased(exp.Literal.number(0), "n"),
                sql.aliased(sql.cast(empty.this.copy(), identity), "es"),
                sql.aliased(sql.cast(empty.this.copy(), relationships), "rs"),
                sql.aliased(sql.cast(empty.this.copy(), nodes), "ns"),
            ],
            [sql.derived(self._seeds(near), seeds)],
        )
        both: exp.Query = base
        tables: list[exp.CTE] = []
        if slot.tables:  # else there is no relationship to take
            step = self._step(slot, alias, backwards=backwards)
            if slot.shortest is not None:
                tables.append(self._distances(slot, near, step, alias, backwards=backwards))
            both = exp.Union(this=base, expression=step, distinct=False)
        tables.append(exp.CTE(this=both, alias=exp.TableAlias(this=sql.name(alias))))
        hops = slot.walk
        least = 1 if hops is None or hops.minimum is None else hops.minimum
        far_enough = exp.GTE(this=sql.column(alias, "n"), expression=exp.Literal.number(least))
        query = sql.select([exp.Star()], [sql.relation(alias, alias)], [far_enough])
        query.set("with_", exp.With(expressions=tables, recursive=True))
        if slot.shortest == "one":
            first = exp.Window(
                this=exp.RowNumber(),
                partition_by=[sql.column(alias, name) for name in ("n0", "t0", "n1", "t1")],
                order=exp.Order(expressions=[exp.Ordered(this=sql.column(alias, "es"))]),
            )
            query.set("qualify", exp.Qualify(this=sql.equal(first, exp.Literal.number(1))))
        return query

    def _distances(
        self, slot: HopSlot, near: int, step: exp.Select, alias: str, *, backwards: bool
    ) -> exp.CTE:
        """Keep a step on shortest paths; return the distances that it looks up."""
        name = self._session.fresh("d")
        key, tag = (sql.column("seed", text) for text in ("k", "t"))
        ends = (("n0", key), ("t0", tag), ("n1", key.copy()), ("t1", tag.copy()))
        columns: list[exp.Expression] = [sql.aliased(value, text) for text, value in ends]
        columns.append(sql.aliased(exp.Literal.number(0), "n"))
        seeds = sql.select(columns, [sql.derived(self._seeds(near), "seed")])
        bare = replace(slot, in_path=False, nodes_asked=False)
        hop = self._step(bare, name, backwards=backwards, trails=False)
        far = Side(hop.expressions[2], hop.expressions[3])
        table = distances(name, seeds, hop, far)
        reached = step.expressions[2], step.expressions[3]
        wanted = zip(
            ("n0", "t0", "n1", "t1"),
            (sql.column(alias, "n0"), sql.column(alias, "t0"), *reached),
            strict=True,
        )
        conditions = [sql.equal(sql.column(name, text), value) for text, value in wanted]
        conditions.append(sql.equal(sql.column(name, "n"), step.expressions[4]))
        where = step.args["where"].this
        step.set("where", exp.Where(this=sql.all_of([where, *conditions])))
        step.append("joins", exp.Join(this=sql.relation(name, name), kind="CROSS"))
        return table

    def _list_types(self, slot: HopSlot) -> tuple[exp.DataType, exp.DataType, exp.DataType]:
        session = self._session
        kind = session.sql_type(t.of_kind(session.edge_key_kind)).sql("duckdb")
        tables = tuple(sorted({index for index, _ in slot.tables}))
        every = t.NodeType(tuple(table.name for table in session.schema.nodes))
        return (
            sql.data_type(f'STRUCT("t" INT, "k" {kind})[]'),
            session.sql_type(t.ListType(t.RelationshipType(tables))),
            session.sql_type(t.ListType(every)),
        )

    def _step(
        self, slot: HopSlot, alias: str, *, backwards: bool, trails: bool = True
    ) -> exp.Select:
        hop = self._session.fresh("h")
        asked = sorted(self._asked_of_hop(slot), key=lambda a: a.name)
        self_sources, conditions = self._sources, self._conditions
        self._sources, self._conditions = [sql.relation(alias, alias)], []
        try:
            matched = self._union_hop(slot, hop, [], asked)
            type_ = t.RelationshipType(tuple(sorted({index for index, _ in slot.tables})))
            relationship = Entity(
                type_, matched.key, matched.tag, matched.attributes, nullable=False
            )
            if isinstance(slot.pattern.properties, s.MapLiteral) and not self._constant_conditions(
                slot.pattern.properties, relationship
            ):
                raise self._session.refuse(
                    slot.pattern.at,
                    "a computed property on a path of any length",
                    "write a constant, or all(r IN relationships(p) WHERE …)",
                )
            near, far = matched.sides[::-1] if backwards else matched.sides
            self._conditions.append(sql.equal(near.key, sql.column(alias, "n1")))
            if near.tag is not None and len(self._session.schema.nodes) > 1:
                self._conditions.append(sql.equal(near.tag, sql.column(alias, "t1")))
            identity = self._identity(matched.key, matched.tag, type_)
            if trails:
                taken = sql.call("list_contains", sql.column(alias, "es"), identity)
                self._conditions.append(sql.not_(taken))
            if slot.walk is not None and slot.walk.maximum is not None:
                most = exp.Literal.number(slot.walk.maximum)
                self._conditions.append(exp.LT(this=sql.column(alias, "n"), expression=most))
            passed = self._passed_node(slot, matched.sides[1])
            columns = [
                sql.column(alias, "n0"),
                sql.column(alias, "t0"),
                far.key.copy(),
                (far.tag if far.tag is not None else exp.Literal.number(0)).copy(),
                exp.Add(this=sql.column(alias, "n"), expression=exp.Literal.number(1)),
                self._longer(alias, "es", identity, backwards=backwards),
                self._longer(alias, "rs", packed(self._session, relationship), backwards=backwards)
                if slot.in_path
                else sql.column(alias, "rs"),
                self._longer(alias, "ns", passed, backwards=backwards)
                if passed is not None
                else sql.column(alias, "ns"),
            ]
            return sql.select(columns, self._sources, self._conditions)
        finally:
            self._sources, self._conditions = self_sources, conditions

    def _passed_node(self, slot: HopSlot, side: Side) -> exp.Expression | None:
        """Return the node that a hop leads to, with all that a path is asked for."""
        if not slot.nodes_asked:
            return None
        asked = self._session.spelled(self._session.indirect, hops=False)
        tables = [table.name for table in self._session.schema.nodes]
        node = self._scanned_node(NodeSlot(tables=tables), asked, [])
        self._conditions.append(sql.equal(node.key, side.key))
        if node.tag is not None and side.tag is not None:
            self._conditions.append(sql.equal(node.tag, side.tag))
        return packed(self._session, node)

    def _longer(
        self, alias: str, column: str, element: exp.Expression | None, *, backwards: bool
    ) -> exp.Expression:
        held = sql.column(alias, column)
        if element is None:
            return held
        if backwards:
            return sql.call("list_prepend", element, held)
        return sql.call("list_append", held, element)

    def _identity(
        self, key: exp.Expression, tag: exp.Expression | None, type_: t.RelationshipType
    ) -> exp.Expression:
        """Return what tells a relationship from all others: its table and its key."""
        number = tag if tag is not None else tag_constant(self._session, type_)
        fields = (("t", sql.cast(number, "int")), ("k", key))
        return exp.Struct(
            expressions=[
                exp.PropertyEQ(this=exp.to_identifier(name), expression=value.copy())
                for name, value in fields
            ]
        )

    def _apart(self, walked: Walked, slot: HopSlot, hop: MatchedHop) -> None:
        """Say that a walk does not take the relationship of a hop of the same MATCH."""
        tables = tuple(sorted({index for index, _ in slot.tables}))
        if walked.tables & set(tables):
            identity = self._identity(hop.key, hop.tag, t.RelationshipType(tables))
            self._conditions.append(
                sql.not_(sql.call("list_contains", walked.identities, identity))
            )

    def _disjoint(self, one: Walked, other: Walked) -> None:
        """Say that two walks of one MATCH share no relationship."""
        if one.tables & other.tables:
            shared = sql.call("list_has_any", one.identities, other.identities)
            self._conditions.append(sql.not_(shared))

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
from graphchannel.compiler.patterns.distances import (
    Step,
    among_shortest,
    distances,
    kept_to,
    kept_to_reaching,
    limit_parallels,
    on_the_way,
)
from graphchannel.compiler.patterns.hops import MatchedHop, Side
from graphchannel.compiler.patterns.seeds import Seeds
from graphchannel.compiler.patterns.slots import NodeSlot
from graphchannel.compiler.values.model import Entity
from graphchannel.compiler.values.representation import packed, tag_constant

if TYPE_CHECKING:
    from graphchannel.compiler.patterns.slots import HopSlot


_LOOKED_FOR = 2  # see Seeds: more is known of a node than its labels


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
            if slot.shortest is not None and slot.shortest.count == 1:
                tables += self._kept_to_shortest(slot, step, alias, backwards=backwards)
            elif slot.shortest is not None:
                tables += self._kept_to_some(slot, step, alias, backwards=backwards)
            both = exp.Union(this=base, expression=step.query, distinct=False)
        tables.append(exp.CTE(this=both, alias=exp.TableAlias(this=sql.name(alias))))
        hops = slot.walk
        least = 1 if hops is None or hops.minimum is None else hops.minimum
        far_enough = exp.GTE(this=sql.column(alias, "n"), expression=exp.Literal.number(least))
        query = sql.select([exp.Star()], [sql.relation(alias, alias)], [far_enough])
        if slot.shortest is not None and slot.shortest.count > 1:
            query.set("qualify", among_shortest(alias, slot.shortest))
        query.set("with_", exp.With(expressions=tables, recursive=True))
        return query

    def _kept_to_shortest(
        self, slot: HopSlot, step: Step, alias: str, *, backwards: bool
    ) -> list[exp.CTE]:
        """Keep a step on shortest paths; return the distances that it looks up.

        Where the other end is known, too, ways that lead elsewhere are left out beforehand.
        """
        near, far = (slot.end, slot.start) if backwards else (slot.start, slot.end)
        bare = replace(slot, in_path=False, nodes_asked=False)
        known = self._session.fresh("d")
        hop = self._step(bare, known, backwards=backwards, trails=False)
        tables = [distances(known, self._seeds(near), hop, self._identified)]
        if self._known_of(far) >= _LOOKED_FOR:
            name, endless = self._session.fresh("o"), replace(bare, walk=None)
            back = self._step(endless, name, backwards=not backwards, trails=False)
            tables.append(on_the_way(name, known, self._seeds(far), back))
            known = name
        every = slot.shortest is None or slot.shortest.groups
        kept_to(step.query, alias, known, None if every else step.identity)
        return tables

    def _kept_to_some(
        self, slot: HopSlot, step: Step, alias: str, *, backwards: bool
    ) -> list[exp.CTE]:
        """Leave out what cannot be among the shortest ways; return what a step looks up for it."""
        if slot.shortest is not None and not slot.shortest.groups:
            limit_parallels(step, alias, slot.shortest.count)
        bare = replace(slot, in_path=False, nodes_asked=False, walk=None)
        name = self._session.fresh("o")
        back = self._step(bare, name, backwards=not backwards, trails=False)
        return [
            kept_to_reaching(step, name, self._seeds(slot.start if backwards else slot.end), back)
        ]

    @property
    def _identified(self) -> str:
        """The SQL type of what tells relationships apart."""
        kind = self._session.sql_type(t.of_kind(self._session.edge_key_kind)).sql("duckdb")
        return f'STRUCT("t" INT, "k" {kind})'

    def _list_types(self, slot: HopSlot) -> tuple[exp.DataType, exp.DataType, exp.DataType]:
        session = self._session
        tables = tuple(sorted({index for index, _ in slot.tables}))
        every = t.NodeType(tuple(table.name for table in session.schema.nodes))
        return (
            sql.data_type(f"{self._identified}[]"),
            session.sql_type(t.ListType(t.RelationshipType(tables))),
            session.sql_type(t.ListType(every)),
        )

    def _step(self, slot: HopSlot, alias: str, *, backwards: bool, trails: bool = True) -> Step:
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
            query = sql.select(columns, self._sources, self._conditions)
            return Step(query, far, identity)
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

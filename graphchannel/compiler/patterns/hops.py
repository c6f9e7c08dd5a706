"""Hops: the relations of FROM that hold relationships, and what their rows tell of their ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.patterns.candidates import ends, label_names, truth
from graphchannel.compiler.patterns.label_conditions import (
    label_condition,
    passes,
)
from graphchannel.compiler.syntax.liveness import ALL_LABELS
from graphchannel.compiler.values import comparison
from graphchannel.compiler.values.model import Attribute, Entity
from graphchannel.compiler.values.session import field_name
from graphchannel.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.expressions.lowering import Expressions
    from graphchannel.compiler.patterns.alternatives import Alternative, HopSlot, NodeSlot
    from graphchannel.compiler.patterns.variable_types import Declared
    from graphchannel.compiler.syntax.liveness import Demand
    from graphchannel.compiler.values.representation import Scope
    from graphchannel.schema.model import Endpoint, Property


@dataclass(frozen=True, slots=True)
class Side:
    """The node at one end of a hop, as the hop's own columns tell it."""

    key: exp.Expression
    tag: exp.Expression | None


@dataclass(frozen=True, slots=True)
class Hop:
    """A hop's relation in FROM."""

    key: exp.Expression
    tag: exp.Expression | None
    sides: tuple[Side, Side]
    attributes: Mapping[Attribute, exp.Expression]
    alias: str | None  # of its row, if it is of one table walked in one direction


class Hops:
    """Emits the hops of one alternative; `sources` and `conditions` grow while it does."""

    def __init__(
        self,
        lowering: Expressions,
        match: s.Match,
        scope: Scope,
        *,
        demand: Demand,
        way: Alternative,
        declared: Declared,
    ) -> None:
        self._lowering = lowering
        self._session = lowering.session
        self._match = match
        self._outer = scope
        self._demand = demand
        self._way = way
        self._declared = declared
        self._sources: list[exp.Expression] = []
        self._conditions: list[exp.Expression] = []

    def _asked(self, names: list[str], *, in_path: bool) -> frozenset[Attribute]:
        asked = frozenset[Attribute]()
        for name in names:
            asked |= self._demand.of(name)
        if in_path:
            asked |= self._session.indirect
        if ALL_LABELS in asked:
            every = {Attribute(label, label=True) for label in self._session.schema.labels}
            asked = (asked - {ALL_LABELS}) | every
        return asked

    def _asked_of_node(self, slot: NodeSlot) -> frozenset[Attribute]:
        asked = self._asked(slot.variables, in_path=slot.in_path)
        for pattern in slot.patterns:
            if isinstance(pattern.properties, s.MapLiteral):
                asked |= {Attribute(key) for key, _ in pattern.properties.entries}
        return asked

    def _asked_of_hop(self, slot: HopSlot) -> frozenset[Attribute]:
        names = [slot.variable] if slot.variable is not None else []
        asked = self._asked(names, in_path=slot.in_path)
        if isinstance(slot.pattern.properties, s.MapLiteral):
            asked |= {Attribute(key) for key, _ in slot.pattern.properties.entries}
        return frozenset(attribute for attribute in asked if not attribute.label)

    def _open_labels(self, slot: NodeSlot) -> list[s.LabelExpression]:
        """Return the label conditions of a slot that its tables do not settle."""
        labels = [p.labels for p in slot.patterns if p.labels is not None]
        nodes = [self._session.node(table) for table in slot.tables]
        return [
            label
            for label in labels
            if any(truth(self._session, label, table) is not True for table in nodes)
        ]

    def _deciders(self) -> dict[int, tuple[int, int]]:
        """Return for each unbound node with open labels the hop end that tells them.

        If one does.
        """
        found: dict[int, tuple[int, int]] = {}
        for number, slot in enumerate(self._way.nodes):
            labels = self._open_labels(slot)
            if slot.bound or not labels:
                continue
            for hop_number, hop in enumerate(self._way.hops):
                for side, node in enumerate((hop.start, hop.end)):
                    if node == number and number not in found and self._tells(hop, side, labels):
                        found[number] = (hop_number, side)
        return found

    def _tells(self, hop: HopSlot, side: int, labels: list[s.LabelExpression]) -> bool:
        for table in hop.tables:
            endpoint = self._endpoint(table, side)
            node = self._session.node(endpoint.node)
            for label in labels:
                for name in label_names(label):
                    settled = name not in node.labels or node.labels[name] is None
                    if name not in endpoint.labels and not settled:
                        return False
        return True

    def _endpoint(self, table: tuple[int, bool], side: int) -> Endpoint:
        edge = self._session.edge(table[0])
        return (edge.source, edge.target)[side ^ table[1]]

    def _told(
        self, alias: str, table: tuple[int, bool], side: int, label: s.LabelExpression
    ) -> exp.Expression:
        """Return a label condition on the columns of a hop's row."""
        endpoint = self._endpoint(table, side)
        node = self._session.node(endpoint.node)

        def told(name: str) -> exp.Expression:
            if name in endpoint.labels:
                return passes(alias, endpoint.labels[name])
            return sql.TRUE if name in node.labels else sql.FALSE

        return label_condition(label, told)

    def _hop(self, number: int, deciders: dict[int, tuple[int, int]]) -> Hop:
        slot = self._way.hops[number]
        alias = self._session.fresh(slot.variable or "e")
        told = [
            (side, label)
            for node, (hop, side) in deciders.items()
            if hop == number
            for label in self._open_labels(self._way.nodes[node])
        ]
        asked = sorted(self._asked_of_hop(slot), key=lambda a: a.name)
        if len(slot.tables) == 1:
            return self._plain_hop(slot, alias, told, asked)
        return self._union_hop(slot, alias, told, asked)

    def _plain_hop(
        self,
        slot: HopSlot,
        alias: str,
        told: list[tuple[int, s.LabelExpression]],
        asked: list[Attribute],
    ) -> Hop:
        table = slot.tables[0]
        edge = self._session.edge(table[0])
        relation = self._session.touch(edge.relation)
        self._sources.append(sql.relation(relation, alias))
        self._conditions += self._row_conditions(alias, table, told)
        type_ = t.RelationshipType((table[0],))
        return Hop(
            self._key(alias, edge.key, edge.key_kind, self._session.edge_key_kind),
            None,
            (self._side(alias, table, 0), self._side(alias, table, 1)),
            {a: self._attribute(alias, edge.properties, a, type_) for a in asked},
            alias,
        )

    def _row_conditions(
        self, alias: str, table: tuple[int, bool], told: list[tuple[int, s.LabelExpression]]
    ) -> list[exp.Expression]:
        edge = self._session.edge(table[0])
        conditions = [passes(alias, filter_) for filter_ in edge.where]
        conditions += [self._told(alias, table, side, label) for side, label in told]
        return conditions

    def _side(self, alias: str, table: tuple[int, bool], side: int) -> Side:
        endpoint = self._endpoint(table, side)
        node = self._session.node(endpoint.node)
        key = self._key(alias, endpoint.column, node.key_kind, self._session.node_key_kind)
        return Side(key, exp.Literal.number(self._session.node_tag(endpoint.node)))

    def _key(self, alias: str, column: str, kind: Kind, common: Kind) -> exp.Expression:
        plain = sql.column(alias, column)
        return plain if kind is common else sql.cast(plain, "text")

    def _attribute(
        self,
        alias: str,
        properties: Mapping[str, Property],
        attribute: Attribute,
        type_: t.NodeType | t.RelationshipType,
    ) -> exp.Expression:
        """Return a property of a row.

        Null, of the right type, if its table has no such property.
        """
        declared = properties.get(attribute.name)
        if declared is None:
            whole: t.NodeType | t.RelationshipType = (
                t.NodeType(tuple(table.name for table in self._session.schema.nodes))
                if isinstance(type_, t.NodeType)
                else t.RelationshipType(tuple(range(len(self._session.schema.edges))))
            )
            types = self._session.attribute_types(whole, attribute)
            return self._session.null(next(iter(types)) if len(types) == 1 else t.NULL)
        column = sql.column(alias, declared.column)
        if declared.kind in (Kind.FLOAT, Kind.DECIMAL) and not declared.list_of:
            return sql.cast(column, "double")
        return column

    def _union_hop(
        self,
        slot: HopSlot,
        alias: str,
        told: list[tuple[int, s.LabelExpression]],
        asked: list[Attribute],
    ) -> Hop:
        tagged = len({index for index, _ in slot.tables}) > 1
        branches = []
        for table in slot.tables:
            edge = self._session.edge(table[0])
            inner = self._session.fresh("e")
            type_ = t.RelationshipType((table[0],))
            columns = [
                sql.aliased(
                    self._key(inner, edge.key, edge.key_kind, self._session.edge_key_kind), "k"
                )
            ]
            if tagged:
                columns.append(sql.aliased(exp.Literal.number(table[0]), "t"))
            for side in (0, 1):
                end = self._side(inner, table, side)
                columns.append(sql.aliased(end.key, f"n{side}"))
                if end.tag is not None:
                    columns.append(sql.aliased(end.tag, f"t{side}"))
            for attribute in asked:
                value = self._attribute(inner, edge.properties, attribute, type_)
                columns.append(sql.aliased(value, field_name(attribute)))
            conditions = self._row_conditions(inner, table, told)
            if (
                table[1]
                and (table[0], False) in slot.tables
                and len(set(ends(self._session, table))) == 1
            ):
                # walked backwards, a loop would be found a second time
                loop = exp.NEQ(
                    this=sql.column(inner, edge.source.column),
                    expression=sql.column(inner, edge.target.column),
                )
                conditions.append(loop)
            relation = self._session.touch(edge.relation)
            branches.append(sql.select(columns, [sql.relation(relation, inner)], conditions))
        self._sources.append(sql.derived(sql.union_all(branches), alias))
        sides = [
            Side(sql.column(alias, f"n{side}"), sql.column(alias, f"t{side}")) for side in (0, 1)
        ]
        return Hop(
            sql.column(alias, "k"),
            sql.column(alias, "t") if tagged else None,
            (sides[0], sides[1]),
            {attribute: sql.column(alias, field_name(attribute)) for attribute in asked},
            None,
        )

    def _hop_entity(self, slot: HopSlot, hop: Hop, nodes: list[Entity]) -> Entity:
        type_ = t.RelationshipType(tuple(sorted({index for index, _ in slot.tables})))
        if slot.bound is not None:
            entity = Entity(type_, hop.key, hop.tag, hop.attributes, nullable=False)
            self._conditions.append(comparison.same_entity(self._session, entity, slot.bound))
        ends_ = (nodes[slot.start], nodes[slot.end])
        backwards = {back for _, back in slot.tables}
        source, target = ends_[::-1] if backwards == {True} else ends_
        known = len(backwards) == 1
        return Entity(
            type_,
            hop.key,
            hop.tag,
            hop.attributes,
            nullable=False,
            source=source if known else None,
            target=target if known else None,
        )

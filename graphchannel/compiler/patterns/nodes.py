"""Nodes: from a hop's foreign key where that is enough, else from their own table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.expressions.entities import node_labels
from graphchannel.compiler.patterns.hops import Hops, MatchedHop, Side
from graphchannel.compiler.patterns.label_conditions import (
    demanded,
    node_conditions,
    passes,
    row_carries,
)
from graphchannel.compiler.patterns.variable_types import hop_type, node_type
from graphchannel.compiler.syntax.liveness import Attribute
from graphchannel.compiler.values import comparison
from graphchannel.compiler.values.model import Entity
from graphchannel.compiler.values.naming import field_name

if TYPE_CHECKING:
    from graphchannel.compiler.patterns.slots import HopSlot, NodeSlot
    from graphchannel.schema.model import NodeTable


class Nodes(Hops):
    """Emits the nodes of one alternative, onto its hops."""

    def _node(
        self, number: int, hops: list[MatchedHop], deciders: dict[int, tuple[int, int]]
    ) -> Entity:
        slot = self._way.nodes[number]
        sides = [
            hops[i].sides[side]
            for i, hop in enumerate(self._way.hops)
            for side, node in enumerate((hop.start, hop.end))
            if node == number
        ]
        if slot.bound:
            return self._bound_node(slot, sides)
        known = self._known_labels(number, hops)
        asked = self._asked_of_node(slot)
        unknown = asked - set(known)
        open_labels = [] if number in deciders else self._open_labels(slot)
        if not sides or open_labels or not self._free(slot, unknown):
            entity = self._scanned_node(slot, unknown, open_labels)
        else:
            entity = self._keyed_node(slot, sides.pop(0), unknown)
        self._join(entity, sides)
        told = {attribute: truth_ for attribute, truth_ in known.items() if attribute in asked}
        return replace(entity, attributes={**entity.attributes, **told})

    def _known_labels(self, number: int, hops: list[MatchedHop]) -> dict[Attribute, exp.Expression]:
        """Return the labels of a node that need no look at its row.

        Those that the pattern demands hold on every row that is left; others a hop's row may tell.
        """
        slot = self._way.nodes[number]
        known: dict[Attribute, exp.Expression] = {}
        for hop_slot, hop in zip(self._way.hops, hops, strict=True):
            for side, node in enumerate((hop_slot.start, hop_slot.end)):
                if node == number and hop.alias is not None:
                    endpoint = self._endpoint(hop_slot.tables[0], side)
                    for label, filter_ in endpoint.labels.items():
                        attribute = Attribute(label, label=True)
                        known.setdefault(attribute, passes(hop.alias, filter_))
        for pattern in slot.patterns:
            for label in demanded(pattern.labels):
                known[Attribute(label, label=True)] = sql.TRUE
        return known

    def _join(self, entity: Entity, sides: list[Side]) -> None:
        several = len(entity.type.tables) > 1
        for side in sides:
            self._conditions.append(sql.equal(side.key, entity.key))
            if several and side.tag is not None and entity.tag is not None:
                self._conditions.append(sql.equal(side.tag, entity.tag))

    def _bound_node(self, slot: NodeSlot, sides: list[Side]) -> Entity:
        bound = slot.bound[0]
        for other in slot.bound[1:]:
            self._conditions.append(comparison.same_entity(self._session, bound, other))
        if len(slot.tables) < len(bound.type.tables) and bound.tag is not None:
            tags = [exp.Literal.number(self._session.node_tag(name)) for name in slot.tables]
            self._conditions.append(sql.among(bound.tag, tags))
        entity = replace(bound, nullable=False)
        missing = self._asked_of_node(slot) - set(bound.attributes)
        if missing:
            row = self._scanned_node(slot, missing, [])
            self._conditions.append(comparison.same_entity(self._session, row, entity))
            entity = replace(entity, attributes={**bound.attributes, **row.attributes})
        for label in self._open_labels(slot):
            self._conditions.append(node_labels(self._session, entity, label))
        self._join(entity, sides)
        if bound.nullable and not sides:
            self._conditions.append(sql.is_not_null(bound.key))
        return entity

    def _free(self, slot: NodeSlot, asked: frozenset[Attribute]) -> bool:
        """Whether everything asked of a node is known from its key and its table."""
        for name in slot.tables:
            table = self._session.node(name)
            for attribute in asked:
                if self._from_key(table, attribute) is None:
                    return False
        # one column cannot hold what differs from table to table
        return len(slot.tables) == 1 or not asked

    def _from_key(self, table: NodeTable, attribute: Attribute) -> str | None:
        """Return how the key tells an attribute.

        It `is` the key, or a label always or never holds.
        """
        if attribute.label:
            if attribute.name not in table.labels:
                return "never"
            return "always" if table.labels[attribute.name] is None else None
        declared = table.properties.get(attribute.name)
        if declared is None:
            return "null"
        same_kind = declared.kind is table.key_kind and not declared.list_of
        same_key = table.key_kind is self._session.node_key_kind
        return "key" if declared.column == table.key and same_kind and same_key else None

    def _keyed_node(self, slot: NodeSlot, side: Side, asked: frozenset[Attribute]) -> Entity:
        type_ = t.NodeType(tuple(slot.tables))
        table = self._session.node(slot.tables[0])
        attributes: dict[Attribute, exp.Expression] = {}
        for attribute in asked:
            how = self._from_key(table, attribute)
            if how in ("always", "never"):
                attributes[attribute] = sql.TRUE if how == "always" else sql.FALSE
            elif how == "null":
                attributes[attribute] = self._attribute("", table.properties, attribute, type_)
            else:
                attributes[attribute] = side.key
        tag = side.tag if len(slot.tables) > 1 else None
        return Entity(type_, side.key, tag, attributes, nullable=False)

    def _scanned_node(
        self, slot: NodeSlot, asked: frozenset[Attribute], labels: list[s.LabelExpression]
    ) -> Entity:
        alias = self._session.fresh(slot.variables[0] if slot.variables else "n")
        type_ = t.NodeType(tuple(slot.tables))
        wanted = sorted(asked, key=lambda a: (a.label, a.name))
        if len(slot.tables) == 1:
            table = self._session.node(slot.tables[0])
            self._sources.append(sql.relation(self._session.touch(table.relation), alias))
            self._conditions += node_conditions(alias, table, labels)
            key = self._key(alias, table.key, table.key_kind, self._session.node_key_kind)
            attributes = {a: self._of_row(alias, table, a, type_) for a in wanted}
            return Entity(type_, key, None, attributes, nullable=False)
        branches = []
        for name in slot.tables:
            table = self._session.node(name)
            inner = self._session.fresh("n")
            key = self._key(inner, table.key, table.key_kind, self._session.node_key_kind)
            tag = exp.Literal.number(self._session.node_tag(name))
            columns = [sql.aliased(key, "k"), sql.aliased(tag, "t")]
            for attribute in wanted:
                value = self._of_row(inner, table, attribute, type_)
                columns.append(sql.aliased(value, field_name(attribute)))
            relation = sql.relation(self._session.touch(table.relation), inner)
            branches.append(sql.select(columns, [relation], node_conditions(inner, table, labels)))
        self._sources.append(sql.derived(sql.union_all(branches), alias))
        attributes = {a: sql.column(alias, field_name(a)) for a in wanted}
        return Entity(
            type_, sql.column(alias, "k"), sql.column(alias, "t"), attributes, nullable=False
        )

    def _of_row(
        self, alias: str, table: NodeTable, attribute: Attribute, type_: t.NodeType
    ) -> exp.Expression:
        if attribute.label:
            return row_carries(alias, table, attribute.name)
        return self._attribute(alias, table.properties, attribute, type_)

    def _absent_node(self, slot: NodeSlot) -> Entity:
        type_ = node_type(self._session, [slot])
        return self._absent(type_, self._asked_of_node(slot))

    def _absent_hop(self, slot: HopSlot) -> Entity:
        type_ = hop_type(self._session, [slot])
        return self._absent(type_, self._asked_of_hop(slot))

    def _absent(
        self, type_: t.NodeType | t.RelationshipType, asked: frozenset[Attribute]
    ) -> Entity:
        kind = t.of_kind(self._session.key_kind(type_))
        attributes = {}
        for attribute in asked:
            types = self._session.attribute_types(type_, attribute)
            if len(types) == 1:
                attributes[attribute] = self._session.null(next(iter(types)))
        tag = sql.cast(exp.Null(), "int") if len(type_.tables) > 1 else None
        return Entity(type_, self._session.null(kind), tag, attributes, nullable=False)

"""Hops: the relations of FROM that hold relationships, and what their rows tell of their ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.patterns.candidates import ends
from graphchannel.compiler.patterns.emitter import BranchEmitter
from graphchannel.compiler.patterns.label_conditions import (
    passes,
)
from graphchannel.compiler.values import comparison
from graphchannel.compiler.values.model import Entity
from graphchannel.compiler.values.naming import field_name
from graphchannel.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.patterns.slots import HopSlot
    from graphchannel.compiler.syntax.liveness import Attribute
    from graphchannel.schema.model import Property


@dataclass(frozen=True, slots=True)
class Side:
    """The node at one end of a hop, as the hop's own columns tell it."""

    key: exp.Expression
    tag: exp.Expression | None


@dataclass(frozen=True, slots=True)
class MatchedHop:
    """A hop's relation in FROM."""

    key: exp.Expression
    tag: exp.Expression | None
    sides: tuple[Side, Side]
    attributes: Mapping[Attribute, exp.Expression]
    alias: str | None  # of its row, if it is of one table walked in one direction


class Hops(BranchEmitter):
    """Emits the hops of one alternative."""

    def _hop(self, number: int, deciders: dict[int, tuple[int, int]]) -> MatchedHop:
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
    ) -> MatchedHop:
        table = slot.tables[0]
        edge = self._session.edge(table[0])
        relation = self._session.touch(edge.relation)
        self._sources.append(sql.relation(relation, alias, edge.key))
        self._conditions += self._row_conditions(alias, table, told)
        type_ = t.RelationshipType((table[0],))
        return MatchedHop(
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
        conditions += [self._label_condition(alias, table, side, label) for side, label in told]
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
    ) -> MatchedHop:
        tagged = len({index for index, _ in slot.tables}) > 1
        branches = [
            self._hop_branch(slot, table, told, asked, tagged=tagged) for table in slot.tables
        ]
        self._sources.append(sql.derived(sql.union_all(branches), alias))
        sides = [
            Side(sql.column(alias, f"n{side}"), sql.column(alias, f"t{side}")) for side in (0, 1)
        ]
        return MatchedHop(
            sql.column(alias, "k"),
            sql.column(alias, "t") if tagged else None,
            (sides[0], sides[1]),
            {attribute: sql.column(alias, field_name(attribute)) for attribute in asked},
            None,
        )

    def _hop_branch(
        self,
        slot: HopSlot,
        table: tuple[int, bool],
        told: list[tuple[int, s.LabelExpression]],
        asked: list[Attribute],
        *,
        tagged: bool,
    ) -> exp.Select:
        """Return the rows of one of several tables; all have the same columns."""
        edge = self._session.edge(table[0])
        inner = self._session.fresh("e")
        type_ = t.RelationshipType((table[0],))
        key = self._key(inner, edge.key, edge.key_kind, self._session.edge_key_kind)
        columns = [sql.aliased(key, "k")]
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
        backwards_too = table[1] and (table[0], False) in slot.tables
        if backwards_too and len(set(ends(self._session, table))) == 1:
            # walked backwards, a loop would be found a second time
            loop = exp.NEQ(
                this=sql.column(inner, edge.source.column),
                expression=sql.column(inner, edge.target.column),
            )
            conditions.append(loop)
        relation = self._session.touch(edge.relation)
        return sql.select(columns, [sql.relation(relation, inner)], conditions)

    def _hop_entity(self, slot: HopSlot, hop: MatchedHop, nodes: list[Entity]) -> Entity:
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

"""From resolved patterns to FROM and WHERE.

Each alternative of a MATCH becomes one `Piece`: relations to join, conditions, and the variables that
it binds. A node's own table is joined only where its row is needed: its key comes from the foreign
key of a hop, and many labels can be told from the hop's own row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import operators, sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.demand import ALL_LABELS
from graphchannel.compiler.expressions import Context
from graphchannel.compiler.patterns import (
    Alternative,
    HopSlot,
    NodeSlot,
    alternatives,
    ends,
    label_names,
    truth,
)
from graphchannel.compiler.scope import tag_constant
from graphchannel.compiler.session import field_name
from graphchannel.compiler.values import Attribute, Entity, Items, Path, Value
from graphchannel.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from graphchannel.compiler.demand import Demand
    from graphchannel.compiler.expressions import Expressions
    from graphchannel.compiler.scope import Scope
    from graphchannel.compiler.session import Session
    from graphchannel.schema.model import Endpoint, Filter, NodeTable, Property


@dataclass(frozen=True, slots=True)
class Piece:
    """One way of matching in SQL; `scope` holds all variables, those of before included."""

    sources: list[exp.Expression]
    conditions: list[exp.Expression]
    scope: Scope
    impossible: bool = False


@dataclass(frozen=True, slots=True)
class _Side:
    """The node at one end of a hop, as the hop's own columns tell it."""

    key: exp.Expression
    tag: exp.Expression | None


@dataclass(frozen=True, slots=True)
class _Hop:
    """A hop's relation in FROM."""

    key: exp.Expression
    tag: exp.Expression | None
    sides: tuple[_Side, _Side]
    attributes: Mapping[Attribute, exp.Expression]
    alias: str | None  # of its row, if it is of one table walked in one direction


def pieces(
    lowering: Expressions, match: s.Match, scope: Scope, demand: Demand
) -> tuple[list[Piece], list[str]]:
    """Lower a MATCH, its WHERE included; also return the names of the variables that it adds.

    `demand` says what this clause and all later ones ask of each variable.
    """
    ways = alternatives(lowering.session, match, scope)
    declared = _declared(lowering.session, ways)
    found = [_Emitter(lowering, match, scope, demand, way, declared).piece() for way in ways]
    return found, [name for name in declared.names if name not in scope]


@dataclass(frozen=True, slots=True)
class _Declared:
    """What each new or repeated variable can be over all alternatives."""

    nodes: Mapping[str, t.NodeType]
    hops: Mapping[str, t.RelationshipType]
    lists: Mapping[str, t.RelationshipType]
    paths: Mapping[str, t.PathType]

    @property
    def names(self) -> list[str]:
        """All names, in the order of their first kind."""
        return [*self.nodes, *self.hops, *self.lists, *self.paths]


def _declared(session: Session, ways: list[Alternative]) -> _Declared:
    nodes: dict[str, list[NodeSlot]] = {}
    hops: dict[str, list[HopSlot]] = {}
    lists: dict[str, list[HopSlot]] = {}
    paths: dict[str, tuple[list[NodeSlot], list[HopSlot]]] = {}
    for way in ways:
        for slot in way.nodes:
            for name in slot.variables:
                nodes.setdefault(name, []).append(slot)
        for hop in way.hops:
            if hop.variable is not None:
                hops.setdefault(hop.variable, []).append(hop)
        for name, numbers in way.lists.items():
            lists.setdefault(name, []).extend(way.hops[n] for n in numbers)
        for name, (passed, walked) in way.paths.items():
            on_path = paths.setdefault(name, ([], []))
            on_path[0].extend(way.nodes[n] for n in passed)
            on_path[1].extend(way.hops[n] for n in walked)
    return _Declared(
        {name: _node_type(session, slots) for name, slots in nodes.items()},
        {name: _hop_type(session, slots) for name, slots in hops.items()},
        {name: _hop_type(session, slots) for name, slots in lists.items()},
        {
            name: t.PathType(_node_type(session, passed), _hop_type(session, walked))
            for name, (passed, walked) in paths.items()
        },
    )


def _node_type(session: Session, slots: list[NodeSlot]) -> t.NodeType:
    """Return the type of a node that is in one of the slots; any node if no table is left."""
    tables = [table.name for table in session.schema.nodes]
    kept = {name for slot in slots for name in slot.tables}
    return t.NodeType(tuple(name for name in tables if name in kept) or tuple(tables))


def _hop_type(session: Session, slots: list[HopSlot]) -> t.RelationshipType:
    kept = sorted({index for slot in slots for index, _ in slot.tables})
    return t.RelationshipType(tuple(kept) or tuple(range(len(session.schema.edges))))


class _Emitter:
    """Emits one alternative."""

    def __init__(
        self,
        lowering: Expressions,
        match: s.Match,
        scope: Scope,
        demand: Demand,
        way: Alternative,
        declared: _Declared,
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

    def piece(self) -> Piece:
        if self._way.impossible:
            scope = self._bindings(
                [self._absent_node(slot) for slot in self._way.nodes],
                [self._absent_hop(hop) for hop in self._way.hops],
            )
            self._lower_conditions(scope)  # unknown names are errors all the same
            return Piece([], [sql.FALSE], scope, impossible=True)
        deciders = self._deciders()
        hops = [self._hop(number, deciders) for number in range(len(self._way.hops))]
        nodes = [self._node(number, hops, deciders) for number in range(len(self._way.nodes))]
        hop_entities = [
            self._hop_entity(slot, hop, nodes)
            for slot, hop in zip(self._way.hops, hops, strict=True)
        ]
        self._unique(hops)
        scope = self._bindings(nodes, hop_entities)
        self._pattern_conditions(nodes, hop_entities, scope)
        self._conditions += self._lower_conditions(scope)
        return Piece(self._sources, self._conditions, scope)

    # --- what is asked ---

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

    # --- labels that a hop's own row tells ---

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
        """Return for each unbound node with open labels the hop end that tells them, if one does."""
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

        return _label_condition(label, told)

    # --- hops ---

    def _hop(self, number: int, deciders: dict[int, tuple[int, int]]) -> _Hop:
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
    ) -> _Hop:
        table = slot.tables[0]
        edge = self._session.edge(table[0])
        relation = self._session.touch(edge.relation)
        self._sources.append(sql.relation(relation, alias))
        self._conditions += self._row_conditions(alias, table, told)
        type_ = t.RelationshipType((table[0],))
        return _Hop(
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

    def _side(self, alias: str, table: tuple[int, bool], side: int) -> _Side:
        endpoint = self._endpoint(table, side)
        node = self._session.node(endpoint.node)
        key = self._key(alias, endpoint.column, node.key_kind, self._session.node_key_kind)
        return _Side(key, exp.Literal.number(self._session.node_tag(endpoint.node)))

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
        """Return a property of a row; null, of the right type, if its table has no such property."""
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
    ) -> _Hop:
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
            _Side(sql.column(alias, f"n{side}"), sql.column(alias, f"t{side}")) for side in (0, 1)
        ]
        return _Hop(
            sql.column(alias, "k"),
            sql.column(alias, "t") if tagged else None,
            (sides[0], sides[1]),
            {attribute: sql.column(alias, field_name(attribute)) for attribute in asked},
            None,
        )

    def _hop_entity(self, slot: HopSlot, hop: _Hop, nodes: list[Entity]) -> Entity:
        type_ = t.RelationshipType(tuple(sorted({index for index, _ in slot.tables})))
        if slot.bound is not None:
            entity = Entity(type_, hop.key, hop.tag, hop.attributes, nullable=False)
            self._conditions.append(operators.same_entity(self._session, entity, slot.bound))
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

    # --- nodes ---

    def _node(self, number: int, hops: list[_Hop], deciders: dict[int, tuple[int, int]]) -> Entity:
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

    def _known_labels(self, number: int, hops: list[_Hop]) -> dict[Attribute, exp.Expression]:
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
            for label in _demanded(pattern.labels):
                known[Attribute(label, label=True)] = sql.TRUE
        return known

    def _join(self, entity: Entity, sides: list[_Side]) -> None:
        several = len(entity.type.tables) > 1
        for side in sides:
            self._conditions.append(sql.equal(side.key, entity.key))
            if several and side.tag is not None and entity.tag is not None:
                self._conditions.append(sql.equal(side.tag, entity.tag))

    def _bound_node(self, slot: NodeSlot, sides: list[_Side]) -> Entity:
        bound = slot.bound[0]
        for other in slot.bound[1:]:
            self._conditions.append(operators.same_entity(self._session, bound, other))
        if len(slot.tables) < len(bound.type.tables) and bound.tag is not None:
            tags = [exp.Literal.number(self._session.node_tag(name)) for name in slot.tables]
            self._conditions.append(sql.among(bound.tag, tags))
        entity = replace(bound, nullable=False)
        missing = self._asked_of_node(slot) - set(bound.attributes)
        if missing:
            row = self._scanned_node(slot, missing, [])
            self._conditions.append(operators.same_entity(self._session, row, entity))
            entity = replace(entity, attributes={**bound.attributes, **row.attributes})
        for label in self._open_labels(slot):
            self._conditions.append(self._lowering.node_labels(entity, label))
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
        """Return how the key tells an attribute: it `is` the key, or a label always or never holds."""
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

    def _keyed_node(self, slot: NodeSlot, side: _Side, asked: frozenset[Attribute]) -> Entity:
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
            self._conditions += _node_conditions(alias, table, labels)
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
            branches.append(sql.select(columns, [relation], _node_conditions(inner, table, labels)))
        self._sources.append(sql.derived(sql.union_all(branches), alias))
        attributes = {a: sql.column(alias, field_name(a)) for a in wanted}
        key, tag = sql.column(alias, "k"), sql.column(alias, "t")
        return Entity(type_, key, tag, attributes, nullable=False)

    def _of_row(
        self, alias: str, table: NodeTable, attribute: Attribute, type_: t.NodeType
    ) -> exp.Expression:
        if attribute.label:
            return _carries(alias, table, attribute.name)
        return self._attribute(alias, table.properties, attribute, type_)

    # --- where nothing can match ---

    def _absent_node(self, slot: NodeSlot) -> Entity:
        type_ = _node_type(self._session, [slot])
        return self._absent(type_, self._asked_of_node(slot))

    def _absent_hop(self, slot: HopSlot) -> Entity:
        type_ = _hop_type(self._session, [slot])
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

    # --- uniqueness, variables, conditions ---

    def _unique(self, hops: list[_Hop]) -> None:
        """Say that no two hops of the MATCH are the same relationship, where they could be."""
        slots = self._way.hops
        for i, one in enumerate(slots):
            for j in range(i):
                shared = {n for n, _ in one.tables} & {n for n, _ in slots[j].tables}
                if not shared or not self._may_coincide(one, slots[j]):
                    continue
                first, second = hops[i], hops[j]
                different = exp.NEQ(this=first.key, expression=second.key)
                if first.tag is None and second.tag is None:
                    self._conditions.append(different)
                    continue
                tags = [
                    hop.tag if hop.tag is not None else exp.Literal.number(slot.tables[0][0])
                    for hop, slot in ((first, one), (second, slots[j]))
                ]
                other_table = exp.NEQ(this=tags[0].copy(), expression=tags[1].copy())
                self._conditions.append(sql.any_of([different, other_table]))

    def _may_coincide(self, one: HopSlot, other: HopSlot) -> bool:
        """Whether two hops could be one relationship: their ends would be the same nodes then."""
        for index, back in one.tables:
            for other_index, other_back in other.tables:
                if index != other_index:
                    continue
                pairs = [(one.start, other.start), (one.end, other.end)]
                if back != other_back:
                    pairs = [(one.start, other.end), (one.end, other.start)]
                if all(self._may_be_same(a, b) for a, b in pairs):
                    return True
        return False

    def _may_be_same(self, one: int, other: int) -> bool:
        """Whether the labels of two nodes leave room for one node that has both."""
        if one == other:
            return True
        first, second = self._way.nodes[one], self._way.nodes[other]
        shared = set(first.tables) & set(second.tables)
        return any(not self._excluded(self._session.node(name), first, second) for name in shared)

    def _excluded(self, table: NodeTable, first: NodeSlot, second: NodeSlot) -> bool:
        """Whether two single labels are told apart by different values of one column."""
        for left in first.patterns:
            for right in second.patterns:
                if isinstance(left.labels, s.LabelName) and isinstance(right.labels, s.LabelName):
                    a = table.labels.get(left.labels.name)
                    b = table.labels.get(right.labels.name)
                    if (
                        a is not None
                        and b is not None
                        and a.column == b.column
                        and not a.negated
                        and not b.negated
                        and not set(a.values) & set(b.values)
                    ):
                        return True
        return False

    def _bindings(self, nodes: list[Entity], hops: list[Entity]) -> dict[str, Value]:
        scope: dict[str, Value] = dict(self._outer)
        way = self._way
        for slot, node in zip(way.nodes, nodes, strict=True):
            for name in slot.variables:
                if name in self._outer:
                    scope[name] = node
                else:
                    scope[name] = self._as_declared(node, self._declared.nodes[name])
        for hop_slot, hop in zip(way.hops, hops, strict=True):
            name_ = hop_slot.variable
            if name_ is not None:
                if name_ in self._outer and hop_slot.bound is not None:
                    kept = hop_slot.bound
                    scope[name_] = replace(
                        kept, nullable=False, source=hop.source, target=hop.target
                    )
                else:
                    scope[name_] = self._as_declared(hop, self._declared.hops[name_])
        for name, numbers in way.lists.items():
            type_ = t.ListType(self._declared.lists[name], nullable=False)
            items = tuple(self._as_declared(hops[n], self._declared.lists[name]) for n in numbers)
            scope[name] = Items(items, type_)
        for name, (passed, walked) in way.paths.items():
            declared = self._declared.paths[name]
            scope[name] = Path(
                declared,
                Items(
                    tuple(self._as_declared(nodes[n], declared.nodes) for n in passed),
                    t.ListType(declared.nodes, nullable=False),
                ),
                Items(
                    tuple(self._as_declared(hops[n], declared.relationships) for n in walked),
                    t.ListType(declared.relationships, nullable=False),
                ),
            )
        return scope

    def _as_declared(self, entity: Entity, type_: t.NodeType | t.RelationshipType) -> Entity:
        """Return an entity as one of the wider type that it has over all alternatives."""
        tag = entity.tag
        if tag is None and len(type_.tables) > 1:
            tag = tag_constant(self._session, entity.type)
        if tag is not None and len(type_.tables) == 1:
            tag = None
        attributes = dict(entity.attributes)
        for attribute in self._missing(entity, type_):
            types = self._session.attribute_types(type_, attribute)
            if self._session.attribute_types(entity.type, attribute):
                continue  # its table has it, but rows do not carry it: never a null in its place
            if len(types) == 1:
                attributes[attribute] = self._session.null(next(iter(types)))
        return replace(entity, type=type_, tag=tag, attributes=attributes)

    def _missing(
        self, entity: Entity, type_: t.NodeType | t.RelationshipType
    ) -> Iterator[Attribute]:
        """Yield properties that other alternatives' tables may have, and this one's have not."""
        asked = self._session.indirect | {
            attribute
            for name, attributes in self._demand.attributes.items()
            for attribute in attributes
        }
        for attribute in asked:
            if attribute not in entity.attributes and not attribute.label:
                yield attribute

    def _pattern_conditions(self, nodes: list[Entity], hops: list[Entity], scope: Scope) -> None:
        for slot, node in zip(self._way.nodes, nodes, strict=True):
            for pattern in slot.patterns:
                self._property_conditions(pattern, node, scope)
        for hop_slot, hop in zip(self._way.hops, hops, strict=True):
            self._property_conditions(hop_slot.pattern, hop, scope)

    def _property_conditions(
        self, pattern: s.NodePattern | s.RelationshipPattern, entity: Entity, scope: Scope
    ) -> None:
        context = Context(scope)
        if isinstance(pattern.properties, s.Parameter):
            raise self._session.refuse(
                pattern.at, "a parameter as property map", "write {key: $value} for each property"
            )
        if pattern.properties is not None:
            for key, expression in pattern.properties.entries:
                held = self._lowering.entity_property(expression.at, entity, key)
                value = self._lowering.lower(expression, context, held.type)
                same = operators.compare(self._session, expression.at, "=", held, value)
                self._conditions.append(same.sql)
        if pattern.where is not None:
            self._conditions.append(self._lowering.predicate(pattern.where, context))

    def _lower_conditions(self, scope: Scope) -> list[exp.Expression]:
        if self._match.where is None:
            return []
        context = Context(scope)
        return [self._lowering.predicate(part, context) for part in conjuncts(self._match.where)]


def conjuncts(condition: s.Expression) -> Iterator[s.Expression]:
    """Yield the operands of the outermost ANDs."""
    if isinstance(condition, s.Binary) and condition.operator == "and":
        yield from conjuncts(condition.left)
        yield from conjuncts(condition.right)
    else:
        yield condition


def _demanded(labels: s.LabelExpression | None) -> Iterator[str]:
    """Yield the labels that every node of a pattern carries."""
    if isinstance(labels, s.LabelName):
        yield labels.name
    elif isinstance(labels, s.LabelAnd):
        for part in labels.operands:
            yield from _demanded(part)


def passes(alias: str, filter_: Filter | None) -> exp.Expression:
    """Return whether a row passes a filter of the schema."""
    if filter_ is None:
        return sql.TRUE
    column = sql.column(alias, filter_.column)
    values = [
        exp.Boolean(this=value) if isinstance(value, bool) else sql.string(value)
        for value in filter_.values
    ]
    if not values:
        return sql.TRUE if filter_.negated else sql.FALSE
    one = sql.equal(column, values[0]) if len(values) == 1 else sql.among(column, values)
    return sql.not_(one) if filter_.negated else one


def _carries(alias: str, table: NodeTable, label: str) -> exp.Expression:
    if label not in table.labels:
        return sql.FALSE
    return passes(alias, table.labels[label])


def _node_conditions(
    alias: str, table: NodeTable, labels: list[s.LabelExpression]
) -> list[exp.Expression]:
    return [_label_condition(label, lambda name: _carries(alias, table, name)) for label in labels]


def _label_condition(
    labels: s.LabelExpression, carries: Callable[[str], exp.Expression]
) -> exp.Expression:
    match labels:
        case s.LabelName():
            return carries(labels.name)
        case s.LabelNot():
            return sql.not_(_label_condition(labels.operand, carries))
        case s.LabelAnd():
            return sql.all_of(_label_condition(part, carries) for part in labels.operands)
        case s.LabelOr():
            return sql.any_of(_label_condition(part, carries) for part in labels.operands)
    raise TypeError("% was refused before")

"""From resolved patterns to FROM and WHERE.

Each alternative of a MATCH becomes one `MatchBranch`: relations to join, conditions, and variables
that it binds. A node's own table is joined only where its row is needed: its key comes from the
foreign key of a hop, and many labels can be told from the hop's own row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.expressions.entities import entity_property
from graphchannel.compiler.patterns.alternatives import alternatives
from graphchannel.compiler.patterns.uniqueness import Uniqueness
from graphchannel.compiler.patterns.variable_types import declared_types
from graphchannel.compiler.syntax.liveness import conjuncts
from graphchannel.compiler.values import comparison
from graphchannel.compiler.values.context import Context
from graphchannel.compiler.values.model import Entity, Items, Path, Scalar, Value
from graphchannel.compiler.values.representation import packed, tag_constant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.compiler.syntax.liveness import Attribute, Liveness
    from graphchannel.compiler.values.context import Lowering
    from graphchannel.compiler.values.representation import Scope
    from graphchannel.compiler.values.session import Session


@dataclass(frozen=True, slots=True)
class MatchBranch:
    """One way of matching in SQL; `scope` holds all variables, those of before included."""

    sources: list[exp.Expression]
    conditions: list[exp.Expression]
    scope: Scope
    impossible: bool = False


def match_branches(
    lowering: Lowering, match: s.Match, scope: Scope, liveness: Liveness
) -> tuple[list[MatchBranch], list[str]]:
    """Lower a MATCH, its WHERE included; also return the names of the variables that it adds.

    `liveness` says what this clause and all later ones ask of each variable.
    """
    ways = alternatives(lowering.session, match, scope)
    declared = declared_types(lowering.session, ways)
    found = [
        _Emitter(lowering, match, scope, liveness=liveness, way=way, declared=declared).branch()
        for way in ways
    ]
    return found, [name for name in declared.names if name not in scope]


class _Emitter(Uniqueness):
    """Emits one alternative."""

    def branch(self) -> MatchBranch:
        self._walked = {}
        if self._way.impossible:
            absent = [self._absent_node(slot) for slot in self._way.nodes]
            ways = [self._absent_hop(hop) for hop in self._way.hops]
            scope = self._bindings(absent, ways)
            self._pattern_conditions(absent, ways, scope)  # unknown names are errors all the same
            self._lower_conditions(scope)
            return MatchBranch([], [sql.FALSE], scope, impossible=True)
        deciders = self._deciders()
        self._walked = {
            number: self._walk(number)
            for number, slot in enumerate(self._way.hops)
            if slot.walk is not None
        }
        hops = [
            self._hop_of_walk(self._walked[number])
            if number in self._walked
            else self._hop(number, deciders)
            for number in range(len(self._way.hops))
        ]
        nodes = [self._node(number, hops, deciders) for number in range(len(self._way.nodes))]
        hop_entities = [
            self._hop_entity(slot, hop, nodes)
            for slot, hop in zip(self._way.hops, hops, strict=True)
        ]
        self._unique(hops)
        self._unique_walks(hops)
        scope = self._bindings(nodes, hop_entities)
        self._pattern_conditions(nodes, hop_entities, scope)
        self._conditions += self._lower_conditions(scope)
        return MatchBranch(self._sources, self._conditions, scope)

    def _bindings(self, nodes: list[Entity], hops: list[Entity]) -> dict[str, Value]:
        scope: dict[str, Value] = dict(self._outer)
        way = self._way
        for slot, node in zip(way.nodes, nodes, strict=True):
            for name in slot.variables:
                if name in self._outer:
                    scope[name] = self._known_again(name, node)
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
            if numbers and numbers[0] in self._walked:
                held = self._walked[numbers[0]].relationships
                scope[name] = Scalar(held, type_, nullable=False)
                continue
            items = tuple(self._as_declared(hops[n], self._declared.lists[name]) for n in numbers)
            scope[name] = Items(items, type_)
        for name, (passed, walked) in way.paths.items():
            declared = self._declared.paths[name]
            if any(n in self._walked for n in walked):
                scope[name] = self._long_path(declared, passed, walked, nodes, hops)
                continue
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

    def _long_path(
        self,
        declared: t.PathType,
        passed: list[int],
        walked: list[int],
        nodes: list[Entity],
        hops: list[Entity],
    ) -> Path:
        """Return a path that walks are part of: lists, joined from those of its parts."""
        session = self._session
        first = self._as_declared(nodes[passed[0]], declared.nodes)
        lists: list[exp.Expression] = [exp.Array(expressions=[packed(session, first)])]
        relationships: list[exp.Expression] = []
        for number, end in zip(walked, passed[1:], strict=True):
            if number in self._walked:
                lists.append(self._walked[number].nodes)
                relationships.append(self._walked[number].relationships)
                continue
            node = self._as_declared(nodes[end], declared.nodes)
            hop = self._as_declared(hops[number], declared.relationships)
            lists.append(exp.Array(expressions=[packed(session, node)]))
            relationships.append(exp.Array(expressions=[packed(session, hop)]))
        return Path(
            declared,
            _whole(session, lists, t.ListType(declared.nodes, nullable=False)),
            _whole(session, relationships, t.ListType(declared.relationships, nullable=False)),
        )

    def _known_again(self, name: str, node: Entity) -> Value:
        """Return a node bound before, with what this clause found out about it.

        A walk of no hops makes one of two bound nodes, each of which stays in its own columns.
        """
        before = self._outer[name]
        if not isinstance(before, Entity) or len(before.type.tables) == 0:
            return node
        return replace(before, nullable=False, attributes={**node.attributes, **before.attributes})

    def _as_declared(self, entity: Entity, type_: t.NodeType | t.RelationshipType) -> Entity:
        """Return an entity as one of the wider type that it has over all alternatives."""
        tag = entity.tag
        if tag is None and len(type_.tables) > 1:
            tag = tag_constant(self._session, entity.type)
        if tag is not None and len(type_.tables) == 1:
            tag = None
        attributes = dict(entity.attributes)
        for attribute in self._missing(entity):
            types = self._session.attribute_types(type_, attribute)
            if self._session.attribute_types(entity.type, attribute):
                continue  # its table has it, but rows do not carry it: never a null in its place
            if len(types) == 1:
                attributes[attribute] = self._session.null(next(iter(types)))
        return replace(entity, type=type_, tag=tag, attributes=attributes)

    def _missing(self, entity: Entity) -> Iterator[Attribute]:
        """Yield properties that other alternatives' tables may have, and this one's have not."""
        asked = self._session.indirect | {
            attribute
            for name, attributes in self._liveness.attributes.items()
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
            if hop_slot.walk is not None:
                continue  # every hop of a walk has met them
            self._property_conditions(hop_slot.pattern, hop, scope)

    def _property_conditions(
        self, pattern: s.NodePattern | s.RelationshipPattern, entity: Entity, scope: Scope
    ) -> None:
        context = Context(scope)
        if isinstance(pattern.properties, s.ParameterReference):
            raise self._session.refuse(
                pattern.at, "a parameter as property map", "write {key: $value} for each property"
            )
        if pattern.properties is not None:
            for key, expression in pattern.properties.entries:
                held = entity_property(self._session, expression.at, entity, key)
                value = self._lowering.lower(expression, context, held.type)
                same = comparison.compare(self._session, expression.at, "=", held, value)
                self._conditions.append(same.sql)
        if pattern.where is not None:
            self._conditions.append(self._lowering.predicate(pattern.where, context))

    def _lower_conditions(self, scope: Scope) -> list[exp.Expression]:
        if self._match.where is None:
            return []
        context = Context(scope)
        return [self._lowering.predicate(part, context) for part in conjuncts(self._match.where)]


def _whole(session: Session, parts: list[exp.Expression], type_: t.ListType) -> Scalar:
    whole = parts[0]
    for part in parts[1:]:
        whole = sql.call("list_concat", whole, part)
    return Scalar(sql.cast(whole, session.sql_type(type_)), type_, nullable=False)

"""Patterns resolved against the schema, before any SQL: slots, alternatives, tables.

A MATCH is a set of node slots and hop slots. A variable-length relationship stands for several
numbers of hops, so one MATCH becomes several `Alternative`s of fixed length, each of which is then
cut down: a slot keeps the tables that its labels, types and neighbours allow.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.patterns.candidates import keep_possible_tables
from graphchannel.compiler.patterns.relationship_checks import check_relationships
from graphchannel.compiler.patterns.shortest import check_shortest
from graphchannel.compiler.patterns.slots import Alternative, HopSlot, NodeSlot
from graphchannel.compiler.values.model import Entity, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.values.session import Session

MAX_HOPS = 8


MAX_ALTERNATIVES = 128


def alternatives(session: Session, match: s.Match, scope: Mapping[str, Value]) -> list[Alternative]:
    """Return the ways of matching that the schema does not rule out; all, if it rules out each."""
    for path in match.patterns:
        check_shortest(session, match, path)
    check_relationships(session, match)
    relationships = [r for p in match.patterns if p.shortest is None for r in p.relationships]
    varying = [r for r in relationships if r.hops is not None and not _is_walk(r.hops)]
    bounds = [_lengths(relationship) for relationship in varying]
    lengths = [choice or range(1, 2) for choice in bounds]
    total = 1
    for choice in lengths:
        total *= len(choice)
    if total > MAX_ALTERNATIVES:
        raise session.refuse(
            match.at, f"{total} combinations of path lengths", "bound the paths more tightly"
        )
    found = []
    for chosen in product(*lengths):
        by_id = {id(r): n for r, n in zip(varying, chosen, strict=True)}
        alternative = _AlternativeBuilder(session, scope).build(match, by_id)
        keep_possible_tables(session, alternative)
        alternative.impossible |= not all(bounds)  # an interval such as *3..2 is empty
        found.append(alternative)
    possible = [alternative for alternative in found if not alternative.impossible]
    if not possible:
        session.note("A pattern that the schema rules out", "it finds nothing; look at its types")
    return possible or found[:1]


def check_names(session: Session, match: s.Match, declared: frozenset[str]) -> None:
    """Refuse a path or list whose name is taken, also by a variable that nobody needs any more."""
    for path in match.patterns:
        names = [(path.at, path.variable)]
        for one in path.relationships:
            names += [(one.at, name) for name in one.inner]
            names += [(one.at, one.variable)] if one.hops is not None else []
        for at, name in names:
            if name in declared:
                raise session.wrong(at, f"The variable '{name}' exists already.")


def _is_walk(hops: s.HopRange) -> bool:
    """Whether a range is too long to be unrolled."""
    return hops.maximum is None or hops.maximum > MAX_HOPS


def _lengths(relationship: s.RelationshipPattern) -> range:
    hops = relationship.hops
    if hops is None or hops.maximum is None:
        raise TypeError("a relationship of one hop has no range")
    minimum = 1 if hops.minimum is None else hops.minimum
    return range(minimum, hops.maximum + 1)


class _AlternativeBuilder:
    """Builds one alternative."""

    def __init__(self, session: Session, scope: Mapping[str, Value]) -> None:
        self._session = session
        self._scope = scope
        self._nodes: list[NodeSlot] = []
        self._parents: list[int] = []
        self._by_name: dict[str, int] = {}
        self._hops: list[HopSlot] = []
        self._lists: dict[str, list[int]] = {}
        self._paths: dict[str, tuple[list[int], list[int]]] = {}
        self._hop_names: set[str] = set()

    def build(self, match: s.Match, lengths: Mapping[int, int]) -> Alternative:
        for path in match.patterns:
            self._path(path, lengths)
        return self._compacted()

    def _path(self, path: s.PathPattern, lengths: Mapping[int, int]) -> None:
        at = self._node(path.nodes[0])
        nodes, hops = [at], list[int]()
        for relationship, node in zip(path.relationships, path.nodes[1:], strict=True):
            end = self._node(node)
            for name in relationship.inner:
                self._new_name(relationship, name)
                self._hop_names.add(name)
            if path.shortest is not None:
                number = self._long_walk(relationship, at, end)
                one = s.HopRange(relationship.at, 1, 1)
                self._hops[number].walk = relationship.hops or one
                self._hops[number].shortest = path.shortest
                hops.append(number)
                nodes.append(end)
            elif relationship.hops is None:
                hops.append(self._hop(relationship, at, end))
                nodes.append(end)
            elif _is_walk(relationship.hops):
                hops.append(self._long_walk(relationship, at, end))
                nodes.append(end)
            else:
                walked, passed = self._walk(relationship, at, end, lengths[id(relationship)])
                hops += walked
                nodes += passed
            at = end
        if path.variable is not None:
            self._new_name(path, path.variable)
            self._paths[path.variable] = (nodes, hops)
            for number in nodes:
                self._nodes[number].in_path = True
            for number in hops:
                self._hops[number].in_path = True
                self._hops[number].nodes_asked = True

    def _node(self, pattern: s.NodePattern) -> int:
        name = pattern.variable
        if name is not None and name in self._by_name:
            number = self._by_name[name]
            self._nodes[number].patterns.append(pattern)
            return number
        slot = NodeSlot(patterns=[pattern])
        number = len(self._nodes)
        if name is not None:
            bound = self._scope.get(name)
            if bound is not None:
                slot.bound.append(self._bound(pattern, name, bound, t.NodeType))
            elif name in self._lists or name in self._paths or name in self._hop_names:
                raise self._session.mismatch(pattern.at, f"'{name}' is not a node.")
            slot.variables.append(name)
            self._by_name[name] = number
        self._nodes.append(slot)
        self._parents.append(number)
        return number

    def _bound(
        self,
        pattern: s.NodePattern | s.RelationshipPattern,
        name: str,
        value: Value,
        kind: type[t.NodeType | t.RelationshipType],
    ) -> Entity:
        if isinstance(value, Entity) and isinstance(value.type, kind):
            return value
        raise self._session.mismatch(
            pattern.at, f"'{name}' is {value.type}, it cannot stand here in a pattern."
        )

    def _hop(self, pattern: s.RelationshipPattern, start: int, end: int) -> int:
        slot = HopSlot(pattern, start, end, pattern.variable)
        if pattern.variable is not None:
            bound = self._scope.get(pattern.variable)
            if bound is not None:
                slot.bound = self._bound(pattern, pattern.variable, bound, t.RelationshipType)
            elif any(
                pattern.variable in names
                for names in (self._hop_names, self._by_name, self._lists, self._paths)
            ):
                raise self._session.wrong(
                    pattern.at, f"'{pattern.variable}' stands twice in one MATCH."
                )
            self._hop_names.add(pattern.variable)
        self._hops.append(slot)
        return len(self._hops) - 1

    def _long_walk(self, pattern: s.RelationshipPattern, start: int, end: int) -> int:
        """Add a walk of any number of hops: one slot, whatever its length."""
        number = len(self._hops)
        slot = HopSlot(replace(pattern, variable=None), start, end, None, walk=pattern.hops)
        if pattern.variable is not None:
            self._new_name(pattern, pattern.variable)
            self._lists[pattern.variable] = [number]
            slot.in_path = True
        self._hops.append(slot)
        return number

    def _walk(
        self, pattern: s.RelationshipPattern, start: int, end: int, length: int
    ) -> tuple[list[int], list[int]]:
        """Add a walk of some hops; return them and the nodes passed, the end included."""
        if pattern.variable is not None:
            self._new_name(pattern, pattern.variable)
        if length == 0:
            self._unify(start, end)
            self._lists.setdefault(pattern.variable or "", [])
            return [], []
        hops, nodes = [], []
        at = start
        for i in range(length):
            if i == length - 1:
                after = end
            else:
                after = len(self._nodes)
                self._nodes.append(NodeSlot())
                self._parents.append(after)
            self._hops.append(HopSlot(replace(pattern, variable=None), at, after, None))
            hops.append(len(self._hops) - 1)
            nodes.append(after)
            at = after
        if pattern.variable is not None:
            self._lists[pattern.variable] = hops
            for number in hops:
                self._hops[number].in_path = True
        return hops, nodes

    def _new_name(self, pattern: s.PathPattern | s.RelationshipPattern, name: str) -> None:
        taken = (self._scope, self._by_name, self._lists, self._paths, self._hop_names)
        if any(name in names for names in taken):
            raise self._session.refuse(
                pattern.at, f"using '{name}' again for a path or list", "choose a new name"
            )

    def _unify(self, one: int, other: int) -> None:
        self._parents[self._root(other)] = self._root(one)

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            number = self._parents[number]
        return number

    def _compacted(self) -> Alternative:
        """Merge the nodes that a walk of no hops makes one."""
        roots = [n for n in range(len(self._nodes)) if self._root(n) == n]
        position = {root: i for i, root in enumerate(roots)}
        merged = [NodeSlot() for _ in roots]
        for number, slot in enumerate(self._nodes):
            into = merged[position[self._root(number)]]
            into.patterns += slot.patterns
            into.variables += slot.variables
            into.bound += slot.bound
            into.in_path = into.in_path or slot.in_path

        def moved(number: int) -> int:
            return position[self._root(number)]

        for hop in self._hops:
            hop.start, hop.end = moved(hop.start), moved(hop.end)
        paths = {
            name: ([moved(n) for n in nodes], hops) for name, (nodes, hops) in self._paths.items()
        }
        self._lists.pop("", None)
        return Alternative(merged, self._hops, self._lists, paths)

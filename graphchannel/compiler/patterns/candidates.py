"""Which tables each slot of a pattern may come from, by labels, types and neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s
from graphchannel.compiler.expressions.entities import type_fits, unknown_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.compiler.patterns.slots import Alternative, HopSlot, NodeSlot
    from graphchannel.compiler.values.session import Session
    from graphchannel.schema.model import NodeTable


def keep_possible_tables(session: Session, alternative: Alternative) -> None:
    """Drop tables until labels, types and the ends of all hops agree."""
    for slot in alternative.nodes:
        slot.tables = _node_tables(session, slot)
    for hop in alternative.hops:
        hop.tables = _hop_tables(session, hop)
    single = [hop for hop in alternative.hops if hop.walk is None]
    changed = True
    while changed:
        changed = False
        for hop in single:
            changed |= _agree(session, hop, alternative.nodes)
        for number, slot in enumerate(alternative.nodes):
            changed |= _reached(session, number, slot, single)
    nowhere = any(not slot.tables for slot in alternative.nodes)
    if nowhere or any(_never_taken(hop) for hop in alternative.hops):
        alternative.impossible = True


def _never_taken(hop: HopSlot) -> bool:
    """Whether no table has such a relationship, and the pattern cannot do without."""
    return not hop.tables and (hop.walk is None or hop.walk.minimum != 0)


def _node_tables(session: Session, slot: NodeSlot) -> list[str]:
    tables = [table.name for table in session.schema.nodes]
    for bound in slot.bound:
        tables = [name for name in tables if name in bound.type.tables]
    for pattern in slot.patterns:
        if pattern.labels is not None:
            labels = pattern.labels
            tables = [
                name for name in tables if truth(session, labels, session.node(name)) is not False
            ]
    return tables


def _hop_tables(session: Session, hop: HopSlot) -> list[tuple[int, bool]]:
    types = hop.pattern.types
    found = []
    for index, table in enumerate(session.schema.edges):
        if hop.bound is not None and index not in hop.bound.type.tables:
            continue
        if types is not None and not type_fits(session, types, table.type):
            continue
        if hop.pattern.direction in ("out", "both"):
            found.append((index, False))
        if hop.pattern.direction in ("in", "both"):
            found.append((index, True))
    if types is not None and not session.schema.edges:
        raise session.unknown(types.at, "The relationship type", "", ())
    return found


def ends(session: Session, table: tuple[int, bool]) -> tuple[str, str]:
    """Return the node tables at the beginning and end of a hop through an edge table."""
    edge = session.edge(table[0])
    pair = (edge.source.node, edge.target.node)
    return (pair[1], pair[0]) if table[1] else pair


def _agree(session: Session, hop: HopSlot, nodes: Sequence[NodeSlot]) -> bool:
    starts, stops = nodes[hop.start].tables, nodes[hop.end].tables
    kept = [
        table
        for table in hop.tables
        if ends(session, table)[0] in starts
        and ends(session, table)[1] in stops
        and (hop.start != hop.end or len(set(ends(session, table))) == 1)
    ]
    changed = len(kept) < len(hop.tables)
    hop.tables = kept
    return changed


def _reached(session: Session, number: int, slot: NodeSlot, hops: Sequence[HopSlot]) -> bool:
    tables = slot.tables
    for hop in hops:
        for side, node in enumerate((hop.start, hop.end)):
            if node == number:
                reached = {ends(session, table)[side] for table in hop.tables}
                tables = [name for name in tables if name in reached]
    changed = len(tables) < len(slot.tables)
    slot.tables = tables
    return changed


def truth(session: Session, labels: s.LabelExpression, table: NodeTable) -> bool | None:
    """Return whether the rows of a table carry labels: all (True), none (False), or it depends."""
    match labels:
        case s.LabelName():
            if labels.name not in session.schema.labels:
                raise unknown_label(session, labels)
            if labels.name not in table.labels:
                return False
            return True if table.labels[labels.name] is None else None
        case s.LabelNot():
            inner = truth(session, labels.operand, table)
            return None if inner is None else not inner
        case s.LabelAnd():
            parts = [truth(session, part, table) for part in labels.operands]
            return False if False in parts else None if None in parts else True
        case s.LabelOr():
            parts = [truth(session, part, table) for part in labels.operands]
            return True if True in parts else None if None in parts else False
    raise session.refuse(labels.at, "%", "name the labels")


def label_names(labels: s.LabelExpression) -> Iterator[str]:
    """Yield every label of an expression."""
    match labels:
        case s.LabelName():
            yield labels.name
        case s.LabelNot():
            yield from label_names(labels.operand)
        case s.LabelAnd() | s.LabelOr():
            for part in labels.operands:
                yield from label_names(part)

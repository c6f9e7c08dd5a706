"""Labels and filters of the schema as conditions on a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphchannel.schema.model import Filter, NodeTable


def demanded(labels: s.LabelExpression | None) -> Iterator[str]:
    """Yield the labels that every node of a pattern carries."""
    if isinstance(labels, s.LabelName):
        yield labels.name
    elif isinstance(labels, s.LabelAnd):
        for part in labels.operands:
            yield from demanded(part)


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


def row_carries(alias: str, table: NodeTable, label: str) -> exp.Expression:
    """Return whether a row of a node table carries a label."""
    if label not in table.labels:
        return sql.FALSE
    return passes(alias, table.labels[label])


def node_conditions(
    alias: str, table: NodeTable, labels: list[s.LabelExpression]
) -> list[exp.Expression]:
    """Return the conditions that a row of a node table carries all these labels."""
    return [
        label_condition(label, lambda name: row_carries(alias, table, name)) for label in labels
    ]


def label_condition(
    labels: s.LabelExpression, carries: Callable[[str], exp.Expression]
) -> exp.Expression:
    """Return a label expression as a condition; `carries` gives that of a single label."""
    match labels:
        case s.LabelName():
            return carries(labels.name)
        case s.LabelNot():
            return sql.not_(label_condition(labels.operand, carries))
        case s.LabelAnd():
            return sql.all_of(label_condition(part, carries) for part in labels.operands)
        case s.LabelOr():
            return sql.any_of(label_condition(part, carries) for part in labels.operands)
    raise TypeError("% was refused before")

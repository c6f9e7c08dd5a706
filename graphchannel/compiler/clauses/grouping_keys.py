"""Keys of groups, and of rows that are to be different from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.clauses.determinacy import fixed_by
from graphchannel.compiler.values.doubts import is_sum
from graphchannel.compiler.values.keys import not_nan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.compiler.clauses.rows import Rows
    from graphchannel.compiler.values.model import Value
    from graphchannel.compiler.values.session import Session

__all__ = ["is_plain", "settled_key"]


def settled_key(
    session: Session,
    node: s.Expression,
    value: Value,
    keys: Sequence[tuple[s.Expression, Value]],
    rows: Rows,
) -> Value:
    """Return a key to group by among all `keys`; refuse what has no one value.

    A list whose order is not defined, or a sum that may be the integer 0, is one value where the
    other keys fix it: then it comes from one row before.
    """
    unsettled = _in_any_order(value) or is_sum(value)
    if unsettled and _follows(session, node, keys, rows):
        return value
    if _in_any_order(value):
        raise session.refuse(
            node.at,
            "a list without a defined order as key",
            "write WITH … ORDER BY before the clause that collects",
        )
    return not_nan(session, value)


def _in_any_order(value: Value) -> bool:
    type_ = value.type
    return isinstance(type_, t.ListType) and not (type_.ordered or type_.canonical)


def _follows(
    session: Session,
    node: s.Expression,
    keys: Sequence[tuple[s.Expression, Value]],
    rows: Rows,
) -> bool:
    others = [
        key for key, value in keys if not (isinstance(value.type, t.ListType) or is_sum(value))
    ]
    return fixed_by(session, others, rows.scope, rows.known).holds(node)


def is_plain(node: s.Expression) -> bool:
    """Whether a key may stand beside an aggregate: a variable, or the property of one."""
    if isinstance(node, s.PropertyAccess):
        return isinstance(node.subject, s.Variable)
    return isinstance(node, s.Variable)

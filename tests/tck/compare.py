"""Comparing answers with expected tables: both sides are brought into one canonical form."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from tests.compiler.reference.graph import Duration, Node, Path, Relationship

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from tests.compiler.reference.graph import Value


_SECONDS = re.compile(r"^((?:\d{4}-\d\d-\d\dT)?\d\d:\d\d):00(?=$|[Z+\-\[])", re.ASCII)


def canonical(value: Value, *, list_order: bool = True) -> Hashable:
    """Return a hashable form that is equal exactly when the TCK takes two values as the same.

    Integers and floats stay apart (``1`` is not ``1.0``), entities count by their content, dates
    are strings (the TCK writes them so), and NaN equals itself.
    """
    match value:
        case str():
            # the TCK writes times without seconds where there are none
            return ("str", _SECONDS.sub(r"\1", value))
        case None | bool() | int():
            return (type(value).__name__, value)
        case float():
            # -0.0 and 0.0 are one value to Cypher's comparison; adding 0.0 makes them one here.
            return ("float", "NaN" if math.isnan(value) else value + 0.0)
        case dt.datetime() | dt.time() | dt.timedelta():
            return ("foreign", repr(value))
        case dt.date():
            return ("str", value.isoformat())
        case list() | tuple():
            items = [canonical(item, list_order=list_order) for item in value]
            return ("list", tuple(items if list_order else sorted(items, key=repr)))
        case dict():
            return ("map", canonical_map(value, list_order=list_order))
        case Node():
            return ("node", value.labels, canonical_map(value.properties, list_order=list_order))
        case Relationship():
            content = canonical_map(value.properties, list_order=list_order)
            return ("relationship", value.type, content)
        case Path():
            return ("path", canonical_path(value, list_order=list_order))
        case Duration():
            return ("duration", value.months, value.days)
        case _:
            return ("foreign", type(value).__name__, repr(value))


def canonical_map(values: Mapping[str, Value], *, list_order: bool) -> Hashable:
    """Return keys with canonical values, in no order."""
    return frozenset((key, canonical(v, list_order=list_order)) for key, v in values.items())


def canonical_path(path: Path, *, list_order: bool) -> Hashable:
    """Return a path's nodes and its relationships with the direction each was walked in."""
    walked = [
        (canonical(relationship, list_order=list_order), relationship.source == node.id)
        for node, relationship in zip(path.nodes, path.relationships, strict=False)
    ]
    return (tuple(canonical(node, list_order=list_order) for node in path.nodes), tuple(walked))


def difference(
    expected: Sequence[Sequence[Value]],
    actual: Sequence[Sequence[Value]],
    *,
    row_order: bool,
    list_order: bool,
) -> str | None:
    """Say how two tables differ; None if they are the same rows."""
    wanted = [canonical_row(row, list_order=list_order) for row in expected]
    seen = [canonical_row(row, list_order=list_order) for row in actual]
    if wanted == seen or (not row_order and Counter(wanted) == Counter(seen)):
        return None
    missing, extra = Counter(wanted) - Counter(seen), Counter(seen) - Counter(wanted)
    if not missing and not extra:
        return f"the same {len(seen)} rows in another order"
    return (
        f"{len(wanted)} rows expected, {len(seen)} seen; "
        f"missing {sample(missing)}, unexpected {sample(extra)}"
    )


def canonical_row(row: Iterable[Value], *, list_order: bool) -> Hashable:
    """Return one row in canonical form."""
    return tuple(canonical(value, list_order=list_order) for value in row)


def sample(rows: Counter[Hashable]) -> str:
    """Show up to three rows of a difference."""
    return "; ".join(repr(row) for row in list(rows.elements())[:3]) or "none"

"""Answers in a form that can be written down and compared: each value as one text."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from graphchannel.compiler import ListType
from tests.compiler.reference.graph import Node, Path, Relationship

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.compiler import CypherType
    from tests.compiler.reference.graph import Value


def spelled(value: Value, *, ordered: bool = True) -> str:
    """Return a value as text: kinds of numbers apart, the sign of zero kept, 12 digits."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return f"i{value}"
        case float():
            return "fnan" if math.isnan(value) else f"f{value:.12g}"
        case str():
            return f"s{value}"
        case dt.date():
            return f"d{value.isoformat()}"
        case Node() | Relationship():
            return spelled(value.properties["id"])
        case Path():
            both = (value.nodes, value.relationships)
            return "/".join(",".join(spelled(one) for one in part) for part in both)
        case list():
            items = [spelled(item) for item in value]
            return f"[{', '.join(items if ordered else sorted(items))}]"
        case dict():
            held = (f"{key}: {spelled(item)}" for key, item in sorted(value.items()))
            return f"{{{', '.join(held)}}}"
    return repr(value)


def row_texts(rows: Sequence[Sequence[Value]], types: Sequence[CypherType] = ()) -> list[list[str]]:
    """Return rows as texts; lists that have no order are sorted."""
    unordered = {i for i, type_ in enumerate(types) if _unordered(type_)}
    return [
        [spelled(value, ordered=i not in unordered) for i, value in enumerate(row)] for row in rows
    ]


def sorted_items(text: str) -> str:
    """Return the text of a list with its items sorted; any other as it is."""
    return f"[{', '.join(sorted(text[1:-1].split(', ')))}]" if text.startswith("[") else text


def _unordered(type_: CypherType) -> bool:
    return isinstance(type_, ListType) and not type_.ordered

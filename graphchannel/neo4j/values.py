"""What the Neo4j driver answers, as Arrow columns like those of the embedded engine.

Nodes and relationships become their keys, paths a struct of two lists of keys, dates and durations
Arrow's own. A value that does not fit the column's declared type is an error, never changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphchannel.engines.arrow_types import arrow_type
from graphchannel.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from neo4j.time import DateTime, Time

    from graphchannel.compiler import ResultColumn

__all__ = ["KEYS", "driver_value", "key_of", "shown_time", "to_arrow"]

KEYS = ("id", "_id")  # properties that hold the key of a node or relationship, the first one wins


def to_arrow(
    rows: Sequence[Sequence[object]],
    columns: Sequence[ResultColumn],
    plain: Callable[[Any], Any] | None = None,
) -> pa.Table:
    """Build a table; raises EngineError for a value unlike its column's type.

    `plain` turns a client's values into Python's own, by default those of the Neo4j driver.
    """
    convert = plain or driver_value
    arrays = []
    for place, column in enumerate(columns):
        values = [convert(row[place]) for row in rows]
        try:
            arrays.append(pa.array(values, type=arrow_type(column.type)))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise EngineError(
                f"Neo4j returned a value in '{column.name}' that is no {column.type}: {error}"
            ) from error
    return pa.Table.from_arrays(arrays, names=[column.name for column in columns])


def driver_value(value: Any) -> Any:
    """Turn a driver's value into one of Python's own.

    Raises EngineError for a kind that portable queries do not return.
    """
    from neo4j.graph import Node, Path, Relationship  # noqa: PLC0415 - an extra
    from neo4j.time import Date, DateTime, Duration, Time  # noqa: PLC0415 - an extra

    match value:
        case None | bool() | int() | float() | str():
            return value
        case list():
            return [driver_value(item) for item in value]
        case dict():
            return {key: driver_value(item) for key, item in value.items()}
        case Date():
            return value.to_native()
        case DateTime() | Time():
            return shown_time(value)
        case Duration():
            nanoseconds = value.seconds * 1_000_000_000 + value.nanoseconds
            return pa.MonthDayNano([value.months, value.days, nanoseconds])
        case Node() | Relationship():
            return key_of(value)
        case Path():
            return {
                "nodes": [key_of(node) for node in value.nodes],
                "relationships": [key_of(one) for one in value.relationships],
            }
        case _:
            raise EngineError(f"Neo4j returned a {type(value).__name__}, which no rule may return.")


def shown_time(value: DateTime | Time) -> str:
    """Return a time as toString() shows it: without zeros behind, with the name of its region."""
    text = re.sub(
        r"\.(\d*?)0*(?=$|[+-])",
        lambda found: f".{found[1]}" if found[1] else "",
        value.iso_format(),
    )
    text = text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
    region = getattr(value.tzinfo, "zone", None) or getattr(value.tzinfo, "key", None)
    return f"{text}[{region}]" if region and region != "UTC" else text


def key_of(entity: Any) -> Any:
    """Return the key of a node or relationship.

    Raises EngineError if graphchannel did not publish it.
    """
    for name in KEYS:
        if name in entity:
            return entity[name]
    shown = getattr(entity, "element_id", entity)
    raise EngineError(f"Neo4j returned {shown}, which graphchannel did not publish; it has no id.")

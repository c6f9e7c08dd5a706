"""The names that a query mentions, so that the schema can declare those that no data has."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from graphchannel.compiler import syntax
from tests.tck.layout import Names

if TYPE_CHECKING:
    from collections.abc import Iterator


def names_of(query: syntax.RegularQuery) -> Names:
    """Return all labels, relationship types and properties in a query."""
    labels: set[str] = set()
    types: set[str] = set()
    properties: set[str] = set()
    for part in parts(query):
        match part:
            case syntax.RelationshipPattern():
                types |= label_names(part.types)
                properties |= keys_of(part.properties)
            case syntax.NodePattern():
                labels |= label_names(part.labels)
                properties |= keys_of(part.properties)
            case syntax.HasLabels():
                labels |= label_names(part.labels)
            case syntax.PropertyAccess():
                properties.add(part.name)
            case _:
                pass
    return Names(frozenset(labels), frozenset(types), frozenset(properties))


def parts(value: object) -> Iterator[object]:
    """Yield every node of a syntax tree."""
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    elif dataclasses.is_dataclass(value):
        yield value
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name))


def label_names(labels: syntax.LabelExpression | None) -> set[str]:
    """Return the names in a label expression."""
    return {part.name for part in parts(labels) if isinstance(part, syntax.LabelName)}


def keys_of(properties: syntax.MapLiteral | syntax.ParameterReference | None) -> set[str]:
    """Return the keys of a pattern's property map."""
    return (
        {key for key, _ in properties.entries}
        if isinstance(properties, syntax.MapLiteral)
        else set()
    )

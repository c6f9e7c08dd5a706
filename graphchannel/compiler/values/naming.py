"""What parts of values are called in SQL, and of which kind keys are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import types as t
from graphchannel.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphchannel.compiler.syntax.liveness import Attribute


def member_name(type_: t.CypherType) -> str:
    """Return what a member of a mixed type is called in SQL."""
    return type_.kind.value if isinstance(type_, t.ScalarType) else "list"


def field_name(attribute: Attribute) -> str:
    """Return the column or struct field that holds an attribute.

    SQL takes names that differ in case only for one, so the places of capitals are spelled out.
    """
    capitals = sum(1 << i for i, letter in enumerate(attribute.name) if letter != letter.lower())
    suffix = f"${capitals:x}" if capitals else ""
    return f"{'l' if attribute.label else 'p'}_{attribute.name}{suffix}"


def common_kind(kinds: Iterable[Kind]) -> Kind:
    """Return the one kind of all, text if they differ."""
    found = set(kinds)
    return found.pop() if len(found) == 1 else Kind.STRING

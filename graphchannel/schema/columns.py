"""Short ways to declare a column of a canonical table."""

from __future__ import annotations

from graphchannel.schema.model import Column, Kind

__all__ = ["code", "country", "day", "key", "number", "ref", "role", "text"]


def text(name: str, doc: str, *, required: bool = False, pattern: str | None = None) -> Column:
    """Declare a text."""
    return Column(name, Kind.STRING, doc, required=required, pattern=pattern)


def key(doc: str, *, pattern: str | None = None) -> Column:
    """Declare the column `id`, the key of its table."""
    return Column("id", Kind.STRING, doc, required=True, pattern=pattern, identifier=True)


def ref(name: str, doc: str, *tables: str, required: bool = False) -> Column:
    """Declare the id of a row in one of `tables`."""
    return Column(name, Kind.STRING, doc, required=required, references=tables, identifier=True)


def code(name: str, doc: str, *, required: bool = False) -> Column:
    """Declare an identifier of something that has no table."""
    return Column(name, Kind.STRING, doc, required=required, identifier=True)


def country(doc: str) -> Column:
    """Declare a country."""
    return Column("country", Kind.STRING, doc, pattern="[A-Z]{2}", vocabulary="countries")


def day(name: str, doc: str, *, required: bool = False) -> Column:
    """Declare a day."""
    return Column(name, Kind.DATE, doc, required=required)


def number(
    name: str,
    kind: Kind,
    doc: str,
    *,
    required: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Column:
    """Declare a number; `minimum` and `maximum` are allowed themselves."""
    return Column(name, kind, doc, required=required, minimum=minimum, maximum=maximum)


def role(name: str, doc: str, *, required: bool = False) -> Column:
    """Declare a role of the policy."""
    return Column(name, Kind.STRING, doc, required=required, vocabulary="roles")

"""Short ways to declare a column of a canonical table."""

from __future__ import annotations

from graphchannel.schema.model import Kind, TableColumn

__all__ = [
    "BUSINESS_KEY",
    "SAME_SALE",
    "code",
    "country",
    "day",
    "key",
    "number",
    "ref",
    "role",
    "same_sale",
    "text",
]

BUSINESS_KEY = ("seller_id", "buyer_id", "product_id", "shipped_on", "quantity", "document")
SAME_SALE = (*BUSINESS_KEY, "amount", "currency", "ship_to_city_id", "approval", "reporter_id")
_COMPARED = ", ".join(SAME_SALE[:3]) + "".join(rf"(, {name})?" for name in SAME_SALE[3:])


def text(name: str, doc: str, *, required: bool = False, pattern: str | None = None) -> TableColumn:
    """Declare a text."""
    return TableColumn(name, Kind.STRING, doc, required=required, pattern=pattern)


def key(doc: str, *, pattern: str | None = None) -> TableColumn:
    """Declare the column `id`, the key of its table."""
    return TableColumn("id", Kind.STRING, doc, required=True, pattern=pattern, identifier=True)


def ref(name: str, doc: str, *tables: str, required: bool = False) -> TableColumn:
    """Declare the id of a row in one of `tables`."""
    return TableColumn(
        name, Kind.STRING, doc, required=required, references=tables, identifier=True
    )


def code(name: str, doc: str, *, required: bool = False) -> TableColumn:
    """Declare an identifier of something that has no table."""
    return TableColumn(name, Kind.STRING, doc, required=required, identifier=True)


def country(doc: str) -> TableColumn:
    """Declare a country."""
    return TableColumn("country", Kind.STRING, doc, vocabulary="countries")


def currency(doc: str) -> TableColumn:
    """Declare a currency."""
    return TableColumn("currency", Kind.STRING, doc, vocabulary="currencies")


def day(name: str, doc: str, *, required: bool = False) -> TableColumn:
    """Declare a day."""
    return TableColumn(name, Kind.DATE, doc, required=required)


def number(
    name: str,
    kind: Kind,
    doc: str,
    *,
    required: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
    below: str = "",
) -> TableColumn:
    """Declare a number; `minimum` and `maximum` are allowed themselves, `below` is said of less."""
    return TableColumn(
        name, kind, doc, required=required, minimum=minimum, maximum=maximum, below=below
    )


def role(name: str, doc: str, *, required: bool = False) -> TableColumn:
    """Declare a role of the policy."""
    return TableColumn(name, Kind.STRING, doc, required=required, vocabulary="roles")


def same_sale() -> TableColumn:
    """Declare what makes a line one sale with another."""
    return text(
        "same_sale",
        "columns in which a line of the same sale agrees, as its sender names them: "
        f"'{', '.join(SAME_SALE[:5])}'; with '; 2', the second of its file that does; "
        f"empty: {', '.join(BUSINESS_KEY)}",
        pattern=rf"{_COMPARED}(; [1-9]\d*)?",
    )

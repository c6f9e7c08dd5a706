"""Schemas to try random queries on.

Every node and relationship has an `id` property (its key), so that queries can ask for a total
order. Columns that an endpoint's label filter reads are called `source_…` or `target_…` and repeat
the node's own column, as a denormalised edge table would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.schema.model import (
    EdgeTable,
    Endpoint,
    Filter,
    GraphSchema,
    Kind,
    NodeTable,
    Property,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def properties(**kinds: Kind) -> dict[str, Property]:
    """Return nullable properties in columns that are called differently, and the id."""
    declared = {name: Property(f"c_{name}", kind) for name, kind in kinds.items()}
    return {"id": Property("id", Kind.INTEGER, nullable=False), **declared}


def node_table(
    name: str, labels: Mapping[str, Filter | None], held: Mapping[str, Property]
) -> NodeTable:
    """Return a node table called alike in SQL."""
    return NodeTable(name, f"n_{name}", "id", held, labels, Kind.INTEGER)


def edge_table(  # noqa: PLR0917  in the order of the value that it makes
    name: str,
    relation: str,
    source: Endpoint,
    target: Endpoint,
    held: Mapping[str, Property],
    where: tuple[Filter, ...] = (),
) -> EdgeTable:
    """Return an edge table."""
    return EdgeTable(name, f"e_{relation}", "id", source, target, held, where, Kind.INTEGER)


PARTY = properties(
    name=Kind.STRING,
    size=Kind.INTEGER,
    score=Kind.FLOAT,
    joined=Kind.DATE,
    active=Kind.BOOLEAN,
)
SALE = properties(quantity=Kind.INTEGER, amount=Kind.FLOAT, shipped=Kind.DATE, code=Kind.STRING)
FROM_PARTY = Endpoint(
    "source",
    "party",
    {
        "Party": None,
        "Vendor": Filter("source_kind", ("vendor",)),
        "Partner": Filter("source_kind", ("partner", "both")),
    },
)
TO_PARTY = Endpoint("target", "party", {"Party": None})

# Several node tables, labels as filters, one label on two tables, one type over two tables, and two
# types out of one relation.
CHANNEL = GraphSchema(
    nodes=(
        node_table(
            "party",
            {
                "Party": None,
                "Vendor": Filter("kind", ("vendor",)),
                "Partner": Filter("kind", ("partner", "both")),
                "Channel": Filter("kind", ("user",), negated=True),
            },
            PARTY,
        ),
        node_table(
            "region",
            {"Region": None, "Place": None},
            properties(name=Kind.STRING, demand=Kind.INTEGER),
        ),
        node_table(
            "city",
            {"City": None, "Place": None, "Key": Filter("key_city", (True,))},
            properties(name=Kind.STRING, population=Kind.INTEGER),
        ),
    ),
    edges=(
        edge_table("SUPPLIED", "sale", FROM_PARTY, TO_PARTY, SALE, (Filter("back", (False,)),)),
        edge_table("RETURNED", "sale", FROM_PARTY, TO_PARTY, SALE, (Filter("back", (True,)),)),
        edge_table(
            "SUPPLIED",
            "deal",
            Endpoint("seller", "party", {"Party": None, "Vendor": None}),
            Endpoint("buyer", "party", {"Party": None}),
            properties(quantity=Kind.INTEGER, amount=Kind.FLOAT, shipped=Kind.DATE),
        ),
        edge_table(
            "LOCATED_IN",
            "located_city",
            Endpoint("source", "party", {"Party": None}),
            Endpoint("target", "city", {"City": None}),
            properties(since=Kind.DATE),
        ),
        edge_table(
            "LOCATED_IN",
            "located_region",
            Endpoint("source", "party"),
            Endpoint("target", "region"),
            properties(since=Kind.DATE),
        ),
        edge_table(
            "PART_OF",
            "part",
            Endpoint("source", "region"),
            Endpoint("target", "region"),
            properties(),
        ),
        edge_table(
            "WITHIN",
            "within",
            Endpoint("source", "city", {"City": None}),
            Endpoint("target", "region", {"Region": None}),
            properties(weight=Kind.INTEGER),
        ),
    ),
)

ANY = properties(
    num=Kind.INTEGER,
    other=Kind.INTEGER,
    name=Kind.STRING,
    share=Kind.FLOAT,
    day=Kind.DATE,
    flag=Kind.BOOLEAN,
)
LISTS = {
    "marks": Property("c_marks", Kind.INTEGER, list_of=True),
    "words": Property("c_words", Kind.STRING, list_of=True),
}

# One node table with a boolean column a label, nodes without labels, list properties.
PLAIN = GraphSchema(
    nodes=(
        node_table(
            "thing",
            {
                "A": Filter("is_a", (True,)),
                "B": Filter("is_b", (True,)),
                "C": Filter("is_c", (True,)),
            },
            {**ANY, **LISTS},
        ),
    ),
    edges=(
        edge_table("R", "r", Endpoint("source", "thing"), Endpoint("target", "thing"), ANY),
        edge_table("S", "s", Endpoint("source", "thing"), Endpoint("target", "thing"), ANY),
        edge_table(
            "T",
            "t",
            Endpoint("source", "thing", {"A": None}),
            Endpoint("target", "thing", {"B": Filter("target_is_b", (True,))}),
            properties(num=Kind.INTEGER),
        ),
    ),
)

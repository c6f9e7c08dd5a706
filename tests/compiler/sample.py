"""A small channel for the compiler's tests: its schema, its rows, and a DuckDB that holds them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb

from graphchannel.schema.model import (
    EdgeTable,
    Endpoint,
    Filter,
    GraphSchema,
    Kind,
    NodeTable,
    Property,
)

S, N, F, B, D = Kind.STRING, Kind.INTEGER, Kind.FLOAT, Kind.BOOLEAN, Kind.DATE


def _properties(**kinds: Kind) -> dict[str, Property]:
    return {name: Property(name, kind, nullable=name != "id") for name, kind in kinds.items()}


def _kind(column: str) -> dict[str, Filter | None]:
    return {
        "Party": None,
        "Partner": Filter(column, ("partner",)),
        "Vendor": Filter(column, ("vendor",)),
        "EndUser": Filter(column, ("end_user",)),
    }


PARTY = NodeTable(
    "party",
    "party",
    "id",
    _properties(id=S, name=S, country=S, size=N, rating=F, active=B, joined=D),
    _kind("kind"),
)
REGION = NodeTable("region", "region", "id", _properties(id=S, name=S), {"Region": None})
SUPPLIED = EdgeTable(
    "SUPPLIED",
    "supplied",
    "id",
    Endpoint("seller", "party", _kind("seller_kind")),
    Endpoint("buyer", "party", _kind("buyer_kind")),
    _properties(id=S, quantity=N, amount=F, shipped=D, role=S),
)
CERTIFIED = EdgeTable(
    "CERTIFIED_BY",
    "certified",
    "id",
    Endpoint("holder", "party"),
    Endpoint("issuer", "party"),
    _properties(role=S, valid_from=D, valid_to=D),
)
IN_REGION = EdgeTable(
    "IN", "party_region", "id", Endpoint("party", "party"), Endpoint("region", "region"), {}
)
WITHIN = EdgeTable(
    "IN", "region_region", "id", Endpoint("part", "region"), Endpoint("whole", "region"), {}
)
SCHEMA = GraphSchema((PARTY, REGION), (SUPPLIED, CERTIFIED, IN_REGION, WITHIN))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


Row = tuple[Any, ...]
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "party": (
        ("id", "string"),
        ("name", "string"),
        ("country", "string"),
        ("size", "int"),
        ("rating", "double"),
        ("active", "boolean"),
        ("joined", "date"),
        ("kind", "string"),
    ),
    "region": (("id", "string"), ("name", "string")),
    "supplied": (
        ("id", "string"),
        ("seller", "string"),
        ("buyer", "string"),
        ("seller_kind", "string"),
        ("buyer_kind", "string"),
        ("quantity", "int"),
        ("amount", "decimal(18,4)"),
        ("shipped", "date"),
        ("role", "string"),
    ),
    "certified": (
        ("id", "string"),
        ("holder", "string"),
        ("issuer", "string"),
        ("role", "string"),
        ("valid_from", "date"),
        ("valid_to", "date"),
    ),
    "party_region": (("id", "string"), ("party", "string"), ("region", "string")),
    "region_region": (("id", "string"), ("part", "string"), ("whole", "string")),
}
ROWS: dict[str, list[Row]] = {
    "party": [
        ("v", "Vend", "CN", 900, 4.5, True, _day("2000-01-31"), "vendor"),
        ("p1", "Alpha", "DE", 30, 3.5, True, _day("2024-01-31"), "partner"),
        ("p2", "Beta", "FR", 10, None, False, _day("2023-12-31"), "partner"),
        ("p3", "Gamma", None, None, -2.5, None, None, "partner"),
        ("e1", "Zeta", "DE", 5, 0.5, True, _day("2020-02-29"), "end_user"),
    ],
    "region": [("R", "Root"), ("R1", "One"), ("R2", "Two")],
    "supplied": [
        ("s1", "v", "p1", "vendor", "partner", 100, "10.5", _day("2024-01-01"), "vendor"),
        ("s2", "p1", "p2", "partner", "partner", 10, "2.25", _day("2024-02-01"), "vap"),
        ("s3", "p1", "p2", "partner", "partner", 20, None, _day("2024-02-02"), "vap"),
        ("s4", "p2", "e1", "partner", "end_user", 7, "1.1", _day("2024-03-01"), "gold"),
        ("s5", "p2", "p2", "partner", "partner", 1, "0.5", _day("2024-03-02"), None),
        ("s6", "p2", "p1", "partner", "partner", None, "3", _day("2024-03-03"), "gold"),
    ],
    "certified": [
        ("c1", "p1", "v", "vap", _day("2023-01-01"), _day("2024-06-30")),
        ("c2", "p2", "p1", "gold", _day("2024-02-01"), _day("9999-12-31")),
        ("c3", "e1", "p1", "user", _day("2024-03-02"), _day("9999-12-31")),
    ],
    "party_region": [("a1", "p1", "R1"), ("a2", "p2", "R1"), ("a3", "p2", "R2")],
    "region_region": [("w1", "R1", "R"), ("w2", "R2", "R")],
}


def connect() -> duckdb.DuckDBPyConnection:
    """Return a DuckDB that holds the sample."""
    connection = duckdb.connect()
    for table, columns in COLUMNS.items():
        spelled = ", ".join(f'"{name}" {kind}' for name, kind in columns)
        connection.execute(f'CREATE TABLE "{table}" ({spelled})')
        marks = ", ".join("?" for _ in columns)
        connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', ROWS[table])
    return connection

"""The graph and its canonical tables, declared once."""

from __future__ import annotations

from graphchannel.schema.columns import BUSINESS_KEY, SAME_SALE
from graphchannel.schema.countries import COUNTRIES
from graphchannel.schema.currencies import CURRENCIES
from graphchannel.schema.derived import DERIVED
from graphchannel.schema.graph import CHANNEL
from graphchannel.schema.model import (
    EdgeTable,
    Endpoint,
    Filter,
    GraphSchema,
    Kind,
    NodeTable,
    Property,
    Table,
    TableColumn,
)
from graphchannel.schema.relations import RELATIONS
from graphchannel.schema.tables import EVERYWHERE, OPEN_END, OPEN_START, PARTIES, TABLES, table

__all__ = [
    "BUSINESS_KEY",
    "CHANNEL",
    "COUNTRIES",
    "CURRENCIES",
    "DERIVED",
    "EVERYWHERE",
    "OPEN_END",
    "OPEN_START",
    "PARTIES",
    "RELATIONS",
    "SAME_SALE",
    "TABLES",
    "EdgeTable",
    "Endpoint",
    "Filter",
    "GraphSchema",
    "Kind",
    "NodeTable",
    "Property",
    "Table",
    "TableColumn",
    "table",
]

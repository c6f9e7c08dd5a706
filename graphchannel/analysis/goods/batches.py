"""Some products at a time: goods are followed within a product, so memory need not grow with lines.

A batch is a range of product ids, whose lines are about as many as work in sets should hold at
once; one product alone may have more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphchannel.engines import SelectableRows
from graphchannel.text import literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import duckdb

__all__ = ["in_batches", "of_products"]

_BATCH = 2_000_000  # rows that are worked on together


def in_batches(
    connection: duckdb.DuckDBPyConnection, *sources: SelectableRows
) -> list[tuple[SelectableRows, ...]]:
    """Cut relations with a column `product` alike, so that each product is whole in one part.

    Together the parts are all rows, in the order of product ids; there is at least one part.
    """
    rows: Counter[str] = Counter()
    for source in sources:
        counted = f"SELECT product, count(*) FROM {source.relation} GROUP BY product"
        rows.update(dict(connection.execute(counted, dict(source.parameters)).fetchall()))
    if rows.total() <= _BATCH:
        return [sources]
    between = (
        f"product BETWEEN {literal(first)} AND {literal(last)}" for first, last in _ranges(rows)
    )
    return [tuple(_narrowed(source, part) for source in sources) for part in between]


def of_products(source: SelectableRows, products: Collection[str]) -> SelectableRows:
    """Return the rows of these products, of which there is at least one."""
    listed = ", ".join(map(literal, sorted(products)))
    return _narrowed(source, f"product IN ({listed})")


def _ranges(rows: Counter[str]) -> Iterator[tuple[str, str]]:
    """Yield the first and last products of the parts; DuckDB and Python order text alike."""
    part: list[str] = []
    held = 0
    for product in sorted(rows):
        if part and held + rows[product] > _BATCH:
            yield part[0], part[-1]
            part, held = [], 0
        part.append(product)
        held += rows[product]
    yield part[0], part[-1]


def _narrowed(source: SelectableRows, condition: str) -> SelectableRows:
    return SelectableRows(f"(FROM {source.relation} WHERE {condition})", source.parameters)

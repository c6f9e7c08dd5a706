"""What the lines of a sender say of the sale that they are: the columns that another agrees in.

It stands in the lines, so that it is known later and elsewhere, whatever becomes of the sender's
file. Lines of one file that agree in these columns are as many sales: they are numbered, and the
second of one report can only be the second of another. Units are told apart by their own numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.schema import Kind
from graphchannel.schema import table as canonical
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["with_same_sale"]


def with_same_sale(
    lines: str, columns: Collection[str], same_sale: str | None, *, numbered: bool
) -> str:
    """Return a SELECT of `lines` that has the column `same_sale` as well, null for the usual key.

    `columns` are those of the lines; if they are `numbered`, there is `_numbers` besides.
    """
    if same_sale is None:
        return f"SELECT *, NULL::VARCHAR AS same_sale FROM ({lines})"
    compared = [name for name in same_sale.split(", ") if name in columns]
    alike = ", ".join([*map(_value, compared), *(["_numbers"] if numbered else [])])
    return f"""SELECT * EXCLUDE (_at),
            {literal(same_sale)} || CASE WHEN _at > 1 THEN '; ' || _at ELSE '' END AS same_sale
        FROM (SELECT *, dense_rank() OVER (PARTITION BY {alike} ORDER BY id) AS _at
              FROM ({lines}))"""


def _value(name: str) -> str:
    """Return a text as the value that it will be, so that 5 and 5.00 are the same."""
    if canonical("shipments").column(name).kind in {Kind.INTEGER, Kind.DECIMAL}:
        return f"coalesce(TRY_CAST({quoted(name)} AS DECIMAL(18, 4))::VARCHAR, {quoted(name)})"
    return quoted(name)

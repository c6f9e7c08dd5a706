"""Likely duplicates among all lines: listed, and taken out of every total.

They are the lines that the rule `data/likely-duplicate` reports. Withdrawn lines go into history,
so that scans, key figures and goods no longer count them, on any engine; it is a load, which can be
taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.ingest.load_history import begin_load, finish_load
from graphchannel.ingest.one_sale import sale_keys
from graphchannel.ingest.replace import withdraw_rows
from graphchannel.text import literal

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from graphchannel.ingest.one_sale import SaleKey
    from graphchannel.workspace import Workspace

__all__ = ["Duplicate", "WithdrawnDuplicates", "duplicates", "withdraw_duplicates"]

ABOUT = "likely duplicates"

_NUMBERED = "SELECT 1 FROM main.serials AS u WHERE u.shipment_id = {line}.id"
_SHARED = """SELECT 1 FROM main.serials AS u JOIN main.serials AS v ON v.serial = u.serial
    WHERE u.shipment_id = s.id AND v.shipment_id = o.id"""
_UNITS = f"""(NOT EXISTS ({_NUMBERED.format(line="s")})
    OR NOT EXISTS ({_NUMBERED.format(line="o")}) OR EXISTS ({_SHARED}))"""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A line that says what the line `stands_for` says, the first of them by id.

    `agrees_in` names the columns that make them one sale.
    """

    id: str
    stands_for: str
    seller: str
    buyer: str
    product: str
    day: date
    quantity: int
    document: str | None
    agrees_in: str


@dataclass(frozen=True, slots=True)
class WithdrawnDuplicates:
    """What was taken out: lines and their units' serial numbers; `load` takes it back."""

    load: int
    lines: int
    serials: int


def duplicates(workspace: Workspace) -> tuple[Duplicate, ...]:
    """List likely duplicates by seller, buyer, day and id."""
    pairs = _pairs(workspace.connection)
    rows = workspace.connection.execute(
        f"""SELECT p.id, p.first_id, s.seller_id, s.buyer_id, s.product_id, s.shipped_on,
                s.quantity, s.document, p.agrees_in
            FROM ({pairs}) AS p JOIN main.shipments AS s USING (id)
            ORDER BY s.seller_id, s.buyer_id, s.shipped_on, p.id"""
    ).fetchall()
    return tuple(Duplicate(*row) for row in rows)


def withdraw_duplicates(workspace: Workspace) -> WithdrawnDuplicates | None:
    """Withdraw likely duplicates with their serial numbers; None, and no load, if there are none.

    The first line of each sale by id stays. A file that brings a withdrawn line again adds it.
    """
    connection = workspace.connection
    pairs = _pairs(connection)
    with workspace.transaction():
        load = begin_load(connection)
        lines = withdraw_rows(connection, "shipments", load, f"m.id IN (SELECT id FROM ({pairs}))")
        if not lines:
            return None
        alone = "m.shipment_id NOT IN (SELECT id FROM main.shipments)"
        serials = withdraw_rows(connection, "serials", load, alone)
        finish_load(connection, load, about=ABOUT, withdrawn=lines + serials)
    return WithdrawnDuplicates(load, lines, serials)


def _pairs(connection: duckdb.DuckDBPyConnection) -> str:
    """Select the lines that repeat another (`id`), the first of those (`first_id`), and why."""
    found = " UNION ALL ".join(_pairs_by(key) for key in sale_keys(connection))
    return f"""SELECT id, min(first_id) AS first_id, arg_min(agrees_in, first_id) AS agrees_in
        FROM ({found}) GROUP BY id"""


def _pairs_by(key: SaleKey) -> str:
    # By the usual key a document says that it is one sale: without one, lines are only alike.
    named = "true" if key.own else "s.document IS NOT NULL"
    return f"""
        SELECT s.id, o.id AS first_id, {literal(key.named)} AS agrees_in FROM main.shipments AS s
        JOIN main.shipments AS o ON {key.agree("o", "s")} AND {key.holds("o", "s")} AND o.id < s.id
        WHERE {named} AND {_UNITS}"""

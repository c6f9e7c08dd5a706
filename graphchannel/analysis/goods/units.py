"""Units with a serial number: each one's hand-overs in order of time are its history, exactly.

A unit is identified by product and serial number: two products may have equal numbers. Where the
seller of a hand-over is not the buyer of the one before, the history has a break: nobody reported
how the unit got there, or two units carry one number. The hand-overs of one day are put into an
order with as few breaks as there can be (see `day_order`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from graphchannel.analysis.goods.day_order import in_order
from graphchannel.analysis.goods.followed import UNIT
from graphchannel.analysis.goods.model import Hop, Traced, TracedPath
from graphchannel.analysis.goods.trace import together
from graphchannel.policy import END_USER, VENDOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from graphchannel.analysis.goods.model import Ends, TraceQuestion

__all__ = [
    "Unit",
    "carried",
    "place",
    "read_units",
    "unbroken",
    "unit_paths",
    "units_of",
    "units_of_rows",
]

_FETCHED = 10_000  # rows at a time
_UNITS = f"""
SELECT product, serial, shipment, seller, buyer, day, 1 AS quantity, seller_role, buyer_role, breaks
FROM {UNIT} AS u
WHERE {{conditions}}
ORDER BY product, serial, day, shipment
"""
_HAS = f"""EXISTS (FROM {UNIT} AS o
    WHERE o.product = u.product AND o.serial = u.serial AND o.{{column}} = ${{column}})"""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: the parts of its history, each without a break."""

    product: str
    serial: str
    parts: tuple[tuple[Hop, ...], ...]

    def remarks(self, names: Mapping[str, str]) -> list[str]:
        """Say what is odd about the history; `names` are those of the parties by id."""
        first = self.parts[0][0]
        remarks = []
        if first.seller_role != VENDOR:
            remarks.append(f"no line tells from whom {names[first.seller]} got it")
        passed: set[str] = set()
        holder: str | None = None
        for part in self.parts:
            begins = part[0].seller
            if holder is not None and begins in passed:
                remarks.append(
                    f"{names[begins]} handed it over on {part[0].day} though it had done so "
                    f"before; by the lines, {names[holder]} had it"
                )
            elif holder is not None:
                remarks.append(
                    f"{names[begins]} handed it over on {part[0].day}; by the lines, "
                    f"{names[holder]} had it"
                )
            for hop in part:
                if hop.buyer in passed:
                    remarks.append(f"it came back to {names[hop.buyer]} on {hop.day}")
                passed.add(hop.seller)
            holder = part[-1].buyer
        return remarks


def carried(paths: str, units: str) -> str:
    """Return SQL for each row of `paths` with `carried`, the units that went all along the path.

    `paths` has a column `shipments`, line ids in order; `units` has `shipment` and `serial`, once
    each. A path that carries a unit is proved: its number stands on each of the lines.
    """
    return f"""
        WITH numbered AS (
            SELECT p.shipments, u.serial
            FROM (SELECT shipments, unnest(shipments) AS shipment
                  FROM (SELECT DISTINCT shipments FROM {paths})) AS p
            JOIN {units} AS u USING (shipment)
            GROUP BY p.shipments, u.serial HAVING count(*) = len(p.shipments)
        ), together AS (
            SELECT shipments, list(serial ORDER BY serial) AS carried FROM numbered GROUP BY ALL
        )
        SELECT p.*, coalesce(t.carried, []) AS carried
        FROM {paths} AS p LEFT JOIN together AS t ON t.shipments = p.shipments"""


def units_of(
    connection: duckdb.DuckDBPyConnection, question: TraceQuestion, serial: str | None = None
) -> Iterator[Unit]:
    """Yield the numbered units (see `followed`) that a question is about."""
    columns = {
        "serial": serial,
        "seller": question.start,
        "buyer": question.end,
        "shipment": question.line,
    }
    given = {column: value for column, value in columns.items() if value is not None}
    conditions = " AND ".join(_HAS.format(column=column) for column in given) or "true"
    return read_units(connection, conditions, given)


def read_units(
    connection: duckdb.DuckDBPyConnection, conditions: str, values: Mapping[str, object]
) -> Iterator[Unit]:
    """Yield the units of the rows, `u`, that meet conditions, by product.

    They are read as they are asked for: the connection may do nothing else before the last.
    """
    return units_of_rows(_rows(connection.execute(_UNITS.format(conditions=conditions), values)))


def units_of_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[Unit]:
    """Yield the units of rows of product, serial number and the fields of a `Hop`.

    The rows are in the order of product, serial number and day (see `Hop.of_row`).
    """
    for (product, serial), group in groupby(rows, key=lambda row: (row[0], row[1])):
        hops = [Hop.of_row(row[2:]) for row in group]
        yield Unit(product, serial, tuple(unbroken(hops)))


def unit_paths(units: Iterable[Unit], question: TraceQuestion, top: int) -> Traced:
    """Return the paths of units, given by product; those that share all lines are one path."""
    products = groupby(units, key=lambda unit: unit.product)
    return together((_paths(group, question, top) for _, group in products), place, top)


def place(path: TracedPath) -> tuple[object, ...]:
    """Order paths: broken ones first, then the shortest, then the first."""
    first = path.hops[0]
    return (path.broken_at is None, len(path.hops), first.day, path.parties, first.shipment)


def unbroken(hops: Sequence[Hop]) -> Iterator[tuple[Hop, ...]]:
    """Cut a history, given by day, at its breaks."""
    part: list[Hop] = []
    for hop in in_order(hops):
        if part and hop.seller != part[-1].buyer:
            yield tuple(part)
            part = []
        part.append(hop)
    if part:
        yield tuple(part)


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := result.fetchmany(_FETCHED):
        yield from rows


def _paths(units: Iterable[Unit], question: TraceQuestion, top: int) -> Traced:
    """Return the paths of units of one product."""
    serials: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    paths: dict[tuple[str, ...], TracedPath] = {}
    for unit in units:
        for part in unit.parts:
            hops = _asked(part, question)
            if hops:
                path = TracedPath(unit.product, hops, _ends(hops, question))
                serials[path.lines].append(unit.serial)
                paths.setdefault(path.lines, path)
    shown = tuple(
        _counted(path, serials[path.lines]) for path in sorted(paths.values(), key=place)[:top]
    )
    return Traced(shown, len(paths) - len(shown))


def _asked(hops: tuple[Hop, ...], question: TraceQuestion) -> tuple[Hop, ...]:
    """Return those of successive hand-overs that a question is about, none where it is not."""
    first, last = 0, len(hops)
    if question.start is not None:
        sold = [place for place, hop in enumerate(hops) if hop.seller == question.start]
        first = sold[0] if sold else last
    if question.end is not None:
        bought = [place for place, hop in enumerate(hops) if hop.buyer == question.end]
        last = bought[-1] + 1 if bought else 0
    asked = hops[first:last]
    if question.line is not None and all(hop.shipment != question.line for hop in asked):
        return ()
    return asked


def _ends(hops: Sequence[Hop], question: TraceQuestion) -> Ends:
    if question.end is not None:
        return "asked"
    return "end_user" if hops[-1].buyer_role == END_USER else "kept"


def _counted(path: TracedPath, serials: Sequence[str]) -> TracedPath:
    """Name the units that travelled together, and let each hop say how many."""
    hops = tuple(replace(hop, quantity=len(serials)) for hop in path.hops)
    return replace(path, hops=hops, serials=tuple(serials))

"""Changes of a network that change nothing in what is found, or only its words."""

from __future__ import annotations

import json
import random
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.channels.beside import by_column
from tests.channels.told import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.channels.places import Tables

FOUR_YEARS = 1461  # days, after which the calendar is the same


def mapped(tables: Tables, change: Callable[[Any], Any]) -> Tables:
    return by_column(tables, lambda _, value: change(value))


def shuffled(tables: Tables, draw: random.Random) -> Tables:
    return {name: draw.sample(rows, len(rows)) for name, rows in tables.items()}


def later(value: Any) -> Any:
    within = isinstance(value, date) and date(1900, 1, 1) < value < date(9000, 1, 1)
    return value + timedelta(days=FOUR_YEARS) if within else value


def later_in(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d", lambda day: str(later(date.fromisoformat(day[0]))), text)


def renamed(tables: Tables) -> dict[str, str]:
    """Return other ids for all but lines, in another order; an id is not part of another word."""
    names = ("vendors", "partners", "end_users", "regions", "cities", "industries", "products")
    ids = sorted({row["id"] for name in names for row in tables[name]})
    return {id_: f"N{len(ids) - place:05}" for place, id_ in enumerate(ids)}


def renamed_in(text: str, names: Mapping[str, str]) -> str:
    """Return a finding with other ids; what stands in their order is put in order again."""
    told = json.loads(re.sub(r"\bn\d+-\w+", lambda id_: names.get(id_[0], id_[0]), text))
    told["twins"].sort()
    for row in told["evidence"]:
        if "partners" in row:
            row["partners"] = ", ".join(sorted(row["partners"].split(", ")))
    if not told["figures"][0]:
        told["evidence"].sort(key=as_text)
    if told["path"]:
        told["path"][5].sort()
    return as_text(told)


def whole_lines(tables: Tables) -> set[str]:
    """Return lines that may be reported in two parts: without numbers, no two of one sale."""
    alike: dict[tuple[object, ...], list[str]] = {}
    for row in tables["shipments"]:
        key = row["seller_id"], row["buyer_id"], row["product_id"], row["shipped_on"]
        alike.setdefault(key, []).append(row["id"])
    alone = {ids[0] for ids in alike.values() if len(ids) == 1}
    return alone - {row["shipment_id"] for row in tables["serials"]}


def packed(tables: Tables) -> Tables:
    """Let each line that can be parted be of an even number of units, which can be halved."""
    chosen = whole_lines(tables)
    lines = [
        {**row, "quantity": 2 * row["quantity"], "amount": times(row["amount"], 2)}
        if row["id"] in chosen
        else row
        for row in tables["shipments"]
    ]
    return {**tables, "shipments": lines}


def split(tables: Tables) -> Tables:
    """Report half of those lines in two, each with half of the units and of the amount."""
    draw = random.Random(8)  # noqa: S311 - an order
    chosen, lines = whole_lines(tables), []
    for row in tables["shipments"]:
        if row["id"] in chosen and draw.random() < 0.5:
            amount = times(row["amount"], Decimal("0.5"))
            half = {"quantity": row["quantity"] // 2, "amount": amount}
            other = {"id": f"{row['id']}-2", "document": row["document"] and f"{row['document']}-2"}
            lines += [{**row, **half}, {**row, **half, **other}]
        else:
            lines.append(row)
    return {**tables, "shipments": lines}


def times(amount: Decimal | None, factor: Decimal | int) -> Decimal | None:
    return None if amount is None else amount * factor

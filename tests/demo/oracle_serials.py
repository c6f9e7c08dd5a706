"""Serial numbers judged unit by unit, as a person would go through the files."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.demo.oracle import Oracle, Row

_OPENING_STOCK = 50


def judge_serials(oracle: Oracle) -> None:
    lines = {
        line["id"]: line
        for line in oracle.tables["shipments"]
        if date.fromisoformat(line["shipped_on"]) <= oracle.as_of
    }
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    units: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in oracle.tables["serials"]:
        line = lines.get(row["shipment_id"])
        if line:
            numbers[line["id"]].add(row["serial"])
            units[line["product_id"], row["serial"]].append(line)
    reported: set[tuple[str, str]] = set()
    for ways in units.values():
        ways.sort(key=lambda line: (line["shipped_on"], line["id"]))
        for rule, line in _contradictions(oracle, ways):
            if (rule, line["id"]) not in reported:
                reported.add((rule, line["id"]))
                oracle.report(rule, line)
    _judge_sources(oracle, lines, numbers, units)
    _judge_duplicates(oracle, lines, numbers)


def _judge_duplicates(oracle: Oracle, lines: dict[str, Row], numbers: dict[str, set[str]]) -> None:
    """Report each line that says what one before it says, unless both name units of their own."""
    said: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    names = ("seller_id", "buyer_id", "product_id", "shipped_on", "quantity", "document")
    for id_ in sorted(lines):
        line = lines[id_]
        own = numbers.get(id_, set())
        for earlier in said[tuple(line[name] for name in names)]:
            others = numbers.get(earlier, set())
            if line["document"] and (not own or not others or own & others):
                oracle.report("data/likely-duplicate", line)
                break
        said[tuple(line[name] for name in names)].append(id_)


def _contradictions(oracle: Oracle, ways: list[Row]) -> list[tuple[str, Row]]:
    """Go through one unit's hand-overs; the plants have no return and repeat no hand-over."""
    found = []
    sellers: list[str] = []
    owners: dict[str, str] = {}  # end users, and who handed them the unit
    for line in ways:
        if line["seller_id"] in sellers:
            found.append(("serials/handed-over-twice", line))
        sellers.append(line["seller_id"])
        if line["buyer_id"] in oracle.users:
            if any(seller != line["seller_id"] for seller in owners.values()):
                found.append(("serials/with-two-end-users", line))
            owners[line["buyer_id"]] = line["seller_id"]
    return found


def _judge_sources(
    oracle: Oracle,
    lines: dict[str, Row],
    numbers: dict[str, set[str]],
    units: dict[tuple[str, str], list[Row]],
) -> None:
    """Look for numbers that a partner sold and nobody sold to it, all purchases being named."""
    purchases: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for line in lines.values():
        purchases[line["buyer_id"], line["product_id"]].append(line)
    strange: defaultdict[tuple[str, str], list[tuple[str, Row]]] = defaultdict(list)
    for (product, serial), ways in units.items():
        for line in ways:
            seller, day = line["seller_id"], line["shipped_on"]
            before = [row for row in purchases[seller, product] if row["shipped_on"] <= day]
            in_full = all(len(numbers[row["id"]]) == int(row["quantity"]) for row in before)
            received = any(serial in numbers[row["id"]] for row in before)
            if seller in oracle.partners and before and in_full and not received:
                strange[seller, product].append((serial, line))
    for found in strange.values():
        if len({serial for serial, _ in found}) > _OPENING_STOCK:
            for line in {line["id"]: line for _, line in found}.values():
                oracle.report("serials/never-received", line)

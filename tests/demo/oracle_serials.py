"""Serial numbers judged unit by unit, as a person would go through the files."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.analysis.goods import plain_units
from tests.analysis.goods.plain_units import Move

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.demo.oracle import Line, Oracle

Units = dict[tuple[str, str], list["Line"]]
COLUMNS = (
    "shipped_on", "quantity", "document", "amount", "currency", "ship_to_city_id", "approval",
    "reporter_id",
)  # fmt: skip


def judge_serials(oracle: Oracle) -> None:
    units, numbers = units_of(oracle)
    found: defaultdict[str, set[Line]] = defaultdict(set)
    by_id = {line.id: line for line in oracle.lines}
    for lines in units.values():
        moves = [Move(line.day.toordinal(), line.id, line.seller, line.buyer) for line in lines]
        twice = plain_units.handed_over_twice(moves, {move.seller for move in moves})
        found["serials/handed-over-twice"] |= {by_id[id_] for id_ in twice}
        known = {move.id for move in plain_units.told_once(moves)}
        told = [line for line in lines if line.id in known]
        found["serials/with-two-end-users"] |= _two_end_users(told)
    found["serials/never-received"] = _never_received(oracle, units, numbers)
    found["data/likely-duplicate"] = _duplicates(oracle, numbers)
    for rule, lines_of_rule in found.items():
        for ends, lines in _by_ends(lines_of_rule).items():
            oracle.report((rule, *ends), lines)


def units_of(oracle: Oracle) -> tuple[Units, dict[str, set[str]]]:
    """Return the lines of each unit, by day and id, and the numbers of each line."""
    lines = {line.id: line for line in oracle.lines}
    units: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for row in oracle.tables["serials"]:
        line = lines.get(row["shipment_id"])
        if line:
            numbers[line.id].add(row["serial"])
            units[line.product, row["serial"]].append(line)
    for ways in units.values():
        ways.sort(key=lambda line: (line.day, line.id))
    return units, numbers


def _by_ends(lines: Iterable[Line]) -> dict[tuple[str, str], list[Line]]:
    found: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        found[line.seller, line.buyer].append(line)
    return found


def _two_end_users(moves: list[Line]) -> set[Line]:
    """Return sales to an end user while another has the unit from another seller."""
    sales = [move for move in moves if move.buying == "end_user"]
    return {
        sale
        for number, sale in enumerate(sales)
        for other in sales[:number]
        if other.seller != sale.seller
        and other.buyer != sale.buyer
        and not any(
            away.seller == other.buyer and other.day <= away.day <= sale.day for away in moves
        )
    }


def _never_received(oracle: Oracle, units: Units, numbers: dict[str, set[str]]) -> set[Line]:
    """Look for numbers that a partner sold, and that nobody can have delivered to it."""

    def in_full(line: Line) -> bool:
        return len(numbers.get(line.id, ())) >= line.quantity

    purchases: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    sold_in: defaultdict[str, list[Line]] = defaultdict(list)
    for line in oracle.lines:
        purchases[line.buyer, line.product].append(line)
        if line.selling == "vendor":
            sold_in[line.product].append(line)
    whole = {product for product, lines in sold_in.items() if all(map(in_full, lines))}
    strange: defaultdict[tuple[str, str], list[tuple[str, Line]]] = defaultdict(list)
    for (product, serial), ways in units.items():
        by_vendor = any(line.selling == "vendor" for line in ways)
        for line in ways:
            if line.selling in ("vendor", "end_user"):
                continue
            before = [one for one in purchases[line.seller, product] if one.day <= line.day]
            received = any(one.buyer == line.seller and one.day <= line.day for one in ways)
            elsewhere = bool(before) and all(map(in_full, before))
            if not received and (elsewhere or (product in whole and not by_vendor)):
                strange[line.seller, product].append((serial, line))
    stock = oracle.given["opening_stock"]
    return {
        line
        for found in strange.values()
        if len({serial for serial, _ in found}) > stock
        for _, line in found
    }


def _duplicates(oracle: Oracle, numbers: dict[str, set[str]]) -> set[Line]:
    """Return lines that say what one before them says, unless both name units of their own."""
    found = set()
    alike: defaultdict[tuple[str, ...], list[Line]] = defaultdict(list)
    keyed: defaultdict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in sorted(oracle.lines, key=lambda line: line.id):
        own = numbers.get(line.id, set())
        ends = line.seller, line.buyer, line.product
        key = _key(line)
        for earlier in (alike if key else keyed)[ends]:
            others = numbers.get(earlier.id, set())
            if _one_sale(line, earlier) and (not own or not others or own & others):
                found.add(line)
                break
        alike[ends].append(line)
        if key:
            keyed[ends].append(line)
    return found


def _one_sale(line: Line, other: Line) -> bool:
    """Tell whether both agree in what the key of one asks for, or have one key and agree in it."""
    key = _key(line)
    if key and key == _key(other):
        return True
    return _asks(line, other) or _asks(other, line)


def _key(line: Line) -> tuple[object, ...] | None:
    """Return columns, their values, and the number among those of one file, None without a key."""
    if not line.row.get("same_sale"):
        if not line.row["document"]:
            return None
        names, number = ["shipped_on", "quantity", "document"], ""
    else:
        names, number = _named(line)
    return (*((name, line.row.get(name) or "") for name in names), number)


def _named(line: Line) -> tuple[list[str], str]:
    columns, _, number = (line.row.get("same_sale") or "").partition("; ")
    told = columns.split(", ")
    return [name for name in COLUMNS if name in told], number


def _asks(line: Line, other: Line) -> bool:
    """Tell whether another line, the first of its file, agrees in what a line's sender names."""
    if not line.row.get("same_sale") or _named(line)[1] or _named(other)[1]:
        return False
    return all(
        (line.row.get(name) or "") == (other.row.get(name) or "") for name in _named(line)[0]
    )

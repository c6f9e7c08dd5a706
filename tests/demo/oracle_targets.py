"""Targets once more, buyer by buyer and product by product: part of the oracle."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.demo.oracle import Line, Oracle, Row


def judge_targets(oracle: Oracle) -> None:
    by_seller: defaultdict[str, list[Line]] = defaultdict(list)
    for line in oracle.lines:
        by_seller[line.seller].append(line)
    for target in oracle.tables["targets"]:
        if target["period_end"] >= oracle.as_of.isoformat() or not target["currency"]:
            continue
        own = [line for line in by_seller[target["partner_id"]] if counts(oracle, line, target)]
        if any(line.amount is None for line in own):
            continue
        bought: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in own:
            bought[line.buyer, line.product].append(line)
        most = Decimal(0)
        for (buyer, _), lines in bought.items():
            sold = sum((line.amount or Decimal(0) for line in lines), Decimal(0))
            back = taken_back(lines, by_seller[buyer], target)
            most += max(Decimal(0), sold - back)
        if cents(most) < cents(Decimal(target["amount"])):
            scope = target["region_id"] or target["industry_id"]
            oracle.note("targets/missed", target["partner_id"], target["period_start"], scope)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def counts(oracle: Oracle, line: Line, target: Row) -> bool:
    """Tell whether a line counts towards a target, or may count as far as is known."""
    if line.currency not in ("", target["currency"]):
        return False
    if not target["period_start"] <= line.day.isoformat() <= target["period_end"]:
        return False
    if line.upstream:
        return False
    if target["industry_id"]:
        user = oracle.users.get(line.buyer)
        return user is not None and user["industry_id"] in ("", target["industry_id"])
    place = line.destination
    return not place or target["region_id"] in oracle.city_within(place)


def taken_back(lines: list[Line], of_buyer: list[Line], target: Row) -> Decimal:
    """Sum what the buyer sent back of the product that it had bought, within the period."""
    since, product = min(line.day for line in lines), lines[0].product
    return sum(
        (
            back.amount or Decimal(0)
            for back in of_buyer
            if (back.buyer, back.product) == (target["partner_id"], product)
            and since.isoformat() <= back.day.isoformat() <= target["period_end"]
            and back.currency == target["currency"]
            and (back.upstream or back.other)
        ),
        Decimal(0),
    )

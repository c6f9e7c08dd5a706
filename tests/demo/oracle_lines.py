"""The rules that judge each line by itself, once more: part of the oracle."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.demo.oracle import Line, Oracle, Row

TIER_TWO = ("platinum", "gold", "silver", "recognized")
TERRITORIAL = TIER_TWO[:3]
RULED = {
    ("vendor", "distributor"),
    ("vendor", "vap"),
    ("vap", "end_user"),
    ("distributor", "end_user"),
    *(("distributor", role) for role in TIER_TWO),
    *(("vap", role) for role in TIER_TWO),
    *((role, "end_user") for role in TIER_TWO),
}


def judge_lines(oracle: Oracle) -> None:
    found: defaultdict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in oracle.lines:
        for rule in (*_by_roles(oracle, line), *_by_sale(oracle, line), *_by_trade(oracle, line)):
            found[rule, line.seller, line.buyer].append(line)
        if line.selling == "distributor" and line.buying in TIER_TWO and _elsewhere(oracle, line):
            found[_OTHER, line.buyer, line.seller].append(line)
    for identity, lines in found.items():
        oracle.report(identity, lines)


_OTHER = "certification/buys-from-other-distributor"


def _by_roles(oracle: Oracle, line: Line) -> list[str]:
    selling, buying = line.pair
    returned = line.upstream or (line.other and oracle.supplied_first(line))
    told = {
        "supply/distributor-supplies-end-user": line.pair == ("distributor", "end_user"),
        "supply/vap-supplies-tier-two": selling == "vap" and buying in TIER_TWO,
        "supply/uncertified-seller": selling == "uncertified",
        "supply/uncertified-buyer": buying == "uncertified",
        "supply/distributor-not-supplied-by-vendor": buying == "distributor"
        and selling != "vendor"
        and not returned,
        "supply/unlisted-pair": "uncertified" not in line.pair and line.pair not in RULED,
    }
    return [rule for rule, breaks in told.items() if breaks]


def _by_sale(oracle: Oracle, line: Line) -> list[str]:
    """Judge a line to an end user."""
    if line.buying != "end_user":
        return []
    user = oracle.users[line.buyer]
    certified = any(
        c["role"] == "certified_end_user" and _holds(c, line.day)
        for c in oracle.certificates[line.buyer]
    )
    held = oracle.authorized(line.seller, line.day)
    judged = line.selling in TERRITORIAL
    fits = any(_covers(oracle, row, line.destination, user["industry_id"]) for row in held)
    told = {
        "supply/recognized-supplies-uncertified-end-user": line.selling == "recognized"
        and not certified,
        "supply/outside-market-scope": user["segment"]
        and user["segment"] not in oracle.given["segments"],
        "data/line-without-destination": not line.destination,
        "territory/no-authorization": judged and not held,
        "territory/sale-outside-authorization": judged and held and not fits,
    }
    return [rule for rule, breaks in told.items() if breaks]


def _by_trade(oracle: Oracle, line: Line) -> list[str]:
    told = []
    grace = timedelta(oracle.given["sell_off_days"])
    ends = [
        oracle.partners.get(party, {}).get("terminated_on") for party in (line.seller, line.buyer)
    ]
    late = any(line.day > date.fromisoformat(end) + grace for end in ends if end)
    returned = line.upstream or (line.other and oracle.supplied_first(line))
    if late and not returned:
        told.append("supply/after-termination")
    if line.selling == "distributor" and line.buying in TIER_TWO:
        named = oracle.named_regions(line.seller, line.day)
        known = line.destination and oracle.authorizations[line.seller]
        if known and not named & oracle.city_within(line.destination):
            told.append("territory/distributor-outside-country")
    return told


def _elsewhere(oracle: Oracle, line: Line) -> bool:
    """Tell whether neither the seller nor a vendor had certified the buyer for tier 2."""
    issuers = {
        c["issuer_id"]
        for c in oracle.certificates[line.buyer]
        if c["role"] in TIER_TWO and _holds(c, line.day)
    }
    return not issuers & {line.seller, *oracle.vendors}


def _covers(oracle: Oracle, authorization: Row, destination: str, industry: str) -> bool:
    region, limit = authorization["region_id"], authorization["industry_id"]
    there = not region or not destination or region in oracle.city_within(destination)
    return bool(there and (not limit or not industry or limit == industry))


def _holds(row: Row, day: date) -> bool:
    return row["valid_from"] <= day.isoformat() <= (row["valid_to"] or "9999-12-31")

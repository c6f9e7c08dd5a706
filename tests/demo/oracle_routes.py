"""The rules about routes and markets once more: every route written out, every demand added up."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.demo.oracle import Oracle

TIER_TWO = ("platinum", "gold", "silver", "recognized")
LAST = ("vap", *TIER_TWO)


def judge_routes(oracle: Oracle) -> None:
    for region in sorted(oracle.leaves):
        there = [
            partner
            for partner in oracle.partners
            if oracle.named_regions(partner, oracle.as_of) & oracle.ancestors(region)
        ]
        routes = list(_routes(oracle, [p for p in there if oracle.active(p)]))
        ever = [p for p in there if any(c["role"] in LAST for c in oracle.certificates[p])]
        if ever and not routes:
            oracle.note("coverage/no-compliant-route", region)
        for partner in set.intersection(*routes) if routes else ():
            oracle.note("coverage/single-source-region", region, partner)


def _routes(oracle: Oracle, there: list[str]) -> list[set[str]]:
    """Write out the partners of each route from the vendor to end users."""
    routes = []
    for last in there:
        role = oracle.role(last, oracle.as_of)
        if role == "vap" and oracle.issuers(last, ("vap",)) & oracle.vendors:
            routes.append({last})
        if role in TIER_TWO:
            issuers = oracle.issuers(last, TIER_TWO)
            for first in there:
                licensed = oracle.issuers(first, ("distributor",)) & oracle.vendors
                if (
                    oracle.role(first, oracle.as_of) == "distributor"
                    and licensed
                    and (first in issuers or issuers & oracle.vendors)
                ):
                    routes.append({first, last})
    return routes


def judge_markets(oracle: Oracle) -> None:
    rows = {row["id"]: row for row in oracle.tables["regions"]}

    def country_of(region: str) -> str:
        """Return a region's country, or that of a region around it."""
        told = rows[region]["country"]
        above = rows[region]["parent_id"]
        return told or (country_of(above) if above else "")

    for partner in oracle.partners:
        if not (oracle.active(partner) and "distributor" in oracle.roles(partner, oracle.as_of)):
            continue
        mine = oracle.named_regions(partner, oracle.as_of)
        market = {leaf for leaf in oracle.leaves if mine & oracle.ancestors(leaf)}
        resellers = [
            other
            for other in oracle.partners
            if oracle.active(other) and partner in oracle.issuers(other, TIER_TWO)
        ]
        reached = {oracle.city_region[city] for city in oracle.open_branches(partner)}
        for reseller in resellers:
            named = oracle.named_regions(reseller, oracle.as_of)
            reached |= {leaf for leaf in market if named & oracle.ancestors(leaf)}
        for country in {country_of(leaf) for leaf in market} - {""}:
            inside = {leaf for leaf in market if country_of(leaf) == country}
            if any(not rows[leaf]["demand"] for leaf in reached & inside):
                continue  # nobody knows how much it reaches
            demand = {leaf: Fraction(rows[leaf]["demand"] or 0) for leaf in inside}
            share = Fraction(oracle.given["market_share_threshold"])
            if sum(demand[leaf] for leaf in reached & inside) < share * sum(demand.values()):
                oracle.note("coverage/distributor-thin-country", partner, country)

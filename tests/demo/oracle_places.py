"""The rules about branches and uncovered regions once more: part of the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.demo.oracle import Oracle

TIER_TWO = ("platinum", "gold", "silver", "recognized")


def judge_places(oracle: Oracle) -> None:
    served: set[str] = set()
    open_cities: set[str] = set()
    for partner in oracle.partners:
        if not oracle.active(partner):
            continue
        roles = oracle.roles(partner, oracle.as_of)
        named = oracle.named_regions(partner, oracle.as_of)
        if set(roles) & set(TIER_TWO):
            served |= named
        if "distributor" in roles:
            open_cities |= {c for c in oracle.open_branches(partner) if oracle.around(named, c)}
    for region in oracle.leaves:
        if not served & oracle.ancestors(region):
            oracle.note("coverage/region-without-tier-two", region)
    for row in oracle.tables["cities"]:
        if row["key_city"].lower() == "true" and row["id"] not in open_cities:
            oracle.note("coverage/key-city-without-branch", row["id"])

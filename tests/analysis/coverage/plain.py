"""Coverage once more, slowly, over the rows of the tables: every route is written out."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.policy import Policy
    from tests.analysis.coverage.market import Tables

Row = dict[str, Any]


class Plain:
    def __init__(self, tables: Tables, policy: Policy, as_of: date, since: date) -> None:
        self.tables, self.as_of, self.since = tables, as_of, since
        self.partners = {row["id"]: row for row in tables["partners"]}
        self.regions = {row["id"]: row for row in tables["regions"]}
        self.cities = {row["id"]: row for row in tables["cities"]}
        self.roles = [role.id for role in policy.roles]
        self.tier = {role.id: role.supply_tier for role in policy.roles}
        self.allowed = {(s.seller, s.buyer) for s in policy.supply if s.ruling == "allowed"}
        self.last = [role for role in self.roles if (role, "end_user") in self.allowed]
        self.hubs = [
            role
            for role in self.roles
            if ("vendor", role) in self.allowed
            and any((role, other) in self.allowed for other in self.roles)
        ]
        parents = {row["parent_id"] for row in tables["regions"]}
        self.leaves = [id_ for id_ in self.regions if id_ not in parents]

    def holds(self, row: Row, first: str, last: str) -> bool:
        return (row[first] or date.min) <= self.as_of <= (row[last] or date.max)

    def active(self, partner: str) -> bool:
        return self.holds(self.partners[partner], "joined_on", "terminated_on")

    def around(self, region: str) -> list[str]:
        parent = self.regions[region]["parent_id"]
        return [region, *(self.around(parent) if parent else [])]

    def country(self, region: str) -> str | None:
        found = [self.regions[r]["country"] for r in self.around(region)]
        return found[0] or min((code for code in found if code), default=None)

    def held(self, partner: str, day: date | None = None) -> list[Row]:
        on = day or self.as_of
        return [
            row
            for row in self.tables["certifications"]
            if row["holder_id"] == partner
            and row["valid_from"] <= on <= (row["valid_to"] or date.max)
        ]

    def role(self, partner: str, day: date | None = None) -> str | None:
        held = {row["role"] for row in self.held(partner, day)}
        return next((role for role in self.roles if role in held), None)

    def authorized(self, partner: str, leaf: str) -> bool:
        return any(
            row["partner_id"] == partner
            and row["region_id"] in self.around(leaf)
            and self.holds(row, "valid_from", "valid_to")
            for row in self.tables["authorizations"]
        )

    def members(self, leaf: str) -> list[str]:
        return [
            p for p in self.partners if self.active(p) and self.role(p) and self.authorized(p, leaf)
        ]

    def hop(self, seller: str, buyer: str) -> bool:
        """Tell whether the vendor or a partner may supply one, by ruling and by certificate."""
        role = self.role(buyer)
        tier = [row for row in self.held(buyer) if self.tier[row["role"]] == self.tier[role or ""]]
        if seller == "V":
            own = any(row["role"] == role and row["issuer_id"] == "V" for row in tier)
            return own and ("vendor", role) in self.allowed
        issuers = {row["issuer_id"] for row in tier}
        return (self.role(seller), role) in self.allowed and bool(issuers & {seller, "V"})

    def ways(self, there: list[str], start: tuple[str, ...] = ("V",)) -> Iterator[tuple[str, ...]]:
        """Yield every way from the vendor over distinct partners of a place, itself included."""
        for buyer in there:
            if buyer not in start and self.hop(start[-1], buyer):
                yield (*start[1:], buyer)
                yield from self.ways(there, (*start, buyer))

    def routes(self, leaf: str, without: str = "") -> list[tuple[str, ...]]:
        there = [p for p in self.members(leaf) if p != without]
        return [way for way in self.ways(there) if self.role(way[-1]) in self.last]

    def on_paper(self, leaf: str) -> set[str]:
        ever = {r["holder_id"] for r in self.tables["certifications"] if r["role"] in self.last}
        return {partner for partner in ever if self.authorized(partner, leaf)}

    def suppliable(self, without: str = "") -> set[str]:
        """Return the partners that somebody may supply anywhere, once `without` is gone."""
        standing = [p for p in self.partners if self.active(p) and self.role(p) and p != without]
        homes = {p: self.cities.get(self.partners[p]["city_id"], {}) for p in standing}
        where = {
            p: {r for r in self.regions if r in self.leaves and self.authorized(p, r)}
            | ({homes[p]["region_id"]} if homes[p] else set())
            for p in standing
        }
        found = {p for p in standing if self.hop("V", p)}
        while True:
            more = {
                buyer
                for buyer in set(standing) - found
                for seller in found
                if self.hop(seller, buyer) and (where[seller] & where[buyer] or not where[buyer])
            }
            if not more:
                return found
            found |= more

    def demand(self) -> dict[str, tuple[Fraction | None, bool]]:
        """Return each leaf's demand and whether it is its own."""
        found: dict[str, tuple[Fraction | None, bool]] = {}
        for leaf in self.leaves:
            found[leaf] = (None, False)
            for region in self.around(leaf):
                inner = [r for r in self.regions if region in self.around(r) and r != region]
                own = self.regions[region]["demand"]
                if own is not None and all(self.regions[r]["demand"] is None for r in inner):
                    share = sum(region in self.around(other) for other in self.leaves)
                    found[leaf] = (Fraction(own) / share, region == leaf)
                    break
        return found

    def sold(self) -> Iterator[tuple[Row, str | None]]:
        """Yield the lines to end users in the period with the region of delivery."""
        homes = {row["id"]: row["city_id"] for row in self.tables["end_users"]}
        for row in self.tables["shipments"]:
            if row["buyer_id"] in homes and self.since <= row["shipped_on"] <= self.as_of:
                city = row["ship_to_city_id"] or homes[row["buyer_id"]]
                yield row, self.cities[city]["region_id"] if city else None

    def units(self) -> dict[str | None, int]:
        found: defaultdict[str | None, int] = defaultdict(int)
        for row, region in self.sold():
            found[region] += row["quantity"]
        return found

    def groups(self) -> dict[tuple[str, str], list[tuple[str, Row]]]:
        """Return the lines of each group of sales, with the party whose share they are."""
        found: defaultdict[tuple[str, str], list[tuple[str, Row]]] = defaultdict(list)
        families = {row["id"]: row["family"] for row in self.tables["products"]}
        for row, region in self.sold():
            country = self.country(region) if region else None
            family = families[row["product_id"]]
            for kind, name in (("country", country), ("family", family)):
                if name:
                    found[kind, name].append((row["seller_id"], row))
        for row in self.tables["shipments"]:
            between = {row["buyer_id"], row["seller_id"]} <= self.partners.keys()
            now = self.since <= row["shipped_on"] <= self.as_of
            if now and between and self.role(row["seller_id"], row["shipped_on"]) in self.hubs:
                found["distributor", row["seller_id"]].append((row["buyer_id"], row))
        return found

    def hub_holders(self) -> set[str]:
        return {
            p
            for p in self.partners
            if self.active(p) and {row["role"] for row in self.held(p)} & {*self.hubs}
        }

    def open_in(self, partner: str) -> set[str]:
        return {
            row["city_id"]
            for row in self.tables["branches"]
            if row["partner_id"] == partner and self.holds(row, "opened_on", "closed_on")
        }

    def bound(self, city: str) -> set[str]:
        """Return the distributors that are authorized in every leaf within the city's region."""
        region = self.cities[city]["region_id"]
        inner = [leaf for leaf in self.leaves if region in self.around(leaf)]
        return {p for p in self.hub_holders() if all(self.authorized(p, leaf) for leaf in inner)}


def counted(rows: list[tuple[str, Row]]) -> tuple[str, dict[str, Fraction]]:
    """Return what the sales of a group are counted in, and each party's part."""
    lines: defaultdict[str, int] = defaultdict(int)
    parts: defaultdict[str, defaultdict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for party, row in rows:
        parts["units"][party] += row["quantity"]
        if row["currency"]:
            lines[row["currency"]] += 1
            parts[row["currency"]][party] += Fraction(str(row["amount"] or 0))
    sold = [code for code in lines if sum(parts[code].values())]
    best = min(sold, key=lambda code: (-lines[code], code), default="units")
    return best, {party: part for party, part in parts[best].items() if part}

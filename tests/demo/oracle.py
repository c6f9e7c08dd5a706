"""The rules of the policy once more, slowly and obviously, over the files of a native dataset.

Written from the rules' definitions alone; it shares nothing with the package, so that it can judge
both the generator's truth and a scan.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.demo.oracle_paths import PathOracle
from tests.demo.oracle_routes import judge_markets, judge_routes
from tests.demo.oracle_serials import judge_serials

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]
Identity = tuple[str, ...]

ROLES = ("distributor", "vap", "platinum", "gold", "silver", "recognized")
TIER_ONE, TIER_TWO = ROLES[:2], ROLES[2:]
TERRITORIAL = ("platinum", "gold", "silver")
ALLOWED = {
    ("vendor", "distributor"),
    ("vendor", "vap"),
    *(("distributor", role) for role in TIER_TWO),
    ("vap", "end_user"),
    *((role, "end_user") for role in TIER_TWO),
}
RULED = ALLOWED | {("distributor", "end_user")} | {("vap", role) for role in TIER_TWO}
MUST_OFFER = {
    "distributor": "logistics financing technical_support service_support marketing branding",
    "vap": "customer_platform technical_support solution_support branding system_integration "
    "industry_consultancy",
    "platinum": "customer_platform presales_support postsales_support branding",
    "gold": "customer_platform presales_support postsales_support branding",
    "silver": "customer_platform presales_support postsales_support branding",
    "recognized": "presales_support branding",
}
IN_SCOPE = ("industry", "enterprise", "commercial")
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


@dataclass
class Finding:
    lines: int = 0
    quantity: int = 0
    amount: dict[str, Decimal] = field(default_factory=dict)
    first: str | None = None
    last: str | None = None


def holds(row: Row, day: date, start: str = "valid_from", end: str = "valid_to") -> bool:
    first, last = span(row, start, end)
    return first <= day <= last


def span(row: Row, start: str = "valid_from", end: str = "valid_to") -> tuple[date, date]:
    return (
        date.fromisoformat(row[start]) if row[start] else FIRST_DAY,
        date.fromisoformat(row[end]) if row[end] else LAST_DAY,
    )


def overlap(one: Row, other: Row) -> bool:
    (first, last), (first_other, last_other) = span(one), span(other)
    return first <= last_other and first_other <= last


def grouped(rows: list[Row], column: str) -> defaultdict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


class Oracle:
    def __init__(self, directory: Path, as_of: date) -> None:
        self.as_of = as_of
        self.findings: dict[Identity, Finding] = {}
        self.tables: dict[str, list[Row]] = {}
        for file in sorted(directory.glob("*.csv")):
            with file.open(newline="", encoding="utf-8") as text:
                self.tables[file.stem] = list(csv.DictReader(text))
        self.vendors = {row["id"] for row in self.tables["vendors"]}
        self.partners = {row["id"]: row for row in self.tables["partners"]}
        self.users = {row["id"]: row for row in self.tables["end_users"]}
        self.certificates = grouped(self.tables["certifications"], "holder_id")
        self.authorizations = grouped(self.tables["authorizations"], "partner_id")
        self.parents = {row["id"]: row["parent_id"] for row in self.tables["regions"]}
        self.city_region = {row["id"]: row["region_id"] for row in self.tables["cities"]}
        self.supplied: defaultdict[tuple[str, str], defaultdict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in self.tables["shipments"]:
            days = self.supplied[row["seller_id"], row["buyer_id"]][row["product_id"]]
            days.append(row["shipped_on"])
        self.key_cities = [
            row["id"] for row in self.tables["cities"] if row["key_city"].lower() == "true"
        ]

    def judge(self) -> dict[Identity, Finding]:
        for line in self.tables["shipments"]:
            if date.fromisoformat(line["shipped_on"]) <= self.as_of:
                self.judge_line(line)
        self.judge_certificates()
        for partner in self.partners:
            self.judge_partner(partner)
        self.judge_surveys()
        self.judge_targets()
        self.judge_coverage()
        judge_routes(self)
        judge_markets(self)
        judge_serials(self)
        self.judge_paths()
        return self.findings

    def ancestors(self, region: str) -> set[str]:
        found = set()
        while region:
            found.add(region)
            region = self.parents[region]
        return found

    def city_within(self, city: str) -> set[str]:
        return self.ancestors(self.city_region[city])

    def around(self, named: set[str], city: str) -> bool:
        """Tell whether authorizations name all smallest regions within the city's."""
        leaves = set(self.parents) - set(self.parents.values())
        within = [self.ancestors(leaf) for leaf in leaves]
        return all(named & above for above in within if self.city_region[city] in above)

    def roles(self, partner: str, day: date) -> list[str]:
        held = {c["role"] for c in self.certificates[partner] if holds(c, day)}
        return [role for role in ROLES if role in held]

    def role(self, party: str, day: date) -> str:
        if party in self.vendors:
            return "vendor"
        if party in self.users:
            return "end_user"
        return (self.roles(party, day) or ["uncertified"])[0]

    def upstream(self, seller: str, buyer: str) -> bool:
        def place(role: str) -> int | None:
            if role in ("vendor", "end_user"):
                return 0 if role == "vendor" else 3
            return 1 if role in TIER_ONE else 2 if role in TIER_TWO else None

        later, earlier = place(seller), place(buyer)
        return later is not None and earlier is not None and earlier < later

    def goes_back(self, line: Row, selling: str, buying: str) -> bool:
        """Tell whether it goes up the channel, or from one without a tier to who supplied first."""
        if "uncertified" not in (selling, buying) or buying == "end_user":
            return self.upstream(selling, buying)
        seller, buyer, product = line["seller_id"], line["buyer_id"], line["product_id"]
        given, own = (self.supplied[ends] for ends in ((buyer, seller), (seller, buyer)))
        return bool(given[product]) and min(given[product]) <= min(own[product])

    def terminated(self, party: str, day: date) -> bool:
        last = self.partners.get(party, {}).get("terminated_on")
        return bool(last) and day > date.fromisoformat(str(last))

    def active(self, partner: str) -> bool:
        row = self.partners[partner]
        return holds(row, self.as_of, "joined_on", "terminated_on")

    def issuers(self, partner: str, roles: tuple[str, ...]) -> set[str]:
        return {
            c["issuer_id"]
            for c in self.certificates[partner]
            if c["role"] in roles and holds(c, self.as_of)
        }

    def authorized(self, partner: str, day: date) -> list[Row]:
        return [row for row in self.authorizations[partner] if holds(row, day)]

    def named_regions(self, partner: str, day: date) -> set[str]:
        return {row["region_id"] for row in self.authorized(partner, day) if row["region_id"]}

    # lines

    def report(self, rule: str, line: Row, *, backwards: bool = False) -> None:
        ends = (line["seller_id"], line["buyer_id"])
        finding = self.findings.setdefault((rule, *(ends[::-1] if backwards else ends)), Finding())
        finding.lines += 1
        finding.quantity += int(line["quantity"])
        if line["amount"]:
            currency = line["currency"] or "—"
            finding.amount[currency] = finding.amount.get(currency, Decimal(0)) + Decimal(
                line["amount"]
            )
        finding.first = min(finding.first or line["shipped_on"], line["shipped_on"])
        finding.last = max(finding.last or line["shipped_on"], line["shipped_on"])

    def judge_line(self, line: Row) -> None:
        day = date.fromisoformat(line["shipped_on"])
        seller, buyer = line["seller_id"], line["buyer_id"]
        selling, buying = self.role(seller, day), self.role(buyer, day)
        home = (self.partners.get(buyer) or self.users.get(buyer) or {}).get("city_id", "")
        destination = line["ship_to_city_id"] or home
        self.judge_pair(line, selling, buying)
        back = self.goes_back(line, selling, buying)
        if (self.terminated(seller, day) or self.terminated(buyer, day)) and not back:
            self.report("supply/after-termination", line)
        if buying == "end_user":
            self.judge_sale(line, day, selling, destination)
        if selling == "distributor" and buying in TIER_TWO:
            named = self.named_regions(seller, day)
            known = bool(destination) and bool(self.authorizations[seller])
            if known and not named & self.city_within(destination):
                self.report("territory/distributor-outside-country", line)
            issuers = {
                c["issuer_id"]
                for c in self.certificates[buyer]
                if c["role"] in TIER_TWO and holds(c, day)
            }
            if not issuers & {seller, *self.vendors}:
                self.report("certification/buys-from-other-distributor", line, backwards=True)

    def judge_pair(self, line: Row, selling: str, buying: str) -> None:
        if (selling, buying) == ("distributor", "end_user"):
            self.report("supply/distributor-supplies-end-user", line)
        if selling == "vap" and buying in TIER_TWO:
            self.report("supply/vap-supplies-tier-two", line)
        if selling == "uncertified":
            self.report("supply/uncertified-seller", line)
        if buying == "uncertified":
            self.report("supply/uncertified-buyer", line)
        returned = self.goes_back(line, selling, buying)
        if buying == "distributor" and selling != "vendor" and not returned:
            self.report("supply/distributor-not-supplied-by-vendor", line)
        if "uncertified" not in (selling, buying) and (selling, buying) not in RULED:
            self.report("supply/unlisted-pair", line)

    def judge_sale(self, line: Row, day: date, selling: str, destination: str) -> None:
        user = self.users[line["buyer_id"]]
        if selling == "recognized" and not any(
            c["role"] == "certified_end_user" and holds(c, day)
            for c in self.certificates[user["id"]]
        ):
            self.report("supply/recognized-supplies-uncertified-end-user", line)
        if user["segment"] and user["segment"] not in IN_SCOPE:
            self.report("supply/outside-market-scope", line)
        if not destination:
            self.report("data/line-without-destination", line)
        if selling in TERRITORIAL:
            held = self.authorized(line["seller_id"], day)
            if not held:
                self.report("territory/no-authorization", line)
            elif not any(self.covers(row, destination, user["industry_id"]) for row in held):
                self.report("territory/sale-outside-authorization", line)

    def covers(self, authorization: Row, destination: str, industry: str) -> bool:
        region, limit = authorization["region_id"], authorization["industry_id"]
        there = not region or not destination or region in self.city_within(destination)
        return there and (not limit or not industry or limit == industry)

    # certificates

    def note(self, rule: str, *identity: str) -> None:
        self.findings[rule, *identity] = Finding()

    def judge_certificates(self) -> None:
        rows = self.tables["certifications"]
        distributors = [c for c in rows if c["role"] == "distributor"]
        vaps = [c for c in rows if c["role"] == "vap"]
        for one in distributors:
            for other in vaps:
                if not overlap(one, other):
                    continue
                holder, second = one["holder_id"], other["holder_id"]
                group = self.partners[holder]["group_id"]
                if holder == second:
                    self.note("certification/distributor-and-vap", holder)
                elif group and group == self.partners[second]["group_id"]:
                    self.note("certification/distributor-and-vap-in-group", holder, second)
        for row in rows:
            holder, issuer = row["holder_id"], row["issuer_id"]
            if issuer in self.vendors:
                continue
            if row["role"] in TIER_ONE:
                self.note("certification/tier-one-not-certified-by-vendor", holder)
            start = date.fromisoformat(row["valid_from"])
            if row["role"] in TIER_TWO and "distributor" not in self.roles(issuer, start):
                self.note("certification/tier-two-not-certified-by-distributor", holder)

    # paths

    def judge_paths(self) -> None:
        for identity, goods in PathOracle(self).judge(ALLOWED).items():
            days = sorted(line.day for line in goods.lines)
            self.findings[identity] = Finding(
                lines=len(goods.lines),
                quantity=sum(line.quantity for line in goods.arrived),
                amount=goods.amount,
                first=days[0].isoformat(),
                last=days[-1].isoformat(),
            )

    # as of the day

    def judge_partner(self, partner: str) -> None:
        if not self.active(partner):
            return
        roles = self.roles(partner, self.as_of)
        offered = {
            row["capability"]
            for row in self.tables["capabilities"]
            if row["partner_id"] == partner and holds(row, self.as_of)
        }
        for role in roles:
            for capability in set(MUST_OFFER[role].split()) - offered:
                self.note("obligations/missing-capability", partner, capability)
        if "distributor" in roles:
            self.judge_distributor(partner)
        industries = [row for row in self.authorized(partner, self.as_of) if row["industry_id"]]
        if "vap" in roles and not industries:
            self.note("obligations/vap-without-industry", partner)
        if set(roles) & {"vap", *TERRITORIAL} and not any(
            row["partner_id"] == partner and holds(row, self.as_of, "period_start", "period_end")
            for row in self.tables["targets"]
        ):
            self.note("obligations/no-sales-target", partner)

    def judge_distributor(self, partner: str) -> None:
        running = [
            row
            for row in self.tables["programs"]
            if row["partner_id"] == partner and holds(row, self.as_of)
        ]
        if not any(r["kind"] == "incentive" and r["audience"] in ("", *TIER_TWO) for r in running):
            self.note("obligations/no-incentive-plan", partner)
        if not any(r["kind"] == "marketing" for r in running):
            self.note("obligations/no-marketing-plan", partner)
        if not any(
            c["issuer_id"] == partner and c["role"] in TIER_TWO and holds(c, self.as_of)
            for c in self.tables["certifications"]
        ):
            self.note("obligations/distributor-without-tier-two", partner)
        open_in = self.open_branches(partner)
        named = self.named_regions(partner, self.as_of)
        for city in self.key_cities:
            if self.around(named, city) and city not in open_in:
                self.note("coverage/distributor-missing-key-city", partner, city)

    def open_branches(self, partner: str) -> set[str]:
        return {
            row["city_id"]
            for row in self.tables["branches"]
            if row["partner_id"] == partner and holds(row, self.as_of, "opened_on", "closed_on")
        }

    def judge_surveys(self) -> None:
        since = self.as_of.replace(year=self.as_of.year - 1)
        for partner, rows in grouped(self.tables["surveys"], "subject_id").items():
            recent = [r for r in rows if since < date.fromisoformat(r["answered_on"]) <= self.as_of]
            scores = [Decimal(row["score"]) for row in recent]
            active = self.active(partner)
            if (
                active
                and "distributor" in self.roles(partner, self.as_of)
                and len({row["respondent_id"] for row in recent}) >= 5
                and sum(scores) < 6 * len(scores)
            ):
                self.note("obligations/low-satisfaction", partner)

    def judge_targets(self) -> None:
        by_seller = grouped(self.tables["shipments"], "seller_id")
        for target in self.tables["targets"]:
            if date.fromisoformat(target["period_end"]) >= self.as_of or not target["currency"]:
                continue
            own = [
                line
                for line in by_seller[target["partner_id"]]
                if self.counts(line, target) is not False
            ]
            most = sum((Decimal(line["amount"] or 0) for line in own), Decimal(0))
            most -= self.taken_back(own, by_seller, target)
            unknown = any(not line["amount"] for line in own)
            if not unknown and round(most * 100) < round(Decimal(target["amount"]) * 100):
                scope = target["region_id"] or target["industry_id"]
                start = target["period_start"]
                self.note("targets/missed", target["partner_id"], start, scope)

    def taken_back(self, own: list[Row], by_seller: dict[str, list[Row]], target: Row) -> Decimal:
        """Sum what the buyers sent back of what they had bought; no plant sends back more."""
        first: dict[tuple[str, str], str] = {}
        for line in own:
            key = (line["buyer_id"], line["product_id"])
            first[key] = min(first.get(key, line["shipped_on"]), line["shipped_on"])
        total = Decimal(0)
        for (buyer, product), since in first.items():
            for line in by_seller.get(buyer, []):
                day = date.fromisoformat(line["shipped_on"])
                roles = self.role(buyer, day), self.role(line["buyer_id"], day)
                if (
                    (line["buyer_id"], line["product_id"]) == (target["partner_id"], product)
                    and since <= line["shipped_on"] <= target["period_end"]
                    and line["currency"] == target["currency"]
                    and ("uncertified" in roles or self.upstream(*roles))
                ):
                    total += Decimal(line["amount"] or 0)
        return total

    def counts(self, line: Row, target: Row) -> bool | None:
        """Tell whether a line counts towards a target, None where that is unknown."""
        day = date.fromisoformat(line["shipped_on"])
        if line["currency"] not in ("", target["currency"]):
            return False
        if not holds(target, day, "period_start", "period_end"):
            return False
        known = bool(line["currency"])
        buyer = self.partners.get(line["buyer_id"]) or self.users.get(line["buyer_id"]) or {}
        if target["industry_id"]:
            if line["buyer_id"] not in self.users:
                return False
            known &= bool(buyer["industry_id"])
            counts = buyer["industry_id"] in ("", target["industry_id"])
        else:
            ends = self.role(line["seller_id"], day), self.role(line["buyer_id"], day)
            destination = line["ship_to_city_id"] or buyer.get("city_id", "")
            known &= bool(destination)
            counts = not destination or target["region_id"] in self.city_within(destination)
            counts &= not self.upstream(*ends)
        return None if counts and not known else counts

    def judge_coverage(self) -> None:
        served: set[str] = set()
        open_cities: set[str] = set()
        for partner in self.partners:
            if not self.active(partner):
                continue
            roles = self.roles(partner, self.as_of)
            named = self.named_regions(partner, self.as_of)
            if set(roles) & set(TIER_TWO):
                served |= named
            if "distributor" in roles:
                branches = self.open_branches(partner)
                open_cities |= {c for c in branches if self.around(named, c)}
        for region in set(self.parents) - set(self.parents.values()):
            if not served & self.ancestors(region):
                self.note("coverage/region-without-tier-two", region)
        for city in set(self.key_cities) - open_cities:
            self.note("coverage/key-city-without-branch", city)

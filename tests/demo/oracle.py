"""The rules of the policy once more, slowly and obviously, over the files of a native dataset.

Written from the rules' definitions alone; it shares nothing with the package, so that it can judge
the generator's truth and a scan, of networks with whatever may be missing in them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.demo.oracle_lines import judge_lines
from tests.demo.oracle_papers import judge_papers
from tests.demo.oracle_paths import judge_paths
from tests.demo.oracle_places import judge_places
from tests.demo.oracle_routes import judge_markets, judge_routes
from tests.demo.oracle_serials import judge_serials
from tests.demo.oracle_targets import judge_targets
from tests.demo.oracle_units import judge_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Row = dict[str, str]
Identity = tuple[str, ...]

ROLES = ("distributor", "vap", "platinum", "gold", "silver", "recognized")
TIER_ONE, TIER_TWO = ROLES[:2], ROLES[2:]
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
SHIPPED = {  # the policy's parameters; what it leaves unset is not judged
    "segments": ("industry", "enterprise", "commercial"),
    "sell_off_days": 0,
    "satisfaction_months": 12,
    "satisfaction_respondents": 5,
    "satisfaction_threshold": 6.0,
    "minimum_employees": None,
    "minimum_capital": None,
    "market_share_threshold": 0.5,
    "window_days": 180,
    "opening_stock": 50,
}


@dataclass(frozen=True)
class Line:
    """A line, with the roles of its day and the place that it went to."""

    id: str
    day: date
    seller: str
    buyer: str
    product: str
    quantity: int
    amount: Decimal | None
    currency: str
    destination: str
    selling: str
    buying: str
    row: Row = field(compare=False, hash=False, repr=False)

    def __lt__(self, other: Line) -> bool:
        return (self.day, self.id) < (other.day, other.id)

    @property
    def pair(self) -> tuple[str, str]:
        return self.selling, self.buying

    @property
    def upstream(self) -> bool:
        """Tell whether it goes to an earlier tier."""
        later, earlier = tier(self.selling), tier(self.buying)
        return later is not None and earlier is not None and earlier < later

    @property
    def other(self) -> bool:
        """Tell whether one of its ends has no supply tier, and it does not leave the channel."""
        return "uncertified" in self.pair and self.buying != "end_user"


def tier(role: str) -> int | None:
    if role in ("vendor", "end_user"):
        return 0 if role == "vendor" else 3
    return 1 if role in TIER_ONE else 2 if role in TIER_TWO else None


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


def grouped(rows: list[Row], column: str) -> defaultdict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


class Oracle:
    def __init__(
        self, directory: Path, as_of: date, parameters: Mapping[str, Any] | None = None
    ) -> None:
        self.as_of = as_of
        self.given: dict[str, Any] = {**SHIPPED, **(parameters or {})}
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
        self.leaves = set(self.parents) - set(self.parents.values())
        self.city_region = {row["id"]: row["region_id"] for row in self.tables["cities"]}
        self._roles: dict[tuple[str, date], str] = {}
        self.lines = [
            self._line(row)
            for row in self.tables["shipments"]
            if date.fromisoformat(row["shipped_on"]) <= as_of
        ]
        self.first_days: dict[tuple[str, str, str], date] = {}
        for line in self.lines:
            key = line.seller, line.buyer, line.product
            self.first_days[key] = min(line.day, self.first_days.get(key, line.day))

    def judge(self) -> dict[Identity, Finding]:
        judge_lines(self)
        judge_papers(self)
        judge_targets(self)
        judge_places(self)
        judge_routes(self)
        judge_markets(self)
        judge_serials(self)
        judge_units(self)
        judge_paths(self)
        return self.findings

    # what is found

    def note(self, rule: str, *identity: str) -> None:
        self.findings[rule, *identity] = Finding()

    def report(self, identity: Identity, lines: Iterable[Line], last: Iterable[Line] = ()) -> None:
        """Add lines to a finding; units and amounts are those of `last`, where there are some."""
        finding = self.findings.setdefault(identity, Finding())
        every = set(lines)
        finding.lines += len(every)
        for line in set(last) or every:
            finding.quantity += line.quantity
            if line.amount is not None:
                currency = line.currency or "—"
                had = finding.amount.get(currency, Decimal(0))
                finding.amount[currency] = had + line.amount
        days = [line.day.isoformat() for line in every]
        finding.first = min(days + ([finding.first] if finding.first else []))
        finding.last = max(days + ([finding.last] if finding.last else []))

    # places

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
        within = [self.ancestors(leaf) for leaf in self.leaves]
        return all(named & above for above in within if self.city_region[city] in above)

    # roles and what is held

    def roles(self, partner: str, day: date) -> list[str]:
        held = {c["role"] for c in self.certificates[partner] if holds(c, day)}
        return [role for role in ROLES if role in held]

    def role(self, party: str, day: date) -> str:
        if party in self.vendors:
            return "vendor"
        if party in self.users:
            return "end_user"
        if (party, day) not in self._roles:
            self._roles[party, day] = (self.roles(party, day) or ["uncertified"])[0]
        return self._roles[party, day]

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

    def open_branches(self, partner: str) -> set[str]:
        return {
            row["city_id"]
            for row in self.tables["branches"]
            if row["partner_id"] == partner and holds(row, self.as_of, "opened_on", "closed_on")
        }

    # lines

    def _line(self, row: Row) -> Line:
        day = date.fromisoformat(row["shipped_on"])
        seller, buyer = row["seller_id"], row["buyer_id"]
        home = (self.partners.get(buyer) or self.users.get(buyer) or {}).get("city_id", "")
        return Line(
            row["id"], day, seller, buyer, row["product_id"], int(row["quantity"]),
            Decimal(row["amount"]) if row["amount"] else None, row["currency"],
            row["ship_to_city_id"] or home, self.role(seller, day), self.role(buyer, day), row,
        )  # fmt: skip

    def supplied_first(self, line: Line) -> bool:
        """Tell whether the buyer had supplied the seller with the product before it got any."""
        given = self.first_days.get((line.buyer, line.seller, line.product))
        own = self.first_days[line.seller, line.buyer, line.product]
        return given is not None and given <= own

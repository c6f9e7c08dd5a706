"""The key figures once more, in plain Python over rows, from their definitions alone."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from tests.analysis.kpi.channel import CITIES, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.analysis.kpi.channel import Tables

Key = TypeVar("Key")
TIER_TWO = ROLES[2:]


class Plain:
    """Looks every fact up where it stands."""

    def __init__(self, tables: Tables, as_of: date) -> None:
        self.tables, self.as_of = tables, as_of
        self.partners = {row["id"]: row for row in tables["partners"]}
        self.users = {row["id"]: row for row in tables["end_users"]}
        self.vendors = {row["id"] for row in tables["vendors"]}

    # partners

    def certificates(self, partner: str, day: date) -> list[dict[str, Any]]:
        return [
            row
            for row in self.tables["certifications"]
            if row["holder_id"] == partner
            and row["valid_from"] <= day <= (row["valid_to"] or date.max)
        ]

    def role(self, partner: str, day: date) -> str | None:
        """Return the role that a certificate gives, whether or not it is a partner still."""
        held = {row["role"] for row in self.certificates(partner, day)}
        return next((role for role in ROLES if role in held), None)

    def counted(self, day: date) -> dict[str, str]:
        """Return the partners that count on a day with their role."""
        found = {}
        for id_, row in self.partners.items():
            role = self.role(id_, day)
            if role and (row["joined_on"] or date.min) <= day <= (row["terminated_on"] or date.max):
                found[id_] = role
        return found

    def by_country(self, day: date) -> Counter[str | None]:
        return Counter(self.partners[id_]["country"] for id_ in self.counted(day))

    def by_issuer(self, day: date) -> Counter[str]:
        return Counter(
            issuer
            for id_ in self.counted(day)
            for issuer in {row["issuer_id"] for row in self.certificates(id_, day)}
        )

    def month(self, end: date) -> tuple[int, int, int]:
        """Return the partners at the end of a month, those recruited, and those lost."""
        before = set(self.counted(end.replace(day=1) - timedelta(days=1)))
        now = set(self.counted(end))
        return len(now), len(now - before), len(before - now)

    def quarter(self, end: date) -> tuple[int, int, int, int]:
        first = date(end.year, (end.month - 1) // 3 * 3 + 1, 1)
        before, now = self.counted(first - timedelta(days=1)), self.counted(end)
        moves = [(before[id_], now[id_]) for id_ in set(before) & set(now)]
        levels = [(a, b) for a, b in moves if a in TIER_TWO and b in TIER_TWO]
        up = sum(ROLES.index(b) < ROLES.index(a) for a, b in levels)
        down = sum(ROLES.index(b) > ROLES.index(a) for a, b in levels)
        return len(moves), up, down, sum(a != b for a, b in moves) - up - down

    def due(self, days: int) -> list[tuple[date, str, str]]:
        found = []
        for row in self.tables["certifications"]:
            end = row["valid_to"]
            if not end or not row["valid_from"] <= self.as_of <= end <= self.as_of + timedelta(
                days
            ):
                continue
            partner = self.partners[row["holder_id"]]
            if (partner["joined_on"] or date.min) > self.as_of:
                continue
            if (partner["terminated_on"] or date.max) <= end:
                continue
            tomorrow = self.certificates(row["holder_id"], end + timedelta(days=1))
            if row["role"] not in {other["role"] for other in tomorrow}:
                found.append((end, row["holder_id"], row["role"]))
        return sorted(found)

    # money

    def lines(self, since: date) -> list[dict[str, Any]]:
        return [row for row in self.tables["shipments"] if since <= row["shipped_on"] <= self.as_of]

    def country(self, line: dict[str, Any]) -> str | None:
        """Return where a line went; what came back to the vendor came from its seller's country."""
        destination = line["ship_to_city_id"] or self.party(line["buyer_id"]).get("city_id")
        if destination and CITIES[destination]:
            return CITIES[destination]
        other = line["seller_id"] if line["buyer_id"] in self.vendors else line["buyer_id"]
        country: str | None = self.party(other).get("country")
        return country

    def party(self, id_: str) -> dict[str, Any]:
        return self.partners.get(id_) or self.users.get(id_) or {}

    def paid(self, since: date) -> Iterable[tuple[str | None, str, str | None, Decimal | None]]:
        """Yield currency, kind of counterpart, country and amount of the vendor's lines."""
        for line in self.lines(since):
            sold = line["seller_id"] in self.vendors
            if sold == (line["buyer_id"] in self.vendors):
                continue
            other = line["buyer_id"] if sold else line["seller_id"]
            if other in self.users:
                kind = "direct"
            else:
                kind = "partners" if self.role(other, line["shipped_on"]) else "uncertified"
            amount = line["amount"]
            signed = amount if sold or amount is None else -amount
            yield line["currency"], kind, self.country(line), signed

    def revenue(self, since: date) -> defaultdict[tuple[str | None, str], Decimal]:
        return _summed(((c, kind), amount) for c, kind, _, amount in self.paid(since))

    def markets(self, since: date) -> defaultdict[tuple[str | None, str | None], Decimal]:
        return _summed(((c, country), amount) for c, _, country, amount in self.paid(since))

    def end_user_sales(self, since: date) -> defaultdict[tuple[str | None, str | None], Decimal]:
        return _summed(
            ((line["currency"], self.country(line)), line["amount"])
            for line in self.lines(since)
            if line["buyer_id"] in self.users
        )

    def promises(self, since: date) -> dict[tuple[Any, ...], tuple[int, int, Decimal, Decimal]]:
        found: dict[tuple[Any, ...], tuple[int, int, Decimal, Decimal]] = {}
        for target in self.tables["targets"]:
            if target["period_end"] < since or target["period_start"] > self.as_of:
                continue
            promised, sold = _cents(target["amount"]), _cents(self.towards(target))
            met = target["currency"] is not None and sold >= promised
            scope = "region" if target["region_id"] else "industry"
            key = (target["period_start"], target["period_end"], scope, target["currency"])
            one = found.get(key, (0, 0, Decimal(), Decimal()))
            found[key] = (one[0] + 1, one[1] + met, one[2] + promised, one[3] + sold)
        return found

    def towards(self, target: dict[str, Any]) -> Decimal:
        """Sum what counts, by buyer and product, less what these sent back afterwards."""
        given: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        within = [
            line
            for line in self.lines(target["period_start"])
            if line["shipped_on"] <= target["period_end"]
            and line["currency"] == target["currency"]
            and target["currency"] is not None
        ]
        for line in within:
            if line["seller_id"] == target["partner_id"] and self.counts(line, target):
                given[line["buyer_id"], line["product_id"]].append(line)
        total = Decimal()
        for (buyer, product), lines in given.items():
            first = min(line["shipped_on"] for line in lines)
            back = [
                line
                for line in within
                if (line["seller_id"], line["buyer_id"]) == (buyer, target["partner_id"])
                and line["product_id"] == product
                and line["shipped_on"] >= first
                and self.goes_up(line, unknown=True)
            ]
            sums = [sum((r["amount"] or 0 for r in rows), Decimal()) for rows in (lines, back)]
            total += max(Decimal(), sums[0] - sums[1])
        return total

    def counts(self, line: dict[str, Any], target: dict[str, Any]) -> bool:
        if target["industry_id"]:
            industry = self.users.get(line["buyer_id"], {}).get("industry_id")
            return bool(industry == target["industry_id"])
        destination = line["ship_to_city_id"] or self.party(line["buyer_id"]).get("city_id")
        there = CITIES.get(destination or "") == target["region_id"]
        return there and not self.goes_up(line, unknown=False)

    def goes_up(self, line: dict[str, Any], *, unknown: bool) -> bool:
        """Tell whether a line goes up the channel; `unknown` is the answer without two tiers."""
        tiers = [self.tier(line[end], line["shipped_on"]) for end in ("seller_id", "buyer_id")]
        if tiers[0] is None or tiers[1] is None:
            return unknown and line["buyer_id"] not in self.users
        return tiers[1] < tiers[0]

    def tier(self, party: str, day: date) -> int | None:
        if party in self.vendors or party in self.users:
            return 0 if party in self.vendors else 3
        role = self.role(party, day)
        return None if role is None else 2 if role in TIER_TWO else 1


def ends_of_months(as_of: date, count: int) -> list[date]:
    """Return the ends of the last months, the last cut at the as-of day."""
    ends = [as_of]
    year, month = as_of.year, as_of.month
    while len(ends) < count:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        ends.append(date(year, month, calendar.monthrange(year, month)[1]))
    return ends[::-1]


def _summed(entries: Iterable[tuple[Key, Decimal | None]]) -> defaultdict[Key, Decimal]:
    total: defaultdict[Key, Decimal] = defaultdict(Decimal)
    for key, amount in entries:
        if amount is not None:
            total[key] += amount
    return total


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)

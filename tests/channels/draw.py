"""Drawing a channel, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.channels.places import (
    AGREED,
    AS_OF,
    CITIES,
    KEYS,
    MUST_OFFER,
    PERIODS,
    PLACES,
    PRODUCTS,
    ROLES,
    TERRITORIES,
    TIER_TWO,
)

if TYPE_CHECKING:
    from tests.channels.places import Row, Tables


def draw_channel(seed: int) -> Tables:
    """Draw a channel, the same for the same seed."""
    return _Channel(random.Random(seed)).draw()  # noqa: S311 - a seed, not a secret


class _Channel:
    """What is drawn, one table after the other."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.partners = [f"P{number:02}" for number in range(12)]
        self.users = [f"E{number}" for number in range(4)]
        self.roles = {
            id_: ROLES[number % 6] if number < 8 else dice.choice(ROLES)
            for number, id_ in enumerate(self.partners)
        }
        self.authorizations: list[Row] = []
        self.serials: list[Row] = []
        self.lines: list[Row] = []

    def of(self, *roles: str) -> list[str]:
        return [id_ for id_, role in self.roles.items() if role in roles]

    def draw(self) -> Tables:
        tables = {name: [dict(row) for row in rows] for name, rows in PLACES.items()}
        for row in tables["regions"]:
            if self.dice.random() < 0.15:
                row["demand"] = None
        tables |= self.parties() | self.papers()
        for _ in range(9):
            self.chain()
        for _ in range(3):
            self.stray()
        for number in range(20):
            seller, buyer = self.dice.sample([*self.partners, *self.users, "V"], 2)
            self.line(seller, buyer, self.day(), self.dice.choice(PRODUCTS[: 1 + number % 3]))
        self.repeat()
        tables |= {"shipments": self.lines, "serials": self.serials}
        tables["authorizations"] = self.authorizations
        for name, key in KEYS.items():
            rows = {tuple(row[part] for part in key): row for row in tables[name]}
            tables[name] = list(rows.values())
        return tables

    def some(self, share: float, value: Any) -> Any:
        return value if self.dice.random() < share else None

    def day(self) -> date:
        """Draw a day of the half year, an edge of something now and then."""
        edges = (
            date(2015, 1, 1),
            date(2015, 3, 31),
            AS_OF,
            AS_OF + timedelta(1),
            date(2014, 6, 20),
        )
        if self.dice.random() < 0.2:
            return self.dice.choice(edges)
        return AS_OF - timedelta(self.dice.randrange(170))

    def interval(self, first: str, last: str, whole: float) -> Row:
        """Draw an interval, the whole time with some likelihood."""
        if self.dice.random() < whole:
            return {first: date(2014, 1, 1), last: self.some(0.5, date(2016, 1, 1))}
        start = self.day()
        return {first: start, last: self.some(0.8, start + timedelta(self.dice.randrange(120)))}

    # who there is

    def parties(self) -> Tables:
        dice = self.dice
        partners = []
        for id_ in self.partners:
            row = {
                "id": id_, "name": f"Partner {id_}", "country": dice.choice(("DE", "FR", None)),
                "city_id": self.some(0.8, dice.choice(CITIES)),
                "group_id": self.some(0.4, dice.choice(("G", "H"))),
                "employees": self.some(0.6, dice.choice((10, 49, 50, 400))),
                "capital": self.some(0.6, Decimal(dice.choice(("999.9999", "1000", "5000")))),
                "joined_on": self.some(0.2, self.day()),
                "terminated_on": self.some(0.2, self.day()),
            }  # fmt: skip
            if (row["joined_on"] or date.min) > (row["terminated_on"] or date.max):
                row["joined_on"] = None
            partners.append(row)
        users = [
            {
                "id": id_, "name": f"User {id_}", "country": self.some(0.8, "FR"),
                "city_id": self.some(0.6, dice.choice(CITIES)),
                "industry_id": self.some(0.7, dice.choice(("finance", "gov"))),
                "segment": self.some(0.8, dice.choice(("enterprise", "commercial", "consumer"))),
            }
            for id_ in self.users
        ]  # fmt: skip
        return {"partners": partners, "end_users": users}

    def papers(self) -> Tables:
        """Draw all that holds for some time, surveys and targets."""
        dice = self.dice
        tables: Tables = {name: [] for name in KEYS}
        for holder in self.partners:
            for row in self.career(holder):
                tables["certifications"].append(row)
            role = self.roles[holder]
            for region, industry in dice.sample(TERRITORIES, dice.randrange(3)):
                self.authorizations.append(
                    {"partner_id": holder, "region_id": region, "industry_id": industry}
                    | self.interval("valid_from", "valid_to", 0.7)
                )
            for capability in MUST_OFFER[role].split():
                if dice.random() < 0.85:
                    tables["capabilities"].append(
                        {"partner_id": holder, "capability": capability}
                        | self.interval("valid_from", "valid_to", 0.9)
                    )
            for kind in ("incentive", "marketing"):
                if dice.random() < 0.5:
                    audience = dice.choice((None, "gold", "vap"))
                    tables["programs"].append(
                        {"partner_id": holder, "kind": kind, "audience": audience}
                        | self.interval("valid_from", "valid_to", 0.6)
                    )
            if dice.random() < 0.4:
                tables["branches"].append(
                    {"partner_id": holder, "city_id": dice.choice(CITIES)}
                    | self.interval("opened_on", "closed_on", 0.7)
                )
            tables["targets"] += [self.target(holder) for _ in range(dice.randrange(3))]
        for user in self.users:
            if dice.random() < 0.5:
                row = {"holder_id": user, "role": "certified_end_user", "issuer_id": "V"}
                tables["certifications"].append(row | self.interval("valid_from", "valid_to", 0.3))
        tables["surveys"] = [self.answer(rated) for rated in self.of("distributor") * 7]
        tables["surveys"] = [
            row for row in tables["surveys"] if row["respondent_id"] != row["subject_id"]
        ]
        return tables

    def career(self, holder: str) -> list[Row]:
        """Draw certificates: one for long, now and then others, overlapping or after a gap."""
        dice, role = self.dice, self.roles[holder]
        issuers = ["V"] if role in ROLES[:2] else ["V", *self.of("distributor")]
        rows = []
        if dice.random() < 0.85:
            rows.append({"role": role} | self.interval("valid_from", "valid_to", 0.75))
        rows += [
            {"role": dice.choice(ROLES)} | self.interval("valid_from", "valid_to", 0)
            for _ in range(dice.choice((0, 0, 0, 1, 2)))
        ]
        for row in rows:
            wild = [id_ for id_ in ("V", "W", *self.partners) if id_ != holder]
            fits = [id_ for id_ in issuers if id_ != holder] or ["V"]
            issuer = dice.choice(wild) if dice.random() < 0.1 else dice.choice(fits)
            row |= {"holder_id": holder, "issuer_id": issuer}
        return rows

    def target(self, partner: str) -> Row:
        region, industry = self.dice.choice((("DE", None), ("FR", None), (None, "finance")))
        start = self.dice.choice((date(2014, 1, 1), date(2015, 1, 1), date(2015, 4, 1)))
        return {
            "partner_id": partner, "region_id": region, "industry_id": industry,
            "period_start": start, "period_end": start + timedelta(self.dice.choice(PERIODS)),
            "amount": Decimal(self.dice.choice(("0", "20", "100.01", "100.0049"))),
            "currency": self.dice.choice(("EUR", "EUR", "USD", None)),
        }  # fmt: skip

    def answer(self, rated: str) -> Row:
        return {
            "respondent_id": self.dice.choice(self.partners), "subject_id": rated,
            "answered_on": self.day(), "score": self.dice.choice((4.5, 5.9999, 6, 6.0001, 7)),
        }  # fmt: skip

    # goods

    def line(self, seller: str, buyer: str, day: date, product: str, quantity: int = 0) -> Row:
        dice = self.dice
        row = {
            "id": f"L{len(self.lines):03}", "shipped_on": day, "seller_id": seller,
            "buyer_id": buyer, "product_id": product, "quantity": quantity or dice.randint(1, 4),
            "amount": self.some(0.8, Decimal(dice.randrange(1, 900_000)) / 10_000),
            "currency": dice.choice(("EUR", "EUR", "EUR", "USD", None)),
            "ship_to_city_id": self.some(0.5, dice.choice(CITIES)),
            "document": self.some(0.4, dice.choice(("D1", "D2"))), "same_sale": None,
        }  # fmt: skip
        self.lines.append(row)
        return row

    def chain(self) -> None:
        """Draw units that go from hand to hand; some come back, and numbers are told or not."""
        dice = self.dice
        way = ["V"] if dice.random() < 0.8 else []
        for roles in (("distributor",), ("vap",), TIER_TWO, TIER_TWO):
            if dice.random() < 0.55:
                way += [dice.choice(self.of(*roles))]
        way += [dice.choice(self.users)] if dice.random() < 0.8 else way[1:2]
        product, day, units = dice.choice(PRODUCTS), self.day() - timedelta(20), dice.randint(1, 3)
        numbers = [f"S{dice.randrange(12):02}" for _ in range(units)]
        named = dice.random() < 0.7
        for seller, buyer in pairwise(way):
            if seller != buyer:
                row = self.line(seller, buyer, day, product, units)
                if named and dice.random() < 0.9:
                    told = numbers if dice.random() < 0.9 else [f"S{dice.randrange(12):02}"]
                    self.serials += [{"shipment_id": row["id"], "serial": one} for one in {*told}]
            day += timedelta(dice.choice((0, 0, 1, 5, 30, 40, 41)))
        if len(way) > 1 and dice.random() < 0.3 and way[-1] != way[-2]:
            self.line(way[-1], way[-2], day, product, units)

    def stray(self) -> None:
        """Let a reseller sell on what it bought where it can hold no authorization."""
        dice = self.dice
        reseller, day, product = dice.choice(self.of(*TIER_TWO)), self.day(), dice.choice(PRODUCTS)
        supplier = dice.choice(self.of("distributor"))
        self.authorizations += [
            {"partner_id": id_, "region_id": "FR", "industry_id": None}
            | {"valid_from": date(2014, 6, 1), "valid_to": None}
            for id_ in (reseller, supplier)
            if dice.random() < 0.8
        ]
        bought = self.line(supplier, reseller, day, product, 3)
        later = day + timedelta(dice.choice((0, 3, 40, 41)))
        sold = self.line(reseller, dice.choice(self.users), later, product, 2)
        sold["ship_to_city_id"] = "RIG"
        numbers = [f"S{number:02}" for number in dice.sample(range(12), 3)]
        if dice.random() < 0.6:
            self.serials += [{"shipment_id": bought["id"], "serial": one} for one in numbers]
            one = dice.choice((numbers[0], f"S{dice.randrange(12):02}"))
            self.serials.append({"shipment_id": sold["id"], "serial": one})

    def repeat(self) -> None:
        """Report some lines again, under other ids; some senders say what makes one sale."""
        for row in self.dice.sample(self.lines, 8):
            again = row | {"id": f"L{len(self.lines):03}"}
            change = self.dice.choice(("amount", "quantity", "document", "same_sale", "same_sale"))
            if change == "same_sale":
                again |= {
                    "same_sale": self.dice.choice((AGREED, f"{AGREED}, quantity")),
                    "document": None,
                }
            else:
                again[change] = {"amount": Decimal("1.5"), "quantity": 9, "document": "D9"}[change]
            self.lines.append(again)
            told = [one for one in self.serials if one["shipment_id"] == row["id"]]
            if self.dice.random() < 0.5:
                self.serials += [one | {"shipment_id": again["id"]} for one in told]

"""Random channels for key figures: small, crowded days, and everything that may be missing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Tables = dict[str, list[dict[str, Any]]]

AS_OF = date(2015, 6, 20)  # within a month and within a quarter
ROLES = ("distributor", "vap", "platinum", "gold", "silver", "recognized")
LEFT = date(2015, 7, 31)  # a day on which some partners leave and some certificates end
COUNTRIES = ("DE", "FR", None)
CURRENCIES = ("EUR", "USD", None)
CITIES = {"BER": "DE", "PAR": "FR", "SEA": None, "MUC": "DE"}  # country of each city's region
_REGIONS = {"MUC": "BY"}  # in which a city is that is not in its country's region itself


def random_channel(seed: int, partners: int = 40, lines: int = 150) -> Tables:
    """Return tables in which every measure has cases on both sides of its edges."""
    dice = random.Random(seed)  # noqa: S311 - a seed, not a secret
    some = [f"P{number}" for number in range(partners)]
    users = [f"E{number}" for number in range(5)]
    vendors = ["V", "W"]
    tables: Tables = {
        "vendors": [{"id": id_, "name": f"Vendor {id_}"} for id_ in vendors],
        "regions": [
            *({"id": country or "SEA", "name": "r", "country": country} for country in COUNTRIES),
            {"id": "BY", "name": "r", "country": None, "parent_id": "DE"},
        ],
        "cities": [
            {"id": city, "name": city, "region_id": _REGIONS.get(city) or country or "SEA"}
            for city, country in CITIES.items()
        ],
        "industries": [{"id": "finance", "name": "Finance"}, {"id": "gov", "name": "Government"}],
        "products": [{"id": "X", "name": "Router"}],
        "partners": [
            {
                "id": id_,
                "name": f"Partner {id_}",
                "country": dice.choice(COUNTRIES),
                "city_id": dice.choice([*CITIES, None]),
                "joined_on": dice.choice([None, None, _day(dice)]),
                "terminated_on": dice.choice([None, None, None, AS_OF, date(2015, 6, 19), LEFT]),
            }
            for id_ in some
        ],
        "end_users": [
            {
                "id": id_,
                "name": id_,
                "country": dice.choice(COUNTRIES),
                "city_id": dice.choice([*CITIES, None]),
                "industry_id": dice.choice(["finance", "gov", None]),
            }
            for id_ in users
        ],
        "certifications": [
            row for id_ in some for row in _certificates(dice, id_, [*vendors, *some])
        ],
        "targets": [_target(dice, id_) for id_ in some for _ in range(dice.randrange(3))],
        "shipments": [
            _line(dice, number, [*vendors, *vendors, *some, *users]) for number in range(lines)
        ],
    }
    for partner in tables["partners"]:
        if (partner["joined_on"] or date.min) > (partner["terminated_on"] or date.max):
            partner["joined_on"] = None
    for name, key in (
        ("certifications", ("holder_id", "role", "valid_from")),
        ("targets", ("partner_id", "region_id", "industry_id", "period_start", "currency")),
    ):
        tables[name] = list({tuple(row[k] for k in key): row for row in tables[name]}.values())
    return tables


def _day(dice: random.Random) -> date:
    """Draw a day of the last years, an edge more often than not."""
    edges = [date(2014, 6, 30), date(2014, 7, 1), date(2014, 12, 31), date(2015, 1, 1)]
    edges += [date(2015, 3, 31), date(2015, 4, 1), date(2015, 6, 19), AS_OF, date(2015, 6, 21)]
    return dice.choice([*edges, AS_OF - timedelta(days=dice.randrange(500))])


def _certificates(dice: random.Random, holder: str, issuers: list[str]) -> list[dict[str, Any]]:
    """Draw a career: certificates one after the other, some with a gap, some at once."""
    rows = []
    start = _day(dice)
    for _ in range(dice.randrange(5)):
        end = start + timedelta(days=dice.choice([0, 60, 100, 200, 300]))
        row = {
            "holder_id": holder,
            "role": dice.choice(ROLES),
            "issuer_id": dice.choice([issuer for issuer in issuers if issuer != holder]),
            "valid_from": start,
            "valid_to": dice.choice([end, end, None, max(end, LEFT)]),
        }
        rows.append(row)
        if dice.random() < 0.3:  # renewed
            follows = end + timedelta(days=dice.choice([0, 1, 1, 2]))
            rows.append(row | {"valid_to": end})
            rows[-2] = row | {"valid_from": follows, "valid_to": follows + timedelta(days=90)}
        start = end + timedelta(days=dice.choice([-30, 1, 1, 40]))
    return rows


def _target(dice: random.Random, partner: str) -> dict[str, Any]:
    region, industry = dice.choice([("DE", None), ("FR", None), (None, "finance"), (None, "gov")])
    first, last = dice.choice(
        [
            (date(2014, 1, 1), date(2014, 6, 30)),
            (date(2014, 1, 1), date(2014, 7, 1)),
            (date(2014, 7, 1), date(2015, 6, 19)),
            (date(2015, 1, 1), AS_OF),
            (AS_OF, date(2015, 12, 31)),
            (date(2015, 6, 21), date(2015, 12, 31)),
        ]
    )
    return {
        "partner_id": partner,
        "region_id": region,
        "industry_id": industry,
        "period_start": first,
        "period_end": last,
        "amount": Decimal(dice.choice(["0", "20", "100.01", "100.0049"])),
        "currency": dice.choice(CURRENCIES),
    }


def _line(dice: random.Random, number: int, parties: list[str]) -> dict[str, Any]:
    seller, buyer = dice.sample(sorted(set(parties)), 2)
    if dice.random() < 0.5:
        seller, buyer = "V", dice.choice([party for party in parties if party != "V"])
    if dice.random() < 0.2:
        seller, buyer = buyer, seller
    return {
        "id": f"L{number:04}",
        "shipped_on": _day(dice),
        "seller_id": seller,
        "buyer_id": buyer,
        "product_id": "X",
        "quantity": 1,
        "amount": dice.choice([None, Decimal(dice.randrange(2_000_000)) / 10_000]),
        "currency": dice.choice(CURRENCIES),
        "ship_to_city_id": dice.choice([*CITIES, None, None]),
    }

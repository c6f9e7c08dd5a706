"""Random small markets, crowded around one day, and policies with other roles than the shipped."""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphchannel.analysis.coverage.facts import on_another_day, read_facts
from graphchannel.analysis.coverage.routes import distributing_roles
from graphchannel.analysis.fetch import fetch_from
from graphchannel.engines import DuckDBEngine
from graphchannel.ingest import load_rows
from graphchannel.policy import Role, SupplyRuling
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphchannel.analysis.coverage.facts import Facts
    from graphchannel.analysis.fetch import Fetch
    from graphchannel.policy import Policy

Tables = dict[str, list[dict[str, Any]]]

SINCE, AS_OF = date(2014, 7, 1), date(2015, 6, 30)
DAYS = (date(2014, 6, 30), SINCE, date(2015, 6, 29), AS_OF, date(2015, 7, 1))
# id, parent, country; the leaf of `sea` has its country from above, `isle` has none at all
REGIONS = (
    ("de", None, "DE"),
    ("de-a", "de", "DE"),
    ("de-b", "de", "DE"),
    ("fr", None, "FR"),
    ("fr-a", "fr", "FR"),
    ("fr-b", "fr", "FR"),
    ("fr-c", "fr", "FR"),
    ("sea", None, "SE"),
    ("sea-a", "sea", None),
    ("isle", None, None),
)
CITIES = ("de-a", "de-a", "de-b", "de", "fr-a", "fr-b", "sea-a", "isle")  # their regions


def other_policy() -> Policy:
    """Return a policy of three hops: importer → wholesaler → dealer, and an agent beside them."""
    names = (("agent", 1), ("importer", 1), ("wholesaler", 2), ("dealer", 2))
    allowed = (
        ("vendor", "agent"),
        ("vendor", "importer"),
        ("importer", "wholesaler"),
        ("wholesaler", "dealer"),
        ("importer", "dealer"),
        ("agent", "end_user"),
        ("dealer", "end_user"),
    )
    rulings = [SupplyRuling(seller, buyer, "allowed", "1", None) for seller, buyer in allowed]
    rulings.append(SupplyRuling("importer", "end_user", "discouraged", "1", "supply/direct"))
    return replace(
        POLICY,
        roles=tuple(
            Role(id_, id_.title(), tier, "1", rank) for rank, (id_, tier) in enumerate(names, 1)
        ),
        supply=tuple(rulings),
        obligations=(),
    )


POLICIES = {"shipped": POLICY, "other": other_policy()}


def random_market(seed: int, policy: Policy, partners: int = 27) -> Tables:
    """Return tables in which every condition of coverage is met and missed by somebody."""
    dice = random.Random(seed)  # noqa: S311 - a seed, not a secret
    some = [f"P{number:02}" for number in range(partners)]
    stated = ((3.5, 40.0, 0.0), (1.0, 2.0, 4.0), (3.0, 1.25))
    demands = dice.choice([(None,), (None, 5.0, 7.25), *stated])
    cities = [f"c{number}" for number in range(len(CITIES))]
    tables: Tables = {
        "vendors": [{"id": "V", "name": "Vendor"}],
        "regions": [
            {"id": id_, "name": id_, "parent_id": parent, "country": country}
            | {"demand": dice.choice(demands)}
            for id_, parent, country in REGIONS
        ],
        "cities": [
            {"id": id_, "name": id_, "region_id": region}
            | {"population": dice.choice([None, 10, 50, 900])}
            | {"key_city": dice.choice([True, True, False, None])}
            | dice.choice([{}, {"latitude": 48.5, "longitude": 9.25}])
            for id_, region in zip(cities, CITIES, strict=True)
        ],
        "products": [
            {"id": "X", "name": "Router", "family": "routing"},
            {"id": "Y", "name": "Switch", "family": dice.choice([None, "switching"])},
        ],
        "industries": [{"id": "finance", "name": "Finance"}],
        "partners": [
            {"id": id_, "name": id_, "country": "DE", "city_id": dice.choice([*cities, None])}
            | _interval(dice, "joined_on", "terminated_on")
            for id_ in some
        ],
        "end_users": [
            {"id": f"E{n}", "name": f"E{n}", "city_id": dice.choice([*cities, None])}
            for n in range(5)
        ],
        "certifications": [row for id_ in some for row in _certificates(dice, id_, some, policy)],
        "authorizations": [
            row
            for number, id_ in enumerate(some)
            for row in _authorizations(dice, id_, wide=number < partners // 3)
        ],
        "branches": [
            {"partner_id": dice.choice(some[: partners // 3]), "city_id": dice.choice(cities)}
            | _interval(dice, "opened_on", "closed_on")
            for _ in range(20)
        ],
        "shipments": [_line(dice, number, some, cities) for number in range(60)],
    }
    for name, key in (
        ("certifications", ("holder_id", "role", "valid_from")),
        ("authorizations", ("partner_id", "region_id", "industry_id", "valid_from")),
        ("branches", ("partner_id", "city_id", "opened_on")),
    ):
        tables[name] = list({tuple(row[k] for k in key): row for row in tables[name]}.values())
    return tables


@contextmanager
def fetching(tables: Tables, policy: Policy) -> Iterator[Callable[[date], Fetch]]:
    """Load the tables, every row of which must be accepted; give what fetches as of a day."""
    with create_workspace(None, policy) as workspace:
        report = load_rows(workspace, tables, policy)
        assert (report.rejected, report.unchanged, report.corrected) == (0, 0, 0)
        yield lambda as_of: fetch_from(
            DuckDBEngine(workspace.connection),
            policy,
            as_of,
            since=SINCE,
            distributing=list(distributing_roles(policy)),
        )


def facts_of(tables: Tables, policy: Policy, first: date, second: date) -> tuple[Facts, Facts]:
    with fetching(tables, policy) as fetch:
        facts = read_facts(fetch(second), policy)
        return on_another_day(facts, fetch(first)), facts


def _interval(dice: random.Random, first: str, last: str) -> dict[str, Any]:
    """Draw an interval that holds on the day more often than not, and often just so."""
    often = [None] * 8
    start = dice.choice([*often, AS_OF, date(2015, 7, 1)])
    end = dice.choice([*often, AS_OF, date(2015, 6, 29)])
    if start and end and start > end:
        end = None
    return {first: start, last: end}


def _certificates(
    dice: random.Random, holder: str, partners: list[str], policy: Policy
) -> Iterator[dict[str, Any]]:
    # The first third are tier 1, so that others have somebody to be certified by.
    number, third = partners.index(holder), len(partners) // 3
    roles = [role.id for role in policy.roles if (role.supply_tier == 1) == (number < third)]
    if number < third:
        roles += 2 * list(distributing_roles(policy))
    for role in sorted(set(dice.sample(roles, dice.choice([0, 1, 1, 1, 1, 1, 2])))):
        issuers = ["V"] * 9 if number < third else ["V", *partners[:third], *partners[:third]]
        issuers.append(dice.choice(partners))
        days = _interval(dice, "valid_from", "valid_to")
        yield (
            {
                "holder_id": holder,
                "role": role,
                "issuer_id": dice.choice([one for one in issuers if one != holder]),
            }
            | days
            | {"valid_from": days["valid_from"] or date(2014, 1, 1)}
        )


def _authorizations(dice: random.Random, partner: str, *, wide: bool) -> Iterator[dict[str, Any]]:
    countries = [id_ for id_, parent, _ in REGIONS if parent is None]
    regions = [*countries, None] if wide else [id_ for id_, _, _ in REGIONS] + [None]
    for region in dice.sample(regions, dice.choice([0, 1, 2, 3, 4])):
        industry = "finance" if region is None else dice.choice([None, None, "finance"])
        days = _interval(dice, "valid_from", "valid_to")
        yield (
            {"partner_id": partner, "region_id": region, "industry_id": industry}
            | days
            | {"valid_from": days["valid_from"] or date(2014, 1, 1)}
        )


def _line(
    dice: random.Random, number: int, partners: list[str], cities: list[str]
) -> dict[str, Any]:
    seller = dice.choice(["V", *partners])
    buyer = dice.choice([*(f"E{n}" for n in range(5)), *(p for p in partners if p != seller)])
    return {
        "id": f"L{number:03}",
        "shipped_on": dice.choice(DAYS),
        "seller_id": seller,
        "buyer_id": buyer,
        "product_id": dice.choice("XY"),
        "quantity": dice.randrange(1, 9),
        "amount": dice.choice([None, Decimal(dice.randrange(900_000)) / 10_000]),
        "currency": dice.choice([None, "EUR", "EUR", "USD"]),
        "ship_to_city_id": dice.choice([*cities, None]),
    }

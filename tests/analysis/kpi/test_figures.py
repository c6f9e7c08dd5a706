"""Every key figure against a plain computation over the rows, on random channels."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from graphchannel.analysis.fetch import fetch_from
from graphchannel.analysis.kpi import KeyFigures, key_figures, last_months
from graphchannel.engines import DuckDBEngine
from tests.analysis.kpi.channel import AS_OF, ROLES, random_channel
from tests.analysis.kpi.plain import Plain, ends_of_months
from tests.findings.network import POLICY, loaded
from tests.sampling import sampled

if TYPE_CHECKING:
    from graphchannel.workspace import Workspace

MONTHS, DUE_DAYS = 12, 90
SINCE = date(2014, 7, 1)
BEFORE = date(2014, 6, 30)
SEEDS = range(6)


def figures_of(workspace: Workspace) -> KeyFigures:
    period = last_months(AS_OF, MONTHS, DUE_DAYS)
    fetch = fetch_from(DuckDBEngine(workspace.connection), POLICY, AS_OF, **period.parameters)
    return key_figures(fetch, POLICY, period)


@pytest.fixture(scope="module", params=sampled(SEEDS, 3))
def pair(request: pytest.FixtureRequest) -> tuple[KeyFigures, Plain]:
    tables = random_channel(request.param)
    with loaded(tables) as workspace:
        return figures_of(workspace), Plain(tables, AS_OF)


def test_partners_by_role_and_country(pair: tuple[KeyFigures, Plain]) -> None:
    figures, plain = pair
    before, now = plain.counted(BEFORE), plain.counted(AS_OF)
    total = figures.partners.total
    assert (total.before, total.now) == (len(before), len(now))
    roles = [(c.key, c.before, c.now) for c in figures.partners.roles]
    assert roles == [
        (role, [*before.values()].count(role), [*now.values()].count(role)) for role in ROLES
    ]
    countries = {c.key: (c.before, c.now) for c in figures.partners.countries}
    then, today = plain.by_country(BEFORE), plain.by_country(AS_OF)
    assert countries == {country: (then[country], today[country]) for country in then | today}


def test_partners_by_issuer(pair: tuple[KeyFigures, Plain]) -> None:
    figures, plain = pair
    then, today = plain.by_issuer(BEFORE), plain.by_issuer(AS_OF)
    assert {c.key: (c.before, c.now) for c in figures.issuers} == {
        issuer: (then[issuer], today[issuer]) for issuer in then | today
    }


def test_months_and_quarters(pair: tuple[KeyFigures, Plain]) -> None:
    figures, plain = pair
    months = [(m.ends_on, m.partners, m.recruited, m.lost) for m in figures.partners.months]
    assert months == [(end, *plain.month(end)) for end in ends_of_months(AS_OF, MONTHS)]
    quarters = [
        (q.ends_on, q.stayed, q.upgrades, q.downgrades, q.other_changes)
        for q in figures.partners.quarters
    ]
    ends = (date(2014, 9, 30), date(2014, 12, 31), date(2015, 3, 31), AS_OF)
    assert quarters == [(end, *plain.quarter(end)) for end in ends]


def test_revenue_and_markets(pair: tuple[KeyFigures, Plain]) -> None:
    figures, plain = pair
    wanted, markets = plain.revenue(SINCE), plain.markets(SINCE)
    sales = plain.end_user_sales(SINCE)
    unpriced = sum(amount is None for *_, amount in plain.paid(SINCE))
    assert figures.revenue.unpriced == unpriced
    assert {entry.currency for entry in figures.revenue.currencies} >= {c for c, _ in wanted}
    for entry in figures.revenue.currencies:
        found = (entry.through_partners, entry.uncertified, entry.direct)
        kinds = ("partners", "uncertified", "direct")
        assert found == tuple(wanted[entry.currency, kind] for kind in kinds)
        total = sum(found)
        assert entry.total == total
        if total > 0:
            taken = [max(amount, Decimal()) for amount in found]
            assert entry.partner_share == pytest.approx(float(taken[0] / sum(taken)))
        else:
            assert entry.partner_share is None
        by_country = {m.country: (m.revenue, m.end_user_sales) for m in entry.markets}
        for country in {*by_country, "DE", "FR", None}:
            key = (entry.currency, country)
            assert by_country.get(country, (0, 0)) == (markets[key], sales[key])
        if total > 0:
            parts = [max(markets[entry.currency, c], Decimal()) for c in ("DE", "FR", None)]
            shares = [float(part / sum(parts)) for part in parts[:2]]
            assert entry.herfindahl == pytest.approx(sum(share**2 for share in shares))
            assert sum(shares) <= 1
            assert entry.top_market is not None
            assert entry.top_market.share == pytest.approx(max(shares))


def test_promises(pair: tuple[KeyFigures, Plain]) -> None:
    figures, plain = pair
    found = {
        (p.period_start, p.period_end, p.scope, p.currency): (p.targets, p.met, p.promised, p.sold)
        for p in figures.promises
    }
    assert found == plain.promises(SINCE)
    for entry in figures.promises:
        assert entry.over == (entry.period_end < AS_OF)
        if entry.currency is not None and entry.promised:
            assert entry.attainment == pytest.approx(float(entry.sold / entry.promised))
        else:
            assert entry.attainment is None


def test_recertifications(pair: tuple[KeyFigures, Plain]) -> None:
    figures, plain = pair
    found = [(due.ends_on, due.partner, due.role) for due in figures.recertifications]
    assert found == plain.due(DUE_DAYS)


def test_the_random_channels_have_something_of_everything() -> None:
    plains = [Plain(random_channel(seed), AS_OF) for seed in SEEDS]
    ends = (date(2014, 12, 31), date(2015, 3, 31), AS_OF)
    quarters = [plain.quarter(end) for plain in plains for end in ends]
    assert all(sum(column) for column in zip(*quarters, strict=True))
    months = [plain.month(end) for plain in plains for end in ends_of_months(AS_OF, MONTHS)]
    assert all(sum(column) for column in zip(*months, strict=True))
    assert sum(len(plain.due(DUE_DAYS)) for plain in plains) > 5
    promises = [entry for plain in plains for entry in plain.promises(SINCE).values()]
    assert any(0 < met < targets for targets, met, *_ in promises)
    kinds = {kind for plain in plains for _, kind, _, _ in plain.paid(SINCE)}
    assert kinds == {"partners", "uncertified", "direct"}
    assert any(amount < 0 for plain in plains for amount in plain.revenue(SINCE).values())

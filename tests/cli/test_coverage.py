"""`graphchannel coverage` and `resilience` as a user runs them, with and without data."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from graphchannel.cli import main
from graphchannel.demo.generate import generate
from graphchannel.ingest import load, load_rows
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("coverage_cli")

COMMANDS = ("coverage regions", "coverage cities", "coverage distributors", "resilience")
COUNTRY = {"id": "xx", "name": "Xanadu", "country": "IS"}


def run(workspace: Path, command: str, *options: str) -> Result:
    words = [*command.split(), "--workspace", str(workspace), *options]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def document(workspace: Path, command: str, *options: str) -> dict[str, Any]:
    result = run(workspace, command, *options, "--format", "json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load a small demo."""
    folder = tmp_path_factory.mktemp("coverage")
    generate(folder / "channel", 300, 3_000, 1)
    path = folder / "channel.duckdb"
    with create_workspace(path, POLICY) as workspace:
        load(workspace, [folder / "channel"], POLICY)
    return path


def small(folder: Path, **tables: list[dict[str, Any]]) -> Path:
    """Write a workspace of these tables and a vendor."""
    path = folder / "small.duckdb"
    with create_workspace(path, POLICY) as workspace:
        report = load_rows(workspace, {"vendors": [{"id": "V", "name": "V"}]} | tables, POLICY)
        assert not report.rejected
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_format_says_the_same(demo: Path, command: str, tmp_path: Path) -> None:
    as_of = ("--as-of", "2015-06-30")
    found = document(demo, command, *as_of)
    first = next(
        value
        for value in found.values()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    )
    table = run(demo, command, *as_of)
    assert table.exit_code == 0
    assert "s of 2015-06-30, " in table.stdout.splitlines()[0]
    file = tmp_path / "out.csv"
    assert run(demo, command, *as_of, "--format", "csv", "--output", str(file)).stdout == ""
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))
    assert len(rows) == len(first)
    assert list(rows[0]) == list(first[0])
    again = run(demo, command, *as_of)
    assert again.stdout == table.stdout


def test_the_day_is_the_last_with_a_shipment(demo: Path) -> None:
    result = run(demo, "coverage cities")
    assert "the last day with a shipment" in result.stderr


def test_regions_are_those_that_the_rules_speak_of(demo: Path) -> None:
    found = document(demo, "coverage regions", "--as-of", "2015-06-30")
    scan = document_of_scan(demo)
    bare = {f["subject"]["id"] for f in scan if f["rule"] == "coverage/no-compliant-route"}
    assert {row["region"] for row in found["without_route"]} == bare
    thin = {
        (f["subject"]["id"], f["identity"]["country"])
        for f in scan
        if f["rule"] == "coverage/distributor-thin-country"
    }
    markets = document(demo, "coverage distributors", "--as-of", "2015-06-30")["distributors"]
    assert {
        (row["distributor"], row["country"])
        for row in markets
        if row["percent"] is not None and row["percent"] < 50
    } == thin
    single = {
        (f["object"]["id"], f["subject"]["id"])
        for f in scan
        if f["rule"] == "coverage/single-source-region"
    }
    lost = document(demo, "resilience", "--as-of", "2015-06-30")["places"]
    assert {(r["partner"], r["place"]) for r in lost if r["kind"] == "region"} == single
    branches = document(demo, "coverage cities", "--as-of", "2015-06-30")["cities"]
    missing = {f["subject"]["id"] for f in scan if f["rule"] == "coverage/key-city-without-branch"}
    assert {row["city"] for row in branches if row["distributors"] == 0} == missing


def document_of_scan(demo: Path) -> list[dict[str, Any]]:
    words = ["scan", "--workspace", str(demo), "--as-of", "2015-06-30", "--rule", "coverage/*"]
    result = CliRunner().invoke(main, [*words, "--format", "json"], catch_exceptions=False)
    findings: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    return findings


def test_changes_since_a_day(demo: Path) -> None:
    days = ("--as-of", "2015-06-30", "--compare-to", "2015-06-29")
    changes = document(demo, "coverage regions", *days)["changes"]
    assert {row["change"] for row in changes} == {"lost"}
    back = ("--as-of", "2015-06-29", "--compare-to", "2015-06-30")
    gained = document(demo, "coverage regions", *back)["changes"]
    assert [row["change"] for row in gained] == ["gained"] * len(changes)
    assert any("certificate as gold ended 2015-06-29" in row["why"] for row in changes)
    cities = document(demo, "coverage cities", *days)["changes"]
    assert any("branch closed 2015-06-29" in row["why"] for row in cities)
    markets = document(demo, "coverage distributors", *days)["distributors"]
    assert any(row["percent"] != row["percent_2015-06-29"] for row in markets)


def test_one_role_and_one_country(demo: Path) -> None:
    day = ("--as-of", "2015-06-30")
    every = document(demo, "coverage regions", *day)
    gold = document(demo, "coverage regions", *day, "--role", "gold")
    assert gold["covered"] < every["covered"]
    portugal = document(demo, "coverage regions", *day, "--country", "PT")
    assert {row["country"] for row in portugal["regions"]} == {"PT"}
    countries = document(demo, "coverage regions", *day, "--level", "country")["countries"]
    (row,) = (row for row in countries if row["country"] == "PT")
    assert (row["regions"], row["covered"]) == (portugal["region_count"], portugal["covered"])


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        (
            "coverage regions",
            ("--role", "golden"),
            "--role golden: it is unknown (has: distributor",
        ),
        ("coverage regions", ("--country", "DD"), "--country DD: it is unknown (has: AT, BE"),
        ("coverage cities", ("--distributor", "nobody"), "--distributor nobody: it is unknown"),
        ("resilience", ("--since", "2015-07-01"), "is after the as-of day"),
    ],
)
def test_what_is_unknown_is_refused(
    demo: Path, command: str, options: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    output = tmp_path / "out.json"
    result = run(demo, command, "--as-of", "2015-06-30", *options, "--output", str(output))
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert not output.exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_workspace_says_what_is_missing(command: str, tmp_path: Path) -> None:
    path = small(tmp_path)
    result = run(path, command, "--as-of", "2015-06-30")
    assert result.exit_code == 0
    assert any(
        sentence in result.stdout
        for sentence in (
            "There are no regions, so nothing can be said",
            "There are no cities, so nothing can be said",
            "No distributor is authorized by name",
            "No partner is active and certified",
        )
    )
    without_day = run(path, command)
    assert without_day.exit_code == 2
    assert "name it with --as-of" in without_day.stderr


@pytest.mark.parametrize("format_", ["table", "csv"])
def test_one_section_alone(demo: Path, format_: str) -> None:
    options = ("--as-of", "2015-06-30", "--format", format_, "--section")
    shown = run(demo, "coverage regions", *options, "white_space").stdout
    assert "end_users" in shown
    assert "state" not in shown
    refused = run(demo, "coverage regions", *options, "whitespace")
    assert refused.exit_code == 2
    assert "Did you mean 'white_space'?" in refused.stderr


def test_without_demand_units_weigh(tmp_path: Path) -> None:
    path = small(tmp_path, regions=[COUNTRY])
    assert (
        "No region states a demand" in run(path, "coverage regions", "--as-of", "2015-06-30").stdout
    )
    found = document(path, "coverage regions", "--as-of", "2015-06-30")
    assert (found["weighted_by"], found["weighted_percent"]) == ("units", None)
    assert found["numeric_percent"] == 0.0


def test_demand_of_some_and_of_a_whole_only(tmp_path: Path) -> None:
    parts = [{"id": f"xx-{n}", "name": n, "parent_id": "xx", "country": "IS"} for n in ("a", "b")]
    other = {"id": "yy", "name": "Yonder", "country": "NO"}
    path = small(tmp_path, regions=[COUNTRY | {"demand": 8}, *parts, other])
    text = run(path, "coverage regions", "--as-of", "2015-06-30").stdout
    assert "1 of 3 regions state no demand" in text
    assert "The demand of 2 regions is an equal share" in text
    found = document(path, "coverage regions", "--as-of", "2015-06-30")
    assert [row["demand"] for row in found["white_space"]] == [4.0, 4.0, None]


def test_without_marks_a_size_makes_key_cities(tmp_path: Path) -> None:
    city = {"id": "x", "name": "Xburg", "region_id": "xx", "population": 500_000}
    path = small(tmp_path, regions=[COUNTRY], cities=[city])
    text = run(path, "coverage cities", "--as-of", "2015-06-30").stdout
    assert "With --key-city-population N" in text
    large = run(
        path, "coverage cities", "--as-of", "2015-06-30", "--key-city-population", "500000"
    ).stdout
    assert "1 of the key cities are such by their population" in large
    assert "has a branch in 0 of 1 key cities" in large
    above = document(
        path, "coverage cities", "--as-of", "2015-06-30", "--key-city-population", "500001"
    )
    assert above["key_cities"] == 0


def test_no_key_city_of_those_asked_for_does_not_read_as_no_key_city(demo: Path) -> None:
    asked = ["MATCH (p:Partner) RETURN p.id AS id", "--format", "json"]
    known = json.loads(run(demo, "query", *asked).stdout)
    everything = document(demo, "coverage cities")
    bound = {row["distributor"] for row in everything["distributors"]}
    other = next(row["id"] for row in known if row["id"] not in bound)
    found = document(demo, "coverage cities", "--distributor", other)
    assert (found["key_cities"], found["marked"]) == (0, 0)
    assert found["remarks"] == ["There are key cities, but none that was asked for."]
    some = document(demo, "coverage cities", "--country", "PT")
    assert 0 < some["marked"] == some["key_cities"] < everything["marked"]

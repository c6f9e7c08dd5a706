"""`recommend` and `--chart` from the command line, on a small generated channel."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from graphchannel import ingest
from graphchannel.cli import main
from graphchannel.demo.generate import generate
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY
from tests.sampling import several, thinned

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.cli.conftest import Desk


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with a small generated channel."""
    folder = tmp_path_factory.mktemp("channel")
    generate(folder / "files", 300, 2_000, 1)
    with create_workspace(folder / "channel.duckdb", POLICY) as workspace:
        ingest.load(workspace, [folder / "files"], POLICY)
    return folder / "channel.duckdb"


def run(channel: Path, *arguments: str) -> Result:
    words = [*arguments, "--workspace", str(channel)]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def document(channel: Path, *arguments: str) -> dict[str, Any]:
    result = run(channel, *arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_branches_without_radius_are_the_largest_uncovered_key_cities(channel: Path) -> None:
    cities = document(channel, "coverage", "cities")["cities"]
    uncovered = [city["city"] for city in cities if not city["distributors"]]
    assert len(uncovered) > 3
    found = document(channel, "recommend", "branches", "--budget", "3")
    assert [branch["city"] for branch in found["branches"]] == uncovered[:3]
    assert [branch["city"] for branch in found["greedy"]] == uncovered[:3]
    assert [city["city"] for city in found["left"]] == uncovered[3:]
    assert found["gap"] == 0
    assert found["covered"] == found["covered_today"] + sum(b["added"] for b in found["branches"])


def test_the_country_narrows(channel: Path) -> None:
    found = document(
        channel, "recommend", "branches", "--budget", "2", "--by", "demand", "--country", "DE"
    )
    assert [branch["country"] for branch in found["branches"]] == ["DE", "DE"]
    assert {city["region"][:2] for city in found["left"]} == {"DE"}
    regions = document(channel, "recommend", "partners", "--budget", "2", "--country", "PT")
    assert {region["country"] for region in regions["regions"]} == {"PT"}


def test_partners_are_recruited_where_coverage_has_white_space(channel: Path) -> None:
    space = document(channel, "coverage", "regions")["white_space"]
    found = document(channel, "recommend", "partners", "--budget", "4")
    assert {row["region"] for row in found["regions"]} == {row["region"] for row in space}
    assert found["region_count"] == len(space)
    chosen = {row["region"] for row in found["recruits"]}
    assert {r["region"] for r in found["regions"] if r["km"] == 0} == chosen
    assert found["mean_km"] <= found["greedy_mean_km"] <= found["mean_km_today"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("recommend", "branches", "--budget", "3", "--radius", "60"),
        ("recommend", "branches", "--budget", "9", "--by", "demand"),
        ("recommend", "partners", "--budget", "3", "--role", "gold"),
    ],
)
def test_every_run_says_the_same(channel: Path, arguments: tuple[str, ...]) -> None:
    assert run(channel, *arguments).stdout == run(channel, *arguments).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    several(
        thinned(
            [
                (("recommend", "branches", "--budget", "2"), "new branches"),
                (("recommend", "partners", "--budget", "2"), "recruit here"),
                (("coverage", "regions", "--compare-to", "2014-06-30"), "no partner"),
                (("coverage", "cities"), "no branch"),
                (("coverage", "distributors", "--compare-to", "2014-06-30"), "below the threshold"),
                (("resilience",), "Partners that nobody else could supply"),
                (("kpi",), "Partners at the end of each month"),
            ],
            2,
        )
    ),
)
def test_every_command_draws(
    channel: Path, arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    result = run(channel, *arguments, "--chart", str(tmp_path / "chart.svg"))
    assert result.exit_code == 0, result.stderr
    assert f"Drew {tmp_path / 'chart.svg'}." in result.stderr
    assert result.stdout == run(channel, *arguments).stdout
    svg = ET.parse(tmp_path / "chart.svg")  # noqa: S314 - just written
    assert said in " ".join(svg.getroot().itertext())


def test_a_simulation_draws_what_appears(channel: Path, tmp_path: Path) -> None:
    regions = document(channel, "coverage", "distributors")["distributors"]
    asked = ("simulate", "--terminate", regions[-1]["distributor"], "--on", "2015-01-01")
    found = run(channel, *asked, "--format", "json", "--chart", str(tmp_path / "chart.svg"))
    assert found.exit_code == 1, found.stderr
    appearing = json.loads(found.stdout)["appearing"]
    said = " ".join(ET.parse(tmp_path / "chart.svg").getroot().itertext())  # noqa: S314 - ours
    assert appearing
    assert all(finding["rule"] in said for finding in appearing)
    assert f"{len(appearing)} finding" in said


def test_a_chart_that_cannot_be_drawn_is_refused_before_any_work(
    channel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(file: Path) -> str:
        result = run(channel, "recommend", "branches", "--budget", "1", "--chart", str(file))
        assert (result.exit_code, result.stdout) == (2, "")
        return result.stderr

    assert "the suffix says how to draw, and '.pdf' is unknown" in refused(tmp_path / "a.pdf")
    assert "expected .svg, .png or .html" in refused(tmp_path / "a")
    assert f"there is no folder {tmp_path / 'none'}" in refused(tmp_path / "none" / "a.svg")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert "pip install 'graphchannel[charts]'" in refused(tmp_path / "a.svg")
    assert not (tmp_path / "a.svg").exists()


def test_missing_data_is_an_error_with_a_way_out(desk: Desk) -> None:
    branches = desk.run("recommend", "branches", "--budget", "1")
    assert (branches.exit_code, branches.stdout) == (2, "")
    assert "key_city" in branches.stderr or "cities" in branches.stderr
    partners = desk.run("recommend", "partners", "--budget", "1")
    assert (partners.exit_code, partners.stdout) == (2, "")
    assert "There are no regions" in partners.stderr
    unknown = desk.run("recommend", "partners", "--budget", "1", "--role", "golden")
    assert unknown.exit_code == 2
    assert "--role golden: it is unknown" in unknown.stderr
    assert desk.run("recommend", "partners", "--budget", "0").exit_code == 2

"""graphchannel.toml, the environment and the command line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphchannel import policy
from graphchannel.cli import main
from graphchannel.cli._config import SEVERITIES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk


def settings(
    desk: Desk, *arguments: str, env: dict[str, str] | None = None
) -> dict[str, list[str]]:
    run = desk.run("config", "--format", "json", *arguments, env=env)
    assert run.exit_code == 0, run.output
    return {row["setting"]: [row["value"], row["from"]] for row in json.loads(run.stdout)}


def test_defaults_are_built_in(desk: Desk) -> None:
    assert settings(desk) == {
        "workspace": ["channel.duckdb", "built in"],
        "pack": ["the shipped pack", "built in"],
        "as-of": ["the last day with a shipment", "built in"],
        "fail-on": ["low", "built in"],
        "neo4j-url": ["none", "built in"],
        "user": ["the system's user", "built in"],
    }


def test_each_source_goes_before_the_next(desk: Desk) -> None:
    (desk.folder / "graphchannel.toml").write_text(
        'workspace = "file.duckdb"\npack = "pack"\nas-of = 2015-01-31\nfail-on = "high"\n'
        'neo4j-url = "http://graph:7474"\nuser = "ada"\n'
    )
    assert settings(desk) == {
        "workspace": ["file.duckdb", "graphchannel.toml"],
        "pack": ["pack", "graphchannel.toml"],
        "as-of": ["2015-01-31", "graphchannel.toml"],
        "fail-on": ["high", "graphchannel.toml"],
        "neo4j-url": ["http://graph:7474", "graphchannel.toml"],
        "user": ["ada", "graphchannel.toml"],
    }
    env = {"GRAPHCHANNEL_WORKSPACE": "env.duckdb"}
    assert settings(desk, env=env)["workspace"] == ["env.duckdb", "GRAPHCHANNEL_WORKSPACE"]
    given = settings(desk, "--workspace", "flag.duckdb", "--fail-on", "info", env=env)
    assert given["workspace"] == ["flag.duckdb", "the command line"]
    assert given["fail-on"] == ["info", "the command line"]


def test_a_scan_follows_the_file(desk: Desk) -> None:
    (desk.folder / "graphchannel.toml").write_text(
        'pack = "pack"\nas-of = "2015-01-31"\nfail-on = "high"\n'
    )
    run = desk.run("scan", "--format", "json")
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["as_of"] == "2015-01-31"
    assert desk.run("scan", "--fail-on", "low").exit_code == 1


def test_severities_are_those_of_the_policy(desk: Desk) -> None:
    assert SEVERITIES == policy.SEVERITIES
    assert desk.run("config", "--fail-on", "hihg").exit_code == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('worksapce = "x"', "'worksapce' is unknown .* Did you mean 'workspace'"),
        ("as-of = 2015", "as-of is 2015; expected a day"),
        ('as-of = "soon"', "as-of is 'soon'"),
        ('fail-on = "hihg"', "fail-on is 'hihg'.*Did you mean 'high'"),
        ('pack = "nowhere"', "pack: Directory 'nowhere' does not exist"),
        ("pack = 1", "pack is 1; expected a text"),
        ("pack =", "cannot be read as TOML"),
    ],
)
def test_a_wrong_file_is_refused(desk: Desk, text: str, message: str) -> None:
    (desk.folder / "graphchannel.toml").write_text(text)
    run = desk.run("scan")
    assert run.exit_code == 2
    assert run.stderr.startswith("graphchannel: graphchannel.toml: ")
    assert re.search(message, run.stderr), run.stderr


@pytest.mark.parametrize(
    "words",
    ["runs show 1", "rejects dismiss 4", "worklist list", "waivers expiring", "worklist show 7f"],
)
def test_a_workspace_is_named_before_a_command_of_a_group_or_behind_it(
    words: str, tmp_path: Path
) -> None:
    missing = str(tmp_path / "nowhere.duckdb")
    group, *rest = words.split()
    for asked in (
        [group, *rest, "-w", missing],
        [group, "-w", missing, *rest],
        [group, *rest, f"--workspace={missing}"],
    ):
        done = CliRunner().invoke(main, asked)
        assert done.exit_code == 2
        assert "nowhere.duckdb" in done.stderr, asked

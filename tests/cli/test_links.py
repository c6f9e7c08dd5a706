"""Links from JSON findings into Neo4j Browser; no server is needed to write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from graphchannel.errors import EngineError
from graphchannel.neo4j.browser import browser_address

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

URL = "http://graph:7474"


def test_findings_carry_a_link_where_a_server_is_configured(desk: Desk) -> None:
    plain = desk.scan("--format", "json").stdout
    assert "browser" not in plain
    linked = desk.scan("--format", "json", env={"GRAPHCHANNEL_NEO4J_URL": URL}).stdout
    assert linked == desk.scan("--format", "json", "--neo4j-url", URL).stdout
    (desk.folder / "graphchannel.toml").write_text(f'neo4j-url = "{URL}"\n')
    assert linked == desk.scan("--format", "json").stdout
    findings = json.loads(linked)["findings"]
    for finding in findings:
        parts = urlsplit(finding.pop("browser"))
        values = parse_qs(parts.query)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://graph:7474/browser/"
        assert values["cmd"] == ["edit"]
        assert f"{{fingerprint: '{finding['fingerprint']}'}}" in values["arg"][0]
    assert findings == json.loads(plain)["findings"]
    first = json.loads(linked)["findings"][0]
    shown = desk.run("show", first["fingerprint"], "--pack", "pack", "--format", "json")
    assert json.loads(shown.stdout)["browser"] == first["browser"]
    page = desk.run("partner", "A", "--pack", "pack", "--format", "json")
    assert json.loads(page.stdout)["findings"][0]["browser"] == first["browser"]


@pytest.mark.parametrize(
    ("url", "begins"),
    [
        ("http://h", "http://h/browser/?cmd=edit&arg=A"),
        ("https://h:7473/browser/", "https://h:7473/browser/?cmd=edit&arg=A"),
        ("neo4j://h", "http://h:7474/browser/?dbms=neo4j%3A%2F%2Fh%3A7687&cmd=edit&arg=A"),
        (
            "bolt+s://me@[::1]:9",
            "https://[::1]:7473/browser/?dbms=bolt%2Bs%3A%2F%2Fme%40%5B%3A%3A1",
        ),
    ],
)
def test_addresses_of_both_kinds_are_taken(url: str, begins: str) -> None:
    assert browser_address(url).link("A&B").startswith(begins)
    assert browser_address(url).link("A&B").endswith("arg=A%26B")


@pytest.mark.parametrize(
    "url", ["graph:7474", "ftp://h", "http://", "bolt://u:secret@h", "http://["]
)
def test_what_is_no_address_is_refused(desk: Desk, url: str) -> None:
    with pytest.raises(EngineError, match=r"is no address of a Neo4j server; expected http://host"):
        browser_address(url)
    run = desk.scan("--format", "json", "--neo4j-url", url)
    assert run.exit_code == 2
    assert "secret" not in run.stderr


def test_without_any_server_the_command_says_how_to_name_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHCHANNEL_HOME", str(desk.folder))
    run = desk.run("neo4j", "browser", "--no-open")
    assert run.exit_code == 2
    assert "set GRAPHCHANNEL_NEO4J_URL or neo4j-url in graphchannel.toml" in run.stderr
    both = desk.run("neo4j", "browser", "abc", "--partner", "A", "--no-open")
    assert both.exit_code == 2
    assert "one of them" in both.stderr
    for arguments, said in (
        (("--partner", "a"), "Did you mean 'A'?"),
        (("--rule", "supply/an", "--pack", "pack"), "Did you mean 'supply/any'?"),
        (("ffff",), "No finding of this scan begins with 'ffff'"),
    ):
        run = desk.run("neo4j", "browser", "--no-open", "--neo4j-url", URL, *arguments)
        assert run.exit_code == 2
        assert said in run.stderr


def test_style_and_queries_are_files_to_drop(desk: Desk) -> None:
    style = desk.run("neo4j", "style", "--output", "graphchannel.grass")
    assert style.exit_code == 0
    text = (desk.folder / "graphchannel.grass").read_text("utf-8")
    assert "node.Distributor {" in text
    assert "relationship.TRADES_WITH {" in text
    assert text.count("{\n") == text.count("}\n")
    run = desk.run("neo4j", "queries", "kept", "--pack", "pack")
    assert "kept/rule-supply-any.cypher" in run.stdout.split()
    files = sorted(file.name for file in (desk.folder / "kept").iterdir())
    assert files == [
        "coverage-gaps.cypher",
        "diverted-goods.cypher",
        "partner-neighbourhood.cypher",
        "rule-supply-any.cypher",
        "who-may-supply-whom.cypher",
        "worst-offenders.cypher",
    ]

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_a_finding_in_full(desk: Desk) -> None:
    fingerprint = json.loads(desk.scan("--format", "json").stdout)["findings"][0]["fingerprint"]
    run = desk.run("show", "--pack", "pack", fingerprint[:8])
    assert run.exit_code == 0, run.output
    for text in (
        "Alpha supplied Beta: 2 lines",
        "The reason of supply/any.",
        "L1",
        "L2",
        fingerprint,
    ):
        assert text in run.stdout
    assert run.stdout.index("Certificates of A") < run.stdout.index("vap")
    assert "Authorizations of B\n  none" in run.stdout


def test_a_finding_in_full_as_json(desk: Desk) -> None:
    fingerprint = json.loads(desk.scan("--format", "json").stdout)["findings"][0]["fingerprint"]
    run = desk.run("show", "--pack", "pack", "--format", "json", fingerprint.upper())
    document = json.loads(run.stdout)
    assert [row["shipment"] for row in document["evidence"]] == ["L1", "L2"]
    assert document["why"] == "The reason of supply/any."
    certificate = document["parties"][0]["certificates"][0]
    assert (certificate["role"], certificate["issuer"]) == ("vap", "Vendor")
    assert (certificate["valid_from"], certificate["valid_to"]) == ("2014-01-01", None)


@pytest.mark.parametrize(("prefix", "message"), [("zz", "No finding"), ("", "More than one")])
def test_a_fingerprint_that_is_none_or_not_alone(desk: Desk, prefix: str, message: str) -> None:
    run = desk.run("show", "--pack", "pack", prefix)
    assert run.exit_code == 2
    assert message in run.stderr


def test_a_query(desk: Desk) -> None:
    query = "MATCH (a)-[s:SUPPLIED]->(b) WHERE s.shipped_on <= $as_of RETURN count(*) AS lines"
    assert json.loads(desk.run("query", query, "--format", "json").stdout) == [{"lines": 3}]
    early = desk.run("query", query, "--format", "csv", "--as-of", "2015-01-31")
    assert early.stdout == "lines\n2\n"


@pytest.mark.parametrize(
    ("condition", "params", "ids"),
    [
        ("p.id = $x", ["x=A"], ["A"]),
        ("p.id IN $x", ['x=["A", "B"]'], ["A", "B"]),
        ("p.id IN $x", ["x=[]"], []),
        ("p.employees < $x", ["x=20240131"], []),
        ("p.joined_on < $x AND p.id < $y", ["x=2000-01-01", 'y="B"'], ["A"]),
        ("size(p.id) = $x AND $y", ["x=1", "y=true"], ["A", "B", "C"]),
        ("p.country IN $segments", [], []),
    ],
)
def test_parameters_of_a_query(
    desk: Desk, condition: str, params: list[str], ids: list[str]
) -> None:
    options = [part for param in params for part in ("--param", param)]
    query = f"MATCH (p:Partner) WHERE {condition} RETURN p.id AS id"
    run = desk.run("query", query, "--format", "json", *options)
    assert run.exit_code == 0, run.output
    assert sorted(row["id"] for row in json.loads(run.stdout)) == ids


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["MATCH (p:Partnr) RETURN p.id AS id"], "query:1:10: "),
        (["CREATE (p:Partner) RETURN p.id AS id"], "query:1:1: "),
        (["MATCH (p:Partner) RETURN p.id AS id", "--max-rows", "2"], "more than 2 rows"),
        (["MATCH (p:Partner) RETURN p.id AS id", "--param", "x"], "expected NAME=VALUE"),
        (
            ["MATCH (p:Partner) WHERE p.id IN $x RETURN p.id AS id", "--param", 'x=[1,"a"]'],
            "one type",
        ),
        (
            ["MATCH (p:Partner) RETURN p.id AS id", "--param", "x=2024-02-30"],
            "no day of the calendar",
        ),
        (
            ["MATCH (p:Partner) WHERE p.employees > $x RETURN p.id AS id", "--param", "x=NaN"],
            "FLOAT",
        ),
        (["MATCH (p:Partner) WHERE p.id = $x RETURN p.id AS id", "--param", 'x={"a":1}'], "value"),
        (
            ["MATCH (p:Partner) WHERE p.employees < $minimum_employees RETURN p.id AS id"],
            "no value",
        ),
    ],
)
def test_what_a_query_cannot_do_is_said(desk: Desk, arguments: list[str], message: str) -> None:
    run = desk.run("query", *arguments)
    assert run.exit_code == 2
    assert message in run.stderr
    assert run.stdout == ""


def test_the_sql_of_a_query(desk: Desk) -> None:
    run = desk.run("query", "MATCH (p:Partner) RETURN p.id AS id", "--sql", "-w", "none.duckdb")
    assert run.exit_code == 0
    assert "SELECT" in run.stdout

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_a_partner_on_a_page(desk: Desk) -> None:
    run = desk.run("partner", "B", "--pack", "pack", "--format", "json")
    assert run.exit_code == 0, run.output
    page = json.loads(run.stdout)
    assert page["party"]["name"] == "Beta"
    assert [(row["id"], row["lines"]) for row in page["suppliers"]] == [("A", 2)]
    assert [(row["id"], row["lines"]) for row in page["customers"]] == [("C", 1)]
    assert page["volumes"] == [
        {"year": 2015, "flow": "other", "direction": "bought", "lines": 2, "quantity": 2},
        {"year": 2015, "flow": "other", "direction": "sold", "lines": 1, "quantity": 1},
    ]
    assert [finding["message"] for finding in page["findings"]] == [
        "Alpha supplied Beta: 2 lines, 2 units",
        "Beta supplied Gamma: 1 line, 1 unit",
    ]


def test_roles_and_papers_are_those_of_the_day(desk: Desk) -> None:
    page = desk.run("partner", "A", "--pack", "pack").stdout
    assert "Alpha (partner A), as of 2015-02-10\nRoles on that day: vap\n" in page
    assert "2014-01-01" in page[page.index("Certificates") : page.index("Authorizations")]
    early = desk.run("partner", "A", "--pack", "pack", "--as-of", "2013-12-31").stdout
    assert "Roles on that day: none" in early
    assert "Customers (0)\n  none" in early


def test_an_unknown_party_is_answered_with_the_nearest(desk: Desk) -> None:
    run = desk.run("partner", "a", "--pack", "pack")
    assert run.exit_code == 2
    assert "There is no vendor, partner or end user 'a'. Did you mean 'A'?" in run.stderr


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("alpha", "'alpha'; that is the name of A."),
        ("lph", "'lph'. Named so: Alpha (A)."),
        ("nobody", "'nobody'.\n"),
        (" ", "' '.\n"),
    ],
)
def test_a_name_is_answered_with_its_id(desk: Desk, typed: str, hint: str) -> None:
    run = desk.run("partner", typed, "--pack", "pack")
    assert run.exit_code == 2
    assert f"There is no vendor, partner or end user {hint}" in run.stderr

"""Scenarios as they are written: options, files, and what contradicts itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError
from graphchannel.simulation.scenario import (
    Change,
    Kind,
    Scenario,
    check_scenario,
    parse_change,
    read_scenario,
)

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
on = 2015-03-01
terminate = ["D1"]
demote = [{partner = "P1", role = "silver"}]
move = [{partner = "P:2", from = "D1", to = "D2"}]
certify = [{partner = "P3", role = "vap", issuer = "V2"}]
end_territory = [{partner = "P4", region = "DE-BE"}]
open_branch = [{partner = "P5", city = "BER"}]
"""


@pytest.mark.parametrize(
    ("kind", "text", "change"),
    [
        ("terminate", "P1", Change("terminate", "P1")),
        ("demote", "P1=silver", Change("demote", "P1", role="silver")),
        ("certify", "a=b=vap", Change("certify", "a=b", role="vap")),
        ("grant-territory", "P1:DE", Change("grant-territory", "P1", region="DE")),
        ("close-branch", "P1:BER", Change("close-branch", "P1", city="BER")),
        ("move", "P1:D1:D2", Change("move", "P1", source="D1", target="D2")),
    ],
)
def test_an_option_becomes_a_change(kind: Kind, text: str, change: Change) -> None:
    assert parse_change(kind, text) == change
    assert str(change) == f"{kind} {text}"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("terminate", ""),
        ("terminate", "P1:DE"),
        ("demote", "P1"),
        ("demote", "=silver"),
        ("move", "P1:D1"),
        ("move", "P1:D1:D2:D3"),
        ("end-territory", "P1:"),
    ],
)
def test_an_option_of_another_form_is_refused(kind: Kind, text: str) -> None:
    with pytest.raises(InputError, match=f"--{kind} {text}: expected PARTNER"):
        parse_change(kind, text)


def test_a_file_becomes_a_scenario(tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text(GOOD, "utf-8")
    scenario = read_scenario(file)
    assert scenario.on == date(2015, 3, 1)
    assert {str(change) for change in scenario.changes} == {
        "terminate D1",
        "demote P1=silver",
        "move P:2:D1:D2",
        "certify P3=vap by V2",
        "end-territory P4:DE-BE",
        "open-branch P5:BER",
    }


@pytest.mark.parametrize(
    ("changed", "to", "message"),
    [
        ("terminate", "terminated", "key 'terminated' is unknown .* Did you mean 'terminate'"),
        ("2015-03-01", '"soon"', "on is 'soon'; expected a day such as 2015-06-30"),
        ('["D1"]', '"D1"', "terminate is 'D1'; expected a list"),
        ('["D1"]', "[7]", "terminate entry 1: partner is 7; expected a text"),
        ('role = "silver"', 'level = "silver"', "demote entry 1: key 'level' is unknown"),
        (', role = "silver"', "", "demote entry 1: role is None; expected a text"),
        ('to = "D2"', 'to = "D2", issuer = "V"', "move entry 1: key 'issuer' is unknown"),
        (
            "[{partner",
            '["x", {partner',
            "demote entry 1 is 'x'; expected a table with",
        ),
        ("on =", "on", "cannot be read as TOML"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, changed: str, to: str, message: str) -> None:
    file = tmp_path / "scenario.toml"
    assert changed in GOOD
    file.write_text(GOOD.replace(changed, to, 1), "utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_scenario(file)
    assert str(caught.value).startswith(str(file))


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (Change("terminate", "P"), Change("demote", "P", role="x"), "is no partner any more"),
        (Change("terminate", "D"), Change("move", "P", source="S", target="D"), "certifies nobody"),
        (
            Change("terminate", "D"),
            Change("certify", "P", role="x", issuer="D"),
            "certifies nobody",
        ),
        (Change("demote", "P", role="x"), Change("demote", "P", role="y"), "one level only"),
        (Change("demote", "P", role="x"), Change("promote", "P", role="y"), "one level only"),
        (Change("promote", "P", role="x"), Change("certify", "P", role="x"), "give the same role"),
        (
            Change("end-territory", "P", region="R"),
            Change("grant-territory", "P", region="R"),
            "R cannot be both",
        ),
        (
            Change("close-branch", "P", city="C"),
            Change("open-branch", "P", city="C"),
            "the branch in C cannot be both",
        ),
        (
            Change("move", "P", source="S", target="D"),
            Change("move", "P", source="S", target="E"),
            "moved to one place only",
        ),
        (
            Change("certify", "P", role="x"),
            Change("certify", "P", role="x", issuer="V"),
            "give the same role",
        ),
    ],
)
def test_contradictions_are_refused_in_either_order(one: Change, other: Change, why: str) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(InputError, match=f"contradict each other: .*{why}"):
            check_scenario(Scenario(pair))


def test_what_goes_together_is_applied_in_one_order() -> None:
    changes = (
        Change("terminate", "D"),
        Change("move", "P", source="D", target="E"),
        Change("move", "P", source="F", target="E"),
        Change("demote", "P", role="x"),
        Change("certify", "P", role="y"),
        Change("end-territory", "P", region="R"),
        Change("grant-territory", "P", region="S"),
    )
    ordered = check_scenario(Scenario(changes))
    assert ordered == check_scenario(Scenario(changes[::-1]))
    assert [change.kind for change in ordered.changes][:3] == ["move", "move", "terminate"]


def test_a_change_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="'terminate P' is given twice"):
        check_scenario(Scenario((Change("terminate", "P"), Change("terminate", "P"))))

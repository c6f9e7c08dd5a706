from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from graphchannel.ingest import load_rows
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_formats_say_the_same(desk: Desk) -> None:
    table = desk.run("kpi", "--as-of", "2015-02-10")
    assert table.exit_code == 0
    assert table.stdout.startswith(
        "Key figures as of 2015-02-10, over the 12 months from 2014-03-01 on. "
        "Partners: 1, +0 in these months.\n"
    )
    found = json.loads(desk.run("kpi", "--as-of", "2015-02-10", "--format", "json").stdout)
    assert [(role["role"], role["before"], role["now"]) for role in found["roles"][:2]] == [
        ("distributor", 0, 0),
        ("vap", 1, 1),
    ]
    for section in ("goals", "roles", "months", "markets"):
        printed = desk.run(
            "kpi", "--as-of", "2015-02-10", "--format", "csv", "--section", section
        ).stdout
        rows = list(csv.DictReader(io.StringIO(printed)))
        assert [
            {k: "" if v is None else str(v) for k, v in row.items()} for row in found[section]
        ] == rows


def test_the_default_day_is_that_of_the_last_shipment(desk: Desk) -> None:
    assert desk.run("kpi").stdout == desk.run("kpi", "--as-of", "2015-02-10").stdout


def test_a_section_alone(desk: Desk) -> None:
    printed = desk.run("kpi", "--section", "months").stdout
    assert "Recruitment by month" in printed
    assert "Goals" not in printed
    found = desk.run("kpi", "--section", "month")
    assert found.exit_code == 2
    assert "'month' is not one of" in found.stderr


def test_a_goal_that_is_never_reached_is_said(desk: Desk) -> None:
    printed = desk.run("kpi", "--as-of", "2015-02-10").stdout
    assert (
        "At the pace of this period (+0.0 partners a month) the goal of 1,000 partners is never "
        "reached: 999 are missing." in printed
    )
    assert "To reach it by 2015-12-31 takes +93.8 partners a month." in printed
    late = desk.run("kpi", "--as-of", "2016-02-10").stdout
    assert "It was due on 2015-12-31." in late


def test_goals_of_roles_stand_with_the_roles(desk: Desk) -> None:
    policy = desk.folder / "pack" / "policy.toml"
    goal = '\n[[goals]]\nmeasure = "partners"\nrole = "vap"\nvalue = 3\ndoc = "x"\n'
    policy.write_text(policy.read_text("utf-8") + goal, "utf-8")
    found = json.loads(desk.run("kpi", "--pack", "pack", "--format", "json").stdout)
    assert [role["goal"] for role in found["roles"]] == [None, 3, None, None, None, None]
    assert "the goal of 3 partners of vap is never reached" in " ".join(found["remarks"])


def test_an_empty_workspace_says_what_is_missing(desk: Desk) -> None:
    (desk.folder / "channel.duckdb").unlink()
    with create_workspace(desk.folder / "channel.duckdb", POLICY) as workspace:
        load_rows(workspace, {"vendors": [{"id": "V", "name": "Vendor"}]}, POLICY)
    found = desk.run("kpi")
    assert found.exit_code == 2
    assert "no shipments that would tell the day" in found.stderr
    printed = desk.run("kpi", "--as-of", "2015-06-30").stdout
    assert "No partner holds a role on this day." in printed
    assert "No line of the vendor in this period has an amount." in printed
    assert "No promised sales are recorded for this period." in printed
    assert "Nothing can be said of partner_revenue_share: there is no revenue to share." in printed


def test_a_period_from_before_the_calendar_is_refused(desk: Desk) -> None:
    found = desk.run("kpi", "--as-of", "0001-06-30")
    assert found.exit_code == 2
    assert "12 months before 0001-06-30 the calendar has not begun" in found.stderr


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(desk: Desk) -> None:
    found = desk.run("kpi", "--output", "none/kpi.txt")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.endswith("Error: --output none/kpi.txt: there is no folder none.\n")

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import openpyxl
import pytest

from graphchannel.ingest import load_rows
from graphchannel.workspace import open_workspace
from tests.findings.network import POLICY
from tests.sampling import sampled, thinned

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_findings_are_exit_code_one(desk: Desk) -> None:
    run = desk.scan()
    assert run.exit_code == 1, run.output
    assert "Alpha supplied Beta: 2 lines, 2 units" in run.stdout
    assert run.stderr == "As of 2015-02-10, the last day with a shipment.\n"


def test_findings_below_fail_on_are_exit_code_zero(desk: Desk) -> None:
    assert desk.scan("--fail-on", "high").exit_code == 0
    assert desk.scan("--fail-on", "medium").exit_code == 1


def test_a_failing_rule_is_exit_code_two_and_the_others_run(desk: Desk) -> None:
    desk.rules.add("supply/broken", "MATCH (p:Partnr) RETURN p.id AS subject", message="{subject}")
    run = desk.scan("--format", "json")
    assert run.exit_code == 2
    assert "graphchannel: supply/broken: supply/broken.cypher:7:10" in run.stderr
    assert len(json.loads(run.stdout)["findings"]) == 2


def test_a_file_that_is_no_rule_does_not_stop_the_others(desk: Desk) -> None:
    (desk.folder / "pack" / "supply" / "odd.cypher").write_text("// @nam x\n", "utf-8")
    run = desk.scan("--format", "json")
    assert run.exit_code == 2
    assert "graphchannel: supply/odd: supply/odd.cypher:1: the key '@nam'" in run.stderr
    statuses = {rule["id"]: rule["status"] for rule in json.loads(run.stdout)["rules"]}
    assert statuses == {"supply/any": "evaluated", "supply/odd": "error"}
    listed = desk.run("rules", "list", "--pack", "pack", "--format", "csv")
    assert "the key '@nam' is unknown" in listed.stdout
    assert desk.run("rules", "show", "--pack", "pack", "supply/odd").exit_code == 2


def test_no_workspace_is_exit_code_two(desk: Desk) -> None:
    run = desk.scan("--workspace", "none.duckdb")
    assert run.exit_code == 2
    assert "run 'graphchannel load' first" in run.stderr


@pytest.mark.parametrize("format_", sampled(["table", "sarif", "json", "csv"], 2))
def test_output_goes_to_a_file(desk: Desk, format_: str) -> None:
    on_screen = desk.scan("--format", format_)
    to_file = desk.scan("--format", format_, "--output", "report.out")
    assert to_file.stdout == ""
    assert (desk.folder / "report.out").read_text("utf-8") == on_screen.stdout


def test_a_workbook_needs_a_file(desk: Desk) -> None:
    assert desk.scan("--format", "xlsx").exit_code == 2
    assert desk.scan("--format", "xlsx", "-o", "scan.xlsx").exit_code == 1
    book = openpyxl.load_workbook(desk.folder / "scan.xlsx")
    assert book["Findings"].max_row == 3


def test_days_narrow_the_lines(desk: Desk) -> None:
    as_of = desk.scan("--as-of", "2015-01-31", "--format", "json")
    assert json.loads(as_of.stdout)["findings"][0]["lines"] == 1
    assert as_of.stderr == ""
    since = desk.scan("--since", "2015-02-01", "--format", "json")
    assert [f["last"] for f in json.loads(since.stdout)["findings"]] == ["2015-02-10"]
    assert desk.scan("--as-of", "soon").exit_code == 2


def test_filters_narrow_the_findings(desk: Desk) -> None:
    def subjects(*options: str) -> list[str]:
        run = desk.scan("--format", "json", *options)
        return [finding["subject"]["id"] for finding in json.loads(run.stdout)["findings"]]

    assert subjects() == ["A", "B"]
    assert subjects("--partner", "C") == ["B"]
    assert subjects("--product", "Y") == ["B"]
    assert subjects("--country", "DE") == ["A", "B"]
    assert subjects("--severity", "high") == []
    assert subjects("--rule", "supply/*") == ["A", "B"]
    assert desk.scan("--rule", "none/*").exit_code == 2


def test_further_rules_are_added(desk: Desk) -> None:
    folder = desk.folder / "own" / "data"
    folder.mkdir(parents=True)
    (folder / "partner.cypher").write_text(
        "// @name Any partner\n// @severity low\n// @message {subject} is a partner\n"
        "MATCH (p:Partner) RETURN p.id AS subject\n"
    )
    run = desk.scan("--rules", "own")
    assert "Gamma is a partner" in run.stdout


def test_by_subject(desk: Desk) -> None:
    run = desk.scan("--by", "subject")
    assert [line.split()[0] for line in run.stdout.splitlines()[3:5]] == ["Alpha", "Beta"]
    document = json.loads(desk.scan("--by", "subject", "--format", "json").stdout)
    assert [subject["name"] for subject in document["subjects"]] == ["Alpha", "Beta"]
    assert document["subjects"][0]["findings"] == {"medium": 1}
    assert desk.scan("--by", "subject", "--format", "sarif").exit_code == 2


def test_known_findings_do_not_fail(desk: Desk) -> None:
    desk.scan("--as-of", "2015-02-10", "--format", "json", "-o", "before.json")
    run = desk.scan("--as-of", "2015-02-10", "--baseline", "before.json")
    assert run.exit_code == 0
    assert "0 new since before.json, 0 gone" in run.stdout
    assert desk.scan("--baseline", "channel.duckdb").exit_code == 2


def test_a_known_finding_that_grows_is_shown_and_fails(desk: Desk) -> None:
    desk.scan("--as-of", "2015-01-31", "--format", "json", "-o", "before.json")
    run = desk.scan("--as-of", "2015-02-10", "--baseline", "before.json")
    assert run.exit_code == 1
    assert "(grown:" in run.stdout
    assert "0 new, 1 grown since before.json, 0 gone" in run.stdout
    document = json.loads(
        desk.scan("--as-of", "2015-02-10", "--baseline", "before.json", "--format", "json").stdout
    )
    found = document["findings"][0]
    assert (found["baseline"], found["lines"], found["baseline_lines"]) == ("grown", 2, 1)


def test_a_policy_edit_does_not_pass_a_baseline(desk: Desk) -> None:
    day = ("--as-of", "2015-02-10")
    desk.scan(*day, "--format", "json", "-o", "before.json")
    policy = desk.folder / "pack" / "policy.toml"
    text = policy.read_text("utf-8")
    at = text.index("[parameters.sell_off_days]")
    policy.write_text(text[:at] + text[at:].replace("value = 0", "value = 90", 1), "utf-8")
    run = desk.scan(*day, "--baseline", "before.json")
    assert run.exit_code == 2
    assert "judged otherwise (sell_off_days: 0 → 90)" in run.stderr
    assert "Edited since before.json: sell_off_days: 0 → 90" in run.stdout
    allowed = desk.scan(*day, "--baseline", "before.json", "--allow-policy-change")
    assert allowed.exit_code == 0


@pytest.mark.parametrize(
    "nothing",
    thinned(
        [
            ("--until", "2014-12-31"),
            ("--product", "Z"),
            ("--partner", "D"),
            ("--country", "IT"),
            ("--rule", "coverage/*"),
        ],
        2,
    ),
)
def test_a_scan_that_judges_nothing_is_not_clean(desk: Desk, nothing: tuple[str, str]) -> None:
    query = "MATCH (c:City) RETURN c.id AS subject"
    desk.rules.add("coverage/any", query, message="{subject}")
    with open_workspace(desk.folder / "channel.duckdb", write=True) as workspace:
        more = {
            "products": [{"id": "Z", "name": "Antenna"}],
            "partners": [{"id": "D", "name": "Delta", "country": "IT"}],
        }
        assert not load_rows(workspace, more, POLICY).rejected
    run = desk.scan(*nothing)
    assert run.exit_code == 2
    assert "says nothing of compliance; where it is meant, add --allow-empty" in run.stderr
    assert desk.scan(*nothing, "--allow-empty").exit_code == 0
    assert desk.scan().exit_code == 1


def test_the_policy_is_followed_before_the_scan(desk: Desk) -> None:
    policy = desk.folder / "pack" / "policy.toml"
    text = policy.read_text("utf-8").replace('name = "Gold partner"', 'name = "Golden partner"')
    policy.write_text(text, "utf-8")
    assert tomllib.loads(text)["roles"][3]["name"] == "Golden partner"
    assert "deriving roles again" in desk.scan().stderr
    with open_workspace(desk.folder / "channel.duckdb") as workspace:
        names = workspace.connection.execute("SELECT name FROM derived.policy_role").fetchall()
    assert ("Golden partner",) in names
    assert "deriving" not in desk.scan().stderr


def test_a_changed_severity_is_shown(desk: Desk) -> None:
    with (desk.folder / "pack" / "policy.toml").open("a") as policy:
        policy.write('[rules."supply/any"]\nseverity = "critical"\n')
    run = desk.scan("--fail-on", "critical")
    assert run.exit_code == 1
    assert "Changed: supply/any: critical by the policy, medium by the rule itself.\n" in run.stdout


def test_settings_of_the_policy_are_shown(desk: Desk) -> None:
    with (desk.folder / "pack" / "policy.toml").open("a") as policy:
        policy.write(
            '[rules."supply/any"]\nenabled = false\n[rules."supply/ayn"]\nenabled = true\n'
        )
    run = desk.scan()
    assert run.exit_code == 2
    assert "\nOff: supply/any: The policy switches it off.\n" in run.stdout
    assert "\n0 findings. 0 of 1 rules evaluated.\n" in run.stdout
    assert "graphchannel show" not in run.stdout
    assert "Did you mean 'supply/any'?" in run.stderr


def test_the_next_command_works_as_printed(desk: Desk) -> None:
    run = desk.scan("--as-of", "2015-01-31", "--workspace", "channel.duckdb")
    last = run.stdout.splitlines()[-1]
    command = last.removeprefix("All lines of a finding: graphchannel ")
    assert command.endswith("--workspace channel.duckdb --pack pack --as-of 2015-01-31")
    shown = desk.run(*command.split())
    assert shown.exit_code == 0
    assert "Alpha supplied Beta: 1 line" in shown.stdout

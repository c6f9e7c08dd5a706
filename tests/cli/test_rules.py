from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_rules_are_listed_with_what_the_policy_changes(desk: Desk) -> None:
    with (desk.folder / "pack" / "policy.toml").open("a") as policy:
        policy.write('[rules."supply/any"]\nseverity = "info"\n')
    run = desk.run("rules", "list", "--pack", "pack", "--format", "json")
    assert json.loads(run.stdout) == [
        {
            "id": "supply/any",
            "severity": "info",
            "section": "3.1",
            "name": "supply/any",
            "policy": "info instead of medium",
        }
    ]


def test_a_rule_is_shown_with_reason_and_query(desk: Desk) -> None:
    run = desk.run("rules", "show", "--pack", "pack", "supply/any")
    assert "The reason of supply/any." in run.stdout
    assert run.stdout.rstrip().endswith("RETURN a.id AS subject, b.id AS object, s.id AS shipment")
    unknown = desk.run("rules", "show", "--pack", "pack", "supply/ayn")
    assert unknown.exit_code == 2
    assert "Did you mean 'supply/any'?" in unknown.stderr


def test_rules_are_checked(desk: Desk) -> None:
    good = desk.run("rules", "check", "pack")
    assert (good.exit_code, good.stdout) == (0, "pack/supply/any.cypher: ok\n")
    desk.rules.add("supply/broken", "MATCH (p:Partner) RETURN p.id AS id", message="{subject}")
    bad = desk.run("rules", "check", "pack/supply/any.cypher", "pack/supply/broken.cypher")
    assert bad.exit_code == 1
    assert "pack/supply/broken.cypher: the rule returns no column 'subject'" in bad.stdout
    (desk.folder / "pack" / "supply" / "bytes.cypher").write_bytes(b"\xff")
    unread = desk.run("rules", "check", str(desk.folder / "pack" / "supply" / "bytes.cypher"))
    assert unread.exit_code == 1
    assert unread.stdout.count("bytes.cypher") == 1
    assert "bytes.cypher: the rule cannot be read: 'utf-8'" in unread.stdout


def test_the_shipped_rules_are_the_default(desk: Desk) -> None:
    run = desk.run("rules", "list", "--format", "csv")
    assert "supply/vap-supplies-tier-two,high,3.2" in run.stdout

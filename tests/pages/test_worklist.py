"""docs/worklist.md: its commands work in the order of the page, and its days are the policy's."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from typing import TYPE_CHECKING

from graphchannel.policy.model import DUE_DAYS
from tests.pages.test_everyday import PAGE

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

WORK = PAGE.with_name("worklist.md").read_text("utf-8")
NAMED = "23be13c1ffab"


def block(kind: str) -> str:
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```$", WORK, re.M | re.S)
    return str(found)


def test_the_page_from_top_to_bottom(desk: Desk) -> None:
    (desk.folder / "graphchannel.toml").write_text('pack = "pack"\n', "utf-8")
    finding, said = NAMED, {}
    for line in block("sh").splitlines():
        words = [word.replace(NAMED, finding) for word in shlex.split(line, comments=True)]
        result = desk.run(*words[1:])
        assert result.exit_code in {0, 1}, f"{line}\n{result.output}"
        said[" ".join(words[1:3])] = result.stdout
        if words[1:] == ["scan"]:
            found = json.loads(desk.run("worklist", "--format", "json").stdout)["findings"]
            finding = found[0]["fingerprint"][:12]
    assert "1 finding closed as remediated, by ada." in said["worklist close"]
    assert said["worklist show"].count("\n2") == 4
    assert "2 findings assigned to bob" in said["worklist assign"]
    assert "reopened" not in said["worklist list"]
    assert "What was done" in said[f"show {finding}"]


def test_the_days_are_those_of_the_policy() -> None:
    assert tomllib.loads(block("toml"))["due_days"] == DUE_DAYS


def test_a_change_that_means_nothing_is_refused(desk: Desk) -> None:
    for words, said in (
        ("assign --to ada", "Name findings by their fingerprints, or by --rule"),
        ("assign abc", "Name the owner with --to"),
        ("assign abc --to ada --nobody", "Name the owner with --to"),
        ("assign abc --to ada", "No finding on the work list begins with 'abc'"),
        ("close abc --as done --reason x", "'done' is not one of"),
        ("list --mine --owner ada", "give one of them"),
    ):
        done = desk.run("worklist", *words.split())
        assert done.exit_code == 2
        assert said in done.stderr, done.stderr


def test_before_any_scan_the_list_is_empty(desk: Desk) -> None:
    done = desk.run("worklist")
    assert done.exit_code == 0
    assert "There is no run yet." in done.stdout

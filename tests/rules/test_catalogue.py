from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import RuleError
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue, read_rule

if TYPE_CHECKING:
    from pathlib import Path

RULE = (
    "// @name N\n// @severity {severity}\n// @message M\nMATCH (p:Partner) RETURN p.id AS subject\n"
)


def write(folder: Path, id_: str, severity: str = "low") -> None:
    file = folder / f"{id_}.cypher"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(RULE.format(severity=severity), "utf-8")


@pytest.fixture
def small_pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    shutil.copy(pack() / "policy.toml", folder)
    for id_, severity in (("supply/b", "low"), ("supply/a", "low"), ("data/z", "critical")):
        write(folder, id_, severity)
    return folder


def test_rules_stand_by_severity_and_id(small_pack: Path) -> None:
    assert [r.id for r in load_catalogue(small_pack).rules] == ["data/z", "supply/a", "supply/b"]


def test_the_policy_switches_off_and_changes_severity(small_pack: Path) -> None:
    with (small_pack / "policy.toml").open("a") as policy:
        policy.write('[rules."supply/a"]\nseverity = "high"\n[rules."data/z"]\nenabled = false\n')
    catalogue = load_catalogue(small_pack)
    changed, off = catalogue.rule("supply/a"), catalogue.rule("data/z")
    assert (changed.severity, changed.header.severity) == ("high", "low")
    assert not off.enabled


def test_a_further_folder_adds_rules(small_pack: Path, tmp_path: Path) -> None:
    write(tmp_path / "more", "own/rule")
    ids = [rule.id for rule in load_catalogue(small_pack, [tmp_path / "more"]).rules]
    assert "own/rule" in ids


def test_an_id_that_is_there_twice_is_refused(small_pack: Path, tmp_path: Path) -> None:
    write(tmp_path / "more", "supply/a")
    with pytest.raises(RuleError, match=r"'supply/a' is in .* already"):
        load_catalogue(small_pack, [tmp_path / "more"])


def test_a_folder_without_rules_is_refused(small_pack: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RuleError, match="there is no rule here"):
        load_catalogue(small_pack, [tmp_path / "empty"])


def test_a_file_that_is_no_rule_stands_there_with_its_problem(small_pack: Path) -> None:
    (small_pack / "supply" / "a.cypher").write_text("// @nam x\n", "utf-8")
    (small_pack / "supply" / "Odd.cypher").write_text("", "utf-8")
    catalogue = load_catalogue(small_pack)
    problems = {rule.id: rule.problem for rule in catalogue.rules if rule.problem}
    assert set(problems) == {"supply/a", "supply/Odd"}
    assert "supply/a.cypher:1: the key '@nam' is unknown" in (problems["supply/a"] or "")
    assert len(catalogue.rules) == 4


@pytest.mark.parametrize("id_", ["a", "a/b/c", "Supply/a", "supply/a_b"])
def test_a_file_that_is_named_unlike_a_rule_is_refused(tmp_path: Path, id_: str) -> None:
    write(tmp_path, id_)
    with pytest.raises(RuleError, match=r"<family>/<rule>\.cypher"):
        read_rule(tmp_path / f"{id_}.cypher", tmp_path)


def test_rules_are_selected_by_glob_and_severity(small_pack: Path) -> None:
    catalogue = load_catalogue(small_pack)
    assert [rule.id for rule in catalogue.select(["supply/*"]).rules] == ["supply/a", "supply/b"]
    assert [rule.id for rule in catalogue.select([], "high").rules] == ["data/z"]
    assert [rule.id for rule in catalogue.select(["*/a", "*/z"], "high").rules] == ["data/z"]
    with pytest.raises(RuleError, match=r"No rule matches 'suply/a'.*Did you mean 'supply/a'"):
        catalogue.select(["suply/a"])


def test_an_unknown_rule_is_answered_with_the_nearest(small_pack: Path) -> None:
    with pytest.raises(RuleError, match="Did you mean 'supply/a'"):
        load_catalogue(small_pack).rule("suply/a")

"""Prepared rules are kept between runs, and only where they are the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.rules.cache import rule_cache
from graphchannel.rules.catalogue import Rule, load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

POLICY = load_policy(pack())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "graphchannel"


def rule() -> Rule:
    return load_catalogue(pack()).rule("supply/vap-supplies-tier-two")


def compiled(rule: Rule) -> int:
    """Prepare a rule in a run of its own; return how many rules it compiled."""
    with rule_cache(POLICY) as cache:
        ready = cache.prepare(rule)
        assert ready.rule == rule
        assert "SELECT" in ready.query.compiled.sql
    return cache.compiled


def test_a_rule_is_compiled_once(folder: Path) -> None:
    assert [compiled(rule()), compiled(rule())] == [1, 0]
    assert len(list(folder.glob("rules-*.json"))) == 1


def test_another_text_is_another_rule(folder: Path) -> None:
    assert compiled(rule()) == 1
    changed = replace(rule(), text=rule().text.replace("'gold', ", ""))
    assert compiled(changed) == 1
    assert [compiled(rule()), compiled(changed)] == [0, 0]
    assert folder.is_dir()


def test_what_the_policy_says_is_not_kept(folder: Path) -> None:
    compiled(rule())
    assert compiled(replace(rule(), severity="info", enabled=False)) == 0
    assert folder.is_dir()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"[" * 100_000,
        json.dumps({"{}": [["x", {"Popen": [["touch", "x"]]}]]}).encode(),
        json.dumps({"{}": [["x", {"Query": [1]}]]}).encode(),
        json.dumps({"a": 1, "b": 2}).encode(),
    ],
)
def test_a_damaged_file_is_passed_over(folder: Path, content: bytes) -> None:
    compiled(rule())
    (file,) = folder.glob("rules-*.json")
    file.write_bytes(content)
    assert compiled(rule()) == 1
    assert compiled(rule()) == 0


def test_what_others_may_write_to_is_passed_over(folder: Path) -> None:
    compiled(rule())
    (file,) = folder.glob("rules-*.json")
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o666)
    assert compiled(rule()) == 1
    assert compiled(rule()) == 0
    folder.chmod(0o777)
    assert [compiled(rule()), compiled(rule())] == [1, 1]


def test_versions_in_use_side_by_side_keep_their_files_and_old_ones_go(folder: Path) -> None:
    folder.mkdir()
    others = [folder / f"rules-{version}.json" for version in range(7)]
    for age, other in enumerate(others):
        other.write_bytes(b"")
        os.utime(other, (1e9 - age, 1e9 - age))
    compiled(rule())
    assert [other.exists() for other in others] == [True] * 4 + [False] * 3
    assert len(list(folder.iterdir())) == 5


def test_without_a_folder_rules_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    assert [compiled(rule()), compiled(rule())] == [1, 1]


def test_a_second_run_imports_no_parser(folder: Path) -> None:
    script = (
        "import sys\n"
        "from graphchannel.policy import load_policy\n"
        "from graphchannel.resources import pack\n"
        "from graphchannel.rules.cache import rule_cache\n"
        "from graphchannel.rules.catalogue import load_catalogue\n"
        "catalogue = load_catalogue(pack()).select(['supply/vap-*'])\n"
        "with rule_cache(catalogue.policy) as cache:\n"
        "    cache.prepare(catalogue.rules[0])\n"
        "print('lark' in sys.modules or 'sqlglot' in sys.modules)\n"
    )
    seen = [
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env=dict(os.environ),
        ).stdout.strip()
        for _ in range(2)
    ]
    assert seen == ["True", "False"]
    assert folder.is_dir()

"""What tests run with is locked: every package once for each Python, and every file by its hash."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = (ROOT / "tests" / "requirements.txt").read_text("utf-8")
PYTHONS = ("3.11", "3.12", "3.13")


def locked() -> list[Requirement]:
    texts = re.findall(r"^([a-z][^\\\n]+?) \\$", LOCK, re.MULTILINE | re.IGNORECASE)
    return [Requirement(text) for text in texts]


def asked() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    texts = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return [Requirement(text) for text in (*texts, *extras["charts"], *extras["spark-connect"])]


def test_what_the_project_asks_for_is_locked_for_each_python() -> None:
    for wanted in asked():
        for python in PYTHONS:
            environment = {"python_version": python, "python_full_version": f"{python}.0"}
            (found,) = [
                one
                for one in locked()
                if canonicalize_name(one.name) == canonicalize_name(wanted.name)
                and (one.marker is None or one.marker.evaluate(environment))
            ]
            (pinned,) = found.specifier
            assert pinned.operator == "==", found
            assert wanted.specifier.contains(pinned.version, prereleases=True), found


def test_every_file_is_known_by_its_hash() -> None:
    blocks = re.split(r"^(?=[a-z])", LOCK, flags=re.MULTILINE | re.IGNORECASE)[1:]
    assert len(blocks) == len(locked()) > 60
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_these_tests_run_with_the_locked_versions() -> None:
    for one in locked():
        if one.marker is None or one.marker.evaluate():
            (pinned,) = one.specifier
            assert version(one.name) == pinned.version

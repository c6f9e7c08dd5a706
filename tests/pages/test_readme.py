"""What the README says is what happens: the demo's output, and every command that it shows."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scripts import readme

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def demo_output() -> str:
    """Run the demo once."""
    return readme.demo()


def test_the_demo_prints_what_the_readme_shows(demo_output: str) -> None:
    assert readme.shown() == readme.cut(demo_output), "run `make docs`"


def test_the_commands_that_the_demo_names_work(tmp_path: Path, demo_output: str) -> None:
    run = _graphchannel(["demo"], tmp_path)
    assert run.returncode == 0, run.stderr
    following = demo_output[demo_output.index("Next:") :].splitlines()[1:]
    commands = [line for line in following if line.strip().startswith("graphchannel ")]
    assert len(commands) == 3
    for command in commands:
        run = _graphchannel(shlex.split(command)[1:], tmp_path)
        assert run.returncode in {0, 1}, f"{command}\n{run.stderr}"
        assert run.stdout


def test_the_commands_for_own_data_work(tmp_path: Path) -> None:
    text = readme.PAGE.read_text("utf-8")
    block = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)[1]
    commands = [shlex.split(line, comments=True) for line in block.splitlines()]
    names = [command[1] for command in commands if command[0] == "graphchannel"]
    assert names == ["template", "load", "scan", "show"]

    template, load, scan, _ = (command[1:] for command in commands if command[0] != "pip")
    assert _graphchannel(template, tmp_path).returncode == 0
    made = _graphchannel(["generate", "channel", "--partners", "300", "--lines", "5000"], tmp_path)
    assert made.returncode == 0, made.stderr
    loaded = _graphchannel([load[0], load[1]], tmp_path)
    assert loaded.returncode == 0, loaded.stderr
    scanned = _graphchannel([*scan, "--format", "csv"], tmp_path)
    assert scanned.returncode == 1, scanned.stderr
    fingerprint = next(iter(re.findall(r"\b[0-9a-f]{64}\b", scanned.stdout)))
    shown = _graphchannel(["show", fingerprint[:12], "--as-of", "2015-06-30"], tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert fingerprint in shown.stdout


def _graphchannel(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "graphchannel", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

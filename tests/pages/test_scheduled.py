"""docs/scheduled.md: the shell of its units, its cron line and its pipelines does what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.findings.network import line, network
from tests.pages.test_everyday import PAGE

if TYPE_CHECKING:
    from pathlib import Path

TEXT = PAGE.with_name("scheduled.md").read_text("utf-8")
PROGRAM = "/usr/local/bin/graphchannel"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.M | re.S)


def pipelines() -> tuple[str, str]:
    """Return the scripts of the two pipelines, without what installs graphchannel."""
    github, gitlab = (yaml.safe_load(block) for block in blocks("yaml"))
    steps = [step["run"] for step in github["jobs"]["scan"]["steps"] if "run" in step]
    return tuple(
        "\n".join(one for one in script if one != "pip install graphchannel")
        for script in (steps, gitlab["channel"]["script"])
    )  # type: ignore[return-value]  # of two there are two


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with files of a channel, and the program on its path."""
    for folder in ("channel", "inbox", "bin"):
        (tmp_path / folder).mkdir()
    tables = network(line("L1", "A", "B"), line("L2", "B", "A"))
    for folder in ("channel", "inbox"):
        for name, rows in tables.items():
            if rows:
                lines = [list(rows[0]), *(list(row.values()) for row in rows)]
                text = "".join(f"{','.join(map(str, values))}\n" for values in lines)
                (tmp_path / folder / f"{name}.csv").write_text(text, "utf-8")
    program = tmp_path / "bin" / "graphchannel"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m graphchannel "$@"\n')
    program.chmod(0o755)
    return tmp_path


def shell(place: Path, script: str) -> subprocess.CompletedProcess[str]:
    script = script.replace(PROGRAM, "graphchannel").replace("/srv/channel", str(place))
    path = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["/bin/bash", "-e", "-c", script],
        cwd=place,
        env={**os.environ, "PATH": path, "GITHUB_STEP_SUMMARY": str(place / "summary.md")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_pipeline_of_github(place: Path) -> None:
    script, _ = pipelines()
    run = shell(place, script)
    assert run.returncode in {0, 1}, run.stderr
    assert "::notice title=graphchannel::" in run.stdout
    assert "findings" in (place / "summary.md").read_text("utf-8")
    assert (place / "findings.sarif").stat().st_size


def test_the_pipeline_of_gitlab(place: Path) -> None:
    _, script = pipelines()
    run = shell(place, script)
    assert run.returncode in {0, 1}, run.stderr
    assert run.stdout.splitlines()[-1].startswith("As of 2015-01-10: ")
    assert (place / "rules.xml").read_text("utf-8").count("<testcase ") > 40
    assert (place / "report.html").stat().st_size


def test_cron_then_the_unit_then_the_commands(place: Path) -> None:
    (cron,) = blocks("text")
    minute, hour, *_, command = cron.split(maxsplit=5)
    assert (minute, hour) == ("15", "5")
    run = shell(place, command)
    said = (place / "watch.log").read_text("utf-8")
    assert run.returncode in {0, 1}, said
    assert "As of 2015-01-10: " in said
    units = re.findall(r"^ExecStart=(.*)$", TEXT, re.M)
    assert len(units) == 2
    nothing = shell(place, units[0])
    assert (nothing.returncode, nothing.stderr) == (0, "Nothing new in inbox.\n")
    assert PROGRAM in units[1]
    (commands,) = blocks("sh")
    assert commands.splitlines()[0].startswith("graphchannel watch inbox --once ")

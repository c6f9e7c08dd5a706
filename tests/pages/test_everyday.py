"""docs/everyday.md: its commands work in the order of the page, and its files are what they say."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.policy import load_policy
from graphchannel.resources import pack

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "everyday.md"
WAIVED = "supply/vap-supplies-tier-two,P00017,P00093"  # as the page has it


def blocks(kind: str) -> list[str]:
    """Return the page's blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)


def run(command: str) -> tuple[int, str]:
    """Run a line of the page in this process; return exit code and standard output."""
    words = shlex.split(command, comments=True)
    assert words[0] == "graphchannel"
    result = CliRunner().invoke(main, words[1:], catch_exceptions=False)
    assert result.exit_code in {0, 1}, f"{command}\n{result.output}"
    return result.exit_code, result.stdout


def test_the_page_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings, *_ = blocks("toml")
    Path("graphchannel.toml").write_text(settings, "utf-8")
    outcomes: dict[str, tuple[int, str]] = {}
    for line in "".join(blocks("sh")).splitlines():
        if line == "graphchannel load waivers.csv":
            Path("waivers.csv").write_text(_waivers(), "utf-8")
        outcomes[line.partition("#")[0].strip()] = run(line)

    config = outcomes["graphchannel config"][1]
    assert config.count("graphchannel.toml") == 3
    assert outcomes["graphchannel scan"][0] == 1
    assert outcomes["graphchannel scan --baseline baseline.json"][0] == 0
    assert "0 new since baseline.json" in outcomes["graphchannel scan --baseline baseline.json"][1]
    shown = next(printed for line, (_, printed) in outcomes.items() if "--show-waived" in line)
    assert "(waived)" in " ".join(shown.split())
    for ending in ("xlsx", "csv", "json", "sarif", "xml", "md"):
        assert Path(f"scan.{ending}").stat().st_size

    # The nightly script: nothing new; then a finding that the baseline lacks.
    script = Path("nightly.sh")
    script.write_text("".join(blocks("bash")), "utf-8")
    code, printed = _nightly(script)
    assert (code, printed.splitlines()[-1]) == (0, "nothing new")
    baseline = json.loads(Path("baseline.json").read_text("utf-8"))
    lost = next(f for f in baseline["findings"] if f["severity"] == "critical")
    baseline["findings"].remove(lost)
    Path("baseline.json").write_text(json.dumps(baseline), "utf-8")
    code, printed = _nightly(script)
    assert code == 1
    assert "1 new since baseline.json" in printed


def test_a_policy_may_say_what_the_page_says(tmp_path: Path) -> None:
    _, tolerance, rules = blocks("toml")
    text = (pack() / "policy.toml").read_text("utf-8")
    (tmp_path / "policy.toml").write_text(f"{text}\n{tolerance}\n{rules}", "utf-8")
    policy = load_policy(tmp_path)
    assert (policy.tolerance.lines, policy.tolerance.value) == (1, 0.05)
    assert not policy.rules["supply/unlisted-pair"].enabled
    assert policy.rules["obligations/no-sales-target"].severity == "medium"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"_GRAPHCHANNEL_COMPLETE={shell}_source graphchannel" in PAGE.read_text("utf-8")

    def complete(*words: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", shlex.join(["graphchannel", *words]))
        monkeypatch.setenv("COMP_CWORD", words[-1] if shell == "fish" else str(len(words)))
        environment = {"_GRAPHCHANNEL_COMPLETE": f"{shell}_complete"}
        output = CliRunner().invoke(main, prog_name="graphchannel", env=environment).output
        return re.split(r"[,\s]+", output)

    assert "scan" in complete("sca")
    assert "high" in complete("scan", "--severity", "hi")
    assert "supply/vap-supplies-tier-two" in complete("scan", "--rule", "supply/vap")
    assert "data/line-without-destination" in complete("rules", "show", "data/")
    assert "supply/unlisted-pair" not in complete("rules", "show", "data/")


def _waivers() -> str:
    """Return the page's waivers, for the parties of a finding that is there."""
    _, found = run("graphchannel scan --rule supply/vap-supplies-tier-two --format json")
    finding = json.loads(found)["findings"][0]
    (waivers,) = blocks("csv")
    assert WAIVED in waivers
    subject, object_ = finding["subject"]["id"], finding["object"]["id"]
    return waivers.replace("P00017", subject).replace("P00093", object_)


def _nightly(script: Path) -> tuple[int, str]:
    """Run the script with the command of this environment; return exit code and what it prints."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["/bin/sh", script],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout

"""The example of docs/tracing.md: its files are loaded, its commands print what the page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from graphchannel.cli import main

if TYPE_CHECKING:
    import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "tracing.md").read_text("utf-8")


def test_the_example_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHCHANNEL_WORKSPACE", raising=False)
    folder = tmp_path / "channel"
    folder.mkdir()
    files = re.findall(r"`(\w+\.csv)`:\n\n```csv\n(.*?)```", PAGE, re.DOTALL)
    for name, text in files:
        (folder / name).write_text(text, "utf-8")
    run = CliRunner()
    assert run.invoke(main, ["load", "channel/"]).exit_code == 0
    shown = re.findall(r"```console\n\$ graphchannel (.*?)\n(.*?)```", PAGE, re.DOTALL)
    assert len(shown) == 2
    for command, output in shown:
        done = run.invoke(main, shlex.split(command))
        assert done.exit_code == 0, done.output
        assert done.stdout.rstrip() == output.rstrip()
    (questions,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in questions.splitlines():
        done = run.invoke(main, shlex.split(line, comments=True)[1:])
        assert done.exit_code == 0, done.output

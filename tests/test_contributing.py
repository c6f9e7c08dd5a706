"""A stranger adds a command, a document and a format as CONTRIBUTING.md tells: one file each."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import graphchannel.cli
from graphchannel.report import documents, formats
from scripts import cli_reference

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ROOMS = {"command": graphchannel.cli, "document": documents, "format": formats}


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Add the files that the page shows, each to its room, for one test."""
    for kind, room in ROOMS.items():
        name, content = shown(kind)
        module = f"{room.__name__}.{Path(name).stem}"
        assert name == f"{module.replace('.', '/')}.py"
        assert not (ROOT / name).exists()
        folder = tmp_path / kind
        folder.mkdir()
        (folder / Path(name).name).write_text(content, "utf-8")
        monkeypatch.setattr(room, "__path__", [*room.__path__, str(folder)])
        forget(module, room, monkeypatch)
    return tmp_path


def shown(kind: str) -> tuple[str, str]:
    """Return the name of the one file that the page shows for this, and its content."""
    (found,) = re.findall(rf"^`([\w./-]+)`:\n\n```python {kind}\n(.*?)^```$", PAGE, re.M | re.S)
    name, content = found
    return name, content


def forget(module: str, room: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no later test see a module that this one imports."""
    monkeypatch.setitem(sys.modules, module, room)
    del sys.modules[module]
    monkeypatch.setattr(room, module.rpartition(".")[2], None, raising=False)


@pytest.mark.usefixtures("added")
def test_the_command_is_listed_and_has_its_section_on_the_page() -> None:
    listed = CliRunner().invoke(graphchannel.cli.main, ["--help"]).stdout
    assert re.search(r"^  goals +List the goals that the policy sets\.$", listed, re.MULTILINE)
    page = cli_reference.page()
    assert "## graphchannel goals\n" in page
    without = re.sub(r"## graphchannel goals\n\n```text\n.*?```\n\n", "", page, flags=re.DOTALL)
    assert without.count("## graphchannel") == page.count("## graphchannel") - 1


@pytest.mark.usefixtures("added")
def test_the_document_is_printed_in_every_format_also_the_new_one() -> None:
    def printed(*arguments: str) -> str:
        run = CliRunner().invoke(graphchannel.cli.main, ["goals", *arguments])
        assert run.exit_code == 0, run.output
        return run.stdout

    goals = json.loads(printed("--format", "json"))["goals"]
    assert goals[0]["measure"] == "partners"
    assert goals[0]["value"] == 1000
    assert printed("--format", "csv").startswith("measure,value,due,meaning\npartners,1000")
    assert "Goals\n" in printed()
    lines = printed("--format", "markdown").splitlines()
    assert lines[0] == "# Enterprise Business Channel Structure: what the channel is to reach."
    assert lines[2:6:2] == ["## Goals", "| measure | value | due | meaning |"]
    assert len(lines) == 6 + len(goals)


def test_nothing_is_left_of_them() -> None:
    assert "goals" not in graphchannel.cli.main.list_commands(None)  # type: ignore[arg-type]  # it needs none
    assert "markdown" not in formats.formats_for()

"""A stranger adds a command, a document and a format as CONTRIBUTING.md tells: one file each."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ROOMS = {
    "command": "graphchannel.cli",
    "document": "graphchannel.report.documents",
    "format": "graphchannel.report.formats",
}
# In a process of its own, since click keeps what formats there were when it first asked.
RUN = """
import importlib, json, sys
from click.testing import CliRunner
for room, folder in json.loads(sys.argv[1]).items():
    importlib.import_module(room).__path__.append(folder)
from graphchannel.cli import main
from scripts import cli_reference
said = {}
for words in (["--help"], *(["goals", "--format", name] for name in
              ("table", "json", "csv", "asciidoc"))):
    run = CliRunner().invoke(main, words, terminal_width=80)
    assert run.exit_code == 0, run.output
    said[words[-1]] = run.stdout
print(json.dumps(said | {"page": cli_reference.page()}))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the program says with the files that the page shows, each in its room."""
    folders = {}
    for kind, room in ROOMS.items():
        (found,) = re.findall(
            rf"^`([\w./-]+)`:\n\n```python {kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
        )
        name, content = found
        assert Path(name).parent.as_posix() == room.replace(".", "/")
        assert not (ROOT / name).exists()
        folder = tmp_path_factory.mktemp(kind)
        (folder / Path(name).name).write_text(content, "utf-8")
        folders[room] = str(folder)
    run = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(folders)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    result: dict[str, str] = json.loads(run.stdout)
    return result


def test_the_command_is_listed_and_has_its_section_on_the_page(said: dict[str, str]) -> None:
    summary = r"^  goals +List the goals that the policy sets\.$"
    assert re.search(summary, said["--help"], re.MULTILINE)
    assert "## graphchannel goals\n" in said["page"]


def test_the_document_is_printed_in_every_format(said: dict[str, str]) -> None:
    goals = json.loads(said["json"])["goals"]
    assert goals[0]["measure"] == "partners"
    assert goals[0]["value"] == 1000
    assert said["csv"].startswith("measure,value,due,meaning\npartners,1000")
    assert "Goals\n" in said["table"]


def test_every_command_has_the_new_format(said: dict[str, str]) -> None:
    lines = said["asciidoc"].splitlines()
    assert lines[0] == "= Enterprise Business Channel Structure: what the channel is to reach."
    assert lines[2:6] == ["== Goals", "", "|===", "|measure |value |due |meaning"]
    assert len(lines) == 7 + len(json.loads(said["json"])["goals"])
    status = said["page"].partition("## graphchannel status\n")[2].partition("\n## ")[0]
    assert "asciidoc" in status

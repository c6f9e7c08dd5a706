"""Output in the encodings of old consoles: what they lack is shown by number, and nothing fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from graphchannel.ingest import load_rows
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, Rules, line, network
from tests.sampling import sampled

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"A": "漢字 🚀", "B": "Łódź „Sp.”", "C": "Ünïted & Çö"}
ENCODINGS: dict[str, dict[str, str]] = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "us-ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
COMMANDS = (
    ("scan", "--pack", "pack", "--top", "5"),
    ("scan", "--pack", "pack", "--format", "json"),
    ("scan", "--pack", "pack", "--format", "csv"),
    ("partner", "A"),
    ("query", "MATCH (p:Partner) RETURN p.name AS 名 ORDER BY p.id"),
    ("query", "MATCH (p:Partner {name: '漢'}) RETURN q"),
    ("trace", "--from", "漢"),
    ("status",),
    ("worklist",),
)
ASK = """
import json, sys
from graphchannel.cli import main
codes = []
for command in json.loads(sys.argv[1]):
    try:
        main(command)
        codes.append(0)
    except SystemExit as ended:
        codes.append(int(ended.code or 0))
print(json.dumps(codes))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encodings")
    rules = Rules(folder / "pack")
    rules.add("supply/any", message="„{subject}“ supplied {object} → {lines} lines")
    (folder / "pack" / "policy.toml").write_text(
        (pack() / "policy.toml").read_text("utf-8"), "utf-8"
    )
    partners = [{"id": id_, "name": name} for id_, name in NAMES.items()]
    tables = network(line("L1", "A", "B"), line("L2", "B", "C"), partners=partners)
    with create_workspace(folder / "channel.duckdb", POLICY) as workspace:
        load_rows(workspace, tables, POLICY)
    return folder


@pytest.mark.parametrize("name", sampled(ENCODINGS, 1))
def test_what_an_encoding_lacks_is_shown_by_its_number(folder: Path, name: str) -> None:
    plain = {key: value for key, value in os.environ.items() if key not in ("PYTHONUTF8", "LANG")}
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(COMMANDS, ensure_ascii=True)],
        cwd=folder,
        env={**plain, **ENCODINGS[name]},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    out, errors = done.stdout.decode(name), done.stderr.decode(name)
    assert "Traceback" not in out + errors
    assert "fault of graphchannel" not in errors
    assert json.loads(out.splitlines()[-1]) == [1, 1, 1, 0, 0, 2, 2, 0, 0]
    for text in NAMES.values():
        for word in text.split(" "):
            assert word.encode(name, "backslashreplace").decode(name) in out

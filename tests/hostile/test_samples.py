"""Inputs that once ended in a traceback, a hang, a leak or an escape: each ends in one sentence.

The name of a sample says what reads it and what came out. `make assurance` tries all of them, the
suite the first of each kind.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.ingest import load_rows
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace, open_workspace
from tests.findings.network import POLICY, line, network
from tests.sampling import thinned

if TYPE_CHECKING:
    from click.testing import Result

ALL = os.environ.get("GRAPHCHANNEL_HOSTILE") == "all"
SAMPLES = [
    file
    for file in sorted((Path(__file__).parent / "samples").iterdir())
    if ALL or not any(f"__{number}." in file.name for number in range(1, 10))
]
READERS = ("csv", "jsonl", "parquet", "xss")
FINE = (
    "rule_200_or",
    "cypher__pyarrow_lib_ArrowInvalid_duckdb_py_48__1",
    "cypher__pyarrow_lib_ArrowInvalid_duckdb_py_48__2",
    "cypher__builtins_RecursionError_expressions",
    "xss",
    "csv_output",
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with a few lines."""
    file = tmp_path_factory.mktemp("hostile") / "channel.duckdb"
    certificate = {"holder_id": "A", "role": "vap", "issuer_id": "V", "valid_from": "2014-01-01"}
    lines = (line(f"L{number}", "A", "B") for number in range(3))
    with create_workspace(file, POLICY) as made:
        load_rows(made, network(*lines, certifications=[certificate]), POLICY)
    return file


def arguments(sample: Path, workspace: Path, folder: Path) -> list[str]:
    """Return the command that reads a sample, and put it where that looks for it."""
    match sample.name.split("_", 1)[0]:
        case "baseline":
            return ["scan", "-w", str(workspace), "--rule", "supply/*", "--baseline", str(sample)]
        case "config":
            shutil.copy(sample, folder / "graphchannel.toml")
            return ["config"]
        case "cypher":
            return ["query", "-w", str(workspace), "--timeout", "5", sample.read_text("utf-8")]
        case "policy":
            shutil.copytree(pack(), folder / "pack", ignore=shutil.ignore_patterns("*.cypher"))
            shutil.copy(sample, folder / "pack" / "policy.toml")
            return ["policy", "check", "--pack", str(folder / "pack")]
        case "rule":
            (folder / "supply").mkdir()
            shutil.copy(sample, folder / "supply" / "sample.cypher")
            return ["rules", "check", str(folder / "supply" / "sample.cypher")]
        case "scenario":
            return ["simulate", "-w", str(workspace), "--scenario", str(sample)]
        case name if name in READERS:
            table = sample.name.split("__")[-1] if "__" in sample.name else sample.name
            source = folder / table.split(".", 1)[1]
            shutil.copy(sample, source)
            return ["load", "-w", str(folder / "new.duckdb"), str(source)]
    return ["loaders", "check", str(sample)]


def run(sample: Path, workspace: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.chdir(folder)
    asked = arguments(sample, workspace, folder)
    return CliRunner().invoke(main, asked, catch_exceptions=False)


@pytest.mark.parametrize("sample", thinned(SAMPLES, 2), ids=lambda sample: sample.name)
def test_it_ends_in_a_sentence(
    sample: Path, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(sample, workspace, tmp_path, monkeypatch)
    assert "Traceback" not in done.output
    assert "fault of graphchannel" not in done.output
    if not sample.name.startswith((*FINE, *READERS)):
        assert done.exit_code in (1, 2)
        assert done.output.strip()
    if sample.name.startswith("lat-"):
        assert "refused" in done.output
    if (tmp_path / "new.duckdb").exists():  # rows that could be read, the others accounted for
        with open_workspace(tmp_path / "new.duckdb") as loaded:
            select = "SELECT sum(records), sum(added + corrected + unchanged + rejected)"
            [[read, told]] = loaded.connection.execute(f"{select} FROM admin.files").fetchall()
        assert read == told


def test_one_rule_that_is_too_deep_leaves_the_others_alone(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    header = "// @name {0}\n// @severity low\n// @message {{subject}} is there\n//\n"
    query = "MATCH (p:Partner) WHERE {0} RETURN p.id AS subject"
    conditions = {
        "many": " OR ".join(f"p.name = 'n{number}'" for number in range(600)),
        "deep": "(" * 400 + "p.name = 'x'" + ")" * 400,
        "negated": "NOT " * 900 + "p.name = 'x'",
        "plain": "p.name IS NOT NULL",
    }
    for name, condition in conditions.items():
        file = tmp_path / "rules" / "supply" / f"{name}.cypher"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(header.format(name) + query.format(condition), "utf-8")
    shutil.copy(pack() / "policy.toml", tmp_path / "rules" / "policy.toml")
    done = CliRunner().invoke(
        main, ["scan", "-w", str(workspace), "--pack", "rules", "--format", "json"]
    )
    assert "Traceback" not in done.output
    assert "supply/plain" in done.stdout
    assert "is there" in done.stdout


@pytest.mark.parametrize(
    "deep",
    ["pack = " + 100 * "[" + 100 * "]", 100 * "a." + "a = 1", "pack = " + 9_000 * "["],
    ids=["lists", "keys", "beyond Python's stack"],
)
def test_what_is_nested_too_deep_is_told_of_with_its_file(
    deep: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("graphchannel.toml").write_text(deep, "utf-8")
    done = CliRunner().invoke(main, ["config"])
    assert done.exit_code == 2
    said = "graphchannel: graphchannel.toml: cannot be read as TOML: it is nested too deep.\n"
    assert done.stderr == said

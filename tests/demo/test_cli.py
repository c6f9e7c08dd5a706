from __future__ import annotations

import re
import shlex
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from graphchannel.cli import main
from graphchannel.demo import run

pytestmark = pytest.mark.xdist_group("demo")  # tests share one demo


def graphchannel(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def _small_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PARTNERS", 300)
    monkeypatch.setattr(run, "LINES", 3_000)


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def first_demo(demo_folder: Path) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "PARTNERS", 300)
        patch.setattr(run, "LINES", 3_000)
        patch.chdir(demo_folder)
        return graphchannel("demo", "--keep", "files")


@pytest.fixture
def demo(
    first_demo: Result, demo_folder: Path, monkeypatch: pytest.MonkeyPatch, _small_demo: None
) -> Result:
    """A demo that was run once for all tests, which are in its folder."""
    monkeypatch.chdir(demo_folder)
    assert first_demo.exit_code == 0, first_demo.output
    return first_demo


def commands(output: str) -> list[list[str]]:
    lines = output.partition("\nNext:\n")[2].splitlines()
    return [shlex.split(line) for line in lines]


@pytest.mark.usefixtures("_in_folder")
def test_generate_writes_a_dataset_and_says_so() -> None:
    options = ("--partners", "300", "--lines", "2000", "--seed", "4", "--format", "parquet")
    result = graphchannel("generate", "here", *options)
    assert result.exit_code == 0, result.output
    assert re.fullmatch(
        r"Wrote 300 partners and 2,000 shipment lines to here; "
        r"truth\.json lists the \d+ findings as of 2015-06-30\.\n",
        result.output,
    )
    assert Path("here/shipments.parquet").exists()
    assert Path("here/truth.json").exists()


@pytest.mark.usefixtures("_in_folder")
def test_generate_refuses_too_small_a_network() -> None:
    result = graphchannel("generate", "here", "--partners", "10")
    assert result.exit_code == 2
    assert "at least 300 partners" in result.output


def test_demo_shows_findings_and_commands_that_work(demo: Result) -> None:
    assert "of an invented channel into demo.duckdb; the source files are in files." in demo.output
    (shown,) = re.findall(r"All lines of a finding: (graphchannel show .*)", demo.output)
    following = [shlex.split(shown), *commands(demo.output)]
    assert len(following) == 4
    for program, *arguments in following:
        assert program == "graphchannel"
        result = graphchannel(*arguments)
        # scan ends with 1, because there are findings
        assert result.exit_code == (1 if arguments[0] == "scan" else 0), result.output
        assert result.output.strip()


def test_demo_starts_over_and_touches_only_its_own_workspace(demo: Result) -> None:
    with duckdb.connect("demo.duckdb") as connection:  # as an earlier version left it
        connection.execute("UPDATE admin.meta SET value = '0' WHERE key = 'format'")
    again = graphchannel("demo")
    assert again.exit_code == 0, again.output
    assert again.output.partition("Policy:")[2] == demo.output.partition("Policy:")[2]
    assert {path.name for path in Path().iterdir()} == {"demo.duckdb", "files"}


@pytest.mark.usefixtures("_in_folder", "_small_demo")
def test_demo_leaves_a_foreign_file_alone() -> None:
    Path("demo.duckdb").write_text("my own notes")
    result = graphchannel("demo")
    assert result.exit_code == 2
    assert "demo.duckdb" in result.output
    assert Path("demo.duckdb").read_text() == "my own notes"

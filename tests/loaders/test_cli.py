from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.ingest.template import GUIDE, write_template
from graphchannel.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_loaders_list() -> None:
    code, out, _ = _run("loaders", "list", "--format", "json")
    assert code == 0
    assert "pos-flat" in [row["name"] for row in json.loads(out)]


def test_loaders_show() -> None:
    code, out, _ = _run("loaders", "show", "pos-flat")
    assert code == 0
    assert out.startswith("-- @name     pos-flat\n")
    code, _, err = _run("loaders", "show", "pos")
    assert code == 2
    assert "There is no loader 'pos'" in err


def test_loaders_check(tmp_path: Path) -> None:
    assert _run("loaders", "check", "loaders")[0] == 0
    wrong = tmp_path / "wrong.sql"
    wrong.write_text("-- @name wrong\n", encoding="utf-8")
    code, out, _ = _run("loaders", "check", str(tmp_path), "loaders")
    assert code == 1
    assert f"{wrong}:1: the header lacks '-- @reads'." in out
    assert "pos-flat.sql: ok" in out


def test_a_template_loads_as_no_rows(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert _run("template", str(folder))[0] == 0
    workspace = str(tmp_path / "channel.duckdb")
    code, out, err = _run("load", str(folder), "--workspace", workspace)
    assert (code, err) == (0, "The files have no rows yet.\n")
    assert all(f"{table.name}.csv" in out for table in TABLES)


def test_a_template_overwrites_only_by_force(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_text("mine", encoding="utf-8")
    code, _, err = _run("template", str(tmp_path))
    assert code == 2
    assert "partners.csv would be overwritten" in err
    assert [path.name for path in tmp_path.iterdir()] == ["partners.csv"]
    assert _run("template", str(tmp_path), "--force")[0] == 0
    assert (tmp_path / "partners.csv").read_text("utf-8").startswith("id,name,country,")


def test_the_guide_tells_every_column(tmp_path: Path) -> None:
    write_template(tmp_path)
    guide = (tmp_path / GUIDE).read_text("utf-8")
    for table in TABLES:
        section = guide.split(f"## {table.name}\n")[1].split("\n## ")[0]
        rows = [line.split(" | ")[0] for line in section.splitlines() if line.startswith("| ")]
        assert rows == [f"| {name}" for name in ("column", *table.column_names)]

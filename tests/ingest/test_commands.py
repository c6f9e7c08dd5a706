from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from graphchannel.cli import main

from .readers.workbooks import workbook

Run = Callable[..., Result]

_LINES = "id,shipped_on,seller_id,buyer_id,product_id,quantity\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a vendor, a partner, a product and a file of lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHCHANNEL_WORKSPACE", raising=False)
    (tmp_path / "vendors.csv").write_text("id,name\nV,Vendor\n")
    (tmp_path / "partners.csv").write_text("id,name\nD,Distributor\n")
    (tmp_path / "products.csv").write_text("id,name\nSKU,Switch\n")
    (tmp_path / "shipments.csv").write_text(_LINES + "1,2024-01-31,V,D,SKU,5\n")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return run


def test_a_load_that_is_accepted_ends_with_zero(run: Run) -> None:
    done = run("load", ".")
    assert done.exit_code == 0, done.output
    listed = [row for row in done.stdout.splitlines() if "csv" in row]
    assert [row.replace("│", " ").split() for row in listed] == [
        [f"{table}.csv", table, "1", "1", "0", "0", "0"]
        for table in ("partners", "products", "shipments", "vendors")
    ]
    assert done.stderr == ""
    status = json.loads(run("status", "--format", "json").stdout)
    assert {t["table"]: t["rows"] for t in status["tables"] if t["rows"]} == {
        "vendors": 1, "products": 1, "partners": 1, "shipments": 1,
    }  # fmt: skip
    assert "Lines from 2024-01-31 to 2024-01-31." in run("status").stdout


def test_a_workspace_in_no_folder_says_what_is_missing(run: Run) -> None:
    done = run("load", ".", "--workspace", "no/such/channel.duckdb")
    assert done.exit_code == 2
    assert "there is no folder 'no/such'; make it, or name another file" in done.stderr


def test_a_misspelt_command_says_which_may_be_meant(run: Run) -> None:
    done = run("laod", ".")
    assert done.exit_code == 2
    assert "No such command 'laod'. Did you mean 'load'?" in done.stderr
    assert "No such command 'zzz'.\n" in run("zzz").stderr


def test_an_engine_of_another_kind_asks_for_no_password(run: Run) -> None:
    run("load", ".")
    done = run("scan", "--engine", "postgres://host")
    assert done.exit_code == 2
    assert "'postgres://host' is no address of a Neo4j server; expected neo4j://" in done.stderr


def test_a_load_with_rejects_ends_with_one_and_says_where_to_look(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shipments.csv").write_text(_LINES + "1,2024-01-31,V,D,SKU,0\n")
    done = run("load", ".")
    assert done.exit_code == 1
    assert "1 row rejected; 'graphchannel rejects' says why." in done.stderr
    assert "quantity is '0'; expected at least 1." in run("rejects").stdout
    (reject,) = json.loads(run("rejects", "--format", "json").stdout)
    assert (reject["file"], reject["record"], reject["code"]) == (
        "shipments.csv", 1, "out_of_range",
    )  # fmt: skip


def test_rejects_are_exported_corrected_and_closed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shipments.csv").write_text(_LINES + "1,2024-01-31,V,D,SKU,0\n")
    run("load", ".")
    done = run("rejects", "--export", "out.csv")
    assert done.exit_code == 0, done.output
    assert "out.csv: 1 reject." in done.stdout
    out = tmp_path / "out.csv"
    out.write_text(out.read_text().replace("SKU,0", "SKU,7"))
    assert run("load", "out.csv").exit_code == 0
    assert "0 of 0 open rejects" in run("rejects").stdout


def test_a_load_that_brings_nothing_ends_with_two(run: Run, tmp_path: Path) -> None:
    assert run("load", "none.csv").exit_code == 2
    assert run("load", "shipments.csv").exit_code == 2  # its one line is rejected
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    done = run("load", "notes.csv")
    assert done.exit_code == 2
    assert done.stderr.startswith("graphchannel: ")
    assert "notes.csv" in done.stderr


def test_files_without_rows_are_no_mistake(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shipments.csv").write_text(_LINES)
    done = run("load", "shipments.csv")
    assert done.exit_code == 0
    assert "The files have no rows yet." in done.stderr


def test_a_load_can_be_taken_back(run: Run) -> None:
    run("load", ".")
    done = run("unload", "1")
    assert done.exit_code == 0, done.output
    assert "Load 1 is taken back: 4 rows removed" in done.stdout
    entries = json.loads(run("loads", "--format", "json").stdout)
    assert [(entry["load"], entry["kind"]) for entry in entries] == [(1, "unloaded"), (2, "unload")]
    done = run("unload", "1")
    assert done.exit_code == 2
    assert "no load 1 to take back" in done.stderr
    assert "unloaded" in run("loads").stdout


def test_a_snapshot_says_what_it_withdrew(run: Run, tmp_path: Path) -> None:
    run("load", ".")
    (tmp_path / "shipments.csv").write_text(_LINES + "2,2024-01-31,V,D,SKU,5\n")
    done = run("load", "shipments.csv", "--replace", "shipments")
    assert done.exit_code == 0, done.output
    assert "shipments: 1 row withdrawn, which the snapshot lacks." in done.stdout


def test_rows_that_wait_for_others_are_reported_when_they_come_in(run: Run) -> None:
    run("load", "shipments.csv")
    done = run("load", "vendors.csv", "partners.csv", "products.csv")
    assert done.exit_code == 0, done.output
    assert "1 row accepted now, which an earlier load rejected." in done.stdout


@pytest.mark.parametrize("command", ["status", "loads", "rejects", "unload 1"])
def test_without_a_workspace_a_command_says_what_to_do(run: Run, command: str) -> None:
    done = run(*command.split())
    assert done.exit_code == 2
    assert "there is no workspace here; run 'graphchannel load' first" in done.stderr


def test_a_first_load_that_fails_leaves_no_workspace(run: Run, tmp_path: Path) -> None:
    assert run("load", "missing.csv").exit_code == 2
    assert not (tmp_path / "channel.duckdb").exists()
    assert run("load", "vendors.csv").exit_code == 0
    assert run("load", "missing.csv").exit_code == 2
    assert "Last change: 1" in run("status").stdout


def test_each_file_in_its_own_encoding(run: Run, tmp_path: Path) -> None:
    for name, text, encoding in (
        ("partners-a.csv", "Müller", "cp1252"),
        ("partners-b.csv", "Žižka", "cp1250"),
        ("partners-c.csv", "Ümit", "utf-8"),
    ):
        (tmp_path / name).write_text(f"id,name\n{name},{text}\n", encoding)
    encodings = ["--encoding", "*-a.csv=cp1252", "--encoding", "partners-b*=cp1250"]
    assert run("load", "partners-*.csv", *encodings).exit_code == 0
    found = run(
        "query", "MATCH (p:Partner) RETURN p.name AS name ORDER BY p.id", "--format", "json"
    )
    assert [row["name"] for row in json.loads(found.stdout)] == ["Müller", "Žižka", "Ümit"]
    done = run("load", ".", "--encoding", "partner-x*=cp1252")
    assert done.exit_code == 2
    assert "No file is called 'partner-x*', which encoding cp1252 is given for." in done.stderr


_POS = ["invoice", "line", "ship_date", "sold_by", "sold_to", "sku", "quantity"]


def test_workbooks_after_a_file_that_a_loader_reads(run: Run) -> None:
    run("load", ".")
    folder = Path("pos-reports")
    folder.mkdir()
    for month in ("06", "07", "08"):
        rows: list[list[Any]] = [_POS, [f"I{month}", 1, f"2015-{month}-01", "V", "D", "SKU", 3]]
        (folder / f"{month}.xlsx").write_bytes(workbook({"POS": rows}))
    Path("a.csv").write_text(",".join(_POS) + "\nI05,1,2015-05-01,V,D,SKU,3\n")
    done = run("load", "partners.csv", "a.csv", *map(str, sorted(folder.iterdir())))
    assert done.exit_code == 0, done.output
    loaded = json.loads(run("loads", "--format", "json").stdout)[-1]
    assert (loaded["files"], loaded["added"], loaded["unchanged"]) == (5, 4, 1)


def test_a_folder_says_what_it_leaves_and_reads_the_rest(run: Run) -> None:
    folder = Path("june")
    folder.mkdir()
    (folder / "products-a.csv").write_text("id,name\nP,p\n")
    (folder / "products-a (1).csv").write_text("id,name\nP,old\n")
    (folder / "notes.csv").write_text("some,notes\n1,2\n")
    (folder / "july.txt").write_text("id,name\nQ,q\n")
    (folder / "below").mkdir()
    done = run("load", "june")
    assert done.exit_code == 0, done.output
    assert "june: not read: below/, july.txt." in done.stderr
    assert "products-a (1).csv: its name says that it is a copy of 'products-a'" in done.stderr
    assert "notes.csv: no table has this name" in done.stderr
    assert run("load", "june/notes.csv").exit_code == 2
    assert run("load", "june/july.txt", "--table", "products").exit_code == 0

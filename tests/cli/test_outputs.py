"""One run, several files: each as it is named, each whole; what cannot be written is said."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from tests.full_disk import no_room

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_one_scan_writes_each_file_as_it_is_named(desk: Desk) -> None:
    names = ("a.sarif", "b.xlsx", "c.html", "d.md", "e.xml", "f.json", "g.csv", "h.txt")
    run = desk.scan("--as-of", "2015-02-10", *(word for name in names for word in ("-o", name)))
    assert (run.exit_code, run.stdout) == (1, ""), run.output
    assert len(json.loads(desk.run("runs", "--format", "json").stdout)) == 1
    file = {name: desk.folder / name for name in names}
    assert json.loads(file["a.sarif"].read_text())["version"] == "2.1.0"
    assert openpyxl.load_workbook(file["b.xlsx"])["Findings"].max_row == 3
    assert ET.parse(file["e.xml"]).getroot().tag == "testsuites"  # noqa: S314 - our own
    alone = desk.run("report", "--pack", "pack", "--as-of", "2015-02-10", "alone.html")
    assert alone.exit_code == 0
    assert file["c.html"].read_bytes() == (desk.folder / "alone.html").read_bytes()
    for name, format_ in (
        ("d.md", "markdown"),
        ("f.json", "json"),
        ("g.csv", "csv"),
        ("h.txt", "table"),
    ):
        printed = desk.scan("--as-of", "2015-02-10", "--format", format_).stdout
        assert file[name].read_text("utf-8") == printed, name
    assert not list(desk.folder.glob(".*.part"))


def test_standard_output_is_a_place_too(desk: Desk) -> None:
    run = desk.scan("--format", "github", "--output", "-", "--output", "a.json")
    assert run.stdout.startswith("::warning title=supply/any (medium)::")
    assert json.loads((desk.folder / "a.json").read_text())["findings"]
    others = desk.run("loads", "-o", "l.csv", "-o", "l.json", "-o", "-")
    assert "load" in others.stdout
    assert len((desk.folder / "l.csv").read_text().splitlines()) == 2
    assert json.loads((desk.folder / "l.json").read_text())


def test_of_several_the_others_are_written(desk: Desk) -> None:
    kept = desk.folder / "b.json"
    kept.write_text("old")
    with no_room(900):
        run = desk.scan("-o", "a.csv", "-o", "b.json", "-o", "e.sarif", "--summary")
    assert run.exit_code == 2
    assert run.stdout == ""
    said = run.stderr.splitlines()
    assert [line for line in said if line.startswith(("graphchannel: b.json", "e.sarif"))] == [
        "graphchannel: b.json: File too large.",
        "e.sarif: File too large.",
    ]
    assert said[-1] == "Written: a.csv."
    assert (desk.folder / "a.csv").read_text().startswith("severity,rule")
    assert (kept.read_text(), (desk.folder / "e.sarif").exists()) == ("old", False)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("-o a.pdf", "A PDF is written by 'graphchannel report FILE.pdf'."),
        ("-o a.dat", "'.dat' does not tell how to write it; expected .csv,"),
        ("-o none/a.json", "--output none/a.json: there is no folder none."),
        ("-o a.json -o ./a.json", "it is named twice; name each file once."),
        ("--format json -o channel.duckdb", "this is the workspace, which would be lost"),
        ("--format json -o a.json -o b.csv", "--format json goes with one --output"),
        ("--summary --format json", "--summary takes the place of what is printed"),
        ("--summary -o -", "--summary takes the place of what is printed"),
        ("-o a.sarif --section rules", "--format sarif has the whole result"),
        ("-o a.html --by subject", "--format html lists findings; leave out --by."),
        ("--format xlsx -o - -o b.csv", "--format xlsx goes with --output FILE."),
    ],
)
def test_what_does_not_go_is_refused_before_any_work(desk: Desk, words: str, sentence: str) -> None:
    before = (desk.folder / "channel.duckdb").read_bytes()
    run = desk.scan("--as-of", "2015-01-01", *words.split())
    assert run.exit_code == 2
    assert sentence in " ".join(run.stderr.split())
    assert "As of" not in run.stderr
    assert (desk.folder / "channel.duckdb").read_bytes() == before


def test_a_report_has_one_format_for_one_file(desk: Desk) -> None:
    refused = desk.run("report", "--format", "html", "a.html", "b.html")
    assert (refused.exit_code, "goes with one file" in refused.stderr) == (2, True)


def test_a_device_gets_what_the_screen_gets(desk: Desk) -> None:
    run = desk.scan("--output", os.devnull, "--output", "a.json")
    assert run.exit_code == 1
    plain = desk.scan("--output", "plain")
    assert (plain.exit_code, (desk.folder / "plain").read_text()[:7]) == (1, "Policy:")
    sql = desk.run("query", "MATCH (p:Partner) RETURN p.id AS id", "--sql", "-o", "q.sql")
    assert sql.exit_code == 0
    assert "SELECT" in (desk.folder / "q.sql").read_text()


def test_the_summary_is_one_line(desk: Desk) -> None:
    run = desk.scan("--summary", "--output", "before.json", "--as-of", "2015-01-31")
    assert run.stdout == (
        "As of 2015-01-31: 2 findings (2 medium); at stake no amounts on 2 lines.\n"
    )
    later = desk.scan("--summary", "--baseline", "before.json", "--as-of", "2015-02-10")
    assert later.stdout == (
        "As of 2015-02-10: 2 findings (2 medium), 0 new, 1 grown since before.json, "
        "0 gone; at stake no amounts on 3 lines.\n"
    )
    assert later.exit_code == 1
    desk.rules.add("supply/odd", "MATCH (c:City) RETURN c.id AS subject", message="{subject}")
    assert "1 of 2 rules not evaluated." in desk.scan("--summary").stdout

"""Every command that prints rows prints them in every format that fits, section by section."""

from __future__ import annotations

import csv
import io
import json
import shlex
from typing import TYPE_CHECKING

import click
import openpyxl
import pytest

from graphchannel.cli import main
from graphchannel.report.formats import formats_for
from tests.sampling import thinned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.report.formats import Need
    from tests.cli.conftest import Desk

# Commands that print no rows: why not.
NO_ROWS = {
    "demo": "a tour: a scan's page and what to do next",
    "generate": "writes files",
    "loaders show": "prints a file",
    "neo4j browser": "prints a link",
    "neo4j down": "says what it stopped",
    "neo4j queries": "writes files",
    "neo4j style": "prints a file",
    "neo4j up": "says what it started",
    "policy new": "writes files",
    "publish": "says what it sent",
    "purge": "says what it forgot",
    "rejects accept": "says what it accepted",
    "rejects dismiss": "says what it dismissed",
    "report": "writes a page",
    "rules show": "prints a file and what is known about it",
    "senders check": "says what is wrong with a file, and shows what it makes of another",
    "senders new": "writes a file",
    "senders show": "prints a file",
    "template": "writes files",
    "unload": "says what it took back",
    "waive": "says what it wrote",
    "worklist assign": "says what it changed",
    "worklist close": "says what it changed",
    "worklist comment": "says what it changed",
    "worklist export": "writes a file",
    "worklist reopen": "says what it changed",
}
HAS: dict[str, tuple[Need, ...]] = {
    "scan": ("scan", "page"),
    "watch": ("scan", "page"),
    "policy show": ("drawing",),
}
# Commands with arguments; others check their sections in tests of their own, as they print.
COMMANDS = {
    "config": "",
    "coverage regions": "--compare-to 2015-01-01",
    "kpi": "",
    "load": "more",
    "loaders list": "",
    "loads": "",
    "observability": "",
    "partner": "A",
    "policy check": "",
    "policy show": "",
    "query": "'UNWIND [1, 2] AS n RETURN n'",
    "rejects": "",
    "rules check": "pack",
    "rules list": "",
    "scan": "--show-waived",
    "schema": "",
    "status": "",
    "trace": "--from A",
    "waivers": "",
    "worklist list": "",
}


def commands(
    group: click.Group = main, names: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Yield all commands with their names."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            yield from commands(command, (*names, name))
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield " ".join((*names, name)), command


ALL = dict(commands())


def choices(command: click.Command, option: str) -> list[str]:
    """Return what an option of a command may be, nothing if it has none."""
    for parameter in command.params:
        if parameter.name == option and isinstance(parameter.type, click.Choice):
            return [str(choice) for choice in parameter.type.choices]
    return []


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_command_with_rows_has_every_format_that_fits(name: str) -> None:
    offered = choices(ALL[name], "format_")
    if name in NO_ROWS:
        assert "table" not in offered
    else:
        assert offered == formats_for(HAS.get(name, ()))
        assert {"csv", "json", "table", "xlsx"} <= set(offered)


def test_a_format_that_needs_something_fits_what_has_it_alone() -> None:
    assert set(formats_for(("scan",))) - set(formats_for()) == {"github", "junit", "sarif"}
    assert set(formats_for(("page",))) - set(formats_for()) == {"html"}
    assert set(formats_for(("drawing",))) - set(formats_for()) == {"svg"}


@pytest.mark.parametrize("name", thinned(sorted(COMMANDS), 3))
def test_each_section_is_a_sheet(desk: Desk, name: str) -> None:
    (desk.folder / "more").mkdir()
    (desk.folder / "more" / "vendors.csv").write_text("id,name\nV2,Second\n", "utf-8")
    words = [*name.split(), *shlex.split(COMMANDS[name]), "--format", "xlsx", "-o", "book.xlsx"]
    run = desk.run(*words)
    assert run.exit_code in {0, 1}, run.output
    sheets = openpyxl.load_workbook(desk.folder / "book.xlsx").sheetnames
    named = {
        f"{key[:1].upper()}{key[1:]}".replace("_", " ") for key in choices(ALL[name], "section")
    }
    assert set(sheets) - {"About"} <= named or len(sheets) <= 2
    assert len(sheets) >= 1


@pytest.mark.parametrize("name", ["policy show"])
def test_each_section_is_a_csv(desk: Desk, name: str) -> None:
    words = [*name.split(), *shlex.split(COMMANDS[name]), "--format", "csv"]
    texts = {
        section: desk.run(*words, "--section", section).stdout
        for section in choices(ALL[name], "section")[:4]
    }
    assert len(set(texts.values())) == len(texts)
    for text in texts.values():
        assert len({len(row) for row in csv.reader(io.StringIO(text))}) <= 1
    assert desk.run(*words).stdout in texts.values()


def test_a_section_alone(desk: Desk) -> None:
    everything = json.loads(desk.run("kpi", "--format", "json").stdout)
    alone = json.loads(desk.run("kpi", "--format", "json", "--section", "months").stdout)
    assert alone["months"] == everything["months"]
    assert "goals" in everything
    assert "goals" not in alone
    assert alone["as_of"] == everything["as_of"]
    table = desk.run("kpi", "--section", "months").stdout
    assert "Recruitment by month" in table
    assert "Goals" not in table


def test_a_section_that_nobody_has(desk: Desk) -> None:
    for name in ("kpi", "coverage regions", "scan", "trace"):
        run = desk.run(*name.split(), "--section", "rulez")
        assert run.exit_code == 2
        assert all(f"'{known}'" in run.stderr for known in choices(ALL[name], "section"))
    assert "Did you mean 'rules'?" in desk.run("scan", "--section", "rulez").stderr


def test_what_cannot_be_printed_is_refused_before_any_work(desk: Desk) -> None:
    absent = ("scan", "--workspace", "absent.duckdb")
    assert "goes with --output FILE" in desk.run(*absent, "--format", "xlsx").stderr
    refused = desk.run(*absent, "--format", "sarif", "--section", "rules")
    assert "leave out --section" in refused.stderr

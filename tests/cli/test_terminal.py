"""Names cannot steer a terminal, forge a line or become a formula, whatever prints them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import graphchannel.cli
from graphchannel.ingest import load_rows
from graphchannel.report.document import Document, Section, fields
from graphchannel.report.formats import format_named
from graphchannel.workspace import create_workspace
from tests.cli.conftest import POLICY_FILE, Desk
from tests.findings.network import POLICY, Rules, line, network

if TYPE_CHECKING:
    from collections.abc import Mapping

OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
PAYLOADS = (
    "\x1b[2J\x1b[31mred",
    "\x1b]52;c;Y2FsYw==\x07clip",
    "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31mC1\x9d0;title\x9c",
    "user\u202egnp.exe",
    "\u2066isolated\u2069 \u200fmark",
    "one\r=1+1",
    "\x00nul\x08back\x7fdel",
    "[bold red]markup[/] [link=http://x]y[/link]",
    "=cmd|' /C calc'!A0",
)
COMMANDS = (
    "status",
    "loads",
    "rejects",
    "rejects --by reason",
    "scan --pack pack --top 99",
    "scan --pack pack --by subject",
    "show supply/any --pack pack",
    "partner A --pack pack",
    "coverage regions",
    "resilience",
    "kpi",
    "observability",
    "trace --line L1",
    "recommend partners --budget 1",
    "duplicates",
    "config",
    "doctor",
)
SINCE = {"valid_from": "2014-01-01"}
FORMATS = ("table", "csv", "json")
WIDELY = ("rejects", "loads", "scan --pack pack --by subject", "partner A --pack pack")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk whose names, ids and rejects hold all that a terminal may obey."""
    folder = tmp_path_factory.mktemp("hostile")
    rules = Rules(folder / "pack")
    rules.add("supply/any", severity="medium")
    (folder / "pack" / "policy.toml").write_bytes(POLICY_FILE.read_bytes())
    parties = [
        {"id": f"P{number}", "name": f"No {number}", "country": "DE"}
        for number in range(len(PAYLOADS))
    ]
    tables = network(
        *(line(f"L{number}", "A", "B", document=p) for number, p in enumerate(PAYLOADS)),
        line("L99\x1b[7m", "A", "nobody\x1b]0;t\x07"),
        partners=[{"id": "A", "name": "A"}, {"id": "B", "name": "B"}, *parties],
        certifications=[{"holder_id": "A", "role": "vap", "issuer_id": "V", **SINCE}],
    )
    with create_workspace(folder / "channel.duckdb", POLICY) as workspace:
        load_rows(workspace, tables, POLICY)
        # Loading cleans names. Another version may not have, nor does whoever writes to the file.
        names = {f"P{number}": payload for number, payload in enumerate(PAYLOADS)}
        names |= {"A": f"{PAYLOADS[0]} & Co", "B": PAYLOADS[1]}
        for key, name in names.items():
            given = [name, key]
            workspace.connection.execute(
                "UPDATE main.partners SET name = $1 WHERE id LIKE $2", given
            )
        given = [PAYLOADS[3]]
        workspace.connection.execute("UPDATE admin.rejects SET reason = reason || $1", given)
        workspace.connection.execute("UPDATE admin.files SET file = file || $1", given)
    return Desk(folder, rules)


def test_no_command_writes_what_a_terminal_obeys(hostile: Desk) -> None:
    shown = 0
    for command in COMMANDS:
        for format_ in FORMATS if command in WIDELY else FORMATS[:1]:
            done = hostile.run(*command.split(), "--format", format_)
            assert "Traceback" not in done.output
            assert not OBEYED.search(done.output), (command, format_)
            assert "Usage:" not in done.output, done.output
            shown += "\\x1b" in done.output or "\\u001b" in done.output
    assert shown >= 8  # the names did come that far


def test_neither_do_errors_and_what_was_given(hostile: Desk) -> None:
    for payload in (PAYLOADS[0], PAYLOADS[3] + PAYLOADS[4]):
        for command in (
            ("show", payload),
            ("partner", payload),
            ("scan", "--rule", payload),
            ("scan", "--severity", payload),
            ("status", "-w", payload),
            ("load", payload),
            ("query", f"MATCH (a:{payload}) RETURN a"),
            ("query", "RETURN $x AS x", "--param", f"x={payload}"),
            (payload,),
            ("scan", f"--{payload}"),
        ):
            done = hostile.run(*command)
            assert not OBEYED.search(done.output), command


def test_json_keeps_the_values(hostile: Desk) -> None:
    done = hostile.run("query", "MATCH (p:Party) RETURN p.name AS name", "--format", "json")
    names = {row["name"] for row in json.loads(done.stdout)}
    assert set(PAYLOADS) < names


def written(values: list[str], format_: str) -> str:
    entries: list[Mapping[str, object]] = [{"a": value, "b": 1} for value in values]
    columns = fields("a", "b")
    stream = io.StringIO()
    section = Section("s", "", columns, entries)
    format_named(format_).write(Document("", {}, (section,), listing=True), stream)
    return stream.getvalue()


def test_no_cell_of_csv_is_a_formula_however_it_is_read() -> None:
    signs = ("=", "+", "-", "@", "\t=", "\r=", "\n=", *"\uff1d\uff0b\uff0d\uff20")
    values = [f"{sign}1+1" for sign in signs]
    values += [f"x{end}=1+1" for end in ("\r", "\n", "\r\n", "\u2028", "\x0b", "\x85")]
    text = written(values, "csv")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == len(values) + 1
    careless = re.split("[\r\n\u2028\u2029\x0b\x0c\x85]", text)  # ends a row wherever it can
    assert len(careless) == len(values) + 2
    for cell in (row[0] for row in rows[1:]):
        assert not cell.startswith(signs)


def test_json_has_no_number_that_json_does_not_know() -> None:
    stream = io.StringIO()
    row: Mapping[str, object] = {"a": float("nan"), "b": [float("inf"), {"c": -float("inf")}]}
    columns = fields("a", "b")
    section = Section("s", "", columns, [row])
    format_named("json").write(Document("", {}, (section,), listing=True), stream)

    def refuse(name: str) -> None:
        raise AssertionError(name)

    found = json.loads(stream.getvalue(), parse_constant=refuse)
    assert found == [{"a": "NaN", "b": ["Infinity", {"c": "-Infinity"}]}]


def test_commands_speak_through_one_function() -> None:
    folder = Path(graphchannel.cli.__file__).parent
    raw = re.compile(r"click\.s?echo\((?![^\n]*nl=False)|\bprint\(")
    found = {
        file.name
        for file in folder.glob("*.py")
        if file.name != "_saying.py" and raw.search(file.read_text("utf-8"))
    }
    assert found == set()

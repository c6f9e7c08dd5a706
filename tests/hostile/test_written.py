"""Mutations of what users write: one sentence that names the file, no traceback, in bounded time.

A few of each kind run with the suite; GRAPHCHANNEL_MUTATIONS=3000 tries so many of each.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from contextlib import chdir
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from tests.runs.conftest import office_in

if TYPE_CHECKING:
    from pathlib import Path

EACH = int(os.environ.get("GRAPHCHANNEL_MUTATIONS", "4"))
OWN_WORDS = ("scenario", "sheet", "workbook")  # where a change or a row may be named instead
SLOWEST = 10.0  # seconds of processor time for one
WORDS = (
    *('"', "'", "[", "]", "[[", "{", "}", "=", ",", ";", "\n", "\r", "\t", "\0", "#", "//", "@"),
    *("true", "null", "nan", "-1", "1e400", "9" * 30, "0x1", "9999-99-99", "0001-01-01", "inf"),
    *(
        "\\u0000",
        "\\ud800",
        "\u202e",
        "é",
        "漢",
        "\ufeff",
        "[" * 60,
        "a." * 60,
        "x" * 9000,
        "$",
        "*",
    ),
    *(
        "id",
        "name",
        "version",
        "closed",
        "MATCH",
        "RETURN",
        "WHERE",
        "(",
        ")",
        "../..",
        "/dev/null",
    ),
)
SCENARIO = """on = 2015-02-01
terminate = ["A"]
certify = [{partner = "C", role = "vap", issuer = "V"}]
"""
SETTINGS = """workspace = "channel.duckdb"
pack = "pack"
fail-on = "high"
"""
SENDER = """about = "Rotkamp, monthly"
confirmed = true
files = ["pos.csv"]

[shipments]
key = ["Rechnung", "Artikel"]
shipped_on = "Datum"
seller_id = { value = "A" }
buyer_id = "Kunde"
product_id = "Artikel"
quantity = "Menge"
document = "Rechnung"
reporter_id = { value = "A" }
"""
WAIVERS = """id,rule,subject_id,object_id,product_id,valid_from,valid_to,reason,approver,max_units
W1,supply/any,A,B,,2015-01-01,2015-12-31,Agreed.,ada,3
W2,supply/*,B,,,2015-01-01,,Known.,ada,
"""
REPORT = "Rechnung,Datum,Kunde,Artikel,Menge\nR1,2015-01-05,B,X,3\n"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that somebody writes, and the command that reads it."""

    file: str
    command: tuple[str, ...]


KINDS = {
    "policy": Written("pack/policy.toml", ("policy", "check", "--pack", "pack")),
    "rule": Written("pack/supply/any.cypher", ("rules", "check", "pack/supply/any.cypher")),
    "scenario": Written("what.toml", ("simulate", "--pack", "pack", "--scenario", "what.toml")),
    "baseline": Written("base.json", ("scan", "--pack", "pack", "--baseline", "base.json")),
    "sender": Written(
        "senders/rotkamp.toml", ("senders", "check", "senders/rotkamp.toml", "--file", "pos.csv")
    ),
    "settings": Written("graphchannel.toml", ("config",)),
    "sheet": Written("work.csv", ("worklist", "import", "work.csv", "--dry-run")),
    "workbook": Written("work.xlsx", ("worklist", "import", "work.xlsx", "--dry-run")),
    "waivers": Written("waivers.csv", ("load", "waivers.csv", "-w", "new.duckdb")),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a valid file of each kind."""
    folder = tmp_path_factory.mktemp("written")
    office = office_in(folder)
    office.scan()
    for name, text in (
        ("what.toml", SCENARIO),
        ("graphchannel.toml", SETTINGS),
        ("waivers.csv", WAIVERS),
        ("pos.csv", REPORT),
    ):
        (folder / name).write_text(text, "utf-8")
    (folder / "senders").mkdir()
    (folder / "senders" / "rotkamp.toml").write_text(SENDER, "utf-8")
    for command in (
        ("scan", "--pack", "pack", "--output", "base.json"),
        ("worklist", "export", "work.csv"),
        ("worklist", "export", "work.xlsx"),
    ):
        with chdir(folder):
            assert CliRunner().invoke(main, command).exit_code in (0, 1)
    shutil.copy(folder / "channel.duckdb", folder / "new.duckdb")
    return folder


def mutated(content: bytes, draw: random.Random) -> bytes:
    """Change a few words or characters of a text; of a workbook, bytes."""
    data = bytearray(content)
    for _ in range(draw.choice((1, 1, 2, 4))):
        at = draw.randrange(len(data) + 1)
        end = min(len(data), at + draw.choice((1, 5, 40, 300)))
        match draw.randrange(5):
            case 0:
                data[at:at] = draw.choice(WORDS).encode("utf-8", "surrogatepass")
            case 1:
                data[at:end] = draw.choice(WORDS).encode("utf-8", "surrogatepass")
            case 2:
                del data[at:end]
            case 3:
                data[at:at] = data[at:end] * draw.choice((1, 2, 30))
            case _:
                data[at:end] = bytes(draw.randrange(256) for _ in range(min(3, end - at)))
    return bytes(data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_file_is_told_of_in_a_sentence(desk: Path, kind: str) -> None:
    draw = random.Random(kind)  # noqa: S311 - no secrets here
    written = KINDS[kind]
    file = desk / written.file
    content = file.read_bytes()
    workspaces = {name: (desk / name).read_bytes() for name in ("channel.duckdb", "new.duckdb")}
    try:
        for _ in range(EACH):
            file.write_bytes(mutated(content, draw))
            begun = time.process_time()
            with chdir(desk):
                done = CliRunner().invoke(main, written.command)
            assert time.process_time() - begun < SLOWEST, file.read_bytes()
            said = done.output
            assert "Traceback" not in said, (file.read_bytes(), said)
            assert "fault of graphchannel" not in said, (file.read_bytes(), said)
            assert done.exit_code in (0, 1, 2), (file.read_bytes(), said)
            if done.exit_code == 2 and kind not in OWN_WORDS:
                assert written.file.rsplit("/", maxsplit=1)[-1] in said, (file.read_bytes(), said)
    finally:
        file.write_bytes(content)
        for name, before in workspaces.items():
            (desk / name).write_bytes(before)


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_fine_as_it_is(desk: Path, kind: str) -> None:
    with chdir(desk):
        done = CliRunner().invoke(main, KINDS[kind].command)
    assert done.exit_code in (0, 1), done.output

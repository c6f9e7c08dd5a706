"""SIGKILL at random points of commands: what they write is as before or as after, never part of it.

Asked again, the command succeeds. Points are the begins and ends of SQL statements and of file
operations; a third of them are drawn among the last, where results take their place, and a third
are moments, which lie within such steps, too. `make assurance` kills each command 25 times.
"""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.channel.work import WorkFilter
from graphchannel.schema import TABLES as SCHEMA
from graphchannel.workspace import open_workspace
from tests.findings.network import line
from tests.forks import Ended, Forks, forks
from tests.runs.conftest import Office, office_in
from tests.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Iterator

State = dict[str, Any]
PACK = ("--pack", "pack", "--as-of", "2015-02-10")
OUTPUTS = ("old.json", "old.csv", "old.xlsx")
WORKSPACES = ("channel.duckdb", "new.duckdb")
# Of all tables the columns but moments, and names that are drawn anew for each run and its rows.
TABLES = """
SELECT schema_name || '.' || table_name,
       string_agg('"' || column_name || '"', ', ' ORDER BY column_index)
FROM duckdb_columns() SEMI JOIN duckdb_tables() USING (table_oid)
WHERE NOT internal AND data_type NOT LIKE 'TIMESTAMP%'
  AND schema_name || '.' || table_name || '.' || column_name NOT IN
      ('admin.runs.key', 'admin.runs.id', 'admin.runs.manifest', 'admin.meta.value',
       'admin.kept_rule.rows')
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and the files and folders that it writes."""

    arguments: tuple[str, ...]
    files: tuple[str, ...] = ()


COMMANDS = {
    "outputs": Command(("scan", *PACK, *(a for o in OUTPUTS for a in ("-o", o))), OUTPUTS),
    "worklist": Command(("worklist", "assign", "--rule", "supply/*", "--to", "eve")),
    "unload": Command(("unload", "2")),
    "scan": Command(("scan", *PACK)),
    "export": Command(("export", "lake", "--pack", "pack"), ("lake",)),
    "first load": Command(("load", "files", "-w", "new.duckdb", "--pack", "pack")),
    "load": Command(("load", "files", "--pack", "pack")),
    "sheet": Command(("worklist", "export", "sheet.xlsx"), ("sheet.xlsx",)),
    "report": Command(("report", "old.html", *PACK), ("old.html",)),
}
EACH = 25
NEAR = 40  # points before the end, where what is written becomes what stands
QUICK = 1  # commands that each test run kills once


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office after a scan, work and a second load, with an older file of each output."""
    office = office_in(tmp_path_factory.mktemp("office"))
    office.scan()
    with office.channel() as channel:
        found = [item.fingerprint for item in channel.work.list(WorkFilter()).items]
        channel.work.assign(*found, to="ada", by="boss")
    office.load(shipments=[line(f"M{n}", "A", "C", quantity=n + 1) for n in range(300)])
    (office.folder / "files").mkdir()
    rows = "".join(f"N{n},2015-02-0{n % 9 + 1},A,B,X,{n + 1}\n" for n in range(3000))
    header = "id,shipped_on,seller_id,buyer_id,product_id,quantity\n"
    (office.folder / "files" / "shipments.csv").write_text(header + rows)
    (office.folder / "files" / "partners.csv").write_text("id,name,country\nA,Alpha,DE\nB,Bee,FR\n")
    (office.folder / "files" / "products.csv").write_text("id,name\nX,Router\n")
    for name in (*OUTPUTS, "old.html", "sheet.xlsx"):
        (office.folder / name).write_text("older")
    return office


@pytest.fixture(scope="module")
def processes() -> Iterator[Forks]:
    with forks() as started:
        yield started


def state(folder: Path, command: Command) -> State:
    """Return all that stands in the workspaces but moments, and in the files of a command."""
    found: State = {}
    for name in WORKSPACES:
        if (folder / name).exists():
            found |= stored(folder / name)
    for name in command.files:
        place = folder / name
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        found[name] = {
            str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
            if file.is_file()
        }
    return found


def stored(path: Path) -> State:
    with open_workspace(path) as workspace:
        ask = workspace.connection.execute
        return {
            f"{path.name} {table}": ask(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()
            for table, columns in ask(TABLES).fetchall()
        }


def other_than(state: State, files: tuple[str, ...]) -> State:
    return {part: rows for part, rows in state.items() if part not in files}


def differing(one: State, other: State) -> list[str]:
    return sorted(part for part in one.keys() | other.keys() if one.get(part) != other.get(part))


def is_empty(state: State, workspace: str) -> bool:
    """Tell whether a workspace is whole, and nothing was loaded into it."""
    tables = [f"{workspace} main.{table.name}" for table in SCHEMA]
    return all(state.get(name) == [] for name in (*tables, f"{workspace} admin.loads"))


def standing(state: State) -> State:
    """Return what asking again must not change: rows that stand, and files."""
    return {
        part: rows for part, rows in state.items() if not re.search(" (admin|history|past)", part)
    }


class Told:
    """What each command leads to from the office: worked out when it is first asked for."""

    def __init__(self, office: Office, processes: Forks, folder: Path) -> None:
        self.office, self.processes, self.folder = office, processes, folder
        self.known: dict[str, tuple[State, State, Ended]] = {}

    def of(self, name: str) -> tuple[State, State, Ended]:
        """Return the state before, that after, and how the command ended."""
        if name not in self.known:
            folder = self.copied(f"{name} whole")
            command = COMMANDS[name]
            before = state(folder, command)
            ended = self.processes.run(folder, command.arguments, point=0)
            assert ended.code in (0, 1), ended.stderr
            self.known[name] = (before, state(folder, command), ended)
        return self.known[name]

    def copied(self, name: str) -> Path:
        return Path(shutil.copytree(self.office.folder, self.folder / name))


@pytest.fixture(scope="module")
def told(office: Office, processes: Forks, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(office, processes, tmp_path_factory.mktemp("kills"))


CASES = sampled(((name, number) for number in range(EACH) for name in COMMANDS), QUICK)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[1]}")
def test_a_killed_command_leaves_what_was_or_what_comes(told: Told, case: tuple[str, int]) -> None:
    name, number = case
    command, (before, after, whole) = COMMANDS[name], told.of(name)
    draw = random.Random(f"{name} {number}")  # noqa: S311 - points, not secrets
    folder = told.copied(f"{name} {number}")
    if number % 3 == 2:
        killed = told.processes.run(
            folder, command.arguments, seconds=draw.uniform(0, whole.seconds / 2)
        )
    else:
        first = 1 if number % 3 else max(1, whole.points - NEAR)
        killed = told.processes.run(
            folder, command.arguments, point=draw.randint(first, whole.points)
        )
    assert killed.code in (-signal.SIGKILL, 0, 1), killed.stderr
    found = state(folder, command)
    for part in command.files:
        assert found[part] in (before[part], after[part]), part
    rests = [other_than(one, command.files) for one in (found, before, after)]
    if name == "first load" and is_empty(found, "new.duckdb"):
        empty = told.processes.run(folder, ("scan", "-w", "new.duckdb"))
        assert empty.code == 2, empty.stdout
        assert "has no shipments" in empty.stderr
    else:
        assert not differing(rests[0], rests[1]) or not differing(rests[0], rests[2])
    done = found == after
    again = told.processes.run(folder, command.arguments)
    assert "Traceback" not in again.stderr
    assert again.code in (0, 1) or (done and name == "unload"), again.stderr
    assert standing(state(folder, command)) == standing(after)
    shutil.rmtree(folder)

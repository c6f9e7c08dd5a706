"""The same workspace gives the same bytes, whatever machine, moment and order it is asked in.

`GRAPHCHANNEL_RUNS=20` tries more surroundings, and every command, than each test run does.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest

from graphchannel.demo.generate import generate
from graphchannel.ingest import load
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace

if TYPE_CHECKING:
    from pathlib import Path

RUNS = int(os.environ.get("GRAPHCHANNEL_RUNS", "2"))
ON = "--as-of 2015-06-30"
FEW = (
    f"scan {ON} --format json --top 3",
    f"scan {ON} --output scan.xlsx",
    f"scan {ON} --output scan.sarif",
    f"coverage regions {ON} --format csv",
    f"kpi {ON} --chart kpi.svg",
)
MORE = (
    f"scan {ON}",
    f"scan {ON} --by subject --format csv",
    f"scan {ON} --section evidence --format csv",
    f"report {ON} report.html",
    f"report {ON} --partner P00012 --out pack",
    f"coverage cities {ON} --format json",
    f"coverage distributors {ON}",
    f"resilience {ON} --format json",
    f"kpi {ON} --format json",
    f"observability {ON} --format json",
    f"trace {ON} --from P00001 --format json",
    f"recommend branches {ON} --budget 2 --format json",
    f"recommend partners {ON} --budget 2 --format json",
    f"simulate {ON} --terminate P00001 --format json",
    f"partner P00012 {ON} --format json",
    "policy show --format svg",
    "rules list --format json",
    "schema --format json",
)
CALLS = FEW if RUNS <= 2 else (*FEW, *MORE)
# Runs commands in this process, and prints the hash of all that each wrote.
ASK = """
import hashlib, json, sys
from pathlib import Path
from click.testing import CliRunner
from graphchannel.cli import main

def written():
    found = (f for f in Path().rglob("*") if f.is_file() and not f.match("channel.duckdb*"))
    return {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in found}

found, before = {}, {}
for call in json.loads(sys.argv[1]):
    done = CliRunner().invoke(main, call.split(), catch_exceptions=False)
    assert done.exit_code in (0, 1), (call, done.output)
    after = written()
    new = {name: hash_ for name, hash_ in after.items() if before.get(name) != hash_}
    found[call] = [done.exit_code, hashlib.sha256(done.stdout.encode()).hexdigest(), new]
    before = after
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("channel") / "files"
    generate(folder, 300, 2000, 3)
    return folder


@pytest.mark.thorough
def test_surroundings_change_no_byte(files: Path, tmp_path: Path) -> None:
    seen: dict[str, set[str]] = {call: set() for call in CALLS}
    for number, surroundings in enumerate(_surroundings()):
        folder = tmp_path / str(number)
        folder.mkdir()
        _load(files, folder / "channel.duckdb", Random(number))  # noqa: S311 - an order to try
        for call, found in _asked(folder, surroundings).items():
            seen[call].add(json.dumps(found, sort_keys=True))
        shutil.rmtree(folder)
    assert [call for call, found in seen.items() if len(found) > 1] == []


def _surroundings() -> list[tuple[dict[str, str], bool]]:
    """Return environments, and whether the process has one core alone."""
    hashes, zones = ("0", "4711"), ("UTC", "Pacific/Kiritimati", "America/St_Johns")
    locales, ones = ("C.UTF-8", "C", "tr_TR.UTF-8"), (False, True)
    every = list(itertools.product(hashes, zones, locales, ones))
    Random(5).shuffle(every)  # noqa: S311 - no secret
    first, last = every[0], next(e for e in every if not set(e) & set(every[0]))
    chosen = [first, last, *(e for e in every[1:] if e != last)][:RUNS]
    return [
        ({"PYTHONHASHSEED": hash_, "TZ": zone, "LC_ALL": locale, "PYTHONUTF8": "1"}, one)
        for hash_, zone, locale, one in chosen
    ]


def _load(files: Path, workspace: Path, order: Random) -> None:
    """Load the same rows in an order of their own: lines of every file, and files."""
    shuffled = workspace.with_name("shuffled")
    shuffled.mkdir()
    for file in files.glob("*.csv"):
        head, *rows = file.read_text("utf-8").splitlines(keepends=True)
        order.shuffle(rows)
        (shuffled / file.name).write_text(head + "".join(rows), "utf-8")
    policy = load_policy(pack())
    with create_workspace(workspace, policy) as created:
        assert not load(created, [shuffled], policy).rejected
    shutil.rmtree(shuffled)


def _asked(folder: Path, surroundings: tuple[dict[str, str], bool]) -> dict[str, object]:
    environment, one = surroundings
    cores = os.sched_getaffinity(0)
    try:
        if one:
            os.sched_setaffinity(0, {min(cores)})  # DuckDB takes as many threads as cores
        done = subprocess.run(
            [sys.executable, "-c", ASK, json.dumps(CALLS)],
            cwd=folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    finally:
        os.sched_setaffinity(0, cores)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found

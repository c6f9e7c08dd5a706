"""Batches that overlap, in any order, and files that come again: the same rows and findings."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load, load_rows
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.runs.checksum import checksum
from graphchannel.workspace import create_workspace
from tests.analysis.kpi.channel import AS_OF
from tests.sampling import sampled
from tests.simulation.worlds import random_world

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.workspace import Workspace
    from tests.analysis.kpi.channel import Tables

MASTER = ("vendors", "regions", "cities", "industries", "products", "partners", "end_users")
BATCHES = 100
CATALOGUE = load_catalogue(pack())
POLICY = CATALOGUE.policy


def batches(tables: Tables, number: int, draw: random.Random) -> list[Tables]:
    """Return batches in which each row is at least once, all master data in each."""
    rest = [name for name in tables if name not in MASTER]
    made: list[Tables] = [{name: tables[name] for name in MASTER} for _ in range(number)]
    for name in rest:
        for row in tables[name]:
            for batch in draw.sample(made, draw.randint(1, min(3, number))):
                batch.setdefault(name, []).append(row)
    return [{name: draw.sample(rows, len(rows)) for name, rows in one.items()} for one in made]


def told(workspace: Workspace) -> tuple[str, list[tuple[str, str, str]]]:
    """Return the checksum of all rows, and what a scan finds."""
    loads = workspace.connection.execute("SELECT max(id) FROM admin.loads").fetchall()
    with scan(workspace, CATALOGUE, ScanOptions(as_of=AS_OF)) as result:
        found = sorted((one.rule, one.fingerprint, one.message) for one in result.findings())
    return checksum(workspace.connection, loads[0][0]).digest, found


@pytest.mark.parametrize("number", sampled((3, BATCHES), 1))
def test_overlapping_batches_in_any_order_end_the_same(number: int) -> None:
    draw = random.Random(number)  # noqa: S311 - an order
    tables = {name: [dict(row) for row in rows] for name, rows in random_world(number).items()}
    with create_workspace(None, POLICY) as workspace:
        load_rows(workspace, tables, POLICY)
        at_once = told(workspace)
    with create_workspace(None, POLICY) as workspace:
        for batch in batches(tables, number, draw):
            assert not load_rows(workspace, batch, POLICY).rejected
        assert told(workspace) == at_once


def test_a_file_that_comes_again_and_again_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    tables = random_world(5)
    for name, rows in tables.items():
        head = list(dict.fromkeys(column for row in rows for column in row))
        lines = [",".join("" if row.get(c) is None else str(row[c]) for c in head) for row in rows]
        (folder / f"{name}.csv").write_text("\n".join([",".join(head), *lines]) + "\n", "utf-8")
    digests = []
    with create_workspace(None, POLICY) as workspace:
        for turn in range(3):
            report = load(workspace, [folder], POLICY)
            assert not report.rejected
            rows_read = sum(file.records for file in report.files)
            assert turn == 0 or sum(file.unchanged for file in report.files) == rows_read
            loads = workspace.connection.execute("SELECT max(id) FROM admin.loads").fetchall()
            digests.append(checksum(workspace.connection, loads[0][0]).digest)
    assert len(set(digests)) == 1

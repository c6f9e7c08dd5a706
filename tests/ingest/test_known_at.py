"""What the workspace knew at any earlier load is what stood then, whatever came after it."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import InputError
from graphchannel.ingest import load_rows, unload
from graphchannel.ingest.known_at import copy_known_at, load_known_at
from graphchannel.ingest.periods import Reported, parse_period
from graphchannel.schema import TABLES
from graphchannel.workspace import create_workspace, open_workspace
from tests.findings.network import POLICY, line, network

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphchannel.workspace import Workspace

HISTORIES = int(os.environ.get("GRAPHCHANNEL_HISTORIES", "1"))
CHANGES = 14 if HISTORIES > 1 else 7


def standing(workspace: Workspace) -> dict[str, Any]:
    """Return all rows that stand, what is derived of them, and the rejects that are open."""
    connection = workspace.connection
    tables = {f"main.{table.name}": "* EXCLUDE _load" for table in TABLES}
    tables["main.shipments"] = "* EXCLUDE (_load, _derived)"
    derived = ("party_day", "region_within", "city_within")
    tables |= {f"derived.{name}": "* EXCLUDE _load" for name in derived}
    found: dict[str, Any] = {
        name: sorted(map(str, connection.execute(f"SELECT {what} FROM {name}").fetchall()))
        for name, what in tables.items()
    }
    open_ = "SELECT id, load, code, raw FROM admin.rejects WHERE closed IS NULL ORDER BY id"
    found["rejects"] = connection.execute(open_).fetchall()
    kinds = "SELECT id, kind FROM admin.loads ORDER BY id"
    found["loads"] = connection.execute(kinds).fetchall()
    return found


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_what_was_known_then_is_what_stood_then(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a history to try, no secret
    path = tmp_path / "channel.duckdb"
    stood = {}
    with create_workspace(path, POLICY) as workspace:
        load_rows(workspace, network(line("L1", "A", "B", reporter_id="A")), POLICY)
        stood[1] = standing(workspace)
        for _ in range(CHANGES):
            change(workspace, draw)
            stood[_last(workspace)] = standing(workspace)
    assert len(stood) > CHANGES // 2
    for load, wanted in stood.items():
        with copy_known_at(path, POLICY, load) as copy:
            assert standing(copy) == wanted, load


def change(workspace: Workspace, draw: random.Random) -> None:
    """Load, correct, withdraw or take back something."""
    kind = draw.choice(
        ["lines", "lines", "role", "period", "replace", "unload", "unload", "reject"]
    )
    if kind == "unload":
        loads = workspace.connection.execute("SELECT id FROM admin.loads WHERE kind = 'load'")
        try:
            unload(workspace, draw.choice([number for (number,) in loads.fetchall()]))
        except InputError:
            return  # later loads stand on it
    elif kind == "role":
        held = {"holder_id": draw.choice("ABC"), "role": draw.choice(["gold", "silver", "vap"])}
        more = {"issuer_id": "V", "valid_from": draw.choice(["2014-01-01", "2015-02-01"])}
        ends = draw.choice([None, "2015-01-20", "2015-12-31"])
        load_rows(workspace, {"certifications": [held | more | {"valid_to": ends}]}, POLICY)
    elif kind == "replace":
        rows = [{"id": name, "name": draw.choice(["one", "two"])} for name in "ABC"]
        load_rows(workspace, {"partners": rows}, POLICY, replace=["partners"])
    elif kind == "reject":
        load_rows(workspace, {"shipments": [line("L0", "A", draw.choice("BD"))]}, POLICY)
        load_rows(workspace, {"partners": [{"id": "D", "name": "Delta"}]}, POLICY)
    else:
        of = Reported("A", parse_period("2015-01")) if kind == "period" else None
        rows = [
            line(
                f"L{number}",
                "A",
                draw.choice("B" if number < 4 else "BC"),
                quantity=draw.randint(1, 3),
                reporter_id="A",
            )
            for number in draw.sample(range(6), draw.randint(1, 4))
        ]
        load_rows(workspace, {"shipments": rows}, POLICY, reported=of)


def _last(workspace: Workspace) -> int:
    ((last,),) = workspace.connection.execute("SELECT max(id) FROM admin.loads").fetchall()
    return int(last)


@pytest.fixture
def loaded_twice(tmp_path: Path) -> Iterator[Workspace]:
    with create_workspace(tmp_path / "channel.duckdb", POLICY) as workspace:
        load_rows(workspace, network(line("L1", "A", "B")), POLICY)
        load_rows(workspace, {"shipments": [line("L2", "A", "B")]}, POLICY)
        workspace.connection.execute(
            "UPDATE admin.loads SET finished_at = CASE id WHEN 1 THEN TIMESTAMP '2015-03-31 23:59'"
            " ELSE TIMESTAMP '2015-04-02 08:00' END"
        )
        yield workspace


@pytest.mark.parametrize(
    ("moment", "load"),
    [("1", 1), ("2", 2), ("2015-03-31", 1), ("2015-04-01", 1), ("2016-01-01", 2)],
)
def test_a_moment_is_a_load_or_a_day(loaded_twice: Workspace, moment: str, load: int) -> None:
    assert load_known_at(loaded_twice, moment) == load


@pytest.mark.parametrize(
    ("moment", "message"),
    [
        ("0", "load 1 is the first"),
        ("2015-03-30", "load 1 is the first"),
        ("3", "no load 3 yet: the last is 2"),
        ("soon", "is no moment"),
        ("-1", "is no moment"),
        ("²", "is no moment"),
    ],
)
def test_a_moment_that_is_none_is_refused(
    loaded_twice: Workspace, moment: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        load_known_at(loaded_twice, moment)


def test_the_file_is_only_read(loaded_twice: Workspace) -> None:
    path = loaded_twice.path
    assert path is not None
    loaded_twice.close()
    before = path.read_bytes()
    copy_known_at(path, POLICY, 1).close()
    assert path.read_bytes() == before
    with open_workspace(path) as workspace:
        assert len(standing(workspace)["main.shipments"]) == 2

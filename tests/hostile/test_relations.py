"""What must not change findings does not: order of rows, names of ids, days, loading again."""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.workspace import create_workspace
from tests.analysis.kpi.channel import AS_OF
from tests.simulation.worlds import random_world

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NETWORKS = int(os.environ.get("GRAPHCHANNEL_RELATIONS", "1"))
FOUR_YEARS = 1461  # days, after which the calendar is the same
POLICY = load_policy(pack())
CATALOGUE = load_catalogue(pack())

Tables = dict[str, list[dict[str, Any]]]
Found = tuple[str, str, str, int]


def findings(*loads: Mapping[str, list[dict[str, Any]]], as_of: date = AS_OF) -> list[Found]:
    """Return rule, subject, object and lines of what a scan finds after some loads."""
    with create_workspace(None, POLICY) as workspace:
        for tables in loads:
            load_rows(workspace, tables, POLICY)
        with scan(workspace, CATALOGUE, ScanOptions(as_of=as_of)) as result:
            assert not result.failed
            return sorted(
                (
                    found.rule,
                    found.subject.id,
                    found.object.id if found.object else "",
                    found.lines,
                )
                for found in result.findings()
            )


def shuffled(tables: Tables, draw: random.Random) -> Tables:
    return {name: draw.sample(rows, len(rows)) for name, rows in tables.items()}


def shifted(tables: Tables) -> Tables:
    def moved(value: Any) -> Any:
        within = isinstance(value, date) and date(1900, 1, 1) < value < date(9000, 1, 1)
        return value + timedelta(days=FOUR_YEARS) if within else value

    return mapped(tables, moved)


def renamed(tables: Tables) -> dict[str, str]:
    """Return other ids for all parties, in another order."""
    parties = ("vendors", "partners", "end_users")
    ids = sorted(row["id"] for name in parties for row in tables.get(name, []))
    return {id_: f"N{len(ids) - place:05}" for place, id_ in enumerate(ids)}


def mapped(tables: Tables, change: Callable[[Any], Any]) -> Tables:
    return {
        name: [{column: change(value) for column, value in row.items()} for row in rows]
        for name, rows in tables.items()
    }


@pytest.fixture(scope="module", params=range(NETWORKS))
def world(request: pytest.FixtureRequest) -> Tables:
    """Draw a network."""
    return {name: [dict(row) for row in rows] for name, rows in random_world(request.param).items()}


@pytest.fixture(scope="module")
def found(world: Tables) -> list[Found]:
    """Scan it as it is."""
    return findings(world)


def test_there_is_something_to_find(found: list[Found]) -> None:
    assert len(found) > 3


def test_the_order_of_rows_does_not_matter(world: Tables, found: list[Found]) -> None:
    assert findings(shuffled(world, random.Random(3))) == found  # noqa: S311 - an order


def test_loading_twice_does_not_matter(world: Tables, found: list[Found]) -> None:
    assert findings(world, world) == found


def test_other_days_of_the_same_calendar_do_not_matter(world: Tables, found: list[Found]) -> None:
    assert findings(shifted(world), as_of=AS_OF + timedelta(days=FOUR_YEARS)) == found


def test_names_of_ids_do_not_matter(world: Tables, found: list[Found]) -> None:
    names = renamed(world)
    again = findings(mapped(world, lambda value: names.get(str(value), value)))
    assert again == sorted((r, names.get(s, s), names.get(o, o), n) for r, s, o, n in found)

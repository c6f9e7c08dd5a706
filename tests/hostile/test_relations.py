"""What must not change findings does not: order of rows, names, days, loads, the data of others."""

from __future__ import annotations

import os
import random
import re
from datetime import date, timedelta
from decimal import Decimal
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
WITH_IDS = (
    "vendors", "partners", "end_users", "regions", "cities", "industries", "products", "shipments"
)  # fmt: skip
NO_IDS = ("role", "kind", "audience", "capability", "currency")
COUNTRIES = {"DE": "AT", "FR": "IT", "PL": "CZ", "ES": "PT", "NL": "BE", "GB": "IE", "SE": "FI"}
# Their findings show one way that goods can have gone on. Of a line in two parts they may show one,
# and then fewer units; who, when, how sure, and how many units in all stays as it is.
ONE_WAY = frozenset(
    f"paths/{name}"
    for name in (
        "discouraged-hop", "diverted", "lateral-chain", "left-territory", "sourced-from-vap",
        "supplied-diverting-vap", "unlisted-hop",
    )
)  # fmt: skip


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


def sums(tables: Tables) -> list[tuple[object, ...]]:
    """Return what findings say, but how many lines there are."""
    with create_workspace(None, POLICY) as workspace:
        assert not load_rows(workspace, tables, POLICY).rejected
        with scan(workspace, CATALOGUE, ScanOptions(as_of=AS_OF)) as result:
            assert not result.failed
            return sorted(
                (
                    found.rule,
                    found.subject.id,
                    found.object.id if found.object else "",
                    str(found.first),
                    str(found.last),
                    found.path.certainty if found.path else "",
                    re.sub(r"\b\d+ lines?\b", "n lines", found.message),
                    *(() if found.rule in ONE_WAY else (found.quantity, str(found.amount))),
                )
                for found in result.findings()
            )


def packed(tables: Tables) -> Tables:
    """Let each line be of an even number of units, which can be halved."""
    draw = random.Random(7)  # noqa: S311 - numbers, not secrets
    lines = [
        {**row, "quantity": 2 * draw.randrange(1, 4), "amount": times(row["amount"], 2)}
        for row in tables["shipments"]
    ]
    return {**tables, "shipments": lines}


def split(tables: Tables) -> Tables:
    """Report half of the lines in two, each with half of the units and of the amount."""
    draw = random.Random(8)  # noqa: S311 - an order
    lines = []
    for row in tables["shipments"]:
        if draw.random() < 0.5:
            half = {
                "quantity": row["quantity"] // 2,
                "amount": times(row["amount"], Decimal("0.5")),
            }
            lines += [{**row, **half}, {**row, **half, "id": f"{row['id']}-2"}]
        else:
            lines.append(row)
    return {**tables, "shipments": lines}


def times(amount: Decimal | None, factor: Decimal | int) -> Decimal | None:
    return None if amount is None else amount * factor


def elsewhere(tables: Tables) -> Tables:
    """Return the same network of other parties, goods and places, in other countries.

    Names differ, too: `data/likely-duplicate` is about parties whose names are alike. All other
    rules are about parties, lines and places that hang together.
    """
    ids = {row["id"] for name in WITH_IDS for row in tables.get(name, [])}

    def other(column: str, value: Any) -> Any:
        if column == "country":
            return COUNTRIES.get(value, value)
        if column == "name":
            return f"{value} Ltda"
        return f"Z{value}" if column not in NO_IDS and value in ids else value

    return {
        name: [{column: other(column, value) for column, value in row.items()} for row in rows]
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


def test_an_unrelated_network_does_not_matter(world: Tables, found: list[Found]) -> None:
    """Of data in two parts without a common party, product or place, each is judged as alone."""
    others = elsewhere(world)
    both = {name: world[name] + others[name] for name in world}
    assert findings(both) == sorted([*found, *findings(others)])


def test_a_line_in_two_parts_does_not_matter(world: Tables) -> None:
    """Of serials, see `tests/analysis/goods`: a unit has one line, and is not to be halved."""
    whole = packed(world)
    assert sums(split(whole)) == sums(whole)

"""What must not change findings does not: order of rows, names, days, loads, the data of others.

`GRAPHCHANNEL_RELATIONS=200` draws so many networks. Several stand side by side in one workspace,
which share nothing; that they do not matter to each other is one of the relations.
"""

from __future__ import annotations

import json
import os
import random
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.workspace import create_workspace
from tests.channels.beside import prefixed, together
from tests.channels.draw import draw_channel
from tests.channels.places import AS_OF, GIVEN
from tests.channels.told import as_text, whole
from tests.hostile.changes import (
    later,
    later_in,
    mapped,
    packed,
    renamed,
    renamed_in,
    shuffled,
    split,
)
from tests.hostile.parts import PARTS, part_of_pack
from tests.rules.cases import with_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from graphchannel.findings import Finding
    from graphchannel.rules.catalogue import Catalogue
    from tests.channels.places import Tables

NETWORKS = int(os.environ.get("GRAPHCHANNEL_RELATIONS", "2"))
BESIDE = 20  # networks in one workspace
_SHIPPED = load_catalogue(pack())
# Their findings show one way that goods can have gone on. Of a line in two parts they may show one,
# and then fewer units; who, when, how sure, and how many units in all stays as it is.
ONE_WAY = frozenset(
    f"paths/{name}"
    for name in (
        "discouraged-hop", "diverted", "lateral-chain", "left-territory", "sourced-from-vap",
        "supplied-diverting-vap", "unlisted-hop",
    )
)  # fmt: skip


class World(NamedTuple):
    """Networks side by side, and the rules that judge them."""

    channels: list[Tables]
    catalogue: Catalogue

    @property
    def tables(self) -> Tables:
        return together(self.channels)


def findings(
    catalogue: Catalogue,
    *loads: Mapping[str, list[dict[str, Any]]],
    as_of: date = AS_OF,
    told: Callable[[Finding], object] | None = None,
    idle: bool = False,
) -> list[str]:
    """Return all that a scan says after some loads, finding by finding, as text.

    Every rule has something to judge, unless some may be `idle`.
    """
    with create_workspace(None, catalogue.policy) as workspace:
        for tables in loads:
            assert not load_rows(workspace, tables, catalogue.policy).rejected
        with scan(workspace, catalogue, ScanOptions(as_of=as_of)) as result:
            assert not result.failed
            statuses = {outcome.status for outcome in result.outcomes}
            assert statuses - ({"not_evaluated"} if idle else set()) == {"evaluated"}
            return sorted(as_text((told or whole)(found)) for found in result.findings())


def sums(found: Finding) -> tuple[object, ...]:
    """Return what a finding says, but how many lines there are."""
    return (
        found.rule,
        found.subject.id,
        found.object.id if found.object else "",
        str(found.first),
        str(found.last),
        found.path.certainty if found.path else "",
        re.sub(r"\b\d+ lines?\b", "n lines", found.message),
        *(() if found.rule in ONE_WAY else (found.quantity, str(found.amount))),
    )


def summed(found: Iterable[str]) -> dict[str, list[object]]:
    """Add up findings of the same identity: lines, units and amounts, and the days between."""
    added: dict[str, list[Any]] = {}
    for one in map(json.loads, found):
        rule, ends, identity, lines, units, amount, first, last = one
        had = added.setdefault(as_text((rule, ends, identity)), [0, 0, {}, first, last])
        had[0] += lines
        had[1] += units
        for currency, value in amount.items():
            had[2][currency] = had[2].get(currency, Decimal(0)) + Decimal(value)
        if first:
            had[3], had[4] = min(had[3], first), max(had[4], last)
    return added


def figures(found: Finding) -> tuple[object, ...]:
    """Return what findings of parts add up to."""
    ends = [found.subject.id, found.object.id if found.object else None]
    days = (str(found.first), str(found.last)) if found.first else (None, None)
    return (
        found.rule, ends, dict(found.identity), found.lines, found.quantity, dict(found.amount),
        *days,
    )  # fmt: skip


@pytest.fixture(scope="module", params=range(0, NETWORKS, BESIDE))
def world(request: pytest.FixtureRequest) -> World:
    """Draw some networks; every other time parties may have had stock to begin with."""
    seeds = range(request.param, min(request.param + BESIDE, NETWORKS))
    stock = {"opening_stock": 2} if request.param // BESIDE % 2 else {}
    policy = with_parameters(_SHIPPED.policy, GIVEN | stock)
    channels = [prefixed(draw_channel(seed), f"n{seed}-") for seed in seeds]
    return World(channels, replace(_SHIPPED, policy=policy))


@pytest.fixture(scope="module")
def found(world: World) -> list[str]:
    """Scan them as they are."""
    return findings(world.catalogue, world.tables)


def test_nearly_every_rule_has_something_to_find(world: World, found: list[str]) -> None:
    fired = {json.loads(one)["rule"] for one in found}
    silent = {rule.id for rule in world.catalogue.rules} - fired
    assert len(silent) <= (2 if len(world.channels) == BESIDE else 12), silent


def test_the_order_of_rows_does_not_matter(world: World, found: list[str]) -> None:
    assert findings(world.catalogue, shuffled(world.tables, random.Random(3))) == found  # noqa: S311 - an order


def test_loading_twice_does_not_matter(world: World, found: list[str]) -> None:
    assert findings(world.catalogue, world.tables, world.tables) == found


def test_other_days_of_the_same_calendar_do_not_matter(world: World, found: list[str]) -> None:
    again = findings(world.catalogue, mapped(world.tables, later), as_of=later(AS_OF))
    assert again == sorted(later_in(one) for one in found)


def test_names_of_ids_do_not_matter(world: World, found: list[str]) -> None:
    names = renamed(world.tables)
    again = findings(world.catalogue, mapped(world.tables, lambda id_: names.get(str(id_), id_)))
    assert sorted(renamed_in(one, {}) for one in again) == sorted(
        renamed_in(one, names) for one in found
    )


def test_unrelated_networks_do_not_matter(world: World, found: list[str]) -> None:
    """Of data in two parts without a common party, product or place, each is judged as alone."""
    half = len(world.channels) // 2
    parts = [part for part in (world.channels[:half], world.channels[half:]) if part]
    alone = [one for part in parts for one in findings(world.catalogue, together(part), idle=True)]
    assert sorted(alone) == found


def test_a_line_in_two_parts_does_not_matter(world: World) -> None:
    """A unit with a number has one line, and a line that was reported twice is not parted."""
    lines = packed(world.tables)
    again = findings(world.catalogue, split(lines), told=sums)
    assert again == findings(world.catalogue, lines, told=sums)


def test_the_parts_of_a_predicate_add_up(world: World, parts: list[Catalogue]) -> None:
    """A rule finds what it finds where a predicate holds, does not hold, and is null."""
    every = findings(world.catalogue, world.tables, told=figures)
    found = [
        one
        for part in parts
        for one in findings(
            replace(part, policy=world.catalogue.policy), world.tables, told=figures
        )
    ]
    assert summed(found) == summed(every)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Catalogue]:
    """Return the rules three times, each with a condition more."""
    folders: list[Path] = [tmp_path_factory.mktemp("part") / "pack" for _ in PARTS]
    for part, folder in zip(PARTS, folders, strict=True):
        part_of_pack(part, folder)
    return [load_catalogue(folder) for folder in folders]

"""What a scan finds in channels, and what the plain Python oracle finds in their files."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from tests.channels.beside import prefixed, together
from tests.channels.draw import draw_channel
from tests.channels.places import AS_OF, GIVEN
from tests.demo.networks import Totals, identity_of
from tests.demo.oracle import Oracle
from tests.rules.cases import with_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from graphchannel.engines import Engine
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.workspace import Workspace
    from tests.channels.places import Tables
    from tests.demo.oracle import Identity

Found = dict["Identity", Totals]
NETWORKS = int(os.environ.get("GRAPHCHANNEL_CHANNELS", "30"))  # 500 in `make assurance`
BESIDE = 50  # in one workspace
STOCKS = (0, 2, 1)  # that parties may have had to begin with, one after the other
_SHIPPED = load_catalogue(pack())


def drawn(first: int, count: int = BESIDE, most: int = NETWORKS) -> list[Tables]:
    """Draw channels that share no id, those of the next numbers."""
    seeds = range(first, min(first + count, most))
    return [prefixed(draw_channel(seed), f"n{seed}-") for seed in seeds]


def given(first: int) -> dict[str, Any]:
    """Return the parameters at which the channels from a number on are judged."""
    return {**GIVEN, "opening_stock": STOCKS[first // BESIDE % len(STOCKS)]}


def catalogue_of(parameters: Mapping[str, Any]) -> Catalogue:
    """Return the shipped rules under other parameters."""
    return replace(_SHIPPED, policy=with_parameters(_SHIPPED.policy, parameters))


def load(workspace: Workspace, channels: list[Tables], catalogue: Catalogue) -> None:
    """Load channels side by side; a row that is rejected fails the test."""
    report = load_rows(workspace, together(channels), catalogue.policy)
    assert not report.rejected
    assert not report.unchanged


def by_scan(workspace: Workspace, catalogue: Catalogue, engine: Engine | None = None) -> Found:
    """Return what a scan finds by every rule, none of which may fail."""
    found: Found = {}
    with scan(workspace, catalogue, ScanOptions(as_of=AS_OF), engine=engine) as result:
        assert not result.failed
        for one in result.findings():
            first, last = (day.isoformat() if day else None for day in (one.first, one.last))
            totals = Totals(one.lines, one.quantity, dict(one.amount), first, last)
            found[identity_of(one)] = totals
    return found


def by_oracle(channels: Iterable[Tables], folder: Path, parameters: Mapping[str, Any]) -> Found:
    """Return what the oracle finds in files of each channel by itself."""
    found: Found = {}
    for number, tables in enumerate(channels):
        directory = folder / str(number)
        directory.mkdir()
        write(tables, directory)
        for identity, one in Oracle(directory, AS_OF, parameters).judge().items():
            found[identity] = Totals(one.lines, one.quantity, one.amount, one.first, one.last)
    return found


def write(tables: Tables, directory: Path) -> None:
    """Write a file for each table, empty where there is no value."""
    for name, rows in tables.items():
        with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]) if rows else ["id"])
            writer.writeheader()
            writer.writerows(rows)


def difference(one: Found, other: Found) -> dict[Identity, tuple[Totals | None, Totals | None]]:
    """Return what two have of what they do not agree in."""
    keys = sorted(one.keys() | other.keys())
    return {key: (one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)}

"""A scenario from beginning to end: two scans and two looks at coverage, compared."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.analysis.coverage.changes import city_changes, region_changes
from graphchannel.analysis.coverage.facts import read_facts
from graphchannel.analysis.coverage.key_cities import key_cities
from graphchannel.analysis.coverage.stranded import stranded
from graphchannel.analysis.fetch import fetch_from
from graphchannel.engines import DuckDBEngine
from graphchannel.errors import InputError
from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest.copy import copy_workspace
from graphchannel.ingest.known_at import copy_known_at
from graphchannel.simulation.apply import apply_scenario
from graphchannel.simulation.compare import compare_scans
from graphchannel.simulation.trade import affected_trade
from graphchannel.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from graphchannel.analysis.coverage.changes import CityChange, RegionChange
    from graphchannel.analysis.coverage.stranded import Stranded
    from graphchannel.analysis.fetch import Fetch
    from graphchannel.engines import Engine
    from graphchannel.findings import ScanResult
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.simulation.apply import Applied
    from graphchannel.simulation.compare import FindingChanges
    from graphchannel.simulation.scenario import Scenario
    from graphchannel.simulation.trade import Group, Trade
    from graphchannel.workspace import Workspace

__all__ = ["Simulation", "SimulationQuestion", "simulate"]


@dataclass(frozen=True, slots=True)
class SimulationQuestion:
    """What is asked: a scenario, another policy (`after`), or both, as of a day.

    Trade counts from `since` on.
    """

    scenario: Scenario
    before: Catalogue
    after: Catalogue
    as_of: date
    since: date

    @property
    def on(self) -> date:
        """The first day on which the changes hold."""
        return self.scenario.on or self.as_of


@dataclass(frozen=True, slots=True)
class Simulation:
    """What comes of it; `failed` are rules that could not be run, each with the reason."""

    question: SimulationQuestion
    changes: tuple[Applied, ...]
    findings: FindingChanges
    regions: tuple[RegionChange, ...]
    cities: tuple[CityChange, ...]
    stranded: tuple[Stranded, ...]
    trade: tuple[Trade, ...]
    failed: tuple[tuple[str, str], ...]


def simulate(path: Path, question: SimulationQuestion, known_at: int | None = None) -> Simulation:
    """Carry the scenario out on a copy in memory, and compare; the file at `path` is only read.

    `known_at` is the load at which the workspace is asked, None for what it knows now. Raises
    InputError for a scenario that cannot be.
    """
    as_of, on = question.as_of, question.on
    if on > as_of:
        raise InputError(
            f"The changes hold from {on} on, after the as-of day {as_of}: nothing of them would be "
            "seen. Name an earlier --on, or a later --as-of."
        )
    policy, other = question.before.policy, question.after.policy
    with _unchanged(path, policy, known_at) as before, _copy(path, other, known_at) as after:
        done = apply_scenario(after, other, question.scenario, on)
        options = ScanOptions(as_of=as_of)
        with (
            before.session() as unchanged,
            after.session() as changed,
            scan(before, question.before, options) as found,
            scan(after, question.after, options) as left,
        ):
            fetches = (
                fetch_from(DuckDBEngine(session.connection), follows, as_of, since=question.since)
                for session, follows in ((unchanged, policy), (changed, other))
            )
            return _compared(question, done, (found, left), *fetches)


def _compared(
    question: SimulationQuestion,
    done: tuple[Applied, ...],
    scans: tuple[ScanResult, ScanResult],
    before: Fetch,
    after: Fetch,
) -> Simulation:
    was = read_facts(before, question.before.policy)
    now = read_facts(after, question.after.policy)
    left = stranded(was, now)
    groups: dict[Group, frozenset[str]] = {
        "changed": frozenset(a.change.partner for a in done if a.effects),
        "stranded": frozenset(one.partner for one in left),
    }
    partners = sorted(groups["changed"] | groups["stranded"])
    return Simulation(
        question,
        done,
        compare_scans(*scans),
        tuple(region_changes(was, now)),
        tuple(city_changes(was, now, [city.id for city in key_cities(now).cities])),
        left,
        affected_trade(_trade(before.engine, question, partners), groups),
        tuple(
            (outcome.id, outcome.reason or "")
            for outcome in (*scans[0].outcomes, *scans[1].outcomes)
            if outcome.status == "error"
        ),
    )


def _trade(
    engine: Engine, question: SimulationQuestion, partners: list[str]
) -> list[dict[str, object]]:
    if not partners:
        return []
    policy, as_of, since = question.before.policy, question.as_of, question.since
    fetch = fetch_from(engine, policy, as_of, since=since, partners=partners)
    return fetch.rows("simulate_trade")


def _copy(path: Path, policy: Policy, known_at: int | None) -> Workspace:
    if known_at is None:
        return copy_workspace(path, policy)
    return copy_known_at(path, policy, known_at)


@contextmanager
def _unchanged(path: Path, policy: Policy, known_at: int | None) -> Iterator[Workspace]:
    """Open the workspace to read; where it follows another policy, a copy that follows this one."""
    workspace = open_workspace(path) if known_at is None else copy_known_at(path, policy, known_at)
    if workspace.policy_fingerprint != policy.fingerprint:
        workspace.close()
        workspace = copy_workspace(path, policy)
    with workspace:
        yield workspace

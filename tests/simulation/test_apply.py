"""A scenario on a copy equals loading the changed rows from scratch: rows, roles, findings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import InputError
from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.ingest.copy import copy_workspace
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.schema import TABLES
from graphchannel.simulation.apply import apply_scenario
from graphchannel.simulation.credentials import changed
from graphchannel.simulation.register import read_credentials
from graphchannel.simulation.run import SimulationQuestion, simulate
from graphchannel.simulation.scenario import Scenario, check_scenario
from graphchannel.workspace import create_workspace
from tests.analysis.kpi.channel import AS_OF
from tests.findings.network import POLICY, loaded
from tests.sampling import sampled
from tests.simulation.worlds import DAYS, apply_plainly, random_changes, random_world

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.simulation.scenario import Change
    from graphchannel.workspace import Workspace
    from tests.analysis.kpi.channel import Tables

CATALOGUE = load_catalogue(pack())


def stored(path: Path, tables: Tables) -> Path:
    with create_workspace(path, POLICY) as workspace:
        assert load_rows(workspace, tables, POLICY).rejected == 0
    return path


def content(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows without load numbers, derived ones included."""
    names = [*(f"main.{table.name}" for table in TABLES), "derived.party_day"]
    names += ["derived.city_within", "derived.region_within"]
    query = "SELECT * EXCLUDE (_load) FROM {} ORDER BY ALL"
    return {
        name: workspace.connection.execute(
            query.replace("(_load)", "(_load, _derived)").format(name)
            if name == "main.shipments"
            else query.format(name)
        ).fetchall()
        for name in names
    }


def possible(tables: Tables, changes: list[Change], on: date) -> list[Change]:
    """Leave out the changes that alone cannot be."""
    return [change for change in changes if apply_plainly(tables, [change], on) is not None]


@pytest.mark.parametrize("seed", sampled(range(8), 1))
def test_rows_are_those_of_changed_data(tmp_path: Path, seed: int) -> None:
    tables, on = random_world(seed), DAYS[seed % len(DAYS)]
    path = stored(tmp_path / "channel.duckdb", tables)
    changes = possible(tables, random_changes(seed, tables), on)
    wanted = apply_plainly(tables, changes, on)
    assert wanted is not None
    with copy_workspace(path, POLICY) as copy, loaded(wanted) as scratch:
        apply_scenario(copy, POLICY, check_scenario(Scenario(tuple(changes))), on)
        assert content(copy) == content(scratch)


def test_what_cannot_be_is_refused() -> None:
    refused = 0
    for seed in range(8):
        tables, on = random_world(seed), DAYS[seed % len(DAYS)]
        with loaded(tables) as workspace:
            vendors = Counter({"V": 1})
            for change in random_changes(seed, tables):
                credentials = read_credentials(workspace.connection, [change.partner])
                if apply_plainly(tables, [change], on) is not None:
                    changed(credentials, change, POLICY, on, vendors)
                    continue
                refused += 1
                with pytest.raises(InputError, match=change.partner):
                    changed(credentials, change, POLICY, on, vendors)
    assert refused > 10


@pytest.mark.parametrize("seed", sampled([0, 2, 4], 1))
def test_findings_are_those_of_changed_data(tmp_path: Path, seed: int) -> None:
    tables, on = random_world(seed), DAYS[seed % len(DAYS)]
    path = stored(tmp_path / "channel.duckdb", tables)
    changes = possible(tables, random_changes(seed, tables), on)
    assert len(changes) >= 2
    scenario = check_scenario(Scenario(tuple(changes), on))
    wanted = apply_plainly(tables, changes, on)
    assert wanted is not None
    before, after = open_findings(tables), open_findings(wanted)
    question = SimulationQuestion(scenario, CATALOGUE, CATALOGUE, AS_OF, date(2014, 7, 1))
    found = simulate(path, question)
    assert found.failed == ()
    findings = found.findings
    assert {f.fingerprint for f in findings.appearing} == after.keys() - before.keys()
    assert {f.fingerprint for f in findings.vanishing} == before.keys() - after.keys()
    kept = before.keys() & after.keys()
    altered = {fingerprint for fingerprint in kept if before[fingerprint] != after[fingerprint]}
    assert {p.after.fingerprint: (p.before.lines, p.after.lines) for p in findings.altered} == {
        fingerprint: (before[fingerprint], after[fingerprint]) for fingerprint in altered
    }
    assert findings.unchanged == len(kept - altered)
    assert findings.appearing or findings.vanishing


def open_findings(tables: Tables) -> dict[str, int]:
    """Load from scratch, scan, and return the lines of each open finding."""
    with loaded(tables) as workspace:
        result = scan(workspace, CATALOGUE, ScanOptions(as_of=AS_OF))
        return {f.fingerprint: f.lines for f in result.findings(waived=False)}


def test_a_copy_is_equal_and_follows_another_policy(tmp_path: Path) -> None:
    tables = random_world(1)
    path = stored(tmp_path / "channel.duckdb", tables)
    reordered = tuple(replace(role, rank=7 - role.rank) for role in reversed(POLICY.roles))
    other = replace(POLICY, roles=reordered)
    assert other.fingerprint != POLICY.fingerprint
    with loaded(tables) as original, copy_workspace(path, POLICY) as copy:
        assert content(copy) == content(original)
        with copy_workspace(path, other) as following, create_workspace(None, other) as scratch:
            load_rows(scratch, tables, other)
            assert content(following) == content(scratch)
            assert content(following) != content(original)


def test_the_file_stays_as_it_is(tmp_path: Path) -> None:
    tables = random_world(2)
    path = stored(tmp_path / "channel.duckdb", tables)
    before = (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir()))
    changes = possible(tables, random_changes(2, tables), AS_OF)
    question = SimulationQuestion(
        Scenario(tuple(changes)), CATALOGUE, CATALOGUE, AS_OF, date(2014, 7, 1)
    )
    found = simulate(path, question)
    assert any(applied.effects for applied in found.changes)
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir())) == before

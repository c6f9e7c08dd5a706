"""Every rule of the pack proves itself: cases that fire, compared in full, and near misses."""

from __future__ import annotations

import pytest

from graphchannel.findings import ScanOptions, scan
from tests.rules.cases import (
    CATALOGUE,
    FOLDER,
    Case,
    Outcome,
    base_network,
    batches,
    expected,
    outcomes,
    read_cases,
    seen,
)

RULES = [rule.id for rule in CATALOGUE.rules]
CASES = {rule: read_cases(rule) for rule in RULES}


@pytest.fixture(scope="session")
def judged() -> dict[tuple[str, str], Outcome]:
    """Scan all cases at once."""
    found: dict[tuple[str, str], Outcome] = {}
    for batch in batches(case for cases in CASES.values() for case in cases):
        with batch.workspace:
            found |= outcomes(batch)
    return found


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_has_a_case_that_fires_and_one_that_stays_silent(rule: str) -> None:
    assert any(case.fires for case in CASES[rule]), f"tests/rules/{rule}.yaml has no fires_… case"
    silent = [case for case in CASES[rule] if case.name.startswith("silent_")]
    assert silent, f"tests/rules/{rule}.yaml has no silent_… case"
    for case in CASES[rule]:
        assert case.fires or case in silent, f"{case.name}: begin with fires_ or silent_"
        assert bool(case.findings) == case.fires, f"{case.name}: does it fire?"


def test_every_case_file_belongs_to_a_rule() -> None:
    files = {
        path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*/*.yaml")
    }
    assert files == set(RULES)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{rule}:{case.name}", marks=pytest.mark.xdist_group("rules"))
        for rule, cases in CASES.items()
        for case in cases
    ],
)
def test_case(case: Case, judged: dict[tuple[str, str], Outcome]) -> None:
    outcome = judged[case.rule, case.name]
    assert outcome.status == case.status
    wanted = expected(case)
    blank: dict[str, object] = {}
    found = [
        seen(finding, wanted[number] if number < len(wanted) else blank)
        for number, finding in enumerate(outcome.findings)
    ]
    assert found == list(wanted)


def test_the_base_network_breaks_no_rule() -> None:
    case = base_network()
    (batch,) = batches([case])
    with batch.workspace:
        result = scan(batch.workspace, batch.catalogue, ScanOptions(as_of=batch.as_of))
        assert [(f.rule, f.subject.id) for f in result.findings()] == []
        statuses = {outcome.id: outcome.status for outcome in result.outcomes}
    assert statuses.pop("obligations/below-strength") == "not_evaluated"
    assert statuses.pop("data/likely-duplicate") == "not_evaluated"  # no line names a document
    assert set(statuses.values()) == {"evaluated"}

"""What was planted is what an independent reading of the files finds, and what a scan finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from graphchannel.demo.generate import generate
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from tests.demo.networks import judged, planted, planted_waivers, scanned

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = range(10)


@pytest.mark.parametrize("seed", SEEDS)
def test_oracle_and_scan_find_what_was_planted(seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path, partners=200, lines=5_000, seed=seed)
    expected = planted(tmp_path)
    assert judged(tmp_path, truth.as_of) == expected
    found = scanned(tmp_path, truth.as_of)
    assert found.findings == expected
    assert found.waived == planted_waivers(tmp_path)


def test_scan_of_the_demo_finds_what_was_planted(tmp_path: Path) -> None:
    truth = generate(tmp_path, partners=700, lines=100_000, seed=1, format_="parquet")
    found = scanned(tmp_path, truth.as_of).findings
    assert found == planted(tmp_path)
    assert max(finding.lines for finding in found.values()) == 5_000


def test_dormant_findings_wait_for_the_policy_to_set_its_thresholds(tmp_path: Path) -> None:
    truth = generate(tmp_path, partners=200, lines=2_000, seed=1)
    found = scanned(tmp_path, truth.as_of, truth.dormant_parameters)
    assert found.findings == planted(tmp_path) | planted(tmp_path, "dormant")


def test_every_rule_of_the_pack_is_planted(tmp_path: Path) -> None:
    truth = generate(tmp_path, partners=200, lines=2_000, seed=1)
    rules = {identity[0] for identity in (*truth.findings, *truth.dormant)}
    assert rules == {rule.id for rule in load_catalogue(pack()).rules}


def test_truth_says_day_seed_and_exact_sums(tmp_path: Path) -> None:
    generate(tmp_path, partners=200, lines=2_000, seed=3)
    document = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert (document["as_of"], document["seed"]) == ("2015-06-30", 3)
    sums = [item["amount"] for item in document["findings"]]
    assert {"EUR": "12.3456", "—": "125.00"} in sums
    assert {"EUR": "12.50", "GBP": "8.01"} in sums

"""What was planted is what an independent reading of the files finds, and what a scan finds.

`GRAPHCHANNEL_TRUTHS=20` draws so many networks (`make assurance`), `GRAPHCHANNEL_TRUTH_LINES` says
how many lines the large one has.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from graphchannel.demo.generate import generate
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from tests.demo.networks import judged, known_rules, planted, planted_waivers, scanned

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = range(int(os.environ.get("GRAPHCHANNEL_TRUTHS", "1")))
LINES = int(os.environ.get("GRAPHCHANNEL_TRUTH_LINES", "100000"))
PLANTED_RULES = 47  # at least: a rule that is planted later adds to them
EVERY_LINE = """\
// @name      Line
// @section   3.1
// @severity  info
// @message   {subject} supplied {object}: {lines} lines
//
// Says of every line that it is there.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_oracle_and_scan_find_what_was_planted(seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path, partners=300, lines=5_000, seed=seed)
    expected = planted(tmp_path)
    assert len(known_rules(tmp_path)) >= PLANTED_RULES
    assert judged(tmp_path, truth.as_of) == expected
    found = scanned(tmp_path, truth.as_of)
    assert found.findings == expected
    assert found.waived == planted_waivers(tmp_path)


def test_scan_of_the_demo_finds_what_was_planted(tmp_path: Path) -> None:
    partners = max(700, LINES // 100)
    truth = generate(tmp_path, partners=partners, lines=LINES, seed=1, format_="parquet")
    found = scanned(tmp_path, truth.as_of).findings
    assert found == planted(tmp_path)
    assert max(finding.lines for finding in found.values()) == 5_000


def test_dormant_findings_wait_for_the_policy_to_set_its_thresholds(tmp_path: Path) -> None:
    truth = generate(tmp_path, partners=300, lines=2_000, seed=1)
    found = scanned(tmp_path, truth.as_of, truth.dormant_parameters)
    assert found.findings == planted(tmp_path) | planted(tmp_path, "dormant")


def test_the_truth_is_about_rules_of_the_pack(tmp_path: Path) -> None:
    generate(tmp_path, partners=300, lines=2_000, seed=1)
    assert set(known_rules(tmp_path)) <= {rule.id for rule in load_catalogue(pack()).rules}


def test_a_rule_that_the_generator_does_not_know_may_find_what_it_likes(tmp_path: Path) -> None:
    folder, network = tmp_path / "pack", tmp_path / "network"
    shutil.copytree(pack(), folder)
    (folder / "data" / "line.cypher").write_text(EVERY_LINE, "utf-8")
    truth = generate(network, partners=300, lines=2_000, seed=1)
    found = scanned(network, truth.as_of, folder=folder)
    assert found.findings == planted(network)
    assert found.beyond > 100


def test_truth_says_day_seed_and_exact_sums(tmp_path: Path) -> None:
    generate(tmp_path, partners=300, lines=2_000, seed=3)
    document = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert (document["as_of"], document["seed"]) == ("2015-06-30", 3)
    sums = [item["amount"] for item in document["findings"]]
    assert {"EUR": "12.3456", "—": "125.00"} in sums
    assert {"EUR": "12.50", "GBP": "8.01"} in sums

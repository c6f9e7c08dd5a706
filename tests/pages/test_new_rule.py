"""A stranger adds a rule: one `.cypher` file, one file of cases, and no list to edit."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULE = "supply/line-of-many-units"
QUERY = """\
// @name      Line of very many units
// @section   3.1
// @severity  low
// @message   {subject} supplied {object} with many units: {lines} lines, {quantity} units
//
// A single line of so many units is rarely one customer's need.
MATCH (seller:Party)-[s:SUPPLIED]->(buyer:Party)
WHERE s.quantity > 9000
RETURN seller.id AS subject, buyer.id AS object, s.id AS shipment
"""
FIRES = """\
fires_above_the_number:
  given:
    shipments:
      - {id: L1, seller_id: vendor, buyer_id: dist, quantity: 9001}
      - {id: L2, seller_id: gold, buyer_id: bank, quantity: 9002}
  findings:
    - {subject: vendor, object: dist, lines: 1, quantity: 9001, amount: {EUR: "100.00"},
       first: 2015-06-15, last: 2015-06-15, evidence: [L1],
       message: "The Vendor supplied Alpha Distribution with many units: 1 line, 9001 units"}
    - {subject: gold, object: bank, lines: 1, quantity: 9002, amount: {EUR: "100.00"},
       first: 2015-06-15, last: 2015-06-15, evidence: [L2],
       message: "Epsilon IT supplied Bank of Munich with many units: 1 line, 9002 units"}
"""
SILENT = """
silent_at_the_number:
  given:
    shipments:
      - {id: L1, seller_id: vendor, buyer_id: dist, quantity: 9000}
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the rules' own tests need, with the new rule but no cases."""
    for name in ("graphchannel", "cypher", "tests"):
        target = tmp_path / name
        shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "cypher" / "huawei-enterprise" / f"{RULE}.cypher").write_text(QUERY, "utf-8")
    return tmp_path


def test_two_files_make_a_rule_and_less_fails(copy: Path) -> None:
    cases = copy / "tests" / "rules" / f"{RULE}.yaml"
    failed = "test_the_rule_has_a_case_that_fires_and_one_that_stays_silent"
    cases.write_text(FIRES, "utf-8")
    assert failed in suite(copy, f"{RULE} and {failed}", 1)
    cases.write_text(FIRES + SILENT, "utf-8")
    # The two kinds of case, what the cases find, the interpreter, some mutants, all mutants: the
    # last three of most rules with --thorough.
    assert passed(suite(copy, RULE, 0)) + passed(suite(copy, RULE, 0, "--thorough")) == 6


def passed(output: str) -> int:
    found = re.search(r"(\d+) passed", output)
    return int(found[1]) if found else 0


def suite(folder: Path, which: str, code: int, *further: str) -> str:
    """Run the rules' tests in a copy; return what they print."""
    modules = [f"tests/rules/test_{name}.py" for name in ("rules", "mutants")]
    pytest_ = [sys.executable, "-m", "pytest", *modules, "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*pytest_, "-k", which, *further],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout

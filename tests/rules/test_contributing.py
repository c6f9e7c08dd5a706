"""Adding a rule or an analysis as CONTRIBUTING.md tells it, in a copy of the pack."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphchannel.analysis import goods
from graphchannel.cli import main
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from tests.rules.cases import FOLDER, batches, expected, outcomes, read_cases, seen
from tests.rules.test_mutants import survivors

if TYPE_CHECKING:
    from pathlib import Path

PAGE = FOLDER.parent.parent / "CONTRIBUTING.md"
RULE = "supply/gold-supplies-gold"
ANALYSIS = "supply/far-larger-than-usual"


def written(kind: str) -> str:
    """Return the file that the page shows in the first block of this kind."""
    match = re.search(rf"^   ```{kind}\n(.*?)^   ```$", PAGE.read_text("utf-8"), re.M | re.S)
    assert match is not None
    return re.sub(r"^   ", "", match[1], flags=re.M)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the pack with the rule, and the cases beside it."""
    folder = tmp_path / "pack"
    shutil.copytree(pack(), folder)
    (folder / f"{RULE}.cypher").write_text(written("cypher"), "utf-8")
    (folder / f"{RULE}.yaml").write_text(written("yaml"), "utf-8")
    return folder


def check(file: Path) -> tuple[int, str]:
    """Run `rules check`; return exit code and output without the folder."""
    run = CliRunner().invoke(main, ["rules", "check", str(file)])
    return run.exit_code, run.output.replace(str(file), file.name)


def test_the_page_names_the_files() -> None:
    text = PAGE.read_text("utf-8")
    assert f"`cypher/huawei-enterprise/{RULE}.cypher`:" in text
    assert f"`tests/rules/{RULE}.yaml`:" in text


def test_the_rule_is_right_and_its_cases_prove_it(copy: Path) -> None:
    assert check(copy / f"{RULE}.cypher") == (0, "gold-supplies-gold.cypher: ok\n")
    catalogue = load_catalogue(copy)
    prove(RULE, copy)
    assert survivors(catalogue.rule(RULE), read_cases(RULE, copy), catalogue) == []


def test_three_files_make_an_analysis(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PAGE.read_text("utf-8")
    assert f"`cypher/huawei-enterprise/{ANALYSIS}.cypher`:" in text
    assert f"`tests/rules/{ANALYSIS}.yaml`:" in text
    assert "`graphchannel/analysis/goods/unusual.py`:" in text
    (copy / f"{ANALYSIS}.cypher").write_text(written("cypher analysis"), "utf-8")
    (copy / f"{ANALYSIS}.yaml").write_text(written("yaml analysis"), "utf-8")
    (tmp_path / "unusual.py").write_text(written("python analysis"), "utf-8")
    monkeypatch.setattr(goods, "__path__", [*goods.__path__, str(tmp_path)])
    assert check(copy / f"{ANALYSIS}.cypher") == (0, "far-larger-than-usual.cypher: ok\n")
    prove(ANALYSIS, copy)


def prove(rule: str, folder: Path) -> None:
    """Run the cases of a rule, of which one fires and one does not."""
    catalogue = load_catalogue(folder)
    cases = read_cases(rule, folder)
    assert [case.fires for case in cases] == [True, False]
    for batch in batches(cases, catalogue):
        with batch.workspace:
            found = outcomes(batch)
        for case in cases:
            outcome, wanted = found[rule, case.name], expected(case)
            assert outcome.status == "evaluated"
            assert [
                seen(finding, wanted[0] if wanted else {}) for finding in outcome.findings
            ] == list(wanted)


def test_a_condition_that_no_case_needs_is_told(copy: Path) -> None:
    file = copy / f"{RULE}.cypher"
    text = file.read_text("utf-8")
    file.write_text(text.replace("RETURN", "  AND s.quantity > 0\nRETURN"), "utf-8")
    catalogue = load_catalogue(copy)
    (survivor, *_) = survivors(catalogue.rule(RULE), read_cases(RULE, copy), catalogue)
    assert "s.quantity" in survivor


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("@severity", "@sevrity", ":3: the key '@sevrity' is unknown .* Did you mean 'severity'"),
        ("   info", "   minor", ":3: the severity is 'minor'; expected one of critical, high"),
        ("seller.id AS subject", "seller.id AS seller", ": the rule returns no column 'subject'"),
        ("s.id AS shipment", "s.id AS line", ": the message names {lines}, but .* AS shipment"),
        ("{object}", "{buyer}", ": the message names {buyer}, which a finding does not have"),
        ("seller:Partner", "seller:Partnr", r":8:15: The label 'Partnr' .* mean 'Partner'"),
        ("s.seller_role = 'gold'\n", "s.seller_rol = 'gold'\n", r":9:\d+: .* mean 'seller_role'"),
        ("seller.id AS subject", "properties(s) AS subject", r":11:\d+: .*properties"),
        ("'gold'\nRETURN", "$level\nRETURN", r": the rule uses \$level, .*\[parameters.level\]"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(
    copy: Path, right: str, wrong: str, said: str
) -> None:
    file = copy / f"{RULE}.cypher"
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), "utf-8")
    code, output = check(file)
    assert code == 1
    assert re.match(rf"gold-supplies-gold\.cypher{said}", output), output


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("{id: L1, seller_id", "{id: L1, seler_id", "shipments have no column 'seler_id'. Did you"),
        ("    shipments:", "    shipment:", "there is no table 'shipment'. Did you mean"),
        ("  given:", "  give:", "unknown keys .'give'"),
        ("buyer_id: gold2", "buyer_id: gold3", "buyer_id is 'gold3', which is no vendor, partner"),
    ],
)
def test_a_mistake_in_a_case_is_told_with_its_name(
    copy: Path, right: str, wrong: str, said: str
) -> None:
    file = copy / f"{RULE}.yaml"
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(ValueError, match=f"^{RULE}: fires_between_two_gold_partners: {said}"):
        batches(read_cases(RULE, copy), load_catalogue(copy))


def test_a_case_file_that_is_no_yaml_is_named(copy: Path) -> None:
    (copy / f"{RULE}.yaml").write_text("fires_x: [\n", "utf-8")
    with pytest.raises(ValueError, match=r"gold-supplies-gold\.yaml: this is no YAML"):
        read_cases(RULE, copy)

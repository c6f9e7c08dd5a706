"""`policy show` and `policy check`."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.resources import pack
from tests.cli.conftest import POLICY_FILE
from tests.sampling import several, thinned

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk

SVG = "{http://www.w3.org/2000/svg}"
# what the shipped policy is changed by, and the sentence that tells what is wrong then
FAULTS = [
    (
        (
            'buyer = ["vap"]\nruling = "allowed"',
            'buyer = ["vap"]\nruling = "forbidden"\nrule = "supply/any"',
        ),
        "No permitted path reaches the role 'vap': nobody may supply it.",
    ),
    (
        (
            'seller = ["recognized"]\nbuyer = ["end_user"]\nruling = "allowed"',
            'seller = ["recognized"]\nbuyer = ["end_user"]\nruling = "forbidden"\nrule = "a/b"',
        ),
        "From the role 'recognized' no end user is reachable on a permitted path.",
    ),
    (
        ('rule = "supply/vap-supplies-tier-two"', 'rule = "supply/vap-supplies-tier-too"'),
        (
            "vap → gold is forbidden and names the rule 'supply/vap-supplies-tier-too', which is "
            "not there. Did you mean 'supply/vap-supplies-tier-two'?"
        ),
    ),
    (
        ("# Rules that", '[rules."supply/vap-supplies-tier-two"]\nenabled = false\n# Rules that'),
        (
            "vap → gold is forbidden, and the policy switches off the rule "
            "'supply/vap-supplies-tier-two' that reports it."
        ),
    ),
    (
        (
            "# Rules that",
            '[rules."supply/distributor-supplies-end-user"]\nseverity = "high"\n# Rules that',
        ),
        (
            "distributor → end_user is discouraged, and the rule "
            "'supply/distributor-supplies-end-user' reports it as high; what the policy says in "
            "principle only is medium at most."
        ),
    ),
    (
        ('rule = "supply/distributor-supplies-end-user"', 'rule = "supply/vap-supplies-tier-two"'),
        (
            "The rule 'supply/vap-supplies-tier-two' reports hops that are discouraged and hops "
            "that are forbidden, though they do not weigh the same."
        ),
    ),
    (
        ("# Rules that", '[rules."supply/unlisted-pear"]\nenabled = false\n# Rules that'),
        (
            'The policy sets rules."supply/unlisted-pear", and there is no such rule. Did you mean '
            "'supply/unlisted-pair'?"
        ),
    ),
    (
        ('"silver"', '"sterling"'),
        (
            "The rule 'territory/no-authorization' asks for the role 'silver', which the policy "
            "does not have: that part of it never fires."
        ),
    ),
    (
        (
            '"discouraged"\nsection = "3.1"\nrule = "supply/distributor-supplies-end-user"',
            '"allowed"\nsection = "3.1"',
        ),
        "The rule 'paths/discouraged-hop' can never fire: no hop is discouraged.",
    ),
    (
        (
            'seller = ["vap"]\nbuyer = ["end_user"]',
            'seller = ["vap"]\nbuyer = ["end_user", "vendor"]',
        ),
        (
            "The policy allows vap → vendor, which leads up the channel: such lines count as "
            "returns as well."
        ),
    ),
]


def test_the_shipped_policy_is_clean(desk: Desk) -> None:
    run = desk.run("policy", "check")
    assert run.exit_code == 0
    assert "hold no contradictions and no dead entries." in run.stdout


@pytest.mark.parametrize(
    ("change", "sentence"), several(thinned(FAULTS, 2)), ids=[fault[1][:40] for fault in FAULTS]
)
def test_what_is_wrong_with_a_policy_is_said(
    desk: Desk, change: tuple[str, str], sentence: str
) -> None:
    pack = desk.folder / "other"
    for file in POLICY_FILE.parent.rglob("*.cypher"):
        copy = pack / file.relative_to(POLICY_FILE.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    text = POLICY_FILE.read_text("utf-8")
    assert change[0] in text
    (pack / "policy.toml").write_text(text.replace(*change), "utf-8")
    run = desk.run("policy", "check", "--pack", "other")
    assert run.exit_code == 1, run.output
    assert sentence in run.stdout
    assert all(line[-1] in ".?" for line in run.stdout.splitlines())


def test_a_policy_that_cannot_be_read_is_no_finding(desk: Desk) -> None:
    (desk.folder / "pack" / "policy.toml").write_text("[[roles]]", "utf-8")
    run = desk.run("policy", "check", "--pack", "pack")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "policy.toml" in run.stderr


def test_a_rule_that_is_none_is_said(desk: Desk) -> None:
    desk.rules.add("supply/any", "RETURN 1 AS", message="{subject}")
    (desk.folder / "pack" / "supply" / "odd.cypher").write_text("// @nothing\n", "utf-8")
    run = desk.run("policy", "check", "--pack", "pack")
    assert run.exit_code == 1
    assert "The rule 'supply/odd' cannot run: supply/odd.cypher:1: the key" in run.stdout


def test_a_policy_is_shown_as_data(desk: Desk) -> None:
    shown = json.loads(desk.run("policy", "show", "--format", "json").stdout)
    assert shown["name"] == "huawei-enterprise"
    assert shown["expression"] == (
        "vendor (distributor (platinum | gold | silver | recognized) | vap) end_user"
    )
    assert shown["paths"][0] == {"path": "vendor → vap → end_user"}
    assert len(shown["paths"]) == 5
    assert shown["hops"][-1] == {
        "seller": "vap",
        "buyer": "recognized",
        "ruling": "forbidden",
        "section": "3.2",
        "rule": "supply/vap-supplies-tier-two",
    }
    ends = [step for step in shown["automaton"] if step["ends"]]
    assert ends == [{"state": 3, "role": "end_user", "next": 4, "ends": "yes"}]


def test_paths_without_end_are_said_to_be_so(desk: Desk) -> None:
    text = POLICY_FILE.read_text("utf-8")
    looped = text.replace(
        'seller = ["platinum", "gold", "silver"]\nbuyer = ["end_user"]',
        'seller = ["platinum", "gold", "silver"]\nbuyer = ["end_user", "gold"]',
    )
    assert looped != text
    (desk.folder / "pack" / "policy.toml").write_text(looped, "utf-8")
    run = desk.run("policy", "show", "--pack", "pack")
    assert "Longer paths go in a cycle: there is no limit to their length." in run.stdout
    assert "In short" not in run.stdout
    assert "vendor → distributor → silver → gold → end_user" in run.stdout


def test_a_policy_is_drawn(desk: Desk) -> None:
    run = desk.run("policy", "show", "--format", "svg", "--output", "policy.svg")
    assert (run.exit_code, run.stdout) == (0, "")
    drawing = ET.fromstring((desk.folder / "policy.svg").read_text("utf-8"))  # noqa: S314 - our own
    texts = [text.text for text in drawing.iter(f"{SVG}text")]
    for name in ("Vendor", "Distributor", "Value-added partner", "Gold partner", "End user"):
        assert texts.count(name) == 1
    ends = [path.get("marker-end") for path in drawing.iter(f"{SVG}path")]
    assert [ends.count(f"url(#{r})") for r in ("allowed", "discouraged", "forbidden")] == [5, 1, 1]


def test_boxes_of_the_drawing_do_not_overlap(desk: Desk) -> None:
    drawing = ET.fromstring(desk.run("policy", "show", "--format", "svg").stdout)  # noqa: S314 - our own
    width, height = (float(drawing.get(name) or 0) for name in ("width", "height"))
    boxes: dict[float, list[tuple[float, float]]] = {}
    for box in drawing.iter(f"{SVG}rect"):
        if box.get("rx"):
            x, y, w, h = (float(box.get(name) or 0) for name in ("x", "y", "width", "height"))
            assert x >= 0
            assert x + w <= width
            assert y + h <= height
            boxes.setdefault(x, []).append((y, y + h))
    assert len(boxes) == 4
    for column in boxes.values():
        assert all(above[1] < below[0] for above, below in pairwise(sorted(column)))


def test_a_policy_of_ones_own_begins_as_a_copy(tmp_path: Path) -> None:
    own = tmp_path / "own"
    made = CliRunner().invoke(main, ["policy", "new", str(own)])
    assert made.exit_code == 0
    assert f"Then run: graphchannel policy check --pack {own}" in made.stderr
    assert (own / "policy.toml").read_bytes() == (pack() / "policy.toml").read_bytes()
    rules = {file.relative_to(own) for file in own.rglob("*.cypher")}
    assert rules == {file.relative_to(pack()) for file in pack().rglob("*.cypher")}
    assert f"{len(rules)} rules" in made.stderr
    again = CliRunner().invoke(main, ["policy", "new", str(own)])
    assert again.exit_code == 2
    assert "is there already; name a folder that is not." in again.stderr

"""The benchmarks: what they compare is compared here, too, and their page is current."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from bench import check, handwritten, peers
from bench import page as performance
from bench.__main__ import size
from graphchannel import Channel
from graphchannel.demo.generate import generate

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2015-06-30"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "files"
    generate(folder, 700, 6_000, 1, "csv")
    return folder


@pytest.fixture(scope="module")
def found(files: Path) -> dict[str, list[int]]:
    with Channel.open(files.parent / "channel.duckdb", as_of=AS_OF) as channel:
        channel.load(files)
        return {rule.id: [rule.findings, rule.lines] for rule in channel.scan().outcomes}


def test_rules_by_hand_find_what_a_scan_finds(files: Path, found: dict[str, list[int]]) -> None:
    by_hand = handwritten.run(files, "csv", AS_OF)
    assert {rule: list(counts) for rule, counts in by_hand.items()} == {
        rule: found[rule] for rule in by_hand
    }
    assert len([rule for rule in by_hand if found[rule][0]]) > 20


def test_peers_answer_as_a_scan_does(files: Path, found: dict[str, list[int]]) -> None:
    answer = peers.uncertified_by_pandas(files, AS_OF)
    assert answer == found["supply/uncertified-seller"] != [0, 0]
    assert peers.both_ways_by_networkx(files, AS_OF) != [0]


def committed() -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(check.COMMITTED.read_text("utf-8"))
    return figures


def asked() -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(performance.ASKED.read_text("utf-8"))
    return figures


def test_the_page_is_that_of_the_committed_figures() -> None:
    figures = committed()
    assert performance.PAGE.read_text("utf-8") == performance.page(figures, asked())
    assert performance.PICTURE.read_text("utf-8") == performance.picture(figures)
    assert [one["different"] for one in figures["sizes"] if one["different"]] == []


def test_a_ratio_may_be_a_quarter_above_the_committed_one() -> None:
    before, now = committed(), committed()
    (name, ratio), *_ = before["sizes"][0]["ratios"].items()
    now["sizes"][0]["ratios"][name] = ratio * 1.24
    assert check.verdicts(now, before)[1] == []
    now["sizes"][0]["ratios"][name] = ratio * 1.27
    (sentence,) = check.verdicts(now, before)[1]
    assert f"{name}: {ratio * 1.27:.2f} is 27% above {ratio:.2f}." in sentence


def test_what_was_not_measured_is_no_success() -> None:
    before, now = committed(), copy.deepcopy(committed())
    (name, _), *_ = now["sizes"][0]["ratios"].items()
    del now["sizes"][0]["ratios"][name]
    assert "was not measured" in check.verdicts(now, before)[1][0]
    now["sizes"] = []
    assert check.verdicts(now, before)[1] == [
        "Nothing was compared: no number of lines is in both files."
    ]


def test_sizes_are_written_as_people_write_them() -> None:
    assert [size(text) for text in ("2M", "200k", "1500", "0.5M")] == [2e6, 2e5, 1500, 5e5]

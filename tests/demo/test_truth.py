"""The truth that was planted is what an independent reading of the files finds."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from graphchannel.demo.generate import generate
from tests.demo.oracle import Oracle

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tests.demo.oracle import Identity


def planted(directory: Path) -> dict[Identity, tuple[object, ...]]:
    document = json.loads((directory / "truth.json").read_text("utf-8"))
    found: dict[Identity, tuple[object, ...]] = {}
    for item in document["findings"]:
        extra = item.get("identity", {})
        parts = (item["object"], extra.get("scope"), extra.get("period_start"))
        identity = (item["rule"], item["subject"], *(part for part in parts if part))
        assert identity not in found
        amount = {currency: Decimal(text) for currency, text in item["amount"].items()}
        found[identity] = (item["lines"], item["quantity"], amount, item["first"], item["last"])
    return found


def judged(directory: Path, as_of: date) -> dict[Identity, tuple[object, ...]]:
    return {
        identity: (f.lines, f.quantity, f.amount, f.first, f.last)
        for identity, f in Oracle(directory, as_of).judge().items()
    }


@pytest.mark.parametrize("seed", range(10))
def test_truth_is_what_the_files_show(seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path, partners=200, lines=5_000, seed=seed)
    assert planted(tmp_path) == judged(tmp_path, truth.as_of)

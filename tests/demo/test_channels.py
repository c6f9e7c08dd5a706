"""Every rule on random channels: what a scan finds is what plain Python finds in the files.

Values are missing, certificates have gaps, days are crowded. `GRAPHCHANNEL_CHANNELS=500` draws
more of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel.workspace import create_workspace
from tests.channels import judged
from tests.channels.judged import BESIDE, NETWORKS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("first", range(0, NETWORKS, BESIDE))
def test_a_scan_finds_what_the_oracle_finds(first: int, tmp_path: Path) -> None:
    channels, given = judged.drawn(first), judged.given(first)
    catalogue = judged.catalogue_of(given)
    with create_workspace(None, catalogue.policy) as workspace:
        judged.load(workspace, channels, catalogue)
        found = judged.by_scan(workspace, catalogue)
    assert judged.difference(found, judged.by_oracle(channels, tmp_path, given)) == {}
    if len(channels) >= BESIDE // 2:
        assert {identity[0] for identity in found} == {rule.id for rule in catalogue.rules}

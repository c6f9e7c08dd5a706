"""Every rule on channels with hubs: one thread, two threads and plain Python find the same.

`GRAPHCHANNEL_HUBS=52` draws so many, some of them in one workspace: DuckDB shares out work among
threads by 122,880 rows.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from graphchannel.findings import ScanOptions, scan
from graphchannel.workspace import create_workspace
from tests.channels import judged
from tests.channels.beside import prefixed
from tests.channels.hubs import PARALLEL, draw_hubs
from tests.channels.places import AS_OF
from tests.channels.told import as_text, whole

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.workspace import Workspace
    from tests.channels.places import Tables

HUBS = int(os.environ.get("GRAPHCHANNEL_HUBS", "1"))
BESIDE = 13  # more than 122,880 lines


def told(workspace: Workspace, catalogue: Catalogue) -> list[str]:
    """Return all that a scan says, in its order."""
    with scan(workspace, catalogue, ScanOptions(as_of=AS_OF)) as result:
        return [as_text(whole(found)) for found in result.findings()]


@pytest.mark.parametrize("first", range(0, HUBS, BESIDE))
def test_threads_and_plain_python_find_the_same_at_hubs(first: int, tmp_path: Path) -> None:
    seeds = range(first, min(first + BESIDE, HUBS))
    channels = [prefixed(draw_hubs(seed), f"n{seed}-") for seed in seeds]
    for channel in channels:
        check_hub(channel)
    given = judged.given(first // BESIDE * judged.BESIDE)
    catalogue = judged.catalogue_of(given)
    with create_workspace(None, catalogue.policy) as workspace:
        judged.load(workspace, channels, catalogue)
        answers = []
        for threads in (1, 2):
            workspace.connection.execute(f"SET threads = {threads}")
            answers.append(told(workspace, catalogue))
        found = judged.by_scan(workspace, catalogue)
    assert answers[0] == answers[1]
    assert judged.difference(found, judged.by_oracle(channels, tmp_path, given)) == {}
    at_hubs = {identity[0] for identity, one in found.items() if one.lines > PARALLEL / 2}
    assert any(rule.startswith("paths/") for rule in at_hubs)


def check_hub(channel: Tables) -> None:
    pairs = Counter((row["seller_id"], row["buyer_id"]) for row in channel["shipments"])
    parties = Counter(party for pair, lines in pairs.items() for party in pair * lines)
    assert max(pairs.values()) >= PARALLEL
    assert parties.most_common(1)[0][1] >= 10_000

"""docs/notebooks.md, run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, line, network
from tests.neo4j.published import load

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "notebooks.md"


def test_the_page_s_first_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tables = network(line("L1", "A", "B"), line("L2", "A", "B"), line("L3", "B", "C"))
    with create_workspace(Path("channel.duckdb"), POLICY) as workspace:
        load(workspace, tables)
    first, *_ = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(first, names)  # noqa: S102 - our own page
    assert list(names["sellers"]["lines"]) == [2, 1]
    assert names["trade"].number_of_edges("A", "B") == 2
    assert len(names["frame"]) == len(names["findings"]) > 0
    assert names["graph"].number_of_nodes() > len(names["findings"])

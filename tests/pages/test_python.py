"""docs/python.md, run from top to bottom."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


def test_the_page_runs(
    files: Path, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(workspace, tmp_path / "channel.duckdb")
    shutil.copytree(files, tmp_path / "files")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        exec(block, names)  # noqa: S102 - our own page
    assert len(names["findings"]) > 0
    assert names["gaps"]
    assert len(names["hops"]) > 0
    assert names["supposed"].findings.appearing

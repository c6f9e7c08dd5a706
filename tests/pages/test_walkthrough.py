"""Pages that are walked through say with which exit code a command ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts import walkthrough

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("graphchannel schema vendors", None),
        ("graphchannel schema vendors  # exit code 0", None),
        ("graphchannel schema vendors  # exit code 1", "ended with exit code 0, the page says 1"),
        ("graphchannel scan", "'graphchannel scan' ended with exit code 2, the page says 0"),
        ("graphchannel scan  # exit code 1", "ended with exit code 2, the page says 1"),
        ("graphchannel scan  # exit code 2", None),
    ],
)
def test_a_command_ends_as_the_page_says(tmp_path: Path, line: str, wrong: str | None) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"```sh\n{line}\n```\n", "utf-8")
    if wrong is None:
        assert walkthrough.current(page, {}) == page.read_text("utf-8")
    else:
        with pytest.raises(RuntimeError, match=wrong):
            walkthrough.current(page, {})

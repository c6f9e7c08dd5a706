"""The report on paper, and what it needs for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import GraphChannelError
from graphchannel.report.pages.printed import write_page
from tests.neo4j.chromium import browser_program

if TYPE_CHECKING:
    from pathlib import Path


def test_the_page_is_printed(page: Path, tmp_path: Path) -> None:
    if browser_program() is None:
        pytest.skip("NO CHROMIUM: none is installed (make chromium)")
    write_page(page.read_text("utf-8"), tmp_path / "report.pdf", "pdf")
    printed = (tmp_path / "report.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") >= 2
    assert [file.name for file in tmp_path.iterdir()] == ["report.pdf"]


def test_without_a_browser_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GraphChannelError, match=r"write an \.html file and print it"):
        write_page("<p>", tmp_path / "report.pdf", "pdf")

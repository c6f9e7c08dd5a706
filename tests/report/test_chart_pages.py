"""A chart's page in a real Chromium: it draws, runs no script of a name, and asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel.report.charts.bars import Bar, ranked_bars
from graphchannel.report.charts.style import composed
from graphchannel.report.charts.write import write_chart
from tests.neo4j.chromium import browser_window, listen

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    "</script><script>window.caught=1</script>",
    "<img src=x onerror=window.caught=1>",
    "a\x1b[31m\u202eb\x00",
    "lessthan0 <b>",
    '"]}; window.caught=1; //',
)


def test_names_are_text_in_a_page(tmp_path: Path) -> None:
    bars = [Bar(name, number + 1.0) for number, name in enumerate(HOSTILE)]
    file = tmp_path / "chart.html"
    write_chart(composed(HOSTILE[0], HOSTILE[1], [ranked_bars(bars, HOSTILE[0])]), file)
    assert file.read_text("utf-8").count("</script>") == 2
    with browser_window() as window:
        page, heard = window.page, listen(window.page)
        page.goto(file.as_uri())
        page.wait_for_selector("#vega-chart svg")
        shown = page.inner_text("#vega-chart")
        assert page.evaluate("window.caught") is None
    assert "<script>window.caught=1</script>" in shown
    assert "\\x1b[31m\\u202eb\\x00" in shown
    assert "lessthan0 <b>" in shown
    assert heard.asked == [file.as_uri()]
    assert heard.said == []


def test_a_picture_of_odd_names_is_drawn(tmp_path: Path) -> None:
    bars = [Bar(name, 1.0) for name in (*HOSTILE, "\udce4", "\x0c")]
    write_chart(composed("T", "S", [ranked_bars(bars, "H")]), tmp_path / "chart.svg")
    assert "\\x0c" in (tmp_path / "chart.svg").read_text("utf-8")


def test_a_picture_of_dots_is_written(tmp_path: Path) -> None:
    write_chart(composed("T", "S", [ranked_bars([Bar("a", 1.0)], "H")]), tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_an_interrupted_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "chart.svg"
    file.write_text("before", "utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_chart(composed("T", "S", [ranked_bars([Bar("a", 1.0)], "H")]), file)
    assert file.read_text("utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["chart.svg"]

"""docs/tutorial.md: its commands print what the page says, from a messy file to findings."""

from __future__ import annotations

from scripts import tutorial


def test_the_page_is_current() -> None:
    text = tutorial.PAGE.read_text("utf-8")
    assert text.count("```text\n") >= 6
    assert text == tutorial.current(), "run `make docs`"

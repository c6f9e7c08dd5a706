"""docs/compliance.md: the twelve needs of a compliance officer, on a messy month."""

from __future__ import annotations

import re

from scripts import compliance


def test_the_page_is_current() -> None:
    text = compliance.PAGE.read_text("utf-8")
    assert len(re.findall(r"^## \d+\. ", text, re.MULTILINE)) == 12
    assert text == compliance.current(), "run `make docs`"
    assert "Traceback" not in text
    assert "Usage:" not in text

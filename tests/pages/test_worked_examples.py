"""Worked examples in the documentation print what the pages say, on the demo's workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts import worked_examples

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def demo() -> Iterator[None]:
    """Run the demo once."""
    with worked_examples.demo_folder():
        yield


@pytest.mark.parametrize("page", worked_examples.PAGES)
@pytest.mark.usefixtures("demo")
def test_the_page_is_current(page: str) -> None:
    text = (worked_examples.DOCS / f"{page}.md").read_text("utf-8")
    assert text.count("```text\n") >= 3
    assert text == worked_examples.current(page), "run `make docs`"

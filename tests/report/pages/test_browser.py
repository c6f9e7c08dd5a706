"""The report in a real Chromium: it searches, sorts and groups, turns pages, and asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.neo4j.chromium import browser_window, listen
from tests.report.pages.conftest import LONG, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.neo4j.chromium import Heard


class Window(NamedTuple):
    """A page, what it asked for and what it said."""

    page: Page
    heard: Heard


@pytest.fixture(scope="module")
def window(page: Path) -> Iterator[Window]:
    with browser_window() as opened:
        view, heard = opened.page, listen(opened.page)
        view.goto(page.as_uri())
        yield Window(view, heard)
    assert heard.asked == [page.as_uri()]
    assert heard.said == []


@pytest.fixture
def view(window: Window) -> Page:
    """Return the page as it opens."""
    window.page.reload()
    window.heard.asked.pop()
    window.page.evaluate("history.replaceState(null, '', location.pathname)")
    window.page.reload()
    window.heard.asked.pop()
    window.page.wait_for_selector("#list tbody tr")
    return window.page


def messages(view: Page) -> list[str]:
    return view.locator("#list tbody td.text a").all_inner_texts()


def test_the_list_is_searched_sorted_filtered_and_grouped(view: Page) -> None:
    assert len(messages(view)) == 4
    assert view.inner_text("#list .count") == "4 findings of 4."
    view.fill("#words", "alert window.caught supplied")
    assert view.inner_text("#list .count") == "No finding fits."
    view.fill("#words", "SUPPLIED long")
    assert [len(text) > len(LONG) for text in messages(view)] == [True]
    view.fill("#words", "")
    view.get_by_role("button", name="Value").click()
    assert messages(view)[0].startswith(SCRIPT)
    assert view.locator("#list th").nth(3).get_attribute("aria-sort") == "ascending"
    view.select_option("#by-severity", "info")
    assert messages(view) == [LONG]
    view.select_option("#by-severity", "")
    view.select_option("#by-group", "rule")
    groups = view.locator("#list tr.group th").all_inner_texts()
    assert len(groups) == 3
    assert "1,284 EUR; 33 USD" not in " ".join(groups)
    assert any("paths/two" in group and "1 finding" in group for group in groups)


def test_a_finding_and_a_party_have_pages_of_their_own(view: Page) -> None:
    view.locator("#list tbody td.text a", has_text="→").first.click()
    detail = view.locator("#detail")
    detail.locator("ol.path").wait_for()
    assert not view.is_visible("#report")
    assert detail.locator("ol.path li.party").count() == 3
    assert "Against the policy" in detail.locator("li.broken").inner_text()
    assert detail.locator("svg.time rect").count() >= 1
    detail.locator("ol.path a").first.click()
    expect(detail.locator("h2")).to_have_text(SCRIPT)
    assert view.evaluate("document.activeElement === document.querySelector('#detail h2')")
    view.go_back()
    view.go_back()
    view.wait_for_selector("#list tbody tr")
    assert view.is_visible("#report")
    assert view.evaluate("window.caught") is None


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_nothing_hinders_readers(view: Page, width: int, scheme: str) -> None:
    view.set_viewport_size({"width": width, "height": 900})
    view.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    first = str(view.locator("#list td.text a").first.get_attribute("href"))
    for address in ("", first, "#party-B"):
        view.evaluate("address => { location.hash = address }", address)
        view.wait_for_timeout(50)
        found = Axe().run(view).response["violations"]
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
        assert view.evaluate("document.documentElement.scrollWidth") <= width

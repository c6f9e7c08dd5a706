"""Neo4j Browser in a real Chromium, driven as a person would."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Dialog, Page

REQUIRED = "GRAPHCHANNEL_REQUIRE_BROWSER"  # 1: a Chromium that cannot be had is an error
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 90_000  # milliseconds; machines that test are busy
_FILE = """([name, text]) => {
    const held = new DataTransfer()
    held.items.add(new File([text], name, {type: 'text/plain'}))
    return held
}"""


@dataclass(frozen=True, slots=True)
class BrowserWindow:
    """One window of Neo4j Browser."""

    page: Page

    def open(self, link: str) -> None:
        """Open a link and wait until its query stands in the editor."""
        self.page.goto(link)
        self.page.locator("[data-testid=activeEditor] .view-line", has_text="//").first.wait_for()

    @property
    def editor(self) -> str:
        """What stands in the editor, without a difference between kinds of spaces."""
        return " ".join(self.page.locator("[data-testid=activeEditor]").inner_text().split())

    def log_in(self, password: str) -> None:
        """Fill in the form at which Browser stops; the user is in the link."""
        self.page.fill("[data-testid=password]", password)
        self.page.click("[data-testid=connect]")
        # Browser is ready once it ran what the server asks for; a query run before is lost.
        command = self.page.locator("[data-testid=frameCommand]", has_text="autoComplete: false")
        command.wait_for()

    def run(self) -> tuple[int, int]:
        """Run the query in the editor; return how many nodes and relationships are drawn."""
        self.page.click("[data-testid=editor-Run]")
        self.page.wait_for_selector("g.node")
        self.page.wait_for_timeout(1_500)  # relationships are drawn while the nodes still move
        return self.page.locator("g.node").count(), self.page.locator("g.relationship").count()

    def drop(self, name: str, text: str) -> None:
        """Drop a file onto the window."""
        held = self.page.evaluate_handle(_FILE, [name, text])
        for event in ("dragenter", "dragover", "drop"):
            values = {"dataTransfer": held}
            self.page.dispatch_event("[data-testid=activeEditor]", event, values)

    def fills(self) -> set[str]:
        """Return the colours of the nodes that are drawn."""
        circles = self.page.locator("g.node circle.b-outline").all()
        return {str(circle.get_attribute("fill")).upper() for circle in circles}

    def picture(self, file: Path) -> None:
        """Keep a picture of the answer."""
        frame = self.page.locator("[data-testid=frame]", has=self.page.locator("g.node"))
        frame.screenshot(path=file)


class Heard(NamedTuple):
    """What a page asked for, and what it said: on its console, in errors and dialogs."""

    asked: list[str]
    said: list[str]


def listen(page: Page) -> Heard:
    """Note from now on what a page asks for and says."""
    heard = Heard([], [])

    def closed(dialog: Dialog) -> None:
        heard.said.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: heard.asked.append(request.url))
    page.on("console", lambda message: heard.said.append(message.text))
    page.on("pageerror", lambda error: heard.said.append(str(error)))
    page.on("dialog", closed)
    return heard


def browser_program() -> str | None:
    """Return the Chromium that is installed, None if there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browser_window() -> Iterator[BrowserWindow]:
    """Start Chromium without a screen; skip the test where there is none."""
    program = browser_program()
    if program is None:
        problem = f"NO CHROMIUM: none of {', '.join(_NAMES)} is installed (make chromium)"
        if os.environ.get(REQUIRED) == "1":
            raise RuntimeError(problem)
        pytest.skip(problem)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - starts a process

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"], headless=True
        )
        page = chromium.new_page(viewport={"width": 1200, "height": 700})
        page.set_default_timeout(_PATIENCE)
        yield BrowserWindow(page)
        chromium.close()

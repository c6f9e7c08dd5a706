"""The report as a page, with its charts where these can be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.cli._saying import echo

if TYPE_CHECKING:
    from graphchannel.channel.report_facts import ReportFacts
    from graphchannel.neo4j.browser import BrowserAddress

__all__ = ["page_of"]


def page_of(facts: ReportFacts, browser: BrowserAddress | None) -> str:
    """Return the page of a report; say so where it has to go without charts."""
    from graphchannel.report.pages.page import report_page  # noqa: PLC0415 - not for help
    from graphchannel.report.pages.pictures import can_draw, pictures  # noqa: PLC0415 - with it

    if not can_draw():
        echo("Without charts: they need pip install 'graphchannel[charts]'.", err=True)
    charts = pictures(facts.figures) if facts.figures and can_draw() else {}
    return report_page(facts, charts, browser)

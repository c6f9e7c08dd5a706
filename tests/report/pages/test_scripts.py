"""A hundred names that are scripts elsewhere: the report shows them, and runs none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel import Channel
from graphchannel.ingest import load_rows
from graphchannel.report.charts.bars import Bar, ranked_bars
from graphchannel.report.charts.style import composed
from graphchannel.report.charts.write import write_chart
from graphchannel.report.pages.page import report_page
from tests.findings.network import POLICY, Rules, line, network
from tests.neo4j.chromium import browser_window, listen

if TYPE_CHECKING:
    from pathlib import Path

RUN = "window.caught=1"
TAGS = (
    "<script>{}</script>", "</script><script>{}</script>",
    "<SCRIPT >{}</SCRIPT>", "<script\n>{}</script>",
    "<img src=x onerror={}>", "<svg onload={}>", "<svg><script>{}</script></svg>",
    "<body onload={}>",
    "<iframe srcdoc='<script>parent.{}</script>'>", "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>", "<a href=\"javascript:{}\">x</a>",
    "<math><mtext><img src=x onerror={}>",
    "<style>@import 'javascript:{}'</style>", "<link rel=stylesheet href=javascript:{}>",
    "<object data=javascript:{}>", "<form action=javascript:{}><button>x</button></form>",
    "<base href=javascript:{}//>", "<meta http-equiv=refresh content='0;url=javascript:{}'>",
)  # fmt: skip
AROUND = ("{}", "\"'>{}", "-->{}<!--", "]]>{}", "\\u003c/script\\u003e{}")
STRINGS = tuple(around.format(tag.format(RUN)) for around in AROUND for tag in TAGS)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of a channel whose parties, products and documents are called so."""
    folder = tmp_path_factory.mktemp("scripts")
    rules = Rules(folder / "pack")
    message = "{subject} supplied {object}"
    rules.add("supply/any", severity="critical", message=message)
    from graphchannel.resources import pack  # noqa: PLC0415 - beside the folder's own

    for name in ("policy.toml", "clauses.toml"):
        (folder / "pack" / name).write_bytes((pack() / name).read_bytes())
    names = [{"id": f"P{at}", "name": text, "country": "DE"} for at, text in enumerate(STRINGS)]
    lines = (
        line(f"L{at}", f"P{at}", f"P{(at + 1) % len(STRINGS)}", document=text)
        for at, text in enumerate(STRINGS)
    )
    file = folder / "report.html"
    with Channel.open(None, policy=folder / "pack") as channel:
        tables = network(*lines, partners=names)
        assert not load_rows(channel._opening.workspace, tables, POLICY).rejected
        file.write_text(report_page(channel.report(), {}), "utf-8")
    return file


def test_no_name_is_run(report: Path) -> None:
    assert len(set(STRINGS)) == 100
    with browser_window() as window:
        page, heard = window.page, listen(window.page)
        page.goto(report.as_uri())
        page.wait_for_selector("#list tbody tr")
        links = page.evaluate("[...document.querySelectorAll('#list td.text a')].map(a => a.hash)")
        for address in [*links, *(f"#party-P{at}" for at in range(len(STRINGS)))]:
            page.evaluate("address => { location.hash = address }", address)
            page.wait_for_selector("#detail h2")
        shown = page.inner_text("#detail h2")
        assert page.evaluate("window.caught") is None
        page.emulate_media(media="print")
        assert page.evaluate("window.caught") is None
    assert shown == " ".join(STRINGS[-1].split())
    assert heard.said == []  # the page's policy would say what it has stopped
    assert heard.asked == [report.as_uri()]
    assert len(links) >= 50


def test_no_name_in_a_chart_is_run(tmp_path: Path) -> None:
    file = tmp_path / "chart.html"
    bars = [Bar(text, 1.0) for text in STRINGS]
    write_chart(composed(STRINGS[0], STRINGS[1], [ranked_bars(bars, STRINGS[2])]), file)
    with browser_window() as window:
        page, heard = window.page, listen(window.page)
        page.goto(file.as_uri())
        page.wait_for_selector("#vega-chart svg")
        assert page.evaluate("window.caught") is None
    assert heard.said == []

"""How long a report of 10,000 findings takes to write, to open and to filter, in a real Chromium.

`python -m bench.report [FINDINGS]`. The findings are those of an invented channel, repeated under
names of their own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from graphchannel import Channel
from graphchannel.demo.generate import generate
from graphchannel.findings import fingerprint
from graphchannel.report.pages.page import report_page
from graphchannel.report.pages.pictures import pictures
from tests.neo4j.chromium import browser_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.channel.report_facts import ReportFacts

_PAINT = """() => performance.getEntriesByName('first-contentful-paint')[0].startTime"""
_DRAWN = """() => performance.now()"""
_FILTER = """words => {
    const input = document.getElementById('words'), began = performance.now()
    input.value = words
    input.dispatchEvent(new Event('input'))
    document.body.getBoundingClientRect()
    return performance.now() - began
}"""


def main() -> None:
    """Measure, and print what was measured."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder / "files", 700, 60_000, 1, "csv")
        with Channel.open(folder / "channel.duckdb", as_of="2015-06-30") as channel:
            channel.load(folder / "files")
            facts = repeated(channel.report(), count)
        began, worked = time.perf_counter(), time.process_time()
        charts = pictures(facts.figures) if facts.figures else {}
        page = report_page(facts, charts)
        file = folder / "report.html"
        file.write_text(page, "utf-8")
        took = time.perf_counter() - began
        print(f"{count:,} findings, {file.stat().st_size / 1e6:.1f} MB")
        print(f"written in {took:.1f} s ({time.process_time() - worked:.1f} s of work)")
        for line in opened(file):
            print(line)


def repeated(facts: ReportFacts, count: int) -> ReportFacts:
    """Return the facts with so many findings, each with lines of its own as far as there are."""
    judged = facts.judged
    findings, evidence = [], {}
    for number in range(count):
        one = judged.findings[number % len(judged.findings)]
        own = fingerprint(one.rule, str(number))
        findings.append(
            replace(one, number=number, fingerprint=own, message=f"{one.message} ({number})")
        )
        evidence[number] = judged.evidence.get(one.number, ())[:20]
    return replace(facts, judged=replace(judged, findings=tuple(findings), evidence=evidence))


def opened(file: Path) -> Iterator[str]:
    """Open the page three times; yield what is the median of each figure."""
    paints, draws, filters = [], [], []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser_program(), args=["--no-sandbox"]
        )
        for _ in range(3):
            view = chromium.new_page()
            view.goto(file.as_uri())
            view.wait_for_selector("#list tbody tr")
            draws.append(view.evaluate(_DRAWN))
            paints.append(view.evaluate(_PAINT))
            filters += [view.evaluate(_FILTER, words) for words in ("gmbh", "", "p001 units", "")]
            view.close()
        chromium.close()
    yield f"first paint {sorted(paints)[1]:.0f} ms, list there after {sorted(draws)[1]:.0f} ms"
    yield f"filtered in {sorted(filters)[len(filters) // 2]:.0f} ms, at most {max(filters):.0f} ms"


if __name__ == "__main__":
    main()

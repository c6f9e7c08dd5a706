"""The report as one HTML file that needs no network and no program, and as a PDF of it.

All texts are escaped by the template, or become text nodes in the page's one script. A content
security policy allows that script and that style alone, by their hashes.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from graphchannel.report.content_policy import source_hash
from graphchannel.report.pages.payload import payload
from graphchannel.report.pages.sections import report_sections
from graphchannel.text import visible
from graphchannel.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphchannel.channel.report_facts import ReportFacts
    from graphchannel.neo4j.browser import BrowserAddress
    from graphchannel.report.pages.views import ChartView, SectionView

__all__ = ["report_page", "written_page"]

_POLICY = (
    "default-src 'none'; img-src data:; style-src '{style}'; script-src '{script}'; "
    "base-uri 'none'; form-action 'none'"
)


def report_page(
    facts: ReportFacts, charts: Mapping[str, ChartView], browser: BrowserAddress | None = None
) -> str:
    """Return the report; findings link into `browser` if there is one."""
    judged = facts.judged
    span = [facts.manifest.facts.get(name) for name in ("since", "until")]
    days = "".join(f", {word} {day}" for word, day in zip(("from", "to"), span, strict=True) if day)
    return written_page(
        title="Channel compliance report",
        kicker=judged.policy.title,
        byline=f"As of {judged.as_of}{days}. Engine: {judged.engine}.",
        sections=report_sections(facts, charts),
        data=payload(facts, browser),
    )


def written_page(
    *,
    title: str,
    kicker: str,
    byline: str,
    sections: Iterable[SectionView],
    data: Mapping[str, Any],
) -> str:
    """Return a page of sections, with the data that its script draws."""
    style, script = _part("report.css"), _part("report.js")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title,
            kicker=kicker,
            byline=byline,
            sections=list(sections),
            footer=f"graphchannel {__version__}",
            data=_script_json(data),
            css=style,
            script=script,
            csp=_POLICY.format(style=source_hash(style), script=source_hash(script)),
        )
    )


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("graphchannel.report", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """Make texts visible; what the template holds safe, style, script and data, stays as it is."""
    return visible(value) if type(value) is str else value


def _part(name: str) -> str:
    return files("graphchannel.report.pages").joinpath(name).read_text("utf-8")


def _script_json(data: Mapping[str, Any]) -> str:
    """Return JSON in which no text can end the element that holds it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")

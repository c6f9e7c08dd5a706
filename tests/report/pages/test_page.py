"""The report: what it says, that its figures are those of the scan, and that names are text."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.ingest import load_rows
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import format_named
from graphchannel.report.pages import pictures
from graphchannel.report.pages.page import report_page
from graphchannel.report.pages.payload import shown
from graphchannel.resources import pack as shipped
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, Rules, line, network
from tests.report.pages.conftest import FORMULA, LONG, SCRIPT, TURNED

if TYPE_CHECKING:
    from graphchannel import Channel
    from graphchannel.channel.report_facts import ReportFacts


AS_LOADED = TURNED.replace("\u202e", "")  # a load leaves out what turns text around


class Outline(HTMLParser):
    """The elements of a page, and every address in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "action", "data", "srcset"}:
                self.addresses.append(value or "")
            if name.startswith("on") or name == "style":
                self.handlers.append(name)


def data_of(page: Path) -> dict[str, Any]:
    text = page.read_text("utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_page_has_all_findings_with_all_their_lines(page: Path, facts: ReportFacts) -> None:
    data = data_of(page)
    assert len(data["findings"]) == len(facts.judged.findings) == 4
    by_message = {finding["message"]: finding for finding in data["findings"]}
    two = by_message[f"{AS_LOADED} supplied {LONG}"]
    assert two["evidence"] == ["L2", "L3"]
    assert two["waivedLines"] == 1
    assert two["amount"] == {"EUR": "33.00", "USD": "7.00"}
    path = next(finding for finding in data["findings"] if "path" in finding)
    assert [party[0] for party in path["path"]["parties"]] == ["A", "B", "C"]
    assert (path["path"]["broken"], path["path"]["paths"]) == (1, 2)
    assert data["lines"]["L1"][:6] == ["2015-01-10", "A", "B", "X", 5, "1250.50"]
    assert data["parties"]["A"]["certificates"] == [["vap", "Vendor", "2014-01-01", None]]


def test_the_summary_has_the_figures_of_the_scan(page: Path, facts: ReportFacts) -> None:
    text = page.read_text("utf-8")
    total = facts.judged.stakes.total
    assert (total.lines, f"{total.amount['EUR']:f}") == (3, "1283.5000")
    assert "At stake: 1,284 EUR; 7 USD on 3 lines." in text
    assert "coverage/none" in text
    assert "Nothing is loaded into cities." in text
    assert "3 of 4 rules judged." in text
    assert str(facts.manifest.facts["policy_hash"]) in text
    assert str(facts.manifest.facts["run"]) in text


def test_names_are_text_and_nothing_comes_from_elsewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    outline = Outline(text)
    assert outline.tags.count("script") == 2
    assert "img" not in outline.tags
    assert outline.handlers == []
    assert all(address.startswith("#") for address in outline.addresses)
    assert text.count("</script>") == 2
    assert "\u202e" not in text
    assert "default-src 'none'" in html.unescape(text)
    assert "unsafe" not in text[: text.index("</head>")].replace("text-underline", "")
    said = json.dumps(data_of(page))
    for name in (SCRIPT, FORMULA, AS_LOADED, LONG):
        assert (json.dumps(name)[1:-1] in said) is True, name[:50]


def test_the_same_facts_give_the_same_page(channel: Channel, page: Path) -> None:
    assert report_page(channel.report(), {}) == page.read_text("utf-8")


def test_a_baseline_tells_what_is_new_and_grown(channel: Channel, tmp_path: Path) -> None:
    baseline = tmp_path / "may.json"
    with channel.scan() as result, baseline.open("w", encoding="utf-8") as stream:
        format_named("json").write(scan_document(result, top=1, show_waived=True), stream)
    earlier = json.loads(baseline.read_text("utf-8"))
    _, two = (one for one in earlier["findings"] if one["rule"] == "supply/any")
    two |= {"lines": 1, "quantity": 3, "amount": {"EUR": "33.00"}}
    earlier["findings"] = [two, two | {"fingerprint": "0" * 64, "message": "no more"}]
    baseline.write_text(json.dumps(earlier), "utf-8")
    text = report_page(channel.report(baseline=baseline, figures=False), {})
    assert "Since may.json: 3 new, 1 grown, 1 gone." in text
    assert "no more" in text
    assert "2 new or grown" in text


def test_a_name_that_no_format_has_is_refused_before_any_work(tmp_path: Path) -> None:
    arguments = ["report", str(tmp_path / "report.doc"), "-w", str(tmp_path / "none.duckdb")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "expected a name such as report.html" in result.stderr


def test_what_is_not_seen_but_obeyed_is_shown() -> None:
    turned = {"\u202ename\x1b": ["\x00", ("a\nb", None, 1)]}
    assert shown(turned) == {r"\u202ename\x1b": [r"\x00", [r"a\nb", None, 1]]}


def test_the_summary_has_the_course_of_the_runs(channel: Channel) -> None:
    channel.scan(as_of="2015-01-31").close()
    text = report_page(channel.report(), {})
    course = text[text.index("Open findings, run by run") :]
    rows = re.findall(r"<tr><td.*?</tr>", course[: course.index("</table>")], re.DOTALL)
    assert [re.findall(r">([^<>]+)</td>", row)[:2] for row in rows] == [
        ["2015-01-31", "2"],
        ["2015-02-02", "4"],
    ]


def test_a_rule_that_cannot_be_run_is_exit_code_two_and_in_the_report(tmp_path: Path) -> None:
    rules = Rules(tmp_path / "rules")
    rules.add("supply/wrong", "MATCH (p:Partnr) RETURN p.id AS subject", message="{subject}")
    file = tmp_path / "channel.duckdb"
    with create_workspace(file, POLICY) as workspace:
        load_rows(workspace, network(line("L1", "A", "B")), POLICY)
    policy = shipped() / "policy.toml"
    (tmp_path / "rules" / "policy.toml").write_bytes(policy.read_bytes())
    written = str(tmp_path / "report.html")
    arguments = ["report", written, "-w", str(file), "--pack", str(tmp_path / "rules")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "can_draw", lambda: False)
        result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Did you mean 'Partner'?" in result.stderr
    assert "Without charts" in result.stderr
    assert "Did you mean &#39;Partner&#39;?" in Path(written).read_text("utf-8")

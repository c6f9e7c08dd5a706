"""The work on findings travels with them, in every form; where there is none, nothing is other."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.neo4j.published_findings import _row
from graphchannel.report.documents.finding import finding_document
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import format_named
from graphchannel.report.pages.pack import pack_page
from graphchannel.report.pages.page import report_page
from tests.runs.conftest import office_in

if TYPE_CHECKING:
    from graphchannel import Channel
    from graphchannel.report.document import Document
    from tests.runs.conftest import Office

SCRIPT = "</script><script>x</script>"
COMMENT = "=1+1 \x1b[31m internal"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office with work on one of two findings, and what a scan printed before."""
    office = office_in(tmp_path_factory.mktemp("office"))
    with office.channel() as channel:
        before = printed(channel)
    with office.channel() as channel:
        assert printed(channel) == before
        names = [item.fingerprint for item in channel.work.list().items]
        channel.work.assign(names[0], to=SCRIPT, due="2015-03-01", by="ada")
        channel.work.comment(names[0], text=COMMENT, by="ada")
    assert not any(word in text for text in before.values() for word in ('"work"', "Work", "owner"))
    return office


def printed(channel: Channel) -> dict[str, str]:
    with channel.scan() as result:
        document = scan_document(result, top=9)
        return {name: text_of(document, name) for name in ("table", "json", "csv", "sarif")}


def text_of(document: Document, format_: str) -> str:
    stream = io.StringIO()
    format_named(format_).write(document, stream)
    text = stream.getvalue()
    return re.sub(r'"(workspace|id)": "\w+"', r'"\1": ""', text)


def test_a_scan_tells_of_it_in_every_format(office: Office) -> None:
    with office.channel() as channel:
        found = printed(channel)
    table = " ".join(found["table"].replace("│", " ").split())
    assert "Work on 1 finding: 1 assigned." in table
    assert "due 2015-03-01" in table
    (work,) = [one["work"] for one in json.loads(found["json"])["findings"] if "work" in one]
    assert (work["state"], work["owner"], work["due"]) == ("assigned", SCRIPT, "2015-03-01")
    assert [one["what"] for one in work["history"]] == ["assigned", "due", "commented"]
    head, first, _ = found["csv"].splitlines()
    assert head.endswith(",work_state,owner,due,closed_as,answers,fingerprint")
    assert f",assigned,{SCRIPT},2015-03-01,,," in first
    results = json.loads(found["sarif"])["runs"][0]["results"]
    assert [one["properties"].get("work") for one in results] == [work, None]


def test_so_do_rows_of_python_the_finding_and_the_published_graph(office: Office) -> None:
    with office.channel() as channel, channel.scan() as result:
        first, second = result.to_arrow().to_pylist()
        assert (first["work_state"], first["owner"], second["owner"]) == ("assigned", SCRIPT, None)
        finding = next(finding for finding in result.findings() if finding.work)
        row: dict[str, Any] = _row(finding, "", result)["properties"]
        full = channel.show(finding.fingerprint)
    assert (row["owner"], row["comments"]) == (SCRIPT, [f"ada: {COMMENT}"])
    shown = text_of(finding_document(full), "table")
    assert "What was done" in shown
    assert "said: =1+1 \\x1b[31m internal" in " ".join(shown.split())


def test_a_report_tells_of_it_and_what_a_partner_is_given_does_not(office: Office) -> None:
    with office.channel() as channel:
        page = report_page(channel.report(figures=False), {})
        pack = channel.partner_pack("A")
    (found,) = re.findall(r'<script [^>]*id="data"[^>]*>(.*?)</script>', page, re.DOTALL)
    (work,) = [one["work"] for one in json.loads(found)["findings"] if "work" in one]
    assert work["told"] == f"assigned to {SCRIPT}, due 2015-03-01"
    assert work["history"][2][1:] == ["ada", "said: =1+1 \\x1b[31m internal"]
    assert SCRIPT not in page
    assert "Work on 1 finding: 1 assigned." in page
    given = pack_page(pack)
    for secret in ("ada", "internal", "assigned to", "2015-03-01"):
        assert secret not in given.split('id="data"')[1].split("</script>")[0]

"""What goes into chats and job logs: names there are text, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.figures import Figures
from tests.report.conftest import printed

if TYPE_CHECKING:
    from graphchannel.findings import ScanResult

HOSTILE = "a|b <script> [x](http://y) @all *b* `c`\u202e\nnext"


def document(*entries: str) -> Document:
    columns: tuple[Column[str], ...] = (
        Column("name", str),
        Column("size", len, "count"),
        Column("value", lambda _: Figures({"EUR": 12345}), "number"),
    )
    section = Section("names", "Names_", columns, entries, ("Below.",), ("Above.",), shown=2)
    return Document("Head <1>", {}, (section,), ("Last.",))


def test_markdown_has_tables_with_names_as_text() -> None:
    text = printed(document(HOSTILE, "b", "c"), "markdown")
    assert text == (
        "Head &lt;1&gt;\n\n### Names\\_\n\nAbove.\n\n"
        "| name | size | value |\n| --- | ---: | ---: |\n"
        "| a\\|b &lt;script&gt; \\[x\\](http&#58;//y) &#64;all \\*b\\* \\`c\\`"
        "\\\\u202e<br>next | 45 | 12,345 EUR |\n"
        "| b | 1 | 12,345 EUR |\n\n1 more.\n\nBelow.\n\nLast.\n\n"
    )


def test_markdown_of_a_scan(result: ScanResult) -> None:
    text = printed(scan_document(result, top=2), "markdown")
    assert "| high | Alpha supplied Beta: 2 lines, 3 units | 3.1 | 12 EUR; 0.0001 USD |" in text
    assert "At stake: 12 EUR; 0.0001 USD on 2 lines." in text
    assert "### " not in text  # the sections of a scan have no titles


def test_annotations_are_one_line_each(result: ScanResult) -> None:
    lines = printed(scan_document(result, top=5), "github").splitlines()
    assert lines[0].startswith("::error title=supply/any (high)::Alpha supplied Beta: 2 lines")
    assert lines[1].startswith('::notice title=data/formula (info)::=HYPERLINK("x") [')
    assert all(line.startswith(("::error ", "::notice ")) for line in lines)
    assert lines[-1] == "::notice title=graphchannel::At stake: 12 EUR; 0.0001 USD on 2 lines."

"""Markdown for chats and job summaries: the headline, and what people see of each section.

Names are text: nothing in them becomes markup, a link, or somebody who is notified.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

from graphchannel.report.figures import text_of
from graphchannel.report.formats import Format
from graphchannel.text import visible

if TYPE_CHECKING:
    from graphchannel.report.document import Document, Section

__all__ = ["FORMAT", "write"]

_RIGHT = ("number", "count")
_MARKS = re.compile(r"([\\`*_\[\]{}|#!~$])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "://": "&#58;//"}
_ENTITY = re.compile("|".join(map(re.escape, _ENTITIES)))


def write(document: Document, stream: IO[str]) -> None:
    """Write headline, sections and remarks, tables cut as on a screen."""
    for line in filter(None, (document.headline, *document.lines)):
        stream.write(f"{_escaped(line)}\n\n")
    for section in document.sections:
        if section.printed:
            _write_section(section, stream)
    for remark in list(document.remarks)[: document.remarks_shown]:
        stream.write(f"{_escaped(remark)}\n\n")


def _write_section(section: Section[Any], stream: IO[str]) -> None:
    if section.title:
        stream.write(f"### {_escaped(section.title)}\n\n")
    for sentence in section.lead:
        stream.write(f"{_escaped(sentence)}\n\n")
    page = section.for_people()
    entries = list(page.entries)
    shown = entries if section.shown is None else entries[: section.shown]
    if page.text is not None:
        stream.writelines(f"- {_escaped(page.text(entry))}\n" for entry in shown)
    elif shown:
        columns = tuple(page.columns)
        stream.write(_row(_escaped(column.head or column.name) for column in columns))
        stream.write(_row("---:" if column.kind in _RIGHT else "---" for column in columns))
        for entry in shown:
            texts = (text_of(c.of(entry), thousands=c.kind in _RIGHT) for c in columns)
            stream.write(_row(map(_escaped, texts)))
    else:
        stream.write(section.empty.strip())
    left = len(entries) - len(shown) + section.further
    more = (f"{left:,} more." if left else "", *section.remarks)
    stream.writelines(f"\n{_escaped(sentence)}\n" for sentence in filter(None, more))
    stream.write("\n")


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escaped(text: str) -> str:
    r"""Return a text that is read as it is; lines of a cell stay lines.

    >>> print(_escaped("a_b <b> @all https://x"))
    a\_b &lt;b&gt; &#64;all https&#58;//x
    """
    lines = (visible(line) for line in text.split("\n"))
    marked = (_MARKS.sub(r"\\\1", line) for line in lines)
    return "<br>".join(_ENTITY.sub(lambda found: _ENTITIES[found[0]], line) for line in marked)


FORMAT = Format(write, endings=(".md", ".markdown"))

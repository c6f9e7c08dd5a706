"""What changed a workspace as documents: all loads, or what became of the files of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.outcome import FileReport, changed_columns, outcomes_told, withdrawn_rows
from graphchannel.report.document import Column, Document, Page, Section, listing
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.ingest.load_history import LoadEntry
    from graphchannel.ingest.outcome import AnswerRow, LoadReport

__all__ = ["load_document", "loads_document"]

_LOADS: tuple[Column[LoadEntry], ...] = (
    Column("load", lambda entry: entry.load, "number"),
    Column("kind", lambda entry: entry.kind),
    Column("about", lambda entry: entry.about, spare=True),
    Column("finished_at", lambda entry: str(entry.finished_at)),
    Column("files", lambda entry: entry.files, "count"),
    Column("added", lambda entry: entry.added, "count"),
    Column("corrected", lambda entry: entry.corrected, "count"),
    Column("unchanged", lambda entry: entry.unchanged, "count"),
    Column("rejected", lambda entry: entry.rejected, "count"),
    Column("withdrawn", lambda entry: entry.withdrawn, "count", spare=True),
    Column("retried", lambda entry: entry.retried, "count", spare=True),
)
_FILES: tuple[Column[FileReport], ...] = (
    Column("file", lambda file: file.file),
    Column("table", lambda file: file.table),
    Column("records", lambda file: file.records, "count"),
    Column("added", lambda file: file.added, "count"),
    Column("corrected", lambda file: file.corrected, "count"),
    Column("unchanged", lambda file: file.unchanged, "count"),
    Column("rejected", lambda file: file.rejected, "count"),
)
_SKIPPED: tuple[Column[FileReport], ...] = (Column("skipped", lambda file: file.skipped, "count"),)


def loads_document(entries: Sequence[LoadEntry]) -> Document:
    """List what changed the workspace, in its order; times are UTC."""
    return listing(Section("loads", "", _LOADS, entries))


def load_document(report: LoadReport) -> Document:
    """Tell how the records of each file ended; people see their sums, too."""
    columns = _FILES
    if any(file.skipped for file in report.files):
        columns = (*_FILES, *_SKIPPED)
    page = Page([*report.files, _sums(report)], columns)
    return Document(
        headline="",
        facts={"load": report.load, "retried": report.retried},
        sections=(
            Section("files", "", columns, report.files, page=page, printed=report.load > 0),
            Section("withdrawn", "Rows withdrawn", _WITHDRAWN, report.withdrawn, printed=False),
            *([_replies(report)] if report.replies else ()),
        ),
        lines=(),
        remarks=tuple(_remarks(report)),
    )


def _replies(report: LoadReport) -> Section[tuple[str, AnswerRow]]:
    """Return the rows of reply sheets; people see those that say something, or were refused."""
    rows = [(sheet.file.name, row) for sheet in report.replies for row in sheet.rows]
    told = outcomes_told(row for _, row in rows)
    return Section(
        "replies",
        "Replies of partners",
        _REPLIES,
        rows,
        (f"{counted(len(rows), 'row')} of reply sheets: {told}.",),
        page=Page([row for row in rows if row[1].outcome in ("answered", "refused")], _REPLIES),
        empty="",
    )


_REPLIES: tuple[Column[tuple[str, AnswerRow]], ...] = (
    Column("file", lambda row: row[0]),
    Column("row", lambda row: row[1].row, "number"),
    Column("finding", lambda row: row[1].finding, "id"),
    Column("line", lambda row: row[1].line, "id"),
    Column("outcome", lambda row: row[1].outcome),
    Column("said", lambda row: row[1].said),
)
_WITHDRAWN: tuple[Column[tuple[str, int]], ...] = (
    Column("table", lambda table: table[0]),
    Column("rows", lambda table: table[1], "count"),
)


def _sums(report: LoadReport) -> FileReport:
    return FileReport(
        f"load {report.load}",
        "",
        sum(file.records for file in report.files),
        report.added,
        report.corrected,
        report.unchanged,
        report.rejected,
        sum(file.skipped for file in report.files),
    )


def _remarks(report: LoadReport) -> Iterator[str]:
    yield from changed_columns(report)
    yield from withdrawn_rows(report)
    yield from report.notices
    if report.retried:
        yield f"{counted(report.retried, 'row')} accepted now, which an earlier load rejected."

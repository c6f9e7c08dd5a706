"""The work list as a document, and one finding of it with all that was done about it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphchannel.findings.fingerprints import SHOWN
from graphchannel.report.document import Column, Document, Page, Section
from graphchannel.report.documents.work_history import history_section
from graphchannel.report.figures import Amounts, Figures, plain
from graphchannel.report.work_words import (
    answers_words,
    event_object,
    event_words,
    work_facts,
    work_total,
    work_words,
)
from graphchannel.text import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.channel.work import WorkImport, WorkList
    from graphchannel.worklist.items import WorkItem
    from graphchannel.worklist.sheet import SheetRow

__all__ = [
    "about_item",
    "import_document",
    "sheet_document",
    "work_item_document",
    "worklist_document",
]

# The columns of the list, which a spreadsheet that comes back has, too.
_SHEET: tuple[Column[WorkItem], ...] = (
    Column("fingerprint", lambda item: item.fingerprint, "id"),
    Column("version", lambda item: item.work.version, "number"),
    Column("state", lambda item: item.work.state),
    Column("closed_as", lambda item: item.work.closed_as),
    Column("reason", lambda _: None),
    Column("owner", lambda item: item.work.owner),
    Column("new_due", lambda _: None),
    Column("comment", lambda _: None),
    Column("due", lambda item: item.work.due),
    Column("severity", lambda item: item.severity, "severity"),
    Column("rule", lambda item: item.rule, "id"),
    Column("subject", lambda item: item.subject, "id"),
    Column("subject_name", lambda item: item.subject_name),
    Column("object", lambda item: item.object, "id"),
    Column("object_name", lambda item: item.object_name),
    Column("region", lambda item: item.region, "id"),
    Column("lines", lambda item: item.lines, "count"),
    Column("quantity", lambda item: item.quantity, "count"),
    Column("amount", lambda item: Amounts(item.amount)),
    Column("known_since", lambda item: item.known_since),
    Column("found", lambda item: _found(item)),
    Column("answers", lambda item: answers_words(item.work)),
    Column("last_comment", lambda item: _last_comment(item)),
)
_TO_FILL = ("reason", "new_due", "comment")  # cells that go out empty
_LIST: tuple[Column[WorkItem], ...] = (
    *(column for column in _SHEET if column.name not in _TO_FILL),
)
_PAGE: tuple[Column[WorkItem], ...] = (
    Column("due", lambda item: item.work.due, head="Due"),
    Column("state", lambda item: item.work.told, head="State"),
    Column("owner", lambda item: item.work.owner, head="Owner"),
    Column("severity", lambda item: item.severity, "severity", "Severity"),
    Column("finding", lambda item: about_item(item, "\n"), "lines", "Finding"),
    Column("value", lambda item: Figures(item.amount), head="Value", spare=True),
    Column("fingerprint", lambda item: item.fingerprint[:SHOWN], "id", "Fingerprint"),
)
_OUTCOMES = ("changed", "unchanged", "refused")
_ROWS: tuple[Column[SheetRow], ...] = (
    Column("row", lambda row: row.row, "number"),
    Column("fingerprint", lambda row: row.fingerprint[:SHOWN], "id"),
    Column("outcome", lambda row: row.outcome),
    Column("said", lambda row: row.said),
)


def worklist_document(found: WorkList, *, top: int) -> Document:
    """List findings with the work on them, what is due first before the rest."""
    as_of = f"As of {found.as_of}. " if found.as_of else "There is no run yet. "
    overdue = sum(item.work.overdue(found.today) and item.there for item in found.items)
    late = f", {overdue:,} overdue" if overdue else ""
    said = [*work_total(item.work for item in found.items)] if found.items else []
    section = Section(
        "findings",
        "",
        _LIST,
        found.items,
        said,
        shown=top,
        more="--top shows more of them.",
        nested=_item_object,
        page=Page(found.items, _PAGE),
    )
    return Document(
        headline=f"{as_of}{counted(len(found.items), 'finding')} on the list{late} on "
        f"{found.today}.",
        facts={"as_of": found.as_of, "today": found.today, "overdue": overdue},
        sections=(section,),
    )


def sheet_document(found: WorkList) -> Document:
    """Return the sheet that goes out to be filled in: all findings, with what may be changed."""
    section = Section("worklist", "", _SHEET, found.items)
    return Document("", {"as_of": found.as_of}, (section,))


def import_document(done: WorkImport) -> Document:
    """Tell what became of each row that came back; people see those that are not as they were."""
    counts: Counter[str] = Counter(row.outcome for row in done.rows)
    told = [f"{counts[name]:,} {name}" for name in _OUTCOMES]
    section = Section(
        "rows",
        "",
        _ROWS,
        done.rows,
        page=Page([row for row in done.rows if row.outcome != "unchanged"], _ROWS),
        empty="",
    )
    return Document(
        headline=f"{counted(len(done.rows), 'row')}: {', '.join(told)}.",
        facts={"applied": done.applied, **{f"rows_{name}": counts[name] for name in _OUTCOMES}},
        sections=(section,),
    )


def work_item_document(item: WorkItem) -> Document:
    """Tell how a finding stands, and all that was done about it. Times are UTC."""
    return Document(
        headline=about_item(item),
        facts=_item_object(item),
        sections=(history_section(item.work.history),),
        lines=("", *_lines(item)),
        members=tuple(_item_object(item)),
    )


def about_item(item: WorkItem, between: str = " ") -> str:
    """Say which finding it is: its rule, whom it is about, and how many lines it has."""
    object_ = f" → {item.object_name}" if item.object_name else ""
    lines = f": {counted(item.lines, 'line')}" if item.lines else ""
    found = _found(item)
    about = f"{item.subject_name}{object_}{lines}{f' ({found})' if found else ''}"
    return f"{item.rule}{between}{visible(about)}"


def _found(item: WorkItem) -> str | None:
    """Say what the last run that judged the rule says of a finding, nothing where it is open."""
    if not item.there:
        return "gone"
    return "waived" if item.waived else None


def _last_comment(item: WorkItem) -> str | None:
    said = item.work.comments
    return f"{said[-1].who}: {event_words(said[-1])}" if said else None


def _lines(item: WorkItem) -> Iterator[str]:
    yield f"Fingerprint  {item.fingerprint}"
    yield f"Severity     {item.severity}"
    object_ = f", {item.object_name} ({item.object})" if item.object else ""
    yield f"About        {item.subject_name} ({item.subject}){object_}"
    if item.known_since:
        yield f"Known since  {item.known_since}"
    yield f"Work         {work_words(item.work)}"


def _item_object(item: WorkItem) -> dict[str, object]:
    """Return an item as it stands in JSON, with its history."""
    names = ("subject", "subject_name", "object", "object_name", "region", "lines", "quantity")
    return {
        "fingerprint": item.fingerprint,
        "severity": item.severity,
        "rule": item.rule,
        **{name: getattr(item, name) for name in names},
        "amount": plain(Amounts(item.amount)),
        "known_since": plain(item.known_since),
        "found": _found(item),
        "version": item.work.version,
        **work_facts(item.work),
        "history": [event_object(one) for one in item.work.history],
    }

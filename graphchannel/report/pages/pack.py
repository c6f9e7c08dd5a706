"""A partner's pack in a folder: the report about it, and a sheet to answer on.

The sheet has a row for each line of each finding, or one for a finding without lines. Its columns
are stable: `pack`, `finding` and `line` say what is answered, `answer` is accept, dispute or
explain, `comment` what the partner has to say. All other columns are there to be read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from graphchannel.files import replacing, write_whole
from graphchannel.report.document import Column, Document, Lazy, Section
from graphchannel.report.documents.scan_sentences import stake_sentences
from graphchannel.report.formats import format_named
from graphchannel.report.pages.page import written_page
from graphchannel.report.pages.payload import payload
from graphchannel.report.pages.views import SectionView, Tally, table_view
from graphchannel.text import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphchannel.channel.partner_pack import PartnerPack
    from graphchannel.channel.report_facts import ReportedLine
    from graphchannel.findings import Finding
    from graphchannel.policy.clauses import PolicyClause

__all__ = ["pack_page", "reply_sheet", "write_pack"]

ANSWERS = ("accept", "dispute", "explain")


class ReplyRow(NamedTuple):
    """A row of the sheet: a line of a finding; None for a finding without lines."""

    pack: str
    finding: Finding
    line: ReportedLine | None


_REPLY: tuple[Column[ReplyRow], ...] = (
    Column("pack", lambda row: row.pack),
    Column("finding", lambda row: row.finding.fingerprint),
    Column("line", lambda row: row.line.id if row.line else None),
    Column("answer", lambda _: None),
    Column("comment", lambda _: None),
    Column("severity", lambda row: row.finding.severity),
    Column("rule", lambda row: row.finding.rule),
    Column("statement", lambda row: row.finding.message),
    Column("shipped_on", lambda row: row.line.shipped_on if row.line else None),
    Column("seller", lambda row: row.line.seller if row.line else None),
    Column("buyer", lambda row: row.line.buyer if row.line else None),
    Column("product", lambda row: row.line.product if row.line else None),
    Column("quantity", lambda row: row.line.quantity if row.line else None, "number"),
    Column("amount", lambda row: row.line.amount if row.line else None, "number"),
    Column("currency", lambda row: row.line.currency if row.line else None),
    Column("document", lambda row: row.line.document if row.line else None),
)
_CLAUSES: tuple[Column[PolicyClause], ...] = (
    Column("section", lambda clause: clause.section, "id"),
    Column("clause", lambda clause: clause.text),
)
_INSTEAD = (
    "Other parties are named Party 1, Party 2 and so on, the same one throughout. Lines are those "
    "that you reported or took part in."
)
_HOW = (
    f"Fill in the columns answer ({', '.join(ANSWERS[:-1])} or {ANSWERS[-1]}) and comment of "
    "reply.csv or reply.xlsx, and send the file back. A row is a line of a finding, or a finding "
    "without lines. Leave the columns pack, finding and line as they are."
)


def write_pack(pack: PartnerPack, folder: Path) -> Path:
    """Write the pack into a folder, and its key beside it; return the key's file.

    The folder may be given away, the key may not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "report.html", pack_page(pack))
    sheet = reply_sheet(pack)
    with replacing(folder / "reply.csv") as stream:
        format_named("csv").write(sheet, stream)
    with replacing(folder / "reply.xlsx", binary=True) as stream:
        format_named("xlsx").write(sheet, stream)
    key = folder.with_name(f"{folder.name}.key.json")
    write_whole(key, json.dumps(dict(pack.key), indent=1, ensure_ascii=False) + "\n")
    return key


def reply_sheet(pack: PartnerPack) -> Document:
    """Return the sheet to answer on."""
    rows = Lazy(lambda: _rows(pack))
    return Document("", {"as_of": pack.facts.judged.as_of}, (Section("reply", "", _REPLY, rows),))


def pack_page(pack: PartnerPack) -> str:
    """Return the report about a partner that it may read itself."""
    judged = pack.facts.judged
    return written_page(
        title=f"Findings about {pack.name}",
        kicker=judged.policy.title,
        byline=f"As of {judged.as_of}. Pack {pack.reference}.",
        sections=_sections(pack),
        data=payload(pack.facts),
    )


def _rows(pack: PartnerPack) -> Iterator[ReplyRow]:
    judged, lines = pack.facts.judged, pack.facts.lines
    for finding in judged.findings:
        ids = [row["shipment"] for row in judged.evidence[finding.number] if "shipment" in row]
        for id_ in ids or [None]:
            yield ReplyRow(pack.reference, finding, None if id_ is None else lines[str(id_)])


def _sections(pack: PartnerPack) -> Iterator[SectionView]:
    judged = pack.facts.judged
    counts = {f.severity: 0 for f in judged.findings}
    for finding in judged.findings:
        counts[finding.severity] += 1
    yield SectionView(
        "summary",
        "Summary",
        lead=(
            f"{counted(len(judged.findings), 'finding')} about {visible(pack.name)}.",
            *stake_sentences(judged.stakes),
            _INSTEAD,
        ),
        tallies=tuple(Tally(name.capitalize(), f"{n:,}", (), name) for name, n in counts.items()),
    )
    yield SectionView("findings", "Findings")
    clauses = Section("clauses", "Clauses of the policy", _CLAUSES, pack.facts.clauses)
    yield SectionView("answer", "How to answer", lead=(_HOW,), tables=(table_view(clauses),))

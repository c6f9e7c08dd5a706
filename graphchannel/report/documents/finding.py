"""One finding in full as a document: its lines, its rule's reason, its parties' credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphchannel.report.document import Column, Document, Section, rows_section
from graphchannel.report.documents.credentials import (
    authorizations_section,
    certificates_section,
)
from graphchannel.report.documents.finding_json import finding_object, plain_rows
from graphchannel.report.documents.scan_sentences import beyond_its_lines, shadow_of
from graphchannel.report.documents.work_history import history_section
from graphchannel.report.figures import Amounts, Days
from graphchannel.report.work_words import work_words
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphchannel.channel.results import FindingInFull
    from graphchannel.findings import Finding, Ref
    from graphchannel.findings.credentials import Dossier
    from graphchannel.findings.model import SupplyPath
    from graphchannel.neo4j.browser import BrowserAddress
    from graphchannel.rules.catalogue import Rule

    Row = Mapping[str, object]
    Hop = tuple[int, Ref, Ref, Row]  # its number, seller, buyer, the line

__all__ = ["finding_document"]


def finding_document(full: FindingInFull, browser: BrowserAddress | None = None) -> Document:
    """Tell all about a finding: `evidence` are all its rows, `dossiers` those of its parties.

    JSON has a link into `browser` if there is one.
    """
    finding, rule = full.finding, full.rule
    evidence, dossiers = full.evidence, full.credentials
    facts = finding_object(finding, browser) | {
        "evidence": plain_rows(evidence),
        "rule_name": rule.header.name,
        "why": rule.header.why,
        "parties": [
            {
                "id": party.id,
                "certificates": plain_rows(party.certificates),
                "authorizations": plain_rows(party.authorizations),
            }
            for party in dossiers
        ],
    }
    return Document(
        headline=finding.message,
        facts=facts,
        sections=tuple(_sections(finding, rule, evidence, dossiers)),
        lines=("", *_lines(finding, rule)),
        main="evidence",
        members=tuple(facts),
    )


def _lines(finding: Finding, rule: Rule) -> Iterator[str]:
    """Yield what the finding is about, a word or two before each fact."""
    yield f"Rule         {finding.rule}: {rule.header.name}"
    yield f"Severity     {finding.severity}, section {finding.section}"
    yield f"Fingerprint  {finding.fingerprint} ({finding.status})"
    for word, ref in (("Subject", finding.subject), ("Object", finding.object)):
        if ref is not None:
            yield f"{word:<12} {ref.name} ({ref.kind} {ref.id})"
    if finding.lines:
        days = Days(finding.first, finding.last)
        when = f"on {days}" if finding.first == finding.last else f"from {days}"
        amount = str(Amounts(finding.amount)) or "no amounts"
        units = counted(finding.quantity, "unit")
        yield f"Lines        {finding.lines:,} {when}, {units}, {amount}"
    yield f"Open since   {finding.open_since} ({counted(finding.days_open, 'day')})"
    if finding.first_seen < finding.open_since:
        yield f"First seen   {finding.first_seen}"
    if finding.path is not None:
        yield f"Path         {finding.path.route}"
        if finding.path.paths > 1:
            yield f"             one of {finding.path.paths:,}"
        yield f"Certainty    {finding.path.certainty}"
        for clause in finding.path.quantities:
            yield f"             {clause}"
    if finding.work is not None:
        yield f"Work         {work_words(finding.work)}"
    told = [*filter(None, [beyond_its_lines(finding)]), *shadow_of(finding)]
    for number, sentence in enumerate(told):
        yield f"{'' if number else 'See also':<12} {sentence}"
    if any(twin.same and twin.subject == finding.subject.id for twin in finding.twins):
        rules = " ".join([finding.rule, *_same_rules(finding)])
        yield f"             One waiver covers all: rule '{rules}'."


def _same_rules(finding: Finding) -> list[str]:
    """Return the other rules that a waiver has to name for all findings of the same lines."""
    same = [t.rule for t in finding.twins if t.same and t.subject == finding.subject.id]
    return sorted(set(same))


def _sections(
    finding: Finding, rule: Rule, evidence: Sequence[Row], dossiers: Sequence[Dossier]
) -> Iterator[Section[Any]]:
    if finding.path is not None:
        yield _hops(finding.path, finding.evidence)
    why = (f"Why: {rule.header.why}",) if rule.header.why else ()
    yield rows_section("evidence", "Lines" if finding.lines else "Evidence", evidence, lead=why)
    if finding.work is not None:
        yield history_section(finding.work.history)
    for party in dossiers:
        whose = "subject" if party.id == finding.subject.id else "object"
        yield certificates_section(
            f"{whose}_certificates", f"Certificates of {party.id}", party.certificates
        )
        yield authorizations_section(
            f"{whose}_authorizations", f"Authorizations of {party.id}", party.authorizations
        )


def _hops(path: SupplyPath, lines: Sequence[Row]) -> Section[Hop]:
    columns: tuple[Column[Hop], ...] = (
        Column("hop", lambda hop: hop[0], "number"),
        Column("from", lambda hop: hop[1].name),
        Column("to", lambda hop: hop[2].name),
        Column("broken", lambda hop: "yes" if hop[0] == path.broken_at else None),
        Column("shipment", lambda hop: hop[3]["shipment"], "id"),
        Column("shipped_on", lambda hop: hop[3]["shipped_on"]),
        Column("quantity", lambda hop: hop[3]["quantity"], "number"),
    )
    between = zip(path.parties, path.parties[1:], lines, strict=False)
    hops = [
        (number, seller, buyer, line) for number, (seller, buyer, line) in enumerate(between, 1)
    ]
    return Section("hops", "Hops", columns, hops)

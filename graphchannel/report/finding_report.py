"""One finding in full, for people or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from graphchannel.report.figures import amounts_text, plain
from graphchannel.report.json_report import finding_document
from graphchannel.report.rows import write_result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphchannel.findings import Finding
    from graphchannel.findings.credentials import Dossier
    from graphchannel.findings.model import SupplyPath
    from graphchannel.neo4j.browser import BrowserAddress
    from graphchannel.rules.catalogue import Rule

__all__ = ["plain_rows", "write_finding", "write_section"]


def write_finding(
    finding: Finding,
    rule: Rule,
    evidence: Sequence[Mapping[str, object]],
    dossiers: Iterable[Dossier],
    stream: TextIO,
    *,
    format_: str,
    browser: BrowserAddress | None = None,
) -> None:
    """Write a finding with all its evidence, its rule's reason and its parties' papers.

    JSON has a link into `browser` if there is one.
    """
    if format_ == "json":
        _write_json(finding_document(finding, browser), rule, evidence, dossiers, stream)
        return
    subjects = [finding.subject, *([finding.object] if finding.object else [])]
    stream.write(f"{finding.message}\n\n")
    stream.write(f"Rule         {finding.rule}: {rule.header.name}\n")
    stream.write(f"Severity     {finding.severity}, section {finding.section}\n")
    stream.write(f"Fingerprint  {finding.fingerprint} ({finding.status})\n")
    for word, ref in zip(("Subject", "Object"), subjects, strict=False):
        stream.write(f"{word:<12} {ref.name} ({ref.kind} {ref.id})\n")
    if finding.lines:
        amount = amounts_text(finding.amount) or "no amounts"
        stream.write(
            f"Lines        {finding.lines:,} {_days(finding)}, {finding.quantity:,} "
            f"{'unit' if finding.quantity == 1 else 'units'}, {amount}\n"
        )
    if finding.path is not None:
        _write_path(finding.path, finding.evidence, stream)
    if rule.header.why:
        stream.write(f"\nWhy: {rule.header.why}\n")
    write_section("Lines" if finding.lines else "Evidence", evidence, stream)
    for papers in dossiers:
        write_section(f"Certificates of {papers.id}", papers.certificates, stream)
        write_section(f"Authorizations of {papers.id}", papers.authorizations, stream)


def _days(finding: Finding) -> str:
    """Say from when to when, or on which one day, the lines are."""
    if finding.first == finding.last:
        return f"on {finding.first}"
    return f"from {finding.first} to {finding.last}"


def _write_path(path: SupplyPath, lines: Sequence[Mapping[str, object]], stream: TextIO) -> None:
    """Write the path hop by hop, and how sure it is."""
    stream.write(f"Path         {path.route}\n")
    if path.paths > 1:
        stream.write(f"             one of {path.paths:,}\n")
    stream.write(f"Certainty    {path.certainty}\n")
    for clause in path.quantities:
        stream.write(f"             {clause}\n")
    hops = [
        {
            "hop": hop,
            "from": seller.name,
            "to": buyer.name,
            "broken": "yes" if hop == path.broken_at else None,
            **{name: line[name] for name in ("shipment", "shipped_on", "quantity")},
        }
        for hop, (seller, buyer, line) in enumerate(
            zip(path.parties, path.parties[1:], lines, strict=False), 1
        )
    ]
    write_section("Hops", hops, stream)


def write_section(title: str, rows: Sequence[Mapping[str, object]], stream: TextIO) -> None:
    """Write rows as a table below a title."""
    stream.write(f"\n{title}\n")
    if not rows:
        stream.write("  none\n")
        return
    columns = list(dict.fromkeys(name for row in rows for name in row))
    write_result(columns, [[row.get(name) for name in columns] for row in rows], stream, "table")


def _write_json(
    found: dict[str, object],
    rule: Rule,
    evidence: Sequence[Mapping[str, object]],
    dossiers: Iterable[Dossier],
    stream: TextIO,
) -> None:
    document = found | {
        "evidence": plain_rows(evidence),
        "rule_name": rule.header.name,
        "why": rule.header.why,
        "parties": [
            {
                "id": papers.id,
                "certificates": plain_rows(papers.certificates),
                "authorizations": plain_rows(papers.authorizations),
            }
            for papers in dossiers
        ],
    }
    json.dump(document, stream, ensure_ascii=False, indent=2)
    stream.write("\n")


def plain_rows(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return rows with values that JSON knows."""
    return [{name: plain(value) for name, value in row.items()} for row in rows]

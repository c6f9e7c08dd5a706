"""A report that a partner may be given: findings about it, its own lines, and nobody else's name.

What it may see are the lines that it reported or took part in. All other parties have masks, also
inside sentences and evidence; a finding has a reference instead of its fingerprint, from which an
id could be guessed. What masks and references stand for is the `key`, which stays at home.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from graphchannel.channel.hidden import of_others, said
from graphchannel.channel.masking import Masks
from graphchannel.channel.report_facts import PartySheet, RunManifest
from graphchannel.findings.model import Ref
from graphchannel.findings.stakes import Stake, Stakes
from graphchannel.lookup import check_party
from graphchannel.text import NO_CURRENCY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from graphchannel.channel.opening import Opening
    from graphchannel.channel.report_facts import Judgement, ReportedLine, ReportFacts
    from graphchannel.findings import Finding
    from graphchannel.findings.model import SupplyPath

__all__ = ["PartnerPack", "masked_pack"]

_NAMES = "SELECT id, name FROM graph.party"
_REFERENCE = 12  # hex digits that name a pack


@dataclass(frozen=True, slots=True)
class PartnerPack:
    """What a partner may be given: masked facts; `key` says what masks and references stand for."""

    partner: str
    name: str
    reference: str
    facts: ReportFacts = field(repr=False)
    key: Mapping[str, Any] = field(repr=False)


def masked_pack(opening: Opening, facts: ReportFacts, partner: str) -> PartnerPack:
    """Return what `partner` may read of a report. Raises InputError if there is no such party."""
    own = {id_: line for id_, line in facts.lines.items() if _is_own(line, partner)}
    about = [
        finding
        for finding in facts.judged.findings
        if finding.subject.id == partner and finding.status == "open"
    ]
    with opening.workspace.session() as session:
        check_party(session.connection, partner)
        parties = dict(session.connection.execute(_NAMES).fetchall())
        hidden = of_others(session.connection, partner, said(about, facts.judged.evidence))
    masks = Masks(partner, parties, hidden, own)
    shown = [_finding(finding, facts, own, masks) for finding in about]
    named = {party for line in own.values() for party in (line.seller, line.buyer)}
    judged = _judgement(facts.judged, shown, own)
    masked = replace(
        facts,
        judged=judged,
        lines={id_: _line(line, masks) for id_, line in own.items() if id_ in _listed(shown)},
        parties=_sheets(facts, partner, sorted(named), masks),
        places={},
        products={
            line.product: masks.text(facts.products.get(line.product, line.product))
            for line in own.values()
        },
        rejects=(),
        clauses=tuple(
            c for c in facts.clauses if {rule.id for rule in judged.rules} & set(c.rules)
        ),
        manifest=_manifest(facts.manifest),
        figures=None,
    )
    return _referenced(masked, about, parties[partner], masks)


def _is_own(line: ReportedLine, partner: str) -> bool:
    return partner in (line.seller, line.buyer, line.reporter)


def _finding(
    finding: Finding, facts: ReportFacts, own: Mapping[str, ReportedLine], masks: Masks
) -> tuple[Finding, tuple[Mapping[str, object], ...]]:
    """Return a finding with its own lines alone, counted anew, and their evidence."""
    rows = facts.judged.evidence.get(finding.number, ())
    kept = tuple(
        masks.value(dict(row)) | _as_it_is(row)
        for row in rows
        if row.get("shipment") is None or row["shipment"] in own
    )
    lines = [own[str(row["shipment"])] for row in kept if "shipment" in row]
    valued = _valued(finding, lines, masks.owner)
    shown = replace(
        finding,
        object=_ref(finding.object, masks) if finding.object else None,
        identity={},
        lines=len(lines),
        quantity=sum(line.quantity for line in valued),
        amount=_amounts(valued),
        first=min((line.shipped_on for line in lines), default=None),
        last=max((line.shipped_on for line in lines), default=None),
        message=masks.text(finding.message),
        waived_lines=0,
        waived_units=0,
        line_set=None,
        change=None,
        before=None,
        evidence=(),
        path=_path(finding.path, own, masks) if finding.path else None,
        unlisted=0,
        twins=(),
        work=None,
    )
    return shown, kept


def _as_it_is(row: Mapping[str, object]) -> dict[str, object]:
    return {"shipment": row["shipment"]} if "shipment" in row else {}


def _valued(finding: Finding, lines: list[ReportedLine], partner: str) -> list[ReportedLine]:
    """Return the lines whose goods are counted: of a path, those that the partner sold, if any."""
    sold = [line for line in lines if line.seller == partner]
    return sold if finding.path is not None and sold else lines


def _amounts(lines: Iterable[ReportedLine]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in lines:
        if line.amount is not None:
            currency = line.currency or NO_CURRENCY
            found[currency] = found.get(currency, line.amount * 0) + line.amount
    return dict(sorted(found.items()))


def _ref(ref: Ref, masks: Masks) -> Ref:
    if ref.kind == "party":
        return Ref(ref.kind, masks.of(ref.id), masks.named(ref.id))
    return Ref(ref.kind, masks.text(ref.id), masks.text(ref.name))


def _path(path: SupplyPath, own: Mapping[str, ReportedLine], masks: Masks) -> SupplyPath | None:
    """Return the hops of a path that are the partner's own lines, as far as they follow on."""
    places = [place for place, id_ in enumerate(path.shipments) if id_ in own]
    if not places:
        return None
    first, last = places[0], places[0]
    while last + 1 in places:
        last += 1
    broken = path.broken_at
    inside = broken is not None and first < broken <= last + 1
    return replace(
        path,
        parties=tuple(_ref(party, masks) for party in path.parties[first : last + 2]),
        shipments=path.shipments[first : last + 1],
        broken_at=broken - first if broken is not None and inside else None,
        arrived=None,
        bounds=(),
        paths=1,
    )


def _line(line: ReportedLine, masks: Masks) -> ReportedLine:
    return replace(
        line,
        seller=masks.of(line.seller),
        buyer=masks.of(line.buyer),
        document=masks.text(line.document) if line.document else None,
        reporter=None,
    )


def _listed(shown: Iterable[tuple[Finding, tuple[Mapping[str, object], ...]]]) -> set[str]:
    return {str(row["shipment"]) for _, rows in shown for row in rows if "shipment" in row}


def _sheets(
    facts: ReportFacts, partner: str, named: Iterable[str], masks: Masks
) -> dict[str, PartySheet]:
    """Return the partner's sheet, and of others no more than their masks."""
    found = {
        masks.of(id_): PartySheet(masks.of(id_), "party", masks.named(id_), None, None, None, ())
        for id_ in named
    }
    if partner in facts.parties:
        own = facts.parties[partner]
        found[partner] = replace(
            own,
            certificates=tuple(
                masks.value(dict(row)) | {"issuer_id": masks.of(str(row["issuer_id"]))}
                for row in own.certificates
            ),
            authorizations=tuple(masks.value(dict(row)) for row in own.authorizations),
            trades=(),
        )
    return found


def _judgement(
    judged: Judgement,
    shown: list[tuple[Finding, tuple[Mapping[str, object], ...]]],
    own: Mapping[str, ReportedLine],
) -> Judgement:
    """Return what was judged of the partner: no population, no other finding, no notice."""
    findings = tuple(finding for finding, _ in shown)
    rules = {finding.rule for finding in findings}
    evidence = {finding.number: rows for finding, rows in shown}
    lines = [own[id_] for id_ in sorted(_listed(shown))]
    total = Stake(len(lines), sum(line.amount is None for line in lines), _amounts(lines))
    return replace(
        judged,
        rules=tuple(rule for rule in judged.rules if rule.id in rules),
        outcomes=tuple(
            replace(outcome, population=None, lines=0, waived=0, reason=None)
            for outcome in judged.outcomes
            if outcome.id in rules
        ),
        waivers=(),
        notices=(),
        baseline=None,
        gone=(),
        stakes=Stakes(total, {}, {}, {}, {}, 0),
        subjects=(),
        findings=findings,
        evidence=evidence,
    )


def _manifest(manifest: RunManifest) -> RunManifest:
    kept = ("tool", "as_of", "since", "until", "policy", "policy_hash")
    return RunManifest({name: manifest.facts[name] for name in kept}, ())


def _referenced(facts: ReportFacts, about: list[Finding], name: str, masks: Masks) -> PartnerPack:
    """Give findings references, and name the pack by a hash of what the partner reads."""
    said = repr((facts.judged.as_of, facts.judged.findings, sorted(facts.lines.items())))
    said = re.sub("|".join(f.fingerprint for f in about) or "^$", "", said)
    pack = hashlib.sha256(said.encode()).hexdigest()[:_REFERENCE]
    references = [f"{pack}-{number:04}" for number in range(1, len(about) + 1)]
    findings = tuple(
        replace(finding, fingerprint=reference)
        for finding, reference in zip(facts.judged.findings, references, strict=True)
    )
    key = {
        "pack": pack,
        "partner": masks.owner,
        "as_of": facts.judged.as_of.isoformat(),
        "findings": {
            reference: finding.fingerprint
            for reference, finding in zip(references, about, strict=True)
        },
        "parties": {mask: id_ for id_, mask in masks.given.items()},
    }
    judged = replace(facts.judged, findings=findings)
    return PartnerPack(masks.owner, name, pack, replace(facts, judged=judged), key)

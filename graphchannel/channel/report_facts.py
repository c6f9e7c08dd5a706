"""What a report of a channel says, as values: findings with all that a reader needs beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from graphchannel.channel.place_results import (
        CityCoverages,
        MarketReaches,
        RegionCoverages,
        ResilienceFigures,
    )
    from graphchannel.channel.results import KeyFigureSet
    from graphchannel.findings import Finding, RuleOutcome
    from graphchannel.findings.model import Baseline, KnownFinding
    from graphchannel.findings.result import SubjectFindings
    from graphchannel.findings.stakes import Stakes
    from graphchannel.findings.waiver_outcome import WaiverOutcome
    from graphchannel.ingest import RejectReason
    from graphchannel.policy import Policy
    from graphchannel.policy.clauses import PolicyClause
    from graphchannel.rules.catalogue import Rule
    from graphchannel.runs.trend import Trend

    Row = Mapping[str, object]

__all__ = [
    "ChannelFigures",
    "Judgement",
    "PartySheet",
    "ReportFacts",
    "ReportedLine",
    "RunManifest",
]


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """A line that a finding shows; parties are ids."""

    id: str
    shipped_on: date
    seller: str
    buyer: str
    product: str
    quantity: int
    amount: Decimal | None
    currency: str | None
    document: str | None
    reporter: str | None


@dataclass(frozen=True, slots=True)
class PartySheet:
    """A party that findings name: who it is, and its credentials over time.

    `roles` are those of the day that is judged. `trades` are its largest suppliers and customers,
    for the subjects of findings alone.
    """

    id: str
    kind: str
    name: str
    country: str | None
    city: str | None
    region: str | None
    roles: tuple[str, ...]
    certificates: tuple[Row, ...] = ()
    authorizations: tuple[Row, ...] = ()
    trades: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a scan found, read in full.

    `evidence` has by a finding's number the ids of its lines by day, or what a rule over nodes
    returned; `extra` is what the rule says of each line. Of the lines of one finding at most some
    are listed, see `Finding.lines`.
    """

    as_of: date
    engine: str
    policy: Policy
    rules: tuple[Rule, ...]
    outcomes: tuple[RuleOutcome, ...]
    waivers: tuple[WaiverOutcome, ...]
    notices: tuple[str, ...]
    baseline: Baseline | None
    gone: tuple[KnownFinding, ...]
    stakes: Stakes
    subjects: tuple[SubjectFindings, ...]
    findings: tuple[Finding, ...]
    evidence: Mapping[int, tuple[Row, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """Where the channel is, what depends on whom, and how far its goals are."""

    regions: RegionCoverages
    cities: CityCoverages
    reaches: MarketReaches
    resilience: ResilienceFigures
    key_figures: KeyFigureSet


@dataclass(frozen=True, slots=True)
class RunManifest:
    """What a report rests on: names and their values, hashes among them, and the files loaded."""

    facts: Mapping[str, object]
    files: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All that a report says; `places` holds region and country by the id of a place.

    `trend` has the open findings of each run that was kept, this one included.
    """

    judged: Judgement
    lines: Mapping[str, ReportedLine] = field(repr=False)
    parties: Mapping[str, PartySheet] = field(repr=False)
    places: Mapping[str, tuple[str | None, str | None]] = field(repr=False)
    products: Mapping[str, str] = field(repr=False)
    rejects: tuple[RejectReason, ...]
    clauses: tuple[PolicyClause, ...]
    manifest: RunManifest
    figures: ChannelFigures | None = field(default=None, repr=False)
    trend: Trend | None = field(default=None, repr=False)

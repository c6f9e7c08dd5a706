"""The values that a scan takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from graphchannel.analysis.bounds.bounds import UnitBounds
from graphchannel.findings.change import FAILING
from graphchannel.findings.fingerprints import SHOWN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from graphchannel.analysis.bounds.bounds import Certainty
    from graphchannel.findings.change import Change, FindingTally
    from graphchannel.findings.work import WorkState
    from graphchannel.policy import Severity

__all__ = [
    "Baseline",
    "CameThrough",
    "Finding",
    "JudgedBy",
    "KnownFinding",
    "Reached",
    "Ref",
    "RuleOutcome",
    "RuleState",
    "RuleStatus",
    "ScanOptions",
    "Status",
    "SupplyPath",
    "Twin",
]

RuleStatus = Literal["evaluated", "not_evaluated", "off", "error"]
Status = Literal["open", "waived"]
Values: TypeAlias = "Mapping[str, object]"
_TOLD = 10  # parties that sentences name


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """What a scan looks at.

    `as_of` defaults to the last day on which the workspace has a shipment. Only lines from `since`
    to `until`, both included, and none after `as_of`, are counted. `product` counts its lines alone
    and leaves out findings without lines; `partner` and `country` keep the findings whose subject
    or object it is, or is in it. `rules` and `severity` only tell which rules were chosen;
    `timeout` is how many seconds each rule may take.
    """

    as_of: date | None = None
    since: date | None = None
    until: date | None = None
    product: str | None = None
    partner: str | None = None
    country: str | None = None
    baseline: Baseline | None = None
    rules: tuple[str, ...] = ()
    severity: Severity | None = None
    timeout: float | None = None

    @property
    def narrowed(self) -> bool:
        """Whether some findings or lines are left out on purpose."""
        parts = (self.since, self.until, self.product, self.partner, self.country)
        return parts != (None,) * len(parts)

    @property
    def filters(self) -> dict[str, object]:
        """What was chosen, by the name of its option, as text; nothing where nobody chose."""
        chosen: dict[str, object] = {"rules": list(self.rules)} if self.rules else {}
        for name in ("severity", "since", "until", "partner", "country", "product"):
            value = getattr(self, name)
            if value is not None:
                chosen[name] = str(value)
        return chosen


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule as it judged: the hash of its text, its severity, and what became of it."""

    text: str
    severity: str
    status: str


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """By what a scan judged.

    `structure` is the fingerprint of roles, rulings and obligations, `parameters` are the policy's
    and its tolerance, `rules` those that ran by id, `filters` what narrowed the scan, as text.
    """

    structure: str
    parameters: Mapping[str, object]
    rules: Mapping[str, RuleState]
    filters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A finding of an earlier scan: its figures, and whether it was open."""

    fingerprint: str
    rule: str
    message: str
    figures: FindingTally
    open: bool = True


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings of an earlier scan, by what it judged, and what people know it by."""

    name: str
    findings: tuple[KnownFinding, ...]
    judged: JudgedBy
    as_of: date


@dataclass(frozen=True, slots=True)
class Ref:
    """A subject or an object: `kind` is a node table (`party` …), `name` the id if it has none."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CameThrough(UnitBounds):
    """How many of some units came through a party."""

    party: Ref

    def __str__(self) -> str:
        return f"{UnitBounds.__str__(self)} came through {self.party.name}"


@dataclass(frozen=True, slots=True)
class Reached(UnitBounds):
    """How many of the units that were sent reached `at`, None where they are several end users."""

    at: Ref | None

    def __str__(self) -> str:
        where = self.at.name if self.at else "end users"
        return f"{UnitBounds.__str__(self)} reached {where}"


@dataclass(frozen=True, slots=True)
class SupplyPath:
    """The path of goods from hand to hand: `shipments` has one line for each hop.

    `broken_at` is the number of the first hop, from 1, that breaks the policy, None where the rule
    names none. `paths` counts the paths of the finding that this one stands for, itself included.
    The units in question are those of the lines on which the finding's paths begin. `arrived` tells
    how many of them can have reached its end, None where it is proved anyhow; `bounds` who can
    have had them before.
    """

    parties: tuple[Ref, ...]
    shipments: tuple[str, ...]
    broken_at: int | None
    certainty: Certainty
    arrived: Reached | None
    bounds: tuple[CameThrough, ...]
    paths: int

    @property
    def route(self) -> str:
        """The names of the parties; the arrow of the hop that breaks the policy has a cross."""
        text = self.parties[0].name
        for hop, party in enumerate(self.parties[1:], 1):
            text += f" {'✗→' if hop == self.broken_at else '→'} {party.name}"
        return text

    @property
    def quantities(self) -> list[str]:
        """What days and quantities tell of its units, a clause each, of the first ten parties."""
        told = [str(units) for units in (self.arrived, *self.bounds[:_TOLD]) if units is not None]
        more = len(self.bounds) - _TOLD
        parties = "party" if more == 1 else "parties"
        return [*told, f"{more:,} more {parties} in JSON"] if more > 0 else told


@dataclass(frozen=True, slots=True)
class Twin:
    """A finding of another rule that holds all goods of this one; `same` if it holds no others."""

    rule: str
    fingerprint: str
    subject: str
    same: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: all offending rows of a rule with the same identity.

    `number` is its place in the scan's order, from 1. A finding over nodes has no lines, nothing in
    `amount`, and no days. `amount` is exact and by currency; lines without an amount do not count
    in it. `evidence` holds at most five rows, lines by day and id. `identity` are the values of the
    rule's identity columns. Waivers cover `waived_lines` whole, and `waived_units` of others.
    `change` tells how the finding stands to the baseline, None without one; `before` are the lines
    and amounts that the baseline has of it. `line_set` is a number made of the ids of its lines.
    `first_seen` is the first day judged by a scan that found it open, `open_since` the first of
    those since which every scan did, `days_open` the days from then to the as-of day. A finding
    over paths has a `path`, whose lines, hop by hop, are its evidence; its quantity and amount are
    those of the lines on which goods arrived at the end of a path. `unlisted` counts the units of
    which its message speaks beyond these lines. `twins` hold all its goods. `work` is None where
    nothing was done about it.
    """

    number: int
    rule: str
    severity: Severity
    section: str
    subject: Ref
    object: Ref | None
    identity: Values
    lines: int
    quantity: int
    amount: Mapping[str, Decimal]
    first: date | None
    last: date | None
    message: str
    fingerprint: str
    status: Status
    waived_lines: int
    line_set: int | None
    change: Change | None
    before: FindingTally | None
    first_seen: date
    open_since: date
    days_open: int
    evidence: tuple[Values, ...]
    path: SupplyPath | None = None
    unlisted: int = 0
    waived_units: int = 0
    twins: tuple[Twin, ...] = ()
    work: WorkState | None = None

    @property
    def known(self) -> bool | None:
        """Whether the baseline has it, grown or not; None without one."""
        return None if self.change is None else self.change not in ("new", "reopened")

    @property
    def fails(self) -> bool:
        """Whether a gate does not let it pass, if it is open: without a baseline none does."""
        return self.change is None or self.change in FAILING

    @property
    def short(self) -> str:
        """The fingerprint as people see and type it."""
        return self.fingerprint[:SHOWN]


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What became of one rule; `reason` says why it was not evaluated, is off, or failed.

    `lines` are the offending ones of all its findings; `population` what it looked at, if known.
    """

    id: str
    name: str
    section: str
    severity: Severity
    status: RuleStatus
    reason: str | None = None
    findings: int = 0
    waived: int = 0
    lines: int = 0
    population: int | None = None

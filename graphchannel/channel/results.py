"""What questions to a channel are answered with; each is a table, too (see `Tabular`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from graphchannel.tabular import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    import pyarrow as pa

    from graphchannel.analysis.goods.certainty import JudgedPath
    from graphchannel.analysis.goods.model import TraceQuestion
    from graphchannel.analysis.goods.observability import Limits, Observed
    from graphchannel.analysis.kpi import KeyFigures
    from graphchannel.findings import Finding
    from graphchannel.findings.credentials import Dossier
    from graphchannel.findings.profile import Profile
    from graphchannel.findings.waiver_outcome import WaiverOutcome
    from graphchannel.ingest import LoadInForce
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Rule
    from graphchannel.runs.model import Run

__all__ = [
    "FindingInFull",
    "KeyFigureSet",
    "Observability",
    "PartyPage",
    "QueryRows",
    "RunInFull",
    "TracePart",
    "Traces",
    "WaiverList",
]


@dataclass(frozen=True, slots=True)
class FindingInFull(Tabular):
    """One finding with all its lines, its rule, and the credentials of its parties.

    `evidence` has every line by day and id, or every row of a finding over nodes.
    """

    columns: ClassVar[tuple[str, ...]] = ("shipment", "shipped_on", "quantity", "amount")

    finding: Finding
    rule: Rule
    evidence: tuple[Mapping[str, object], ...]
    credentials: tuple[Dossier, ...]

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the evidence."""
        yield from self.evidence


@dataclass(frozen=True, slots=True)
class PartyPage(Tabular):
    """One party: who it is, whom it trades with, and the findings about it as of a day."""

    columns: ClassVar[tuple[str, ...]] = ("rule", "severity", "message", "status", "fingerprint")

    profile: Profile
    findings: tuple[Finding, ...]
    as_of: date

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield its findings."""
        for finding in self.findings:
            yield {name: getattr(finding, name) for name in self.columns}


@dataclass(frozen=True, slots=True)
class WaiverList(Tabular):
    """Waivers as a scan of the day makes of them, all or those that end up to `until`."""

    columns: ClassVar[tuple[str, ...]] = (
        "rule", "subject", "object", "product", "valid_from", "valid_to", "approver", "reason",
        "status", "lines", "max_quantity", "used_units", "max_value", "currency", "used_value",
        "beyond",
    )  # fmt: skip

    waivers: tuple[WaiverOutcome, ...]
    as_of: date
    until: date | None

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the waivers."""
        for waiver in self.waivers:
            yield {name: getattr(waiver, name) for name in self.columns}


@dataclass(frozen=True, slots=True)
class RunInFull(Tabular):
    """One run with the loads that were in force then; as a table, a row for each file."""

    columns: ClassVar[tuple[str, ...]] = ("load", "finished_at", "file", "bytes", "sha256")

    run: Run
    loads: tuple[LoadInForce, ...]

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the files of the loads; a load of rows from Python has one row without a file."""
        for load in self.loads:
            for file in load.files or (None,):
                yield {
                    "load": load.load,
                    "finished_at": load.finished_at,
                    "file": file.file if file else None,
                    "bytes": file.bytes if file else None,
                    "sha256": file.sha256 if file else None,
                }


@dataclass(frozen=True, slots=True)
class QueryRows(Tabular):
    """The rows of a query, in its order; `sql` is what the embedded engine ran."""

    columns: ClassVar[tuple[str, ...]] = ()

    table: pa.Table = field(repr=False)
    sql: str

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the rows."""
        yield from self.table.to_pylist()

    def to_arrow(self) -> pa.Table:
        """Return the rows as the engine gave them."""
        return self.table


@dataclass(frozen=True, slots=True)
class KeyFigureSet(Tabular):
    """Key figures of some months up to the as-of day."""

    columns: ClassVar[tuple[str, ...]] = (
        "goal", "scope", "value", "due", "now", "status", "reached_on",
    )  # fmt: skip

    figures: KeyFigures
    policy: Policy = field(repr=False)

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the policy's goals; all other figures are attributes of `figures`."""
        for progress in self.figures.goals:
            yield {
                "goal": progress.goal.measure,
                "scope": progress.scope,
                "value": progress.goal.value,
                "due": progress.goal.due,
                "now": progress.now,
                "status": progress.status,
                "reached_on": progress.reached_on,
            }


@dataclass(frozen=True, slots=True)
class TracePart:
    """Paths under a title; `key` names them; `further` counts those that are not shown."""

    key: str
    title: str
    paths: tuple[JudgedPath, ...]
    further: int


@dataclass(frozen=True, slots=True)
class Traces(Tabular):
    """The paths that goods took or can have taken; `remarks` are whole sentences.

    Lines from `since` (None: the first) to `until` were followed. `names` are those of the parties
    by id.
    """

    columns: ClassVar[tuple[str, ...]] = (
        "part", "path", "product", "certainty", "units", "hop", "shipment", "day", "seller",
        "buyer", "quantity", "seller_role", "buyer_role",
    )  # fmt: skip

    as_of: date
    since: date | None
    until: date
    question: TraceQuestion
    serial: str | None
    parts: tuple[TracePart, ...]
    remarks: tuple[str, ...]
    names: Mapping[str, str] = field(repr=False)
    policy: Policy = field(repr=False)

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield a row for each hop; paths are numbered from 1 within their part."""
        for part in self.parts:
            for number, judged in enumerate(part.paths, 1):
                path = judged.path
                for hop, line in enumerate(path.hops, 1):
                    yield {
                        "part": part.key,
                        "path": number,
                        "product": path.product,
                        "certainty": judged.certainty,
                        "units": path.units,
                        "hop": hop,
                        **{name: getattr(line, name) for name in self.columns[6:]},
                    }


@dataclass(frozen=True, slots=True)
class Observability(Tabular):
    """How much of what was sold in can be followed, by partner and product, the least seen first.

    `limits` are those of the first entries, as many as were asked for.
    """

    columns: ClassVar[tuple[str, ...]] = (
        "partner", "product", "sold_in", "numbered", "followed", "sent_back", "seen", "returned",
        "unseen",
    )  # fmt: skip

    as_of: date
    entries: tuple[Observed, ...]
    limits: tuple[Limits, ...]
    names: Mapping[str, str] = field(repr=False)

    def records(self) -> Iterator[Mapping[str, object]]:
        """Yield the entries."""
        for entry in self.entries:
            yield {name: getattr(entry, name) for name in self.columns}

"""Traced paths: for people hop by hop, as JSON, or as CSV with a row for each hop."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from graphchannel.findings.model import CameThrough, Ref, SupplyPath
from graphchannel.policy import VENDOR
from graphchannel.report.csv_report import write_rows
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from graphchannel.analysis.goods.certainty import JudgedPath
    from graphchannel.analysis.goods.trace import Hop
    from graphchannel.policy import Policy

__all__ = ["Part", "TraceReport", "write_trace"]

_NUMBERS = 5  # of units that went the same way
_ENDS = {
    "asked": None,
    "end_user": None,
    "vendor": None,
    "kept": "nobody reports that {last} sold it on",
    "unknown": "nobody reports where {first} had it from",
    "max_hops": "the limit of hops ends it here",
}
_HAS_IT_BACK = "{last} has it back"
_COLUMNS = (
    "part", "path", "product", "certainty", "units", "hop", "shipment", "day", "seller", "buyer",
    "quantity", "seller_role", "buyer_role", "ruling", "section", "broken",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Paths under a title; `key` names them in JSON; `further` counts those not shown."""

    key: str
    title: str
    paths: Sequence[JudgedPath]
    further: int


@dataclass(frozen=True, slots=True)
class TraceReport:
    """What a trace found; `names` are those of parties by id, `remarks` whole sentences.

    Lines from `since` to `until`, the as-of day or an earlier one, were followed, where `since` is
    None from the first. People are shown `shown` remarks.
    """

    as_of: date
    since: date | None
    until: date
    question: Mapping[str, object]
    parts: Sequence[Part]
    remarks: Sequence[str]
    names: Mapping[str, str]
    policy: Policy
    shown: int


def write_trace(report: TraceReport, stream: TextIO, format_: str) -> None:
    """Write a trace as `table`, `json` or `csv`."""
    if format_ == "json":
        document = {
            "as_of": report.as_of.isoformat(),
            "since": report.since.isoformat() if report.since else None,
            "until": report.until.isoformat(),
            **report.question,
            **{part.key: _documents(part, report) for part in report.parts},
            "further": {part.key: part.further for part in report.parts},
            "remarks": list(report.remarks),
        }
        json.dump(document, stream, ensure_ascii=False, indent=2)
        stream.write("\n")
    elif format_ == "csv":
        write_rows(_COLUMNS, (row for part in report.parts for row in _rows(part, report)), stream)
    else:
        stream.write(f"{_headline(report)}\n\n")
        for part in report.parts:
            _write_part(part, report, stream)
        for remark in report.remarks[: report.shown]:
            stream.write(f"{remark}\n")
        if (more := len(report.remarks) - report.shown) > 0:
            stream.write(f"{more:,} more remarks; --format json has all.\n")


def _headline(report: TraceReport) -> str:
    """Say of which day a trace is, and which lines it left out besides those after it."""
    since = f" from {report.since} on" if report.since else ""
    until = f" up to {report.until}" if report.until < report.as_of else ""
    if since and until:
        since, until = f" from {report.since}", f" to {report.until}"
    lines = f", by lines{since}{until}" if since or until else ""
    return f"As of {report.as_of}{lines}."


def _write_part(part: Part, report: TraceReport, stream: TextIO) -> None:
    stream.write(f"{part.title}\n")
    if not part.paths:
        stream.write("  none\n")
    for judged in part.paths:
        path = judged.path
        shown = _supply_path(judged, report)
        units = f"{path.units:,} unit{'' if path.units == 1 else 's'}"
        how_many = units if path.serials else f"at most {units}"
        stream.write(f"\n{shown.route}\n")
        stream.write(f"  {path.product}, {how_many}, {judged.certainty}\n")
        for number, hop in enumerate(path.hops, 1):
            stream.write(f"  {_hop_text(number, hop, report)}\n")
        for bound in shown.bounds:
            stream.write(f"  {bound}\n")
        if path.serials:
            stream.write(f"  serial numbers {listed(path.serials, _NUMBERS)}\n")
        has_it_back = path.ends == "kept" and path.hops[-1].buyer_role == VENDOR
        if ends := _HAS_IT_BACK if has_it_back else _ENDS[path.ends]:
            first, last = (report.names[party] for party in (path.parties[0], path.parties[-1]))
            stream.write(f"  {ends.format(first=first, last=last)}\n")
    if part.further:
        stream.write(f"\n{part.further:,} more; --top shows more of them.\n")
    stream.write("\n")


def _hop_text(number: int, hop: Hop, report: TraceReport) -> str:
    units = f"{hop.quantity:,} unit{'' if hop.quantity == 1 else 's'}"
    ends = f"{report.names[hop.seller]} {'✗→' if hop.breaks else '→'} {report.names[hop.buyer]}"
    broken = f"  {_ruling_text(hop, report.policy)}" if hop.breaks else ""
    return f"{number}  {hop.day}  {units:>9}  {hop.shipment}  {ends}{broken}"


def _ruling_text(hop: Hop, policy: Policy) -> str:
    pair = f"{hop.seller_role} to {hop.buyer_role}"
    ruling = policy.ruling(hop.seller_role, hop.buyer_role)
    if ruling is None:
        return f"{pair}: not in the policy"
    return f"{pair}: {ruling.ruling}, section {ruling.section}"


def _supply_path(judged: JudgedPath, report: TraceReport) -> SupplyPath:
    """Return the path as a finding would show it."""
    path = judged.path
    return SupplyPath(
        parties=tuple(_ref(party, report) for party in path.parties),
        shipments=path.lines,
        broken_at=path.broken_at,
        certainty=judged.certainty,
        arrived=None,
        bounds=tuple(
            CameThrough(bound.least, bound.most, bound.of, _ref(bound.party, report))
            for bound in judged.bounds
        ),
        paths=1,
    )


def _ref(party: str, report: TraceReport) -> Ref:
    return Ref("party", party, report.names[party])


def _documents(part: Part, report: TraceReport) -> list[dict[str, object]]:
    return [
        {
            "path": [{"id": party, "name": report.names[party]} for party in judged.path.parties],
            "shipments": list(judged.path.lines),
            "broken_at": judged.path.broken_at,
            "certainty": judged.certainty,
            "bounds": [
                {"party": bound.party, "least": bound.least, "most": bound.most, "of": bound.of}
                for bound in judged.bounds
            ],
            "product": judged.path.product,
            "units": judged.path.units,
            "serials": list(judged.path.serials),
            "ends": judged.path.ends,
            "hops": [_hop_document(hop, report.policy) for hop in judged.path.hops],
        }
        for judged in part.paths
    ]


def _hop_document(hop: Hop, policy: Policy) -> dict[str, object]:
    ruling = policy.ruling(hop.seller_role, hop.buyer_role)
    return {
        "shipment": hop.shipment,
        "day": hop.day.isoformat(),
        "seller": hop.seller,
        "buyer": hop.buyer,
        "quantity": hop.quantity,
        "seller_role": hop.seller_role,
        "buyer_role": hop.buyer_role,
        "ruling": ruling.ruling if ruling else None,
        "section": ruling.section if ruling else None,
    }


def _rows(part: Part, report: TraceReport) -> list[list[object]]:
    rows: list[list[object]] = []
    for place, judged in enumerate(part.paths, 1):
        path = judged.path
        for number, hop in enumerate(path.hops, 1):
            told = _hop_document(hop, report.policy)
            rows.append([
                part.key, place, path.product, judged.certainty, path.units, number,
                hop.shipment, hop.day, hop.seller, hop.buyer, hop.quantity, hop.seller_role,
                hop.buyer_role, told["ruling"], told["section"], hop.breaks,
            ])  # fmt: skip
    return rows

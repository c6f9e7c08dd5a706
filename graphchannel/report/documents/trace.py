"""Traced paths as a document: for people hop by hop, in CSV a row for each hop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.findings.model import CameThrough, Ref, SupplyPath
from graphchannel.policy import VENDOR
from graphchannel.report.document import Column, Document, Page, Section
from graphchannel.text import counted, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphchannel.analysis.goods.certainty import JudgedPath
    from graphchannel.analysis.goods.model import Hop
    from graphchannel.channel.results import TracePart, Traces
    from graphchannel.policy import Policy

__all__ = ["trace_document"]

_NUMBERS = 5  # of units on the same path
_ENDS = {
    "asked": None,
    "end_user": None,
    "vendor": None,
    "kept": "no line shows that {last} sold it",
    "unknown": "no line shows from whom {first} got it",
    "max_hops": "cut off at the limit of hops",
}
_HAS_IT_BACK = "{last} has it back"


@dataclass(frozen=True, slots=True)
class _PathHop:
    """A hop of a path; `place` numbers the paths of a part, `number` the hops of a path."""

    part: str
    place: int
    judged: JudgedPath
    number: int
    hop: Hop
    ruling: str | None
    section: str | None


_STEPS: tuple[Column[_PathHop], ...] = (
    Column("part", lambda step: step.part),
    Column("path", lambda step: step.place, "number"),
    Column("product", lambda step: step.judged.path.product),
    Column("certainty", lambda step: step.judged.certainty),
    Column("units", lambda step: step.judged.path.units, "number"),
    Column("hop", lambda step: step.number, "number"),
    Column("shipment", lambda step: step.hop.shipment, "id"),
    Column("day", lambda step: step.hop.day),
    Column("seller", lambda step: step.hop.seller, "id"),
    Column("buyer", lambda step: step.hop.buyer, "id"),
    Column("quantity", lambda step: step.hop.quantity, "number"),
    Column("seller_role", lambda step: step.hop.seller_role),
    Column("buyer_role", lambda step: step.hop.buyer_role),
    Column("ruling", lambda step: step.ruling),
    Column("section", lambda step: step.section),
    Column("broken", lambda step: step.hop.breaks),
)


def trace_document(report: Traces, *, top: int) -> Document:
    """Tell the paths that were found, part by part, and what is odd about them."""
    parts = tuple(part.key for part in report.parts)
    facts = {
        "as_of": report.as_of,
        "since": report.since,
        "until": report.until,
        **_question(report),
        "further": {part.key: part.further for part in report.parts},
    }
    asked = tuple(name for name in facts if name != "further")
    hops: Section[_PathHop] = Section(
        "hops",
        "Hops",
        _STEPS,
        [step for part in report.parts for step in _steps(part, report.policy)],
        printed=False,
    )
    return Document(
        headline=_headline(report),
        facts=facts,
        sections=(hops, *(_part(part, report) for part in report.parts)),
        remarks=report.remarks,
        remarks_shown=top,
        main="hops",
        members=(*asked, *parts, "further", "remarks"),
    )


def _question(report: Traces) -> dict[str, object]:
    asked = report.question
    return {
        "from": asked.start,
        "to": asked.end,
        "product": asked.product,
        "line": asked.line,
        "serial": report.serial,
        "max_hops": asked.max_hops,
        "window": asked.window,
    }


def _part(part: TracePart, report: Traces) -> Section[JudgedPath]:
    columns: tuple[Column[JudgedPath], ...] = (
        Column("path", lambda judged: _supply_path(judged, report).route),
        Column("product", lambda judged: judged.path.product),
        Column("units", lambda judged: judged.path.units, "number"),
        Column("certainty", lambda judged: judged.certainty),
        Column("shipments", lambda judged: ", ".join(judged.path.lines)),
    )
    return Section(
        part.key,
        part.title,
        columns,
        part.paths,
        further=part.further,
        more="--top shows more of them.",
        nested=_nested(report),
        page=Page(part.paths, text=lambda judged: "\n".join(_paragraph(judged, report))),
    )


def _headline(report: Traces) -> str:
    """Say of which day a trace is, and which lines it left out besides those after it."""
    since = f" from {report.since} on" if report.since else ""
    until = f" up to {report.until}" if report.until < report.as_of else ""
    if since and until:
        since, until = f" from {report.since}", f" to {report.until}"
    lines = f", by lines{since}{until}" if since or until else ""
    return f"As of {report.as_of}{lines}."


def _paragraph(judged: JudgedPath, report: Traces) -> Iterator[str]:
    """Yield the lines of a path, of which the first is empty."""
    path = judged.path
    shown = _supply_path(judged, report)
    units = counted(path.units, "unit")
    how_many = units if path.serials else f"at most {units}"
    yield ""
    yield shown.route
    yield f"  {path.product}, {how_many}, {judged.certainty}"
    for number, hop in enumerate(path.hops, 1):
        yield f"  {_hop_text(number, hop, report)}"
    for bound in shown.bounds:
        yield f"  {bound}"
    if path.serials:
        yield f"  serial numbers {listed(path.serials, _NUMBERS)}"
    has_it_back = path.ends == "kept" and path.hops[-1].buyer_role == VENDOR
    if ends := _HAS_IT_BACK if has_it_back else _ENDS[path.ends]:
        first, last = (report.names[party] for party in (path.parties[0], path.parties[-1]))
        yield f"  {ends.format(first=first, last=last)}"


def _hop_text(number: int, hop: Hop, report: Traces) -> str:
    units = counted(hop.quantity, "unit")
    ends = f"{report.names[hop.seller]} {'✗→' if hop.breaks else '→'} {report.names[hop.buyer]}"
    broken = f"  {_ruling_text(hop, report.policy)}" if hop.breaks else ""
    return f"{number}  {hop.day}  {units:>9}  {hop.shipment}  {ends}{broken}"


def _ruling_text(hop: Hop, policy: Policy) -> str:
    pair = f"{hop.seller_role} to {hop.buyer_role}"
    ruling = policy.ruling(hop.seller_role, hop.buyer_role)
    if ruling is None:
        return f"{pair}: not in the policy"
    return f"{pair}: {ruling.ruling}, section {ruling.section}"


def _supply_path(judged: JudgedPath, report: Traces) -> SupplyPath:
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


def _ref(party: str, report: Traces) -> Ref:
    return Ref("party", party, report.names[party])


def _nested(report: Traces) -> Callable[[JudgedPath], dict[str, object]]:
    return lambda judged: {
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
        "hops": [_hop_object(hop, report.policy) for hop in judged.path.hops],
    }


def _hop_object(hop: Hop, policy: Policy) -> dict[str, object]:
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


def _steps(part: TracePart, policy: Policy) -> Iterator[_PathHop]:
    for place, judged in enumerate(part.paths, 1):
        for number, hop in enumerate(judged.path.hops, 1):
            ruling = policy.ruling(hop.seller_role, hop.buyer_role)
            yield _PathHop(
                part.key,
                place,
                judged,
                number,
                hop,
                ruling.ruling if ruling else None,
                ruling.section if ruling else None,
            )

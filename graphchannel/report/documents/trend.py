"""The course of findings over runs as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section
from graphchannel.report.figures import Amounts

if TYPE_CHECKING:
    from graphchannel.runs.trend import FindingCourse, Trend, TrendPoint

__all__ = ["trend_document"]

_POINTS: tuple[Column[TrendPoint], ...] = (
    Column("as_of", lambda point: point.as_of),
    Column("run", lambda point: point.run, "number"),
    Column("group", lambda point: point.group, "id"),
    Column("findings", lambda point: point.findings, "count"),
    Column("lines", lambda point: point.lines, "count"),
    Column("amount", lambda point: Amounts(point.amount)),
)
_COURSES: tuple[Column[FindingCourse], ...] = (
    Column("rule", lambda one: one.rule, "id"),
    Column("subject", lambda one: one.subject, "id"),
    Column("object", lambda one: one.object, "id"),
    Column("first_seen", lambda one: one.first_seen),
    Column("last_seen", lambda one: one.last_seen),
    Column("days_open", lambda one: one.days_open, "count"),
    Column("open", lambda one: "yes" if one.open else "no"),
    Column("fingerprint", lambda one: one.fingerprint, "id", detail=True),
)
_TWICE = "Amounts are those of findings: a line that is in two of them counts in both."


def trend_document(trend: Trend, *, top: int) -> Document:
    """Tell how many findings were open in each run, by group; people see the `top` last rows."""
    last = trend.points[-1].as_of if trend.points else None
    return Document(
        headline=f"Open findings by {trend.by}, up to {last}." if last else "There is no run yet.",
        facts={"by": trend.by},
        sections=(
            Section(
                "trend",
                "",
                _POINTS,
                trend.points,
                (_TWICE,),
                shown=top,
                more="--top shows more of them.",
                empty="",
            ),
            Section("findings", "Findings", _COURSES, trend.courses, printed=False),
        ),
    )

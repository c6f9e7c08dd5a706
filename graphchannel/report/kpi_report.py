"""Key figures as a document: goals first, then partners, revenue, promises and recertifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.kpi.goals import DAYS_A_MONTH
from graphchannel.report.figures import percent, rounded_share
from graphchannel.report.sections import Document, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from graphchannel.analysis.kpi import GoalProgress, Headcount, KeyFigures, Revenue
    from graphchannel.policy import Policy

__all__ = ["kpi_document"]

_HEADCOUNT = ("before", "now", "percent", "net", "net_a_month", "goal", "reached_on")
_SHOWN = 15  # rows of the long sections that people see
_UNKNOWN = "—"


def kpi_document(figures: KeyFigures, policy: Policy, section: str | None = None) -> Document:
    """Return the document, with all sections or the one with this key; the goals come first."""
    period = figures.period
    total = figures.partners.total
    headline = (
        f"Key figures as of {period.as_of}, over the {len(figures.partners.months)} months from "
        f"{period.since} on. Partners: {total.now:,}, {total.net:+,} in these months."
    )
    facts = {
        "as_of": period.as_of,
        "since": period.since,
        "policy": policy.name,
        "partners": total.now,
        "partners_before": total.before,
    }
    sections = (
        _goals(figures, policy),
        _roles(figures),
        _countries(figures),
        _issuers(figures),
        _months(figures),
        _quarters(figures),
        _revenue(figures),
        _markets(figures),
        _promises(figures),
        _recertifications(figures),
    )
    chosen = tuple(entry for entry in sections if section in (None, entry.key))
    return Document(headline, facts, chosen)


def _goals(figures: KeyFigures, policy: Policy) -> Section:
    columns = ("measure", "of", "now", "goal", "status", "net_a_month", "reached_on", "due")
    rows = [
        (
            entry.goal.measure,
            entry.scope or ("all" if entry.goal.measure == "partners" else _UNKNOWN),
            rounded_share(entry.now) if isinstance(entry.now, float) else entry.now,
            entry.goal.value,
            entry.status,
            _a_month(entry.net_a_month),
            entry.reached_on,
            entry.goal.due,
            _a_month(entry.needed_a_month),
        )
        for entry in figures.goals
    ]
    sentences = tuple(sentence for entry in figures.goals for sentence in _said(entry, figures))
    return Section(
        "goals",
        "Goals",
        (*columns, "needed_a_month"),
        rows,
        sentences or (f"The policy '{policy.name}' sets no goals ([[goals]] in policy.toml).",),
        details=frozenset({"needed_a_month"}),  # a sentence has it
    )


def _said(entry: GoalProgress, figures: KeyFigures) -> Iterator[str]:
    goal, period = entry.goal, figures.period
    if goal.measure != "partners":
        if entry.status == "unknown":
            where = f" in {entry.scope}" if entry.scope else ""
            yield f"Nothing can be said of {goal.measure}: there is no revenue{where} to share."
        return
    which = "partners" if entry.scope is None else f"partners of {entry.scope}"
    if entry.status == "reached":
        yield f"The goal of {goal.value:,} {which} is reached: there are {entry.now:,}."
    elif entry.reached_on is None:
        yield (
            f"At the pace of this period ({_pace(entry.net_a_month)}) the goal of {goal.value:,} "
            f"{which} is never reached: {goal.value - (entry.now or 0):,} are missing."
        )
    else:
        yield (
            f"At the pace of this period ({_pace(entry.net_a_month)}) the goal of {goal.value:,} "
            f"{which} is reached on {entry.reached_on}."
        )
    if goal.due is not None and entry.status != "reached":
        if entry.needed_a_month is not None:
            yield f"To reach it by {goal.due} takes {_pace(entry.needed_a_month)}."
        elif goal.due <= period.as_of:
            yield f"It was due on {goal.due}."


def _roles(figures: KeyFigures) -> Section:
    names = _headcounts(figures.partners.roles, figures, "role")
    none = () if figures.partners.total.now else ("No partner holds a role on this day.",)
    return Section("roles", "Partners by role", ("role", "name", *_HEADCOUNT), names, none)


def _countries(figures: KeyFigures) -> Section:
    rows = [
        (row[0] or _UNKNOWN, *row[2:])
        for row in _headcounts(figures.partners.countries, figures, "country")
    ]
    return Section("countries", "Partners by country", ("country", *_HEADCOUNT), rows, (), _SHOWN)


def _issuers(figures: KeyFigures) -> Section:
    columns = ("issuer", "name", "before", "now", "net", "net_a_month")
    rows = [
        (
            count.key,
            count.name,
            count.before,
            count.now,
            count.net,
            _pace_of(count, figures),
        )
        for count in figures.issuers
    ]
    title = "Partners by who certified them (distributors and the vendor)"
    return Section("issuers", title, columns, rows, (), _SHOWN)


def _months(figures: KeyFigures) -> Section:
    rows = [(m.ends_on, m.partners, m.recruited, m.lost, m.net) for m in figures.partners.months]
    columns = ("month_to", "partners", "recruited", "lost", "net")
    return Section("months", "Recruitment by month", columns, rows)


def _quarters(figures: KeyFigures) -> Section:
    rows = [
        (q.ends_on, q.stayed, q.upgrades, q.downgrades, q.other_changes)
        for q in figures.partners.quarters
    ]
    columns = ("quarter_to", "stayed", "upgrades", "downgrades", "other_changes")
    return Section("quarters", "Changes of level by quarter", columns, rows)


def _revenue(figures: KeyFigures) -> Section:
    columns = ("currency", "revenue", "partners", "percent", "uncertified", "direct")
    rows = [_revenue_row(entry) for entry in figures.revenue.currencies if entry.lines]
    remarks = []
    if not rows:
        remarks.append("No line of the vendor in this period has an amount.")
    if figures.revenue.unpriced:
        remarks.append(
            f"{figures.revenue.unpriced:,} lines of the vendor have no amount and are not in it."
        )
    return Section(
        "revenue",
        "The vendor's revenue, net of returns",
        (*columns, "top_market", "top_percent", "herfindahl"),
        rows,
        tuple(remarks),
    )


def _revenue_row(entry: Revenue) -> tuple[object, ...]:
    top = entry.top_market
    return (
        entry.currency or _UNKNOWN,
        entry.total,
        entry.through_partners,
        percent(entry.partner_share),
        entry.uncertified,
        entry.direct,
        top.country if top else None,
        percent(top.share) if top else None,
        rounded_share(entry.herfindahl),
    )


def _markets(figures: KeyFigures) -> Section:
    columns = ("country", "currency", "revenue", "percent", "end_user_sales")
    rows = [
        (
            market.country or _UNKNOWN,
            market.currency or _UNKNOWN,
            market.revenue,
            percent(market.share),
            market.end_user_sales,
        )
        for entry in figures.revenue.currencies
        for market in entry.markets
    ]
    return Section("markets", "Revenue by market", columns, rows, (), _SHOWN)


def _promises(figures: KeyFigures) -> Section:
    columns = ("from", "to", "over", "of", "currency", "targets", "met", "promised", "sold")
    rows = [
        (
            entry.period_start,
            entry.period_end,
            "yes" if entry.over else "no",
            entry.scope,
            entry.currency or _UNKNOWN,
            entry.targets,
            entry.met,
            entry.promised,
            entry.sold,
            percent(entry.attainment),
        )
        for entry in figures.promises
    ]
    unnamed = sum(entry.targets for entry in figures.promises if entry.currency is None)
    remarks = []
    if not rows:
        remarks.append("No promised sales are recorded for this period.")
    if unnamed:
        remarks.append(f"{unnamed:,} targets name no currency; nothing counts towards them.")
    if any(entry.over and entry.met < entry.targets for entry in figures.promises):
        remarks.append(
            "graphchannel scan --rule targets/missed lists the targets that were missed."
        )
    return Section(
        "promises", "Promised sales", (*columns, "percent"), rows, tuple(remarks), _SHOWN
    )


def _recertifications(figures: KeyFigures) -> Section:
    rows = [
        (due.ends_on, due.partner, due.name, due.role, due.country, due.issuer)
        for due in figures.recertifications
    ]
    columns = ("ends_on", "partner", "name", "role", "country", "issuer")
    title = f"Recertifications due by {figures.period.until}"
    return Section("recertifications", title, columns, rows, (), _SHOWN)


def _headcounts(
    counts: Sequence[Headcount], figures: KeyFigures, scope: str
) -> list[tuple[object, ...]]:
    """Return rows of key, name and the columns `_HEADCOUNT`; `scope` is what goals call the key."""
    progress = {
        getattr(entry.goal, scope): entry
        for entry in figures.goals
        if getattr(entry.goal, scope) is not None
    }
    total = figures.partners.total.now
    rows: list[tuple[object, ...]] = []
    for count in counts:
        goal = progress.get(count.key)
        rows.append(
            (
                count.key,
                count.name,
                count.before,
                count.now,
                percent(count.now / total) if total else None,
                count.net,
                _pace_of(count, figures),
                goal.goal.value if goal else None,
                goal.reached_on if goal else None,
            )
        )
    return rows


def _pace_of(count: Headcount, figures: KeyFigures) -> float | None:
    return _a_month(count.net * DAYS_A_MONTH / figures.period.days)


def _a_month(net: Fraction | None) -> float | None:
    return None if net is None else round(float(net), 1)


def _pace(a_month: Fraction | None) -> str:
    return f"{float(a_month or 0):+,.1f} partners a month"

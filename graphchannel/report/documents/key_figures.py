"""Key figures as a document: goals first, then partners, revenue, promises and recertifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.kpi.goals import DAYS_A_MONTH
from graphchannel.report.document import Column, Document, Section
from graphchannel.report.figures import percent, rounded_share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from fractions import Fraction

    from graphchannel.analysis.kpi import GoalProgress, Headcount, KeyFigures, Revenue
    from graphchannel.analysis.kpi.figures import Recertification
    from graphchannel.analysis.kpi.partners import Month, Quarter
    from graphchannel.analysis.kpi.revenue import Market, Promises
    from graphchannel.channel.results import KeyFigureSet
    from graphchannel.policy import Policy

__all__ = ["kpi_document"]

_SHOWN = 15  # rows of the long sections that people see
_UNKNOWN = "—"
_GOALS: tuple[Column[GoalProgress], ...] = (
    Column("measure", lambda entry: entry.goal.measure),
    Column("of", lambda entry: _scope(entry)),
    Column("now", lambda entry: _now(entry), "number"),
    Column("goal", lambda entry: entry.goal.value, "number"),
    Column("status", lambda entry: entry.status),
    Column("net_a_month", lambda entry: _a_month(entry.net_a_month), "number", spare=True),
    Column("reached_on", lambda entry: entry.reached_on),
    Column("due", lambda entry: entry.goal.due, spare=True),
    # A sentence has it.
    Column("needed_a_month", lambda entry: _a_month(entry.needed_a_month), "number", detail=True),
)
_MONTHS: tuple[Column[Month], ...] = (
    Column("month_to", lambda month: month.ends_on),
    Column("partners", lambda month: month.partners, "number"),
    Column("recruited", lambda month: month.recruited, "number"),
    Column("lost", lambda month: month.lost, "number"),
    Column("net", lambda month: month.net, "number"),
)
_QUARTERS: tuple[Column[Quarter], ...] = (
    Column("quarter_to", lambda quarter: quarter.ends_on),
    Column("stayed", lambda quarter: quarter.stayed, "number"),
    Column("upgrades", lambda quarter: quarter.upgrades, "number"),
    Column("downgrades", lambda quarter: quarter.downgrades, "number"),
    Column("other_changes", lambda quarter: quarter.other_changes, "number"),
)
_REVENUE: tuple[Column[Revenue], ...] = (
    Column("currency", lambda entry: entry.currency or _UNKNOWN),
    Column("revenue", lambda entry: entry.total, "number"),
    Column("partners", lambda entry: entry.through_partners, "number"),
    Column("percent", lambda entry: percent(entry.partner_share), "number"),
    Column("uncertified", lambda entry: entry.uncertified, "number", spare=True),
    Column("direct", lambda entry: entry.direct, "number", spare=True),
    Column("top_market", lambda entry: entry.top_market.country if entry.top_market else None),
    Column(
        "top_percent",
        lambda entry: percent(entry.top_market.share) if entry.top_market else None,
        "number",
    ),
    Column("herfindahl", lambda entry: rounded_share(entry.herfindahl), "number"),
)
_MARKETS: tuple[Column[Market], ...] = (
    Column("country", lambda market: market.country or _UNKNOWN),
    Column("currency", lambda market: market.currency or _UNKNOWN),
    Column("revenue", lambda market: market.revenue, "number"),
    Column("percent", lambda market: percent(market.share), "number"),
    Column("end_user_sales", lambda market: market.end_user_sales, "number"),
)
_PROMISES: tuple[Column[Promises], ...] = (
    Column("from", lambda entry: entry.period_start),
    Column("to", lambda entry: entry.period_end),
    Column("over", lambda entry: "yes" if entry.over else "no"),
    Column("of", lambda entry: entry.scope),
    Column("currency", lambda entry: entry.currency or _UNKNOWN),
    Column("targets", lambda entry: entry.targets, "number"),
    Column("met", lambda entry: entry.met, "number"),
    Column("promised", lambda entry: entry.promised, "number", spare=True),
    Column("sold", lambda entry: entry.sold, "number", spare=True),
    Column("percent", lambda entry: percent(entry.attainment), "number"),
)
_RECERTIFICATIONS: tuple[Column[Recertification], ...] = (
    Column("ends_on", lambda due: due.ends_on),
    Column("partner", lambda due: due.partner, "id"),
    Column("name", lambda due: due.name),
    Column("role", lambda due: due.role),
    Column("country", lambda due: due.country),
    Column("issuer", lambda due: due.issuer, "id"),
)


def kpi_document(result: KeyFigureSet) -> Document:
    """Tell how the channel grows, sells and keeps its promises; the goals come first."""
    figures, policy = result.figures, result.policy
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
    return Document(headline, facts, sections)


def _goals(figures: KeyFigures, policy: Policy) -> Section[GoalProgress]:
    sentences = [sentence for entry in figures.goals for sentence in _sentences(entry, figures)]
    none = f"The policy '{policy.name}' sets no goals ([[goals]] in policy.toml)."
    return Section("goals", "Goals", _GOALS, figures.goals, sentences or [none])


def _scope(entry: GoalProgress) -> str:
    return entry.scope or ("all" if entry.goal.measure == "partners" else _UNKNOWN)


def _now(entry: GoalProgress) -> float | None:
    return rounded_share(entry.now) if isinstance(entry.now, float) else entry.now


def _sentences(entry: GoalProgress, figures: KeyFigures) -> Iterator[str]:
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


def _roles(figures: KeyFigures) -> Section[Headcount]:
    columns: tuple[Column[Headcount], ...] = (
        Column("role", lambda count: count.key),
        Column("name", lambda count: count.name),
        *_headcount(figures, "role"),
    )
    none = () if figures.partners.total.now else ("No partner holds a role on this day.",)
    return Section("roles", "Partners by role", columns, figures.partners.roles, none)


def _countries(figures: KeyFigures) -> Section[Headcount]:
    columns: tuple[Column[Headcount], ...] = (
        Column("country", lambda count: count.key or _UNKNOWN),
        *_headcount(figures, "country"),
    )
    title, counts = "Partners by country", figures.partners.countries
    return Section("countries", title, columns, counts, shown=_SHOWN)


def _issuers(figures: KeyFigures) -> Section[Headcount]:
    columns: tuple[Column[Headcount], ...] = (
        Column("issuer", lambda count: count.key, "id"),
        Column("name", lambda count: count.name),
        Column("before", lambda count: count.before, "number"),
        Column("now", lambda count: count.now, "number"),
        Column("net", lambda count: count.net, "number"),
        Column("net_a_month", lambda count: _pace_of(count, figures), "number"),
    )
    title = "Partners by who certified them (distributors and the vendor)"
    return Section("issuers", title, columns, figures.issuers, shown=_SHOWN)


def _headcount(figures: KeyFigures, scope: str) -> tuple[Column[Headcount], ...]:
    """Return the columns of partners then and now; `scope` is what goals call the key."""
    total = figures.partners.total.now
    goals = {
        getattr(entry.goal, scope): entry
        for entry in figures.goals
        if getattr(entry.goal, scope) is not None
    }

    def goal(count: Headcount) -> float | None:
        return goals[count.key].goal.value if count.key in goals else None

    def reached_on(count: Headcount) -> date | None:
        return goals[count.key].reached_on if count.key in goals else None

    return (
        Column("before", lambda count: count.before, "number"),
        Column("now", lambda count: count.now, "number"),
        Column("percent", lambda count: percent(count.now / total) if total else None, "number"),
        Column("net", lambda count: count.net, "number"),
        Column("net_a_month", lambda count: _pace_of(count, figures), "number"),
        Column("goal", goal, "number"),
        Column("reached_on", reached_on),
    )


def _months(figures: KeyFigures) -> Section[Month]:
    return Section("months", "Recruitment by month", _MONTHS, figures.partners.months)


def _quarters(figures: KeyFigures) -> Section[Quarter]:
    return Section("quarters", "Changes of level by quarter", _QUARTERS, figures.partners.quarters)


def _revenue(figures: KeyFigures) -> Section[Revenue]:
    entries = [entry for entry in figures.revenue.currencies if entry.lines]
    remarks = []
    if not entries:
        remarks.append("No line of the vendor in this period has an amount.")
    if figures.revenue.unpriced:
        remarks.append(
            f"{figures.revenue.unpriced:,} lines of the vendor have no amount and are not in it."
        )
    title = "The vendor's revenue, net of returns"
    return Section("revenue", title, _REVENUE, entries, remarks)


def _markets(figures: KeyFigures) -> Section[Market]:
    markets = [market for entry in figures.revenue.currencies for market in entry.markets]
    return Section("markets", "Revenue by market", _MARKETS, markets, shown=_SHOWN)


def _promises(figures: KeyFigures) -> Section[Promises]:
    unnamed = sum(entry.targets for entry in figures.promises if entry.currency is None)
    remarks = []
    if not figures.promises:
        remarks.append("No promised sales are recorded for this period.")
    if unnamed:
        remarks.append(f"{unnamed:,} targets name no currency; nothing counts towards them.")
    if any(entry.over and entry.met < entry.targets for entry in figures.promises):
        remarks.append(
            "graphchannel scan --rule targets/missed lists the targets that were missed."
        )
    title = "Promised sales"
    return Section("promises", title, _PROMISES, figures.promises, remarks, shown=_SHOWN)


def _recertifications(figures: KeyFigures) -> Section[Recertification]:
    title = f"Recertifications due by {figures.period.until}"
    due = figures.recertifications
    return Section("recertifications", title, _RECERTIFICATIONS, due, shown=_SHOWN)


def _pace_of(count: Headcount, figures: KeyFigures) -> float | None:
    return _a_month(count.net * DAYS_A_MONTH / figures.period.days)


def _a_month(net: Fraction | None) -> float | None:
    return None if net is None else round(float(net), 1)


def _pace(a_month: Fraction | None) -> str:
    return f"{float(a_month or 0):+,.1f} partners a month"

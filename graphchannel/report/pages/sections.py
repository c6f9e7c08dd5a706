"""The parts of a report: findings, what is at stake, where the channel is, what it rests on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from graphchannel.findings.change import CHANGES
from graphchannel.policy import SEVERITIES
from graphchannel.report.document import Column, Section, columns_of
from graphchannel.report.documents.key_cities import cities_document
from graphchannel.report.documents.key_figures import kpi_document
from graphchannel.report.documents.market_reach import distributors_document
from graphchannel.report.documents.regions import regions_document
from graphchannel.report.documents.resilience import resilience_document
from graphchannel.report.documents.scan_sentences import STATUS_WORDS, stake_sentences
from graphchannel.report.figures import Figures, rounded_figures
from graphchannel.report.pages.views import SectionView, Tally, table_view, tables_of
from graphchannel.report.work_words import work_total
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from graphchannel.channel.report_facts import (
        ChannelFigures,
        Judgement,
        ReportFacts,
        RunManifest,
    )
    from graphchannel.findings.result import SubjectFindings
    from graphchannel.findings.stakes import Stake
    from graphchannel.ingest import RejectReason
    from graphchannel.report.document import Document
    from graphchannel.report.pages.views import ChartView
    from graphchannel.runs.trend import TrendPoint

    Charts = Mapping[str, ChartView]

__all__ = ["report_sections"]

_REJECTS: tuple[Column[RejectReason], ...] = (
    Column("records", lambda reason: reason.count, "count"),
    Column("table", lambda reason: reason.table, "id"),
    Column("column", lambda reason: reason.column, "id"),
    Column("reason", lambda reason: reason.reason),
)
_NOT_JUDGED: tuple[Column[Any], ...] = (
    Column("rule", lambda outcome: outcome.id, "id"),
    Column("status", lambda outcome: STATUS_WORDS[outcome.status]),
    Column("why", lambda outcome: outcome.reason),
)
_SHOWN_GONE = 10  # findings of the baseline that are there no more
_RUNS = 12  # of which the summary tells how many findings were open
_TREND: tuple[Column[TrendPoint], ...] = (
    Column("as_of", lambda point: point.as_of),
    Column("findings", lambda point: point.findings, "count"),
    Column("lines", lambda point: point.lines, "count"),
    Column("value", lambda point: Figures(point.amount), "number"),
)
_GONE: tuple[Column[Any], ...] = (
    Column("rule", lambda gone: gone.rule, "id"),
    Column("finding", lambda gone: gone.message),
)
_SUBJECTS: tuple[Column[SubjectFindings], ...] = (
    Column("id", lambda found: found.subject.id, "id"),
    Column("name", lambda found: found.subject.name),
    Column("findings", lambda found: sum(found.findings.values()), "count"),
    Column("severities", lambda found: _severities(found.findings)),
    Column("lines", lambda found: found.at_stake.lines or None, "count"),
    Column("at_stake", lambda found: Figures(found.at_stake.amount), "number"),
)


def report_sections(facts: ReportFacts, charts: Charts) -> Iterator[SectionView]:
    """Yield the parts of a report in their order; charts are named by the part that has them."""
    judged = facts.judged
    yield _summary(facts)
    yield SectionView("findings", "Findings")
    yield _partners(facts)
    if facts.figures is not None:
        yield from _places(facts.figures, charts)
    yield _rules(facts, judged)
    yield _manifest(facts.manifest, judged)


def _summary(facts: ReportFacts) -> SectionView:
    judged = facts.judged
    unjudged = [outcome for outcome in judged.outcomes if outcome.status != "evaluated"]
    tables = []
    if facts.trend is not None and len({point.run for point in facts.trend.points}) > 1:
        last = facts.trend.points[-_RUNS:]
        remark = "Values are those of findings: a line that is in two of them counts in both."
        title = "Open findings, run by run"
        tables.append(table_view(Section("trend", title, _TREND, last, (remark,))))
    if judged.gone:
        since = judged.baseline.name if judged.baseline else "the baseline"
        tables.append(
            table_view(
                Section("gone", f"Gone since {since}", _GONE, judged.gone, shown=_SHOWN_GONE)
            )
        )
    if unjudged:
        title = "Rules that did not judge"
        tables.append(table_view(Section("unjudged", title, _NOT_JUDGED, unjudged)))
    if facts.rejects:
        title = "Records that could not be loaded, and are judged by no rule"
        tables.append(table_view(Section("rejects", title, _REJECTS, facts.rejects)))
    ran = len(judged.outcomes) - len(unjudged)
    unread = sum(reason.count for reason in facts.rejects)
    remarks = [
        f"{ran} of {counted(len(judged.outcomes), 'rule')} judged. "
        + (
            f"{counted(unread, 'record')} could not be loaded."
            if unread
            else "Every record that was delivered could be loaded."
        ),
        *judged.notices,
    ]
    return SectionView(
        "summary",
        "Summary",
        lead=tuple(_lead(judged)),
        tallies=tuple(_tallies(judged)),
        tables=tuple(tables),
        remarks=tuple(remarks),
    )


def _lead(judged: Judgement) -> Iterator[str]:
    found = [finding for finding in judged.findings if finding.status == "open"]
    waived = len(judged.findings) - len(found)
    subjects = len(judged.subjects)
    sentence = f"{counted(len(found), 'finding')} about {counted(subjects, 'party', 'parties')}"
    if waived:
        sentence += f"; {waived:,} more are waived"
    yield f"{sentence}."
    if judged.baseline is not None:
        counts = Counter(finding.change for finding in found)
        told = [f"{counts[change]:,} {change}" for change in CHANGES if counts[change]]
        yield f"Since {judged.baseline.name}: {', '.join([*told, f'{len(judged.gone):,} gone'])}."
    yield from stake_sentences(judged.stakes)
    yield from work_total(finding.work for finding in judged.findings if finding.work)


def _tallies(judged: Judgement) -> Iterator[Tally]:
    for rank, severity in enumerate(SEVERITIES):
        found = [f for f in judged.findings if f.severity == severity and f.status == "open"]
        notes = _stake_notes(judged.stakes.by_rank.get(rank))
        if judged.baseline is not None:
            new = sum(1 for finding in found if finding.fails)
            notes = (f"{new:,} new or grown", *notes)
        yield Tally(severity.capitalize(), f"{len(found):,}", notes, severity)


def _stake_notes(stake: Stake | None) -> tuple[str, ...]:
    if stake is None:
        return ()
    return tuple(rounded_figures(Figures({name: v})) for name, v in stake.amount.items() if v)


def _partners(facts: ReportFacts) -> SectionView:
    subjects = facts.judged.subjects
    table = Section("subjects", "", _SUBJECTS, subjects)
    return SectionView(
        "partners",
        "Partners",
        lead=("Whom findings are about, the worst first. Each line counts once.",),
        tables=(table_view(table, _party_link(facts)),),
    )


def _party_link(facts: ReportFacts) -> Callable[[str, object], str]:
    def link(column: str, value: object) -> str:
        if column != "id" or value not in facts.parties:
            return ""
        return f"#party-{quote(str(value), safe='')}"

    return link


def _severities(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {severity}" for severity, count in counts.items())


def _places(figures: ChannelFigures, charts: Charts) -> Iterator[SectionView]:
    parts: tuple[tuple[str, str, Document, tuple[str, ...]], ...] = (
        (
            "coverage",
            "Coverage",
            regions_document(figures.regions),
            ("white_space", "without_route"),
        ),
        ("cities", "Key cities", cities_document(figures.cities), ()),
        ("reach", "Reach of distributors", distributors_document(figures.reaches), ()),
        ("resilience", "Resilience", resilience_document(figures.resilience), ()),
        ("kpi", "Key figures", kpi_document(figures.key_figures), ()),
    )
    for key, title, document, keys in parts:
        yield SectionView(
            key,
            title,
            lead=(document.headline,),
            charts=tuple(chart for chart in [charts.get(key)] if chart),
            tables=tables_of(document, keys),
            remarks=tuple(document.remarks),
        )


def _rules(facts: ReportFacts, judged: Judgement) -> SectionView:
    clauses: dict[str, list[str]] = {}
    for clause in facts.clauses:
        for rule in clause.rules:
            clauses.setdefault(rule, []).append(f"{clause.section}: {clause.text}")
    columns: tuple[Column[Any], ...] = (
        Column("severity", lambda rule: rule.severity, "severity"),
        Column("rule", lambda rule: rule.id, "id"),
        Column("name", lambda rule: rule.name),
        Column("clauses", lambda rule: " ".join(clauses.get(rule.id, ()))),
        Column("findings", _open, "count"),
        Column("lines", lambda rule: rule.lines or None, "count"),
        Column("at_stake", lambda rule: _at_stake(judged, rule.id), "number"),
        Column("looked_at", lambda rule: rule.population, "count"),
        Column("status", _status),
    )
    table = table_view(Section("rules", "", columns, judged.outcomes))
    unchecked = [clause for clause in facts.clauses if clause.unchecked]
    titles: tuple[Column[Any], ...] = (
        Column("section", lambda clause: clause.section, "id"),
        Column("clause", lambda clause: clause.text),
        Column("why", lambda clause: clause.unchecked),
    )
    title = "Clauses of the policy that no data can tell"
    tables = (
        table,
        *([table_view(Section("unchecked", title, titles, unchecked))] * bool(unchecked)),
    )
    policy = judged.policy
    return SectionView("rules", "Rules", lead=(f"{policy.title}, {policy.source}.",), tables=tables)


def _open(outcome: Any) -> int | None:
    return outcome.findings - outcome.waived if outcome.status == "evaluated" else None


def _at_stake(judged: Judgement, rule: str) -> Figures:
    stake = judged.stakes.by_rule.get(rule)
    return Figures(stake.amount if stake else {})


def _status(outcome: Any) -> str:
    if outcome.status != "evaluated":
        return f"{STATUS_WORDS[outcome.status]}: {outcome.reason}"
    return f"{outcome.waived:,} waived" if outcome.waived else ""


def _manifest(manifest: RunManifest, judged: Judgement) -> SectionView:
    facts: tuple[Column[Any], ...] = (
        Column("what", lambda pair: pair[0].replace("_", " ")),
        Column("value", lambda pair: pair[1]),
    )
    named = [pair for pair in manifest.facts.items() if pair[1] is not None]
    tables = [table_view(Section("facts", "", facts, named))]
    if manifest.files:
        files = Section(
            "files", "Files that were loaded", columns_of(manifest.files), manifest.files
        )
        tables.append(table_view(files))
    numbers: tuple[Column[Any], ...] = (
        Column("parameter", lambda pair: pair[0], "id"),
        Column("value", lambda pair: pair[1].value),
    )
    parameters = list(judged.policy.parameters.items())
    tables.append(table_view(Section("parameters", "Numbers of the policy", numbers, parameters)))
    return SectionView(
        "manifest",
        "What this report rests on",
        lead=("The same workspace, policy and options give the same report, byte by byte.",),
        tables=tuple(tables),
    )

"""The scan: every rule on an engine, its rows grouped into findings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from graphchannel.engines import DuckDBEngine
from graphchannel.engines.parameters import AS_OF, policy_parameters
from graphchannel.errors import CypherError, RuleError
from graphchannel.findings import collect
from graphchannel.findings.baseline import check_filters, compare_with_baseline
from graphchannel.findings.carrying import Carrying
from graphchannel.findings.evaluation import Attempt, Evaluation
from graphchannel.findings.judged_by import judgement_of
from graphchannel.findings.kept_rows import read_kept_rules
from graphchannel.findings.model import RuleOutcome, ScanOptions
from graphchannel.findings.narrowing import check_names, drop_others
from graphchannel.findings.result import ScanResult
from graphchannel.findings.seen import mark_seen
from graphchannel.findings.tables import FINDING, ScanTables
from graphchannel.findings.waivers import apply_waivers, has_caps, waiver_outcomes
from graphchannel.lookup import check_days, implausible_days, last_day
from graphchannel.rules.analyst import Analyst
from graphchannel.rules.cache import rule_cache
from graphchannel.rules.needs import empty_tables
from graphchannel.workspace import COPIED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import duckdb

    from graphchannel.engines import Engine
    from graphchannel.findings.focus import Focus
    from graphchannel.policy import Policy
    from graphchannel.rules.cache import RuleCache
    from graphchannel.rules.catalogue import Catalogue, Rule
    from graphchannel.session import WorkspaceSession
    from graphchannel.workspace import Workspace

__all__ = ["Carry", "scan"]

Carry = Literal["over", "left"]  # from the last scan, too, or to the next alone


def scan(
    workspace: Workspace,
    catalogue: Catalogue,
    options: ScanOptions | None = None,
    *,
    engine: Engine | None = None,
    known_rules: frozenset[str] | None = None,
    focus: Mapping[str, Focus] | None = None,
    carry: Carry | None = None,
) -> ScanResult:
    """Run the rules of `catalogue` and group what they return.

    The workspace may be read-only; it must be derived for the catalogue's policy. The scan works in
    a session of its own, which the result keeps. A rule that fails does not stop the others.
    `known_rules` are the ids that a waiver may name, by default those of the catalogue. With a
    `focus` of a rule, findings outside it may be missing, and those in it are what they are. With
    `carry`, rows are taken over from the last scan and left to the next (see `carrying`), where the
    embedded engine judges a workspace that changes by loads alone, and nothing is narrowed. Raises
    GraphChannelError if there is no as-of day, InputError if the workspace does not know a name in
    `options`, or its days leave none, ResultGone if the workspace changed meanwhile.
    """
    known = known_rules or frozenset(rule.id for rule in catalogue.rules)
    session = workspace.session()
    with session.working():
        asked = options or ScanOptions()
        return _scanned(
            session, catalogue, asked, engine, known=known, focus=focus or {}, carry=carry
        )


def _scanned(
    session: WorkspaceSession,
    catalogue: Catalogue,
    options: ScanOptions,
    engine: Engine | None,
    *,
    known: frozenset[str],
    focus: Mapping[str, Focus],
    carry: Carry | None,
) -> ScanResult:
    """Scan in a session; `known` are the ids that a waiver may name."""
    connection, tables = session.connection, ScanTables(session.connection)
    as_of = _checked_day(connection, options)
    run = _run(session, catalogue.policy, options, as_of, engine or DuckDBEngine(connection))
    run = replace(run, focus=focus, carrying=_carrying(run, catalogue.policy, options, carry))
    with rule_cache(catalogue.policy) as cache:
        steps = [_prepared(rule, cache) for rule in catalogue.rules]
    collect.start(tables, [step.prepared for step in steps])
    steps = _judged_all(run, steps)
    kept = run.carrying.left(alone=not options.filters) if run.carrying else None
    collect.join_lines(tables, run.scope, catalogue.policy)
    judged = _with_lost([step.outcome for step in steps], collect.lost_rules(tables))
    failed = [n for n, outcome in enumerate(judged) if outcome.status != "evaluated"]
    use = apply_waivers(tables, as_of)
    cents = session.meta(COPIED) is not None
    collect.group(tables, failed, nodes=options.product is None, cents=cents)
    drop_others(tables, partner=options.partner, country=options.country)
    mark_seen(tables, session.revision.load, as_of)
    gone = compare_with_baseline(tables, options, judged, catalogue.policy.tolerance)
    outcomes = _counted(tables, judged)
    return ScanResult(
        session=session,
        as_of=as_of,
        engine=run.engine.name,
        policy=catalogue.policy,
        rules=catalogue.rules,
        outcomes=outcomes,
        waivers=()
        if options.narrowed
        else waiver_outcomes(tables, as_of, use, known=known, evaluated=_evaluated(outcomes)),
        notices=(*catalogue.notices, *implausible_days(connection), *run.notices()),
        baseline=options.baseline,
        gone=gone,
        judged=judgement_of(catalogue.policy, catalogue.rules, outcomes, options),
        options=options,
        empty=run.nothing_judged(steps, options),
        kept=kept,
        carried=run.carrying.done if run.carrying else {},
    )


def _judged_all(run: Evaluation, steps: Sequence[Attempt]) -> list[Attempt]:
    """Run the prepared rules; what was copied or kept for them goes with the last."""
    try:
        return [run.evaluated(number, step) for number, step in enumerate(steps)]
    finally:
        run.analyst.close()


def _checked_day(connection: duckdb.DuckDBPyConnection, options: ScanOptions) -> date:
    """Return the day to judge; refuse names and days that leave nothing."""
    check_names(connection, options)
    as_of = options.as_of or last_day(connection)
    check_days(options.since, options.until, as_of)
    if options.baseline is not None:
        check_filters(options.baseline, options)
    return as_of


def _run(
    session: WorkspaceSession, policy: Policy, options: ScanOptions, as_of: date, engine: Engine
) -> Evaluation:
    """Put together what the rules of a scan have in common."""
    connection = session.connection
    own = engine.on(connection)
    parameters = {AS_OF: as_of} | policy_parameters(policy)
    return Evaluation(
        tables=ScanTables(connection),
        engine=own,
        parameters=parameters,
        analyst=Analyst(connection, own, parameters, policy),
        empty=empty_tables(connection),
        scope=collect.LineScope(options.since, min(as_of, options.until or as_of), options.product),
        # Another engine answers from a copy: its lines are looked up in the workspace. Lines that
        # do not count use a cap up all the same, and only looked up lines have those.
        figures=isinstance(engine, DuckDBEngine)
        and collect.figures_are_exact(connection)
        and not (options.narrowed and has_caps(connection)),
        timeout=options.timeout,
    )


def _carrying(
    run: Evaluation, policy: Policy, options: ScanOptions, carry: Carry | None
) -> Carrying | None:
    """Return what a scan can take over and leave; None where it does neither."""
    last = run.tables.rows("SELECT id, finished_at FROM admin.loads ORDER BY id DESC LIMIT 1")
    if carry is None or options.narrowed or not isinstance(run.engine, DuckDBEngine) or not last:
        return None
    (load, finished_at) = last[0]
    return Carrying(
        run.tables,
        run.engine,
        run.analyst,
        policy,
        run.parameters,
        run.scope,
        run.figures,
        load,
        finished_at,
        read_kept_rules(run.tables.connection) if carry == "over" else {},
    )


def _evaluated(outcomes: Sequence[RuleOutcome]) -> set[str]:
    return {outcome.id for outcome in outcomes if outcome.status == "evaluated"}


def _prepared(rule: Rule, cache: RuleCache) -> Attempt:
    """Compile a rule that is switched on."""
    outcome = RuleOutcome(
        rule.id, rule.header.name, rule.header.section, rule.severity, "evaluated"
    )
    if not rule.enabled:
        return Attempt(replace(outcome, status="off", reason="The policy switches it off."))
    if rule.problem:
        return Attempt(replace(outcome, status="error", reason=rule.problem))
    try:
        return Attempt(outcome, cache.prepare(rule))
    except (CypherError, RuleError) as error:
        return Attempt(replace(outcome, status="error", reason=str(error)))


def _with_lost(outcomes: list[RuleOutcome], lost: Mapping[int, str]) -> list[RuleOutcome]:
    return [
        replace(outcome, status="error", reason=f"{outcome.id}.cypher {lost[number]}.")
        if number in lost
        else outcome
        for number, outcome in enumerate(outcomes)
    ]


def _counted(tables: ScanTables, outcomes: Sequence[RuleOutcome]) -> tuple[RuleOutcome, ...]:
    counts = {
        rule: (findings, waived, lines)
        for rule, findings, waived, lines in tables.rows(
            f"""SELECT rule, count(*), count(*) FILTER (waived), sum(lines)::BIGINT
            FROM {FINDING} GROUP BY rule"""
        )
    }
    return tuple(
        replace(outcome, findings=findings, waived=waived, lines=lines)
        for number, outcome in enumerate(outcomes)
        for findings, waived, lines in [counts.get(number, (0, 0, 0))]
    )

"""The scan: every rule on an engine, its rows grouped into findings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb

from graphchannel.engines import DuckDBEngine
from graphchannel.engines.duckdb import in_time
from graphchannel.engines.parameters import AS_OF, policy_parameters
from graphchannel.errors import CypherError, EngineError, RuleError, ServerLost
from graphchannel.findings import collect
from graphchannel.findings.baseline import check_filters, compare_with_baseline
from graphchannel.findings.focus import focused
from graphchannel.findings.judged_by import judgement_of
from graphchannel.findings.model import RuleOutcome, ScanOptions
from graphchannel.findings.narrowing import check_names, has_counted_lines, narrow
from graphchannel.findings.result import ScanResult
from graphchannel.findings.seen import mark_seen
from graphchannel.findings.tables import FINDING, ScanTables
from graphchannel.findings.waivers import apply_waivers, has_caps, waiver_outcomes
from graphchannel.lookup import check_days, implausible_days, last_day
from graphchannel.rules.analyst import Analyst
from graphchannel.rules.cache import rule_cache
from graphchannel.rules.needs import empty_tables, missing
from graphchannel.text import counted, joined
from graphchannel.workspace import COPIED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from graphchannel.engines import Engine
    from graphchannel.findings.focus import Focus
    from graphchannel.policy import Policy
    from graphchannel.rules.cache import RuleCache
    from graphchannel.rules.catalogue import Catalogue, Rule
    from graphchannel.rules.prepare import PreparedRule
    from graphchannel.session import WorkspaceSession
    from graphchannel.workspace import Workspace

__all__ = ["scan"]


def scan(
    workspace: Workspace,
    catalogue: Catalogue,
    options: ScanOptions | None = None,
    *,
    engine: Engine | None = None,
    known_rules: frozenset[str] | None = None,
    focus: Mapping[str, Focus] | None = None,
) -> ScanResult:
    """Run the rules of `catalogue` and group what they return.

    The workspace may be read-only; it must be derived for the catalogue's policy. The scan works in
    a session of its own, which the result keeps. A rule that fails does not stop the others.
    `known_rules` are the ids that a waiver may name, by default those of the catalogue. With a
    `focus` of a rule, findings outside it may be missing, and those in it are what they are. Raises
    GraphChannelError if there is no as-of day, InputError if the workspace does not know a name in
    `options`, or its days leave none, ResultGone if the workspace changed meanwhile.
    """
    known = known_rules or frozenset(rule.id for rule in catalogue.rules)
    session = workspace.session()
    with session.working():
        asked = options or ScanOptions()
        return _scanned(session, catalogue, asked, engine, known=known, focus=focus or {})


def _scanned(
    session: WorkspaceSession,
    catalogue: Catalogue,
    options: ScanOptions,
    engine: Engine | None,
    *,
    known: frozenset[str],
    focus: Mapping[str, Focus],
) -> ScanResult:
    """Scan in a session; `known` are the ids that a waiver may name."""
    connection = session.connection
    as_of = _checked_day(connection, options)
    tables = ScanTables(connection)
    run = _run(session, catalogue.policy, options, as_of, engine or DuckDBEngine(connection))
    run = replace(run, focus=focus)
    with rule_cache(catalogue.policy) as cache:
        steps = [_prepared(rule, cache) for rule in catalogue.rules]
    collect.start(tables, [step.prepared for step in steps])
    steps = [run.evaluated(number, step) for number, step in enumerate(steps)]
    run.analyst.close()
    collect.join_lines(tables, run.scope, catalogue.policy)
    judged = _with_lost([step.outcome for step in steps], collect.lost_rules(tables))
    use = apply_waivers(tables, as_of)
    failed = [n for n, outcome in enumerate(judged) if outcome.status != "evaluated"]
    cents = session.meta(COPIED) is not None
    collect.group(tables, failed, nodes=options.product is None, cents=cents)
    narrow(tables, partner=options.partner, country=options.country)
    mark_seen(tables, session.revision.load, as_of)
    gone = compare_with_baseline(tables, options, judged, catalogue.policy.tolerance)
    outcomes = _counted(tables, judged)
    evaluated = {outcome.id for outcome in outcomes if outcome.status == "evaluated"}
    return ScanResult(
        session=session,
        as_of=as_of,
        engine=run.engine.name,
        policy=catalogue.policy,
        rules=catalogue.rules,
        outcomes=outcomes,
        waivers=()
        if options.narrowed
        else waiver_outcomes(tables, as_of, use, known=known, evaluated=evaluated),
        notices=(*catalogue.notices, *implausible_days(connection), *run.notices()),
        baseline=options.baseline,
        gone=gone,
        judged=judgement_of(catalogue.policy, catalogue.rules, outcomes, options),
        options=options,
        empty=run.nothing_judged(steps, options),
    )


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
) -> _Evaluation:
    """Put together what the rules of a scan have in common."""
    connection = session.connection
    own = engine.on(connection)
    parameters = {AS_OF: as_of} | policy_parameters(policy)
    return _Evaluation(
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


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A rule and what becomes of it: `prepared` is None where it is not compiled."""

    outcome: RuleOutcome
    prepared: PreparedRule | None = None


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """What all rules of one scan have in common.

    `figures` tells whether a rule may return its lines' figures itself.
    """

    tables: ScanTables
    engine: Engine
    parameters: Mapping[str, object]
    analyst: Analyst
    empty: frozenset[str]
    scope: collect.LineScope
    figures: bool
    timeout: float | None
    focus: Mapping[str, Focus] = field(default_factory=dict)

    def evaluated(self, number: int, step: _Attempt) -> _Attempt:
        """Run a prepared rule; what stands in its way becomes its status."""
        rule, outcome = step.prepared, step.outcome
        if rule is None:
            return step
        if reason := self.not_evaluable(rule):
            return replace(step, outcome=replace(outcome, status="not_evaluated", reason=reason))
        try:
            return self._in_time(rule, lambda: self._judged(number, step, rule))
        except ServerLost:
            raise  # each further rule would wait for it in vain
        except (EngineError, RuleError, duckdb.Error) as error:
            return replace(step, outcome=replace(outcome, status="error", reason=str(error)))

    def _in_time(self, rule: PreparedRule, judge: Callable[[], _Attempt]) -> _Attempt:
        if self.timeout is None:
            return judge()
        return in_time(self.tables.connection, self.timeout, f"{rule.rule.id}.cypher", judge)

    def _judged(self, number: int, step: _Attempt, rule: PreparedRule) -> _Attempt:
        """Keep what a rule returns, unless there is nothing that it could judge."""
        outcome, focus = step.outcome, self.focus.get(rule.rule.id)
        population = self.population(rule)
        if population == 0:
            reason = f"The graph holds nothing for it to judge: {rule.rule.header.population}."
            outcome = replace(outcome, status="not_evaluated", reason=reason)
            return replace(step, outcome=replace(outcome, population=0))
        if rule.figures and self.figures:
            source = self.engine.source(rule.figures, self.parameters)
            rows = focused(rule, source, focus)
            collect.add_lines(self.tables, number, rule, rows, self.scope)
        else:
            rows = self.analyst.offending(rule, focus.values if focus else None)
            collect.add_rows(self.tables, number, rule, focused(rule, rows, focus))
        return replace(step, outcome=replace(outcome, population=population))

    def notices(self) -> tuple[str, ...]:
        """Say that there is nothing to count, which would otherwise look like compliance."""
        if collect.has_lines(self.tables.connection, self.scope):
            return ()
        days = f"up to {self.scope.until}"
        if self.scope.since is not None:
            days = f"from {self.scope.since} to {self.scope.until}"
        goods = f" of product {self.scope.product}" if self.scope.product else ""
        return (f"No line{goods} lies {days}: the rules over lines had nothing to count.",)

    def nothing_judged(self, steps: Sequence[_Attempt], options: ScanOptions) -> str | None:
        """Say why the scan judged nothing, None where it did: no finding is then no compliance."""
        judged = [step for step in steps if step.outcome.status == "evaluated"]
        if not judged:
            return f"None of {counted(len(steps), 'rule')} could be evaluated."
        over_nodes = any(step.prepared and step.prepared.kind == "node" for step in judged)
        if (over_nodes and options.product is None) or has_counted_lines(
            self.tables.connection, self.scope, options
        ):
            return None
        return "No line is left that the rules could count."

    def not_evaluable(self, rule: PreparedRule) -> str | None:
        """Return the sentence why a rule has no ground to stand on, if so."""
        unset = sorted(name for name in rule.uses if self.parameters.get(name) is None)
        optional = rule.rule.header.optional
        if needed := [name for name in unset if name not in optional]:
            return f"The policy sets no {joined(needed)}."
        if optional and all(name in unset for name in optional):
            return f"The policy sets no {joined(optional, 'or')}."
        if tables := missing(rule.needs, self.empty - set(rule.rule.header.without)):
            return f"Nothing is loaded into {joined(tables)}."
        return None

    def population(self, rule: PreparedRule) -> int | None:
        """Count what the rule looks at, if it says what that is."""
        if rule.population is None:
            return None
        source = self.engine.source(rule.population, self.parameters)
        rows = self.tables.rows(
            f"SELECT population FROM {source.relation} AS counted", dict(source.parameters)
        )
        return int(rows[0][0]) if rows else 0


def _prepared(rule: Rule, cache: RuleCache) -> _Attempt:
    """Compile a rule that is switched on."""
    outcome = RuleOutcome(
        rule.id, rule.header.name, rule.header.section, rule.severity, "evaluated"
    )
    if not rule.enabled:
        return _Attempt(replace(outcome, status="off", reason="The policy switches it off."))
    if rule.problem:
        return _Attempt(replace(outcome, status="error", reason=rule.problem))
    try:
        return _Attempt(outcome, cache.prepare(rule))
    except (CypherError, RuleError) as error:
        return _Attempt(replace(outcome, status="error", reason=str(error)))


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

"""One rule of a scan after the other: run, or what stands in its way told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb

from graphchannel.engines.duckdb import in_time
from graphchannel.errors import EngineError, RuleError, ServerLost
from graphchannel.findings import collect
from graphchannel.findings.focus import focused
from graphchannel.findings.narrowing import has_counted_lines
from graphchannel.rules.needs import missing
from graphchannel.text import counted, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphchannel.engines import Engine
    from graphchannel.findings.carrying import Carrying
    from graphchannel.findings.focus import Focus
    from graphchannel.findings.model import RuleOutcome, ScanOptions
    from graphchannel.findings.tables import ScanTables
    from graphchannel.rules.analyst import Analyst
    from graphchannel.rules.prepare import PreparedRule

__all__ = ["Attempt", "Evaluation"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A rule and what becomes of it: `prepared` is None where it is not compiled."""

    outcome: RuleOutcome
    prepared: PreparedRule | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What all rules of one scan have in common.

    `figures` tells whether a rule may return its lines' figures itself; `carrying` holds what the
    rules of the last scan returned, None where nothing is carried over.
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
    carrying: Carrying | None = None
    _populations: dict[str, int] = field(default_factory=dict)

    def evaluated(self, number: int, step: Attempt) -> Attempt:
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

    def _in_time(self, rule: PreparedRule, judge: Callable[[], Attempt]) -> Attempt:
        if self.timeout is None:
            return judge()
        return in_time(self.tables.connection, self.timeout, f"{rule.rule.id}.cypher", judge)

    def _judged(self, number: int, step: Attempt, rule: PreparedRule) -> Attempt:
        """Keep what a rule returns, unless there is nothing that it could judge."""
        outcome = step.outcome
        population = self.population(rule)
        if population == 0:
            reason = f"The graph holds nothing for it to judge: {rule.rule.header.population}."
            outcome = replace(outcome, status="not_evaluated", reason=reason)
            return replace(step, outcome=replace(outcome, population=0))
        if self.carrying is None or not self.carrying.fill(number, rule):
            self._run(number, rule)
        if self.carrying is not None:
            self.carrying.evaluated(rule, population)
        return replace(step, outcome=replace(outcome, population=population))

    def _run(self, number: int, rule: PreparedRule) -> None:
        """Put all rows that a rule returns into the tables."""
        focus = self.focus.get(rule.rule.id)
        if rule.figures and self.figures:
            source = self.engine.source(rule.figures, self.parameters)
            rows = focused(rule, source, focus)
            collect.add_lines(self.tables, number, rule, rows, self.scope)
        else:
            rows = self.analyst.offending(rule, focus.values if focus else None)
            collect.add_rows(self.tables, number, rule, focused(rule, rows, focus))

    def notices(self) -> tuple[str, ...]:
        """Say that there is nothing to count, which would otherwise look like compliance."""
        if collect.has_lines(self.tables.connection, self.scope):
            return ()
        days = f"up to {self.scope.until}"
        if self.scope.since is not None:
            days = f"from {self.scope.since} to {self.scope.until}"
        goods = f" of product {self.scope.product}" if self.scope.product else ""
        return (f"No line{goods} lies {days}: the rules over lines had nothing to count.",)

    def nothing_judged(self, steps: Sequence[Attempt], options: ScanOptions) -> str | None:
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
        counting = rule.population
        if counting is None:
            return None
        if self.carrying is not None:
            known = self.carrying.population(rule, counting)
            if known is not None:
                return known
        text = counting.text
        if text not in self._populations:  # many rules look at the same
            source = self.engine.source(counting, self.parameters)
            ((count,),) = self.tables.rows(
                f"SELECT population FROM {source.relation} AS counted", dict(source.parameters)
            )
            self._populations[text] = int(count)
        return self._populations[text]

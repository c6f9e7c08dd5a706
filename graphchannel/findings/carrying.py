"""Rows of rules carried over from the last scan, where nothing that they hang on has changed.

A rule hangs on its text, on what it reads of policy, parameters and as-of day, on the program, and
on the rows of the tables that its query reads. Where all that is the same, its rows are. Where only
lines changed, and its query reaches no farther than groups of them (see `rules.reach`), it is run
on the groups with a changed line, and the rows of all others stay. In every other case it runs
whole.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graphchannel.engines import SelectableRows
from graphchannel.engines.parameters import AS_OF
from graphchannel.findings import collect
from graphchannel.findings.changed_lines import changed_since
from graphchannel.findings.kept_rows import (
    ROWS,
    KeptRule,
    KeptScan,
    put_back,
    rows_of,
)
from graphchannel.findings.tables import LINE, OF_KIND, RULE
from graphchannel.policy import policy_text
from graphchannel.rules.reads import LINES, POLICY, UNTRACED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from graphchannel.engines import Engine, Query
    from graphchannel.findings.changed_lines import ChangedLines, Near
    from graphchannel.findings.collect import LineScope
    from graphchannel.findings.tables import ScanTables
    from graphchannel.policy import Policy
    from graphchannel.rules.analyst import Analyst
    from graphchannel.rules.prepare import PreparedRule

__all__ = ["Carrying"]

_FEW = 20_000  # rows that are kept in any case; beyond that, one for each so many lines
_LINES_FOR_ROW = 20
_OF_LINES = re.compile(r"""'(?:[^']|'')*'|"graph"\."(supplied|handed_over)\"""")


@dataclass(slots=True)
class Carrying:
    """What the rules of one scan can take over, and what they leave to the next.

    `known` are the rules whose rows are kept, `done` those that took them over: with all rows, or
    but for those near changed lines.
    """

    tables: ScanTables
    engine: Engine
    analyst: Analyst
    policy: Policy
    parameters: Mapping[str, object]
    scope: LineScope
    figures: bool
    load: int
    finished_at: datetime
    known: Mapping[str, KeptRule]
    done: dict[str, str] = field(default_factory=dict)
    _left: dict[str, KeptRule] = field(default_factory=dict)
    _changes: dict[tuple[object, ...], ChangedLines | None] = field(default_factory=dict)

    def population(self, rule: PreparedRule, counting: Query) -> int | None:
        """Return the population as the last scan counted it, None where it may be another."""
        known = self._known(rule)
        if known is None or known.counted != self._counted(counting):
            return None
        changes = self._changed(known)
        same = changes is not None and not rule.counts & (changes.tables | {UNTRACED})
        return known.population if same else None

    def fill(self, number: int, rule: PreparedRule) -> bool:
        """Fill the tables with a rule's rows, if they can be told from those that are kept."""
        known = self._known(rule)
        if known is None or known.key != self._key(rule) or UNTRACED in rule.reads:
            return False
        changes = self._changed(known)
        if changes is None:
            return False
        changed = rule.reads & changes.tables
        days = known.until != self.scope.until and self._hangs_on_days(rule)
        if not changed and not days:
            put_back(self.tables, self._table(rule), number, known.rule)
            self._leave(rule, known.rows)
            self.done[known.rule] = "whole"
            return True
        if changed - LINES or rule.reach is None or not changes.few:
            return False
        near = changes.near(rule.reach)
        if near is None:
            return False
        self._judge_near(number, rule, near)
        self._leave(rule, secrets.token_hex(8))
        self.done[known.rule] = "changed lines"
        return True

    def evaluated(self, rule: PreparedRule, population: int | None) -> None:
        """Note that a rule was run, or its rows were taken over, with the population."""
        if rule.rule.id not in self._left:
            self._leave(rule, secrets.token_hex(8))
        if rule.population is not None:
            left = self._left[rule.rule.id]
            counted = self._counted(rule.population)
            self._left[rule.rule.id] = replace(left, counted=counted, population=population)

    def left(self, *, alone: bool) -> KeptScan:
        """Return what is kept for the next scan, of the rows that the tables hold now.

        Rows are kept while they are few beside the lines. `alone` tells that all rules were asked.
        """
        counts: dict[str, int] = dict.fromkeys(self._left, 0)
        union = " UNION ALL ".join(f"SELECT rule FROM {table}" for table in ROWS)
        counts |= dict(
            self.tables.rows(
                f"""SELECT r.id, count(*) FROM ({union}) AS t
                    JOIN {RULE} AS r ON r.number = t.rule GROUP BY r.id"""
            )
        )
        ((lines,),) = self.tables.rows("SELECT count(*) FROM main.shipments")
        room = max(_FEW, lines // _LINES_FOR_ROW)
        kept = []
        for rule in sorted(self._left, key=lambda rule: (counts[rule], rule)):
            room -= counts[rule]
            if room >= 0:
                kept.append(self._left[rule])
        anew = frozenset(one.rule for one in kept if self.done.get(one.rule) != "whole")
        gone = frozenset(self._left) - {one.rule for one in kept}
        return KeptScan(tuple(kept), anew, gone, alone, rows_of(self.tables, anew))

    def _known(self, rule: PreparedRule) -> KeptRule | None:
        return self.known.get(rule.rule.id)

    def _changed(self, known: KeptRule) -> ChangedLines | None:
        since = (known.load, known.until)
        if since not in self._changes:
            self._changes[since] = changed_since(
                self.tables.connection,
                known.load,
                (known.until, self.scope.until),
                len(self._changes),
            )
        return self._changes[since]

    def _judge_near(self, number: int, rule: PreparedRule, near: Near) -> None:
        """Run a rule on the groups with a changed line, and take the rows of all others over."""
        figures = self._with_figures(rule)
        source = self.engine.source(figures or rule.query, self.parameters)
        names = {"supplied": near.supplied, "handed_over": near.handed_over}
        relation = _OF_LINES.sub(
            lambda found: names[found[1]] if found[1] else found[0], source.relation
        )
        rows = SelectableRows(relation, source.parameters)
        if rule.rule.header.analysis is not None:
            rows = self.analyst.analysed(rule, rows)
        rows = SelectableRows(
            f"(SELECT * FROM {rows.relation} AS found WHERE {near.fresh})", rows.parameters
        )
        if figures:
            collect.add_lines(self.tables, number, rule, rows, self.scope)
        else:
            collect.add_rows(self.tables, number, rule, rows)
        put_back(self.tables, self._table(rule), number, rule.rule.id, f"NOT ({near.stale})")

    def _with_figures(self, rule: PreparedRule) -> Query | None:
        return rule.figures if self.figures else None

    def _table(self, rule: PreparedRule) -> str:
        return LINE if self._with_figures(rule) else OF_KIND[rule.kind]

    def _hangs_on_days(self, rule: PreparedRule) -> bool:
        """Tell whether rows can be others for another last day, although the key is the same."""
        return self._with_figures(rule) is not None or AS_OF in rule.query.compiled.parameters

    def _leave(self, rule: PreparedRule, rows: str) -> None:
        self._left[rule.rule.id] = KeptRule(
            rule.rule.id, self._key(rule), rows, self.load, self.finished_at, self.scope.until
        )

    def _key(self, rule: PreparedRule) -> str:
        """Hash all that the rows of a rule hang on and that is no row of the workspace."""
        query = rule.query.compiled
        days_only = rule.reach is not None and rule.reach.days_only
        analysis = rule.rule.header.analysis
        names = set(query.parameters)
        if days_only and analysis is None:
            names.discard(AS_OF)
        judged_by: list[object] = [rule.rule.id, rule.rule.text, self._table(rule), query.sql]
        judged_by += [(name, self.parameters[name]) for name in sorted(names)]
        if analysis is not None:  # which sees the policy
            judged_by += [policy_text(self.policy), self.parameters[AS_OF]]
        if POLICY in rule.reads:
            judged_by.append(self.policy.fingerprint)
        return hashlib.sha256(repr(judged_by).encode()).hexdigest()

    def _counted(self, counting: Query) -> str:
        """Hash what a population hangs on and that is no row of the workspace."""
        compiled = counting.compiled
        values = [(name, self.parameters[name]) for name in sorted(compiled.parameters)]
        counted = [compiled.sql, values, self.policy.fingerprint]
        return hashlib.sha256(repr(counted).encode()).hexdigest()

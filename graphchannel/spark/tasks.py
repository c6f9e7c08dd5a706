"""Work that Spark hands to tasks as Arrow, and what is told where it fails."""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from graphchannel.errors import EngineError
from graphchannel.spark.connection import first_line, spark_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa
    from pyspark.sql import SparkSession

__all__ = ["mapped", "numbered_tasks", "spark_schema", "telling"]

_RAISED = re.compile(r"(?!org\.|java\.|py4j\.)[A-Za-z_][\w.]*(Error|Exception)\b")
_LOST = re.compile(r"Lost task .* executor [^)]*\): (.*)")


def numbered_tasks(
    session: SparkSession,
    count: int,
    work: Callable[..., Iterator[pa.RecordBatch]],
    schema: pa.Schema,
) -> Any:
    """Return the rows of as many tasks, each of which is told its number."""
    return mapped(session.range(0, count, 1, count), work, schema)


def mapped(rows: Any, work: Callable[..., Iterator[pa.RecordBatch]], schema: pa.Schema) -> Any:
    """Return what work makes of the rows of each part, as Arrow of a schema."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of data frames, which stay unused
        return rows.mapInArrow(work, spark_schema(schema))


def spark_schema(schema: pa.Schema) -> Any:
    """Return an Arrow schema as Spark has it."""
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - an extra

    return from_arrow_schema(schema)


@contextmanager
def telling(step: str) -> Iterator[None]:
    """Turn what Spark raises into EngineError, with what went wrong in a task."""
    try:
        yield
    except spark_errors() as error:
        raise EngineError(f"Spark failed when {step}: {_why(error)}") from error


def _why(error: Exception) -> str:
    """Return the last that Python wrote in a task, else how the task was lost."""
    text = str(error)
    raised = [line for line in text.splitlines() if _RAISED.match(line)]
    return (raised[-1:] or _LOST.findall(text)[:1] or [first_line(error)])[0][:300]

"""A session of Spark: one of one's own, one on a cluster, or one of a Spark Connect server."""

from __future__ import annotations

import logging
import os
import re
import socket
import sys
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from graphchannel.errors import EngineError
from graphchannel.spark.java import check_java

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

__all__ = ["first_line", "open_session", "spark_errors"]

_CAUSE = "Caused by: "

# What a text in SQL means, whatever those who run Spark have chosen. Substitution would put
# settings and the environment in place of `${...}`, also within a text.
_SQL = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.ansi.enforceReservedKeywords": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.parser.quotedRegexColumnNames": "false",
    "spark.sql.variable.substitute": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
}
_MASTER = re.compile(r"local(\[(\*|\d+)(,\d+)?\])?|local-cluster\[.+\]|yarn|(spark|k8s)://.+")
_ADDRESS = re.compile(r"(?:spark|sc)://([^/;]+)")
_PORTS = {"spark": 7077, "sc": 15002}  # where none is named
_PATIENCE = 10  # seconds for somebody to answer: Spark itself tries for minutes
_LOGGING = Path(__file__).with_name("log4j2.properties")
_OWN = {
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}",
    "spark.ui.showConsoleProgress": "false",
}
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
}


@contextmanager
def open_session(engine: str) -> Iterator[SparkSession]:
    """Open a session with views of its own; Spark is started where none runs in this process.

    What was started is stopped in the end.

    `spark:` comes before a master, such as `spark:local[*]` or `spark:yarn`; `spark://host:7077`
    is a standalone master, and `sc://host` a Spark Connect server. Raises EngineError.
    """
    session_class = _imported()
    active = session_class.getActiveSession()
    if active is not None:
        own = active.newSession()
        for name, value in _SQL.items():
            own.conf.set(name, value)
        yield own
        return
    session = _started(engine, session_class)
    try:
        yield session
    finally:
        with suppress(*spark_errors()):  # one that is lost has stopped
            session.stop()


def _imported() -> type[SparkSession]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of its data frames, which stay unused
            from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineError(
            "Spark needs its Python package: pip install 'graphchannel[spark]' brings it."
        ) from error
    return SparkSession


def _started(engine: str, session_class: type[SparkSession]) -> SparkSession:
    _check_name(engine)
    builder: Any = session_class.builder.appName("graphchannel")
    _check_answers(engine)
    if engine.startswith("sc://"):
        builder = builder.remote(engine)
    else:
        check_java()
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        if _master(engine).startswith("local"):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.master(_master(engine))
    for name, value in _settings(engine):
        builder = builder.config(name, value)
    logging.getLogger().addFilter(_is_told)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            session: SparkSession = builder.getOrCreate()
    except ImportError as error:
        raise EngineError(
            "Spark Connect needs further Python packages: pip install "
            "'graphchannel[spark-connect]' brings them."
        ) from error
    except Exception as error:  # what Java and gRPC raise here has no common class
        raise EngineError(
            f"{engine}: Spark cannot be started or reached: {first_line(error)}"
        ) from error
    return session


def _is_told(record: logging.LogRecord) -> bool:
    """Leave out what Py4J logs of a lost connection, with a traceback: it raises that, too."""
    return record.module not in ("java_gateway", "clientserver")


def _check_answers(engine: str) -> None:
    """Raise EngineError where an address is named and nobody listens there."""
    named = _ADDRESS.match(engine)
    if named is None:
        return
    usual, refusals = _PORTS[engine.partition(":")[0]], []
    for address in named[1].split(","):  # of a master and those that stand by
        place = urlsplit(f"//{address}")
        try:
            socket.create_connection((place.hostname, place.port or usual), _PATIENCE).close()
        except (OSError, ValueError) as error:  # the latter of a port that is none
            refusals.append(f"{address}: {getattr(error, 'strerror', None) or error}")
        else:
            return
    raise EngineError(f"{engine}: nobody answers there ({'; '.join(refusals)}).")


def _check_name(engine: str) -> None:
    if not engine.startswith("sc://") and not _MASTER.fullmatch(_master(engine)):
        raise EngineError(
            f"'{engine}' names no Spark; expected one such as spark:local[*], spark:yarn, "
            "spark://host:7077 or sc://host."
        )


def _master(engine: str) -> str:
    return engine if engine.startswith("spark://") else engine.removeprefix("spark:")


def _settings(engine: str) -> Iterator[tuple[str, str]]:
    yield from _SQL.items()
    if not engine.startswith("sc://"):
        yield from _OWN.items()
        if _master(engine).startswith("local"):
            yield from _LOCAL.items()


def first_line(error: Exception) -> str:
    """Return the first line of what Java or gRPC said, or the last cause that a page names."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line.removeprefix(_CAUSE) for line in lines if line.startswith(_CAUSE)]
    return [*causes[-1:], *lines, type(error).__name__][0][:300]


def spark_errors() -> tuple[type[Exception], ...]:
    """Return what Spark raises; the last two where its planner fails, or a process is lost."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 - with it
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    return PySparkException, Py4JError, ConnectionError

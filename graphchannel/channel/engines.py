"""Which engine answers: the embedded one, a Neo4j server with the published graph, or Spark."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from graphchannel.engines import Engine
    from graphchannel.neo4j.link import Link
    from graphchannel.workspace import Workspace

__all__ = ["EngineChoice"]

_EMBEDDED = ("", "duckdb")
_SPARK = ("spark:", "sc://")


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Where queries run: on the embedded engine, on the Neo4j server at `uri`, or on Spark.

    `uri` means Spark where it begins with `spark:` or `sc://`; its `lake` is by default beside the
    workspace. Without a password that of a server started here is taken, else what `ask` returns
    when it is called with a sentence to show.
    """

    uri: str | None = field(default=None, repr=False)  # somebody may put a password into it
    user: str = "neo4j"
    password: str | None = field(default=None, repr=False)
    database: str | None = None
    ask: Callable[[str], str | None] | None = field(default=None, repr=False, compare=False)
    lake: Path | None = None

    @property
    def is_server(self) -> bool:
        """Whether this is a Neo4j server, whose graph can stand in for a workspace."""
        return self.uri is not None and not self.is_spark

    @property
    def is_spark(self) -> bool:
        """Whether this is Spark."""
        return self.uri is not None and self.uri.startswith(_SPARK)

    @classmethod
    def named(cls, engine: EngineChoice | str | None) -> EngineChoice:
        """Return the choice that a name stands for: None and `duckdb` are the embedded engine.

        A URI takes user, password and database from NEO4J_USERNAME, NEO4J_PASSWORD and
        NEO4J_DATABASE.
        """
        if isinstance(engine, EngineChoice):
            return engine
        if engine is None or engine in _EMBEDDED:
            return cls()
        return cls(
            engine,
            os.environ.get("NEO4J_USERNAME", "neo4j"),
            os.environ.get("NEO4J_PASSWORD"),
            os.environ.get("NEO4J_DATABASE"),
        )

    def connect(self) -> Link:
        """Log in to the server. Raises EngineError, ServerLost if it cannot be reached."""
        from graphchannel.neo4j import link as neo4j_link  # noqa: PLC0415 - an extra

        if self.uri is None or self.is_spark:
            engine = "Spark" if self.is_spark else "The embedded engine"
            raise EngineError(f"{engine} is no Neo4j server; name a neo4j:// URI.")
        # The driver warns of each transaction that it runs again, which is its ordinary work.
        logging.getLogger("neo4j").setLevel(logging.ERROR)
        neo4j_link.check_address(self.uri)
        known = self.password or neo4j_link.known_password(self.uri)
        if known is None and self.ask is not None:
            known = self.ask(f"Password of {self.user} at {self.uri}")
        if known is None:
            raise EngineError(
                f"{self.uri}: the password of user '{self.user}' is missing; set NEO4J_PASSWORD."
            )
        return neo4j_link.connect(neo4j_link.Login(self.uri, self.user, known, self.database))

    @contextmanager
    def opened(
        self,
        workspace: Workspace,
        timeout: float | None = None,
        max_rows: int | None = None,
        *,
        checked: bool = True,
    ) -> Iterator[Engine]:
        """Open the engine for a workspace; a published graph must be in step with it if `checked`.

        `timeout` in seconds and `max_rows` bound each query; None means no limit. Raises
        EngineError where the graph or lake is another workspace's, or behind this one.
        """
        if self.is_spark:
            with self._spark(workspace, timeout, max_rows) as engine:
                yield engine
            return
        if self.uri is None:
            from graphchannel.engines import DuckDBEngine  # noqa: PLC0415 - imports duckdb

            yield DuckDBEngine(workspace.connection, timeout=timeout, max_rows=max_rows)
            return
        from graphchannel.neo4j import published_state  # noqa: PLC0415 - an extra
        from graphchannel.neo4j.engine import Neo4jEngine  # noqa: PLC0415 - with it

        with self.connect() as link:
            if checked:
                published_state.check_current(link, workspace)
            yield Neo4jEngine(link, workspace.connection, timeout=timeout, max_rows=max_rows)

    @contextmanager
    def _spark(
        self, workspace: Workspace, timeout: float | None, max_rows: int | None
    ) -> Iterator[Engine]:
        """Open Spark on the lake of a workspace, and stop it in the end."""
        from graphchannel.spark import lake  # noqa: PLC0415 - an extra

        folder = self.lake or lake.default_lake(workspace.path)
        lake.check_current(lake.read_lake(folder), folder, workspace)
        from graphchannel.spark.connection import open_session  # noqa: PLC0415 - starts Java
        from graphchannel.spark.engine import SparkEngine  # noqa: PLC0415 - with it

        with open_session(self.uri or "") as session:
            yield SparkEngine(session, folder, workspace.connection, timeout, max_rows)

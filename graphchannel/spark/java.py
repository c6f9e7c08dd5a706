"""The Java that a Spark of one's own runs on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache

from graphchannel.errors import EngineError

__all__ = ["check_java"]

_LEAST = 17
_MODULE = "jdk.incubator.vector"  # Spark asks for it; runtimes that were cut down lack it
_HELP = (
    "Install a full Java 17 or 21, such as the package openjdk-17-jre-headless, and name its "
    "folder in JAVA_HOME."
)


def check_java() -> None:
    """Raise EngineError unless the Java that Spark would start is one it runs on."""
    home = os.environ.get("JAVA_HOME")
    program = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if program is None:
        where = f"JAVA_HOME ({home}) has none" if home else "none is on the path"
        raise EngineError(f"Spark runs on Java, and {where}. {_HELP}")
    version, modules = _about(program)
    if version is None or version < _LEAST:
        told = "does not tell its version" if version is None else f"is Java {version}"
        raise EngineError(f"Spark runs on Java 17 or 21, and {program} {told}. {_HELP}")
    if _MODULE not in modules:
        raise EngineError(f"{program} lacks the module {_MODULE}, which Spark needs. {_HELP}")


@cache
def _about(program: str) -> tuple[int | None, frozenset[str]]:
    """Return the major version of a Java, and the names of its modules."""
    version, modules = _answer(program, "-version"), _answer(program, "--list-modules")
    found = re.search(r'version "(?:1\.)?(\d+)', version)
    names = frozenset(line.split("@")[0].strip() for line in modules.splitlines())
    return int(found[1]) if found else None, names


def _answer(program: str, option: str) -> str:
    try:
        run = subprocess.run(  # noqa: S603 - the Java that Spark will start
            [program, option], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout + run.stderr

"""Write the list of each Neo4j release's jars, with their SHA-256, for `graphchannel.neo4j.jars`.

Needs a connection: the artifacts are resolved from their published descriptions, and fetched.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jgo.maven import MavenContext
from jgo.parse import Coordinate

from graphchannel.files import sha256_of
from graphchannel.neo4j import jars

if TYPE_CHECKING:
    from graphchannel.neo4j.jars import Release

_SERVER = ("org.neo4j.app:neo4j-server", "org.neo4j:neo4j", "org.neo4j:neo4j-import-tool")
_BROWSER = "org.neo4j.client:neo4j-browser:5.24.0"


def listed(release: Release) -> str:
    """Return the list of a release: a line `group:artifact:version:classifier sha256` each."""
    context = MavenContext(timeout=60)
    coordinates = [*(f"{artifact}:{release.version}" for artifact in _SERVER), _BROWSER]
    roots = [
        context.create_dependency(replace(Coordinate.parse(item), scope="compile"))
        for item in coordinates
    ]
    named, needed = context.resolver.resolve(roots)
    kept = [one for one in needed if one.scope in {"compile", "runtime"}]
    artifacts = [one.artifact for one in (*named, *kept)]
    return "".join(_line(one) for one in artifacts if one.packaging == "jar")


def _line(artifact: Any) -> str:
    name = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}:{artifact.classifier}"
    return f"{name} {sha256_of(Path(artifact.resolve()))}\n"


if __name__ == "__main__":
    folder = Path(jars.__file__).with_name(jars.LISTS)
    folder.mkdir(exist_ok=True)
    for one in jars.RELEASES:
        (folder / f"{one.version}.txt").write_text(listed(one), "utf-8")

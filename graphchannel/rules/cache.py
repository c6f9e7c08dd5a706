"""Prepared rules kept between runs: compiling all of them takes longer than a small scan.

One file in the user's own cache folder. A rule is found there by its text and the types of the
policy's parameters; the file's name holds a hash of the compiler's sources, so that another version
never reads it. Without such a folder, or with a damaged file, rules are compiled as ever.
"""

from __future__ import annotations

import functools
import hashlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel import resources
from graphchannel.compiler import Compiled, ResultColumn
from graphchannel.compiler import types as cypher_types
from graphchannel.engines import Query
from graphchannel.kept import cache_folder, read_kept, write_kept
from graphchannel.rules.prepare import PreparedRule, prepare
from graphchannel.rules.reach import LineReach
from graphchannel.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Rule

__all__ = ["RuleCache", "hash_of_sources", "rule_cache"]

_SOURCES = ("compiler", "schema", "rules", "analysis", "engines/base.py")
_CLASSES = (PreparedRule, LineReach, Query, Compiled, ResultColumn, *cypher_types.CLASSES, Kind)
_LIBRARIES = ("lark", "sqlglot")
_VERSIONS = 5  # files of as many versions are kept
_MOST = 500  # rules that the file keeps; those of the run that writes it stay


@dataclass(slots=True)
class RuleCache:
    """Prepares rules, from what an earlier run left where it can."""

    policy: Policy
    kept: dict[str, PreparedRule]
    used: dict[str, PreparedRule] = field(default_factory=dict)
    compiled: int = 0

    def prepare(self, rule: Rule) -> PreparedRule:
        """Return the rule made ready to run; raises what `prepare` raises, which is not kept."""
        key = _key(rule, self.policy)
        found = self.kept.get(key)
        if found is None:
            self.compiled += 1
            found = prepare(rule, self.policy)
        self.used[key] = found
        return replace(found, rule=rule)


@contextmanager
def rule_cache(policy: Policy) -> Iterator[RuleCache]:
    """Open the cache; write it at the end of the block if a rule was compiled there."""
    file = _file()
    cache = RuleCache(policy, _read(file) if file else {})
    yield cache
    if file and cache.compiled:
        others = {key: rule for key, rule in cache.kept.items() if key not in cache.used}
        room = max(_MOST - len(cache.used), 0)
        kept = dict(list(others.items())[-room:] if room else []) | cache.used
        with suppress(OSError):
            _write(file, {key: _plain(rule) for key, rule in kept.items()})


def _key(rule: Rule, policy: Policy) -> str:
    types = sorted((parameter.name, parameter.type) for parameter in policy.parameters.values())
    content = repr((rule.id, rule.text, types))
    return hashlib.sha256(content.encode()).hexdigest()


def _file() -> Path | None:
    folder = cache_folder()
    return folder / f"rules-{_version()}.json" if folder else None


def _version() -> str:
    """Hash all that decides what a rule compiles to."""
    libraries = "".join(f"{library} {metadata.version(library)};" for library in _LIBRARIES)
    return hashlib.sha256(f"{libraries}{hash_of_sources(_SOURCES)}".encode()).hexdigest()[:16]


@functools.cache
def hash_of_sources(sources: tuple[str, ...]) -> str:
    """Hash the code in some folders and files of the package."""
    package = Path(resources.__file__).parent
    digest = hashlib.sha256()
    for source in sources:
        path = package / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in (".py", ".lark"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _read(file: Path) -> dict[str, PreparedRule]:
    content = read_kept(file, _CLASSES)
    rules = content.items() if isinstance(content, dict) else ()
    return {key: rule for key, rule in rules if isinstance(rule, PreparedRule)}


def _write(file: Path, content: dict[str, PreparedRule]) -> None:
    """Replace the file in one step; keep those of a few other versions, which others may use."""
    write_kept(file, content)
    for old in sorted(file.parent.glob("rules-*"), key=_written)[:-_VERSIONS]:
        old.unlink(missing_ok=True)


def _written(file: Path) -> float:
    return file.stat().st_mtime


def _plain(prepared: PreparedRule) -> PreparedRule:
    """Return the rule with mappings that can be written; its file is the caller's."""
    figures, population = prepared.figures, prepared.population
    return replace(
        prepared,
        rule=None,  # type: ignore[arg-type]  # the caller's takes its place when it is read
        query=_plain_query(prepared.query),
        figures=_plain_query(figures) if figures else None,
        population=_plain_query(population) if population else None,
    )


def _plain_query(query: Query) -> Query:
    compiled = replace(query.compiled, parameters=dict(query.compiled.parameters))
    return replace(query, compiled=compiled)

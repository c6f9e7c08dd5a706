"""Everything that graphchannel raises on purpose.

::

    GraphChannelError
    ├── InputError            a source file or row source that cannot be read
    ├── LoaderError           a loaders/*.sql file, or the choice between them
    ├── SenderError           a senders/*.toml file, or the choice between them
    ├── WorkspaceError        the DuckDB file: missing, foreign, too old
    │   ├── WorkspaceBusy     another process holds it
    │   └── WorkspaceOutdated its format is that of another version
    ├── PolicyError           policy.toml
    ├── RuleError             a rule file's header or result columns
    ├── CypherError           a query, at a line and column
    │   ├── CypherSyntaxError     not Cypher at all
    │   ├── NotPortable           Cypher, but outside the portable subset
    │   ├── UnknownName           a label, type, property, variable or function nobody declared
    │   └── TypeMismatch          operands whose types Cypher would not compare as written
    ├── ResultGone            a result whose workspace has changed since, or was closed
    └── EngineError           running a query
        ├── QueryTimeout
        ├── ServerLost        a server that cannot be reached, or no longer: nothing else will run
        └── TooManyRows       more rows than the cap; never a silent cut

Messages are whole sentences that say where, what was seen, what was expected, and the nearest fix.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CypherError",
    "CypherSyntaxError",
    "EngineError",
    "GraphChannelError",
    "InputError",
    "LoaderError",
    "NotPortable",
    "PolicyError",
    "QueryTimeout",
    "ResultGone",
    "RuleError",
    "SenderError",
    "ServerLost",
    "TooManyRows",
    "TypeMismatch",
    "UnknownName",
    "WorkspaceBusy",
    "WorkspaceError",
    "WorkspaceOutdated",
    "check_known",
    "did_you_mean",
]


class GraphChannelError(Exception):
    """Base of every error that a user can be told about in one sentence."""


class InputError(GraphChannelError):
    """A source cannot be read as what it claims to be."""


class LoaderError(GraphChannelError):
    """A loader file is wrong, or no single loader fits a source."""


class SenderError(GraphChannelError):
    """A sender file is wrong or not confirmed, or no single sender fits a source."""


class WorkspaceError(GraphChannelError):
    """The workspace file is missing, foreign, or of another version."""


class WorkspaceBusy(WorkspaceError):
    """Another process holds the workspace file."""


class WorkspaceOutdated(WorkspaceError):
    """The workspace file has the format of another version."""


class PolicyError(GraphChannelError):
    """The policy file is wrong."""


class RuleError(GraphChannelError):
    """A rule file's header or result columns are wrong."""


class CypherError(GraphChannelError):
    """A query cannot be compiled; prints as ``name:line:column: message``."""

    def __init__(self, message: str, *, line: int, column: int, name: str = "query") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.name = name

    def __str__(self) -> str:
        return f"{self.name}:{self.line}:{self.column}: {self.message}"


class CypherSyntaxError(CypherError):
    """The text is not Cypher."""


class NotPortable(CypherError):
    """The text is Cypher, but a construct is outside the portable subset."""

    def __init__(
        self, message: str, *, construct: str, line: int, column: int, name: str = "query"
    ) -> None:
        super().__init__(message, line=line, column=column, name=name)
        self.construct = construct


class UnknownName(CypherError):
    """A label, relationship type, property, variable, function or parameter is not known."""


class TypeMismatch(CypherError):
    """Operands have types that Cypher would answer in a way nobody means."""


class ResultGone(GraphChannelError):
    """A result cannot be read any more: it would be that of another state of the workspace."""


class EngineError(GraphChannelError):
    """An engine could not run a query."""


class QueryTimeout(EngineError):
    """A query ran longer than allowed."""


class ServerLost(EngineError):
    """A server cannot be reached, or can no longer."""


class TooManyRows(EngineError):
    """A query returned more rows than the cap."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the nearest known name, or an empty string.

    >>> did_you_mean("partner", ["Partner", "Region"])
    " Did you mean 'Partner'?"
    >>> did_you_mean("zzz", ["Partner"])
    ''
    """
    by_folded = {candidate.casefold(): candidate for candidate in known if candidate != name}
    near = difflib.get_close_matches(name.casefold(), list(by_folded), n=1)
    return f" Did you mean '{by_folded[near[0]]}'?" if near else ""


def check_known(option: str, value: str | None, known: Iterable[str]) -> None:
    """Raise InputError if the option's value is none of those that are known; None is no value."""
    names = sorted(known)
    if value is not None and value not in names:
        has = f" (has: {', '.join(names[:20])}{', …' if len(names) > 20 else ''})"
        raise InputError(f"{option} {value}: it is unknown{has}.{did_you_mean(value, names)}")

"""The header of a rule file: what the query itself does not say.

::

    // @name      VAP supplies a tier-2 reseller
    // @severity  high
    // @message   {subject} supplied {object}:
    //            {lines} lines
    //
    // Why the rule is there, in the reader's words.
    MATCH …

Comment lines from the first line on are the header. A line that begins with no `@key` continues the
value above it; after the first bare `//` everything up to the query is the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from graphchannel.errors import RuleError, did_you_mean
from graphchannel.policy import SEVERITIES
from graphchannel.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphchannel.policy import Severity

__all__ = ["KEYS", "NO_SECTION", "Header", "parse_header"]

NO_SECTION = "\N{EN DASH}"  # of a rule about the data, which no clause of the policy asks for
KEYS: tuple[str, ...] = (
    "name",
    "section",
    "severity",
    "message",
    "identity",
    "optional",
    "without",
    "population",
    "analysis",
)
_REQUIRED = ("name", "severity", "message")
_ENTRY = re.compile(r"@(?P<key>\S*)\s*(?P<value>.*)")
_ANALYSIS = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_.]*:[a-z_][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Header:
    """What a rule says of itself.

    `identity` names result columns that, besides subject and object, tell findings apart.
    `optional` names policy parameters that may be unset as long as one of them is set.
    `without` names canonical tables that it can do without: it is judged where they are empty, too.
    `population` is one pattern with its WHERE, `analysis` a function below `graphchannel`.
    """

    name: str
    severity: Severity
    message: str
    section: str = NO_SECTION
    identity: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    population: str | None = None
    analysis: str | None = None
    why: str = ""


def parse_header(text: str, name: str) -> Header:
    """Read the header of a rule file's `text`; `name` is what errors call the file.

    Raises RuleError, with the line, for an unknown, repeated, empty or missing key.
    """
    values: dict[str, tuple[int, str]] = {}
    why: list[str] = []
    key = None
    in_reason = False
    for number, comment in _comments(text):
        if in_reason:
            why.append(comment)
        elif not comment:
            in_reason = bool(values)
        elif entry := _ENTRY.match(comment):
            key = _key(entry["key"], values, f"{name}:{number}")
            values[key] = (number, entry["value"])
        elif key is None:
            raise RuleError(
                f"{name}:{number}: the header begins with '{comment}'; expected '// @name …'."
            )
        else:
            line, value = values[key]
            values[key] = (line, f"{value} {comment}")
    return _header({key: value for key, (_, value) in values.items()}, values, why, name)


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and content of the comment lines that the text begins with."""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped.startswith("//"):
            return
        yield number, stripped[2:].strip()


def _key(key: str, seen: Mapping[str, object], where: str) -> str:
    if key not in KEYS:
        hint = did_you_mean(key, KEYS)
        raise RuleError(f"{where}: the key '@{key}' is unknown (has: {', '.join(KEYS)}).{hint}")
    if key in seen:
        raise RuleError(f"{where}: the key '@{key}' is there twice; keep one of the two.")
    return key


def _header(
    values: Mapping[str, str], lines: Mapping[str, tuple[int, str]], why: list[str], name: str
) -> Header:
    for key in _REQUIRED:
        if key not in values:
            raise RuleError(f"{name}:1: the header has no '@{key}'; add a line '// @{key} …'.")
    for key, (line, value) in lines.items():
        if not value:
            raise RuleError(f"{name}:{line}: '@{key}' is empty; give it a value or drop the line.")
    severity = values["severity"]
    if severity not in SEVERITIES:
        raise RuleError(
            f"{name}:{lines['severity'][0]}: the severity is '{severity}'; expected one of "
            f"{', '.join(SEVERITIES)}.{did_you_mean(severity, SEVERITIES)}"
        )
    analysis = values.get("analysis")
    if analysis is not None and not _ANALYSIS.fullmatch(analysis):
        raise RuleError(
            f"{name}:{lines['analysis'][0]}: the analysis is '{analysis}'; expected "
            "<room>.<module>:<function>."
        )
    return Header(
        name=values["name"],
        severity=cast("Severity", severity),
        message=values["message"],
        section=values.get("section", NO_SECTION),
        identity=_names(values.get("identity")),
        optional=_names(values.get("optional")),
        without=_tables(values.get("without"), f"{name}:{lines.get('without', (1, ''))[0]}"),
        population=values.get("population"),
        analysis=analysis,
        why=_paragraphs(why),
    )


def _names(value: str | None) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,\s]+", value or "") if part)


def _tables(value: str | None, where: str) -> tuple[str, ...]:
    known = [table.name for table in TABLES]
    for table in (names := _names(value)):
        if table not in known:
            raise RuleError(
                f"{where}: '@without' names '{table}', which is no canonical table (has: "
                f"{', '.join(known)}).{did_you_mean(table, known)}"
            )
    return names


def _paragraphs(lines: list[str]) -> str:
    """Join lines to paragraphs; an empty line ends one."""
    paragraphs = re.split(r"\n\n+", "\n".join(lines).strip())
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)

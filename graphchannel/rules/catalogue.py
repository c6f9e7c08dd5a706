"""The rules there are: the folder is the registry.

A pack is a folder with a `policy.toml` and its rules, `<family>/<rule>.cypher`; the rule's id is
that path without its ending. The policy may switch rules off and change their severities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.errors import RuleError, did_you_mean
from graphchannel.policy import SEVERITIES, load_policy
from graphchannel.rules.header import Header, parse_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.policy import Policy, Severity

__all__ = ["Catalogue", "Rule", "load_catalogue", "read_rule", "stored_catalogue"]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is in force.

    `text` is the whole file, so that the positions in a compiler's message are those of the file.
    `severity` is the policy's, where it sets one; the header keeps the rule's own. `problem` says
    why the file is no rule: it stands in the catalogue so that a scan can report it and go on.
    """

    id: str
    path: Path
    header: Header
    text: str
    severity: Severity
    enabled: bool = True
    problem: str | None = None

    @property
    def rank(self) -> int:
        """Place of the severity, 0 for the worst."""
        return SEVERITIES.index(self.severity)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A policy and its rules, worst severity first and then by id.

    `notices` are sentences about settings that change nothing.
    """

    policy: Policy
    rules: tuple[Rule, ...]
    notices: tuple[str, ...] = ()

    def rule(self, id_: str) -> Rule:
        """Return the rule called `id_`; raise RuleError if there is none."""
        for rule in self.rules:
            if rule.id == id_:
                return rule
        hint = did_you_mean(id_, (rule.id for rule in self.rules))
        raise RuleError(f"There is no rule '{id_}'; see 'graphchannel rules list'.{hint}")

    def select(self, globs: Sequence[str], severity: Severity | None = None) -> Catalogue:
        """Keep the rules whose id matches one of the globs and that are at or above a severity.

        Without a glob every id matches. Raises RuleError for a glob that matches no rule.
        """
        for glob in globs:
            if not any(fnmatchcase(rule.id, glob) for rule in self.rules):
                hint = did_you_mean(glob, (rule.id for rule in self.rules))
                raise RuleError(f"No rule matches '{glob}'; see 'graphchannel rules list'.{hint}")
        lowest = SEVERITIES.index(severity or SEVERITIES[-1])
        kept = tuple(
            rule
            for rule in self.rules
            if rule.rank <= lowest
            and (not globs or any(fnmatchcase(rule.id, glob) for glob in globs))
        )
        return replace(self, rules=kept)


def load_catalogue(
    pack: Path, extra: Sequence[Path] = (), *, policy_file: Path | None = None
) -> Catalogue:
    """Read the policy and the rules of `pack`, and the rules in the folders `extra`.

    `policy_file` stands in for the pack's own policy. A file that is no rule is a rule with a
    problem. Raises PolicyError, and RuleError for a folder without rules or an id that is there
    twice.
    """
    policy = load_policy(policy_file or pack)
    found: dict[str, Rule] = {}
    for folder in (pack, *extra):
        files = sorted(folder.rglob("*.cypher"))
        if not files:
            raise RuleError(f"{folder}: there is no rule here; expected <family>/<rule>.cypher.")
        for file in files:
            rule = _under_policy(_read(file, folder), policy)
            if rule.id in found:
                raise RuleError(
                    f"{file}: the rule '{rule.id}' is in {found[rule.id].path} already; "
                    "name one of the two files otherwise."
                )
            found[rule.id] = rule
    rules = sorted(found.values(), key=lambda rule: (rule.rank, rule.id))
    notices = tuple(
        f'The policy sets rules."{name}", and there is no such rule.{did_you_mean(name, found)}'
        for name in policy.rules
        if name not in found
    )
    return Catalogue(policy, tuple(rules), notices)


def stored_catalogue(policy: Policy, texts: Mapping[str, str]) -> Catalogue:
    """Return a catalogue of rules whose files are known by their texts alone, by id.

    A text that is no rule is a rule with a problem.
    """
    rules = []
    for id_, text in texts.items():
        file = Path(f"{id_}.cypher")
        try:
            header = parse_header(text, f"{id_}.cypher")
            rule = Rule(id_, file, header, text, header.severity)
        except RuleError as error:
            rule = _problem(id_, file, str(error))
        rules.append(_under_policy(rule, policy))
    return Catalogue(policy, tuple(sorted(rules, key=lambda rule: (rule.rank, rule.id))))


def read_rule(file: Path, folder: Path | None = None) -> Rule:
    """Read one rule file; its id is its path below `folder`, or its last two parts.

    Raises RuleError if the file cannot be read, is named unlike a rule, or has a wrong header.
    """
    relative = file.relative_to(folder) if folder else file.parts[-2:]
    parts = relative if isinstance(relative, tuple) else relative.parts
    id_ = "/".join(parts).removesuffix(".cypher")
    name = f"{id_}.cypher"
    if not _ID.fullmatch(id_):
        raise RuleError(
            f"{file}: a rule's file is called <family>/<rule>.cypher, in small letters, digits and "
            "hyphens."
        )
    if not file.is_file():  # a pipe would be waited for
        raise RuleError(f"{file}: the rule is no file.")
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{file}: the rule cannot be read: {error}.") from error
    header = parse_header(text, name)
    return Rule(id_, file, header, text, header.severity)


def _read(file: Path, folder: Path) -> Rule:
    """Read a rule; what is wrong with its file becomes its problem, of the worst severity."""
    try:
        return read_rule(file, folder)
    except RuleError as error:
        id_ = file.relative_to(folder).as_posix().removesuffix(".cypher")
        return _problem(id_, file, str(error))


def _problem(id_: str, file: Path, problem: str) -> Rule:
    header = Header(name=id_, severity="critical", message="")
    return Rule(id_, file, header, "", "critical", problem=problem)


def _under_policy(rule: Rule, policy: Policy) -> Rule:
    setting = policy.rules.get(rule.id)
    if setting is None:
        return rule
    return replace(rule, enabled=setting.enabled, severity=setting.severity or rule.severity)

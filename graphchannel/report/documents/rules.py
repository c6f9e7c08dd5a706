"""Rules as a document: one row each, with what the policy changes about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.rules.catalogue import Rule

__all__ = ["policy_setting", "rules_document"]

_RULES: tuple[Column[Rule], ...] = (
    Column("id", lambda rule: rule.id, "id"),
    Column("severity", lambda rule: rule.severity),
    Column("section", lambda rule: rule.header.section),
    Column("name", lambda rule: rule.header.name),
    Column("policy", lambda rule: policy_setting(rule)),
)


def rules_document(rules: Sequence[Rule]) -> Document:
    """List the rules in their order."""
    return listing(Section("rules", "", _RULES, rules))


def policy_setting(rule: Rule) -> str:
    """Say what the policy changes about a rule, or what it says wrongly; an empty text if nothing.

    >>> from graphchannel.resources import pack
    >>> from graphchannel.rules.catalogue import load_catalogue
    >>> policy_setting(load_catalogue(pack()).rule("supply/unlisted-pair"))
    ''
    """
    parts = [rule.problem] if rule.problem else []
    if not rule.enabled:
        parts.append("switched off")
    if rule.severity != rule.header.severity:
        parts.append(f"{rule.severity} instead of {rule.header.severity}")
    return ", ".join(parts)

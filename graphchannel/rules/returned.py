"""What a rule must return, and what its header may say of it."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Literal

from graphchannel.errors import RuleError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler import Compiled
    from graphchannel.compiler.syntax import RegularQuery
    from graphchannel.rules.catalogue import Rule

__all__ = [
    "COLUMNS",
    "RuleKind",
    "check_evidence",
    "check_identity",
    "check_message",
    "check_optional",
    "check_path",
    "check_types",
    "kind_of",
]

RuleKind = Literal["line", "path", "node"]

COLUMNS: Mapping[RuleKind, tuple[str, ...]] = {
    "line": ("subject", "object", "shipment"),
    "path": ("subject", "object", "path", "shipments", "broken_at", "certainty", "bounds"),
    "node": ("subject", "object"),
}
_TYPES: Mapping[str, str] = {
    "path": "LIST OF STRING",
    "shipments": "LIST OF STRING",
    "broken_at": "INTEGER",
    "certainty": "STRING",
}
_COUNTED = frozenset({"lines", "quantity", "first", "last"})


def kind_of(columns: tuple[str, ...], name: str) -> RuleKind:
    """Return of what kind a rule is, by its columns. Raises RuleError where one is missing."""
    has = ", ".join(columns)
    if "path" in columns:
        if "shipments" not in columns:
            raise RuleError(
                f"{name}: a rule that returns 'path' also returns 'shipments' (has: {has})."
            )
        return "path"
    if "subject" not in columns:
        raise RuleError(
            f"{name}: the rule returns no column 'subject' (has: {has}). Write RETURN … AS "
            "subject, or for a rule over supply paths RETURN … AS path, … AS shipments."
        )
    if "shipment" not in columns:
        return "node"
    if "object" not in columns:
        raise RuleError(f"{name}: a rule over lines also returns the column 'object' (has: {has}).")
    return "line"


def check_types(tree: RegularQuery, name: str) -> None:
    """Refuse a relationship of any type, which each new type would change. Raises RuleError."""
    from graphchannel.rules.query_facts import untyped  # noqa: PLC0415 - imports lark

    at = untyped(tree)
    if at is not None:
        raise RuleError(
            f"{name}:{at.line}:{at.column}: a relationship of a rule names its types, such as "
            "-[:SUPPLIED]->; this one stands for any."
        )


def check_path(compiled: Compiled, name: str) -> None:
    """Refuse columns of a path that a scan could not read as such. Raises RuleError."""
    for column in compiled.columns:
        wanted = _TYPES.get(column.name)
        if wanted is not None and str(column.type) not in {wanted, "NULL"}:
            raise RuleError(
                f"{name}: the column '{column.name}' of a rule over paths is {column.type}; "
                f"expected {wanted}."
            )


def check_evidence(evidence: tuple[str, ...], name: str) -> None:
    """Refuse columns with names that findings use for themselves. Raises RuleError."""
    for column in evidence:
        if column in _COUNTED:
            raise RuleError(
                f"{name}: the rule returns a column '{column}', a name that findings use for "
                "themselves; call it otherwise."
            )


def check_identity(rule: Rule, evidence: tuple[str, ...], name: str) -> None:
    """Refuse an identity that the rule does not return. Raises RuleError."""
    for column in rule.header.identity:
        if column not in evidence:
            raise RuleError(
                f"{name}: @identity names '{column}', which the rule does not return beyond "
                f"subject and object (has: {', '.join(evidence) or 'nothing else'})."
                f"{did_you_mean(column, evidence)}"
            )


def check_message(
    rule: Rule, kind: RuleKind, columns: tuple[str, ...], evidence: tuple[str, ...], name: str
) -> None:
    """Refuse a message with fields that a finding does not have. Raises RuleError."""
    known = {"subject", "object", *_COUNTED, *evidence}
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(rule.header.message)]
    except ValueError as error:
        raise RuleError(f"{name}: the message is not well formed: {error}.") from error
    for field in fields:
        if field in _COUNTED and kind == "node":
            raise RuleError(
                f"{name}: the message names {{{field}}}, but the rule is not over lines: it "
                f"returns no column 'shipment' (has: {', '.join(columns)}). Write RETURN … AS "
                "shipment, or leave the number out."
            )
        if field is not None and field not in known:
            raise RuleError(
                f"{name}: the message names {{{field}}}, which a finding does not have "
                f"(has: {', '.join(sorted(known))}).{did_you_mean(field, known)}"
            )


def check_optional(rule: Rule, uses: frozenset[str], name: str) -> None:
    """Refuse parameters as optional that the rule does not use. Raises RuleError."""
    for parameter in rule.header.optional:
        if parameter not in uses:
            raise RuleError(
                f"{name}: @optional names '{parameter}', which the rule does not use "
                f"(uses: {', '.join(sorted(uses)) or 'none'}).{did_you_mean(parameter, uses)}"
            )

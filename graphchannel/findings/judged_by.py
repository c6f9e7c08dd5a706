"""By what a scan judged: its policy, its rules and its filters, and how two scans differ in these.

Goals of a policy are left out: no finding depends on them. Nor do the words that describe it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from graphchannel.findings.model import JudgedBy, RuleState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphchannel.findings.model import RuleOutcome, ScanOptions
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Rule

__all__ = [
    "judgement_of",
    "parameter_edits",
    "parameters_of",
    "policy_edits",
    "read_judgement",
    "text_hash",
]


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def judgement_of(
    policy: Policy, rules: Sequence[Rule], outcomes: Sequence[RuleOutcome], options: ScanOptions
) -> JudgedBy:
    """Return by what a scan judged, of the rules that ran."""
    states = {
        rule.id: RuleState(text_hash(rule.text), rule.severity, outcome.status)
        for rule, outcome in zip(rules, outcomes, strict=True)
    }
    return JudgedBy(policy.fingerprint, parameters_of(policy), states, options.filters)


def parameters_of(policy: Policy) -> dict[str, object]:
    """Return the parameters of a policy and its tolerance, as values that JSON knows."""
    found: dict[str, object] = {
        name: list(set_.value) if isinstance(set_.value, tuple) else set_.value
        for name, set_ in policy.parameters.items()
    }
    tolerance = policy.tolerance
    return found | {"tolerance.lines": tolerance.lines, "tolerance.value": tolerance.value}


def read_judgement(document: Mapping[str, Any]) -> JudgedBy:
    """Read it from the JSON report of a scan. Raises KeyError, TypeError if it is not there."""
    policy = document["policy"]
    tolerance = {f"tolerance.{name}": value for name, value in policy["tolerance"].items()}
    rules = {
        rule["id"]: RuleState(rule["hash"], rule["severity"], rule["status"])
        for rule in document["rules"]
    }
    return JudgedBy(
        policy["fingerprint"], policy["parameters"] | tolerance, rules, document["filters"]
    )


def policy_edits(before: JudgedBy, now: JudgedBy) -> Iterator[str]:
    """Yield what differs in the policy and in the rules, a phrase each.

    A rule counts if both scans were to run it, or if one of two scans of all rules lacks it.
    """
    yield from _value_edits(before.parameters, now.parameters)
    if before.structure != now.structure:
        yield "roles, rulings or obligations were edited"
    narrowed = any({"rules", "severity"} & scan.filters.keys() for scan in (before, now))
    for name in sorted({*before.rules, *now.rules}):
        yield from _rule_edits(name, before.rules.get(name), now.rules.get(name), narrowed=narrowed)


def parameter_edits(before: Policy, now: Policy) -> Iterator[str]:
    """Yield what differs between two policies, the settings of rules among it, a phrase each."""
    yield from _value_edits(parameters_of(before), parameters_of(now))
    if before.fingerprint != now.fingerprint:
        yield "roles, rulings or obligations were edited"
    for name in sorted({*before.rules, *now.rules}):
        if before.rules.get(name) != now.rules.get(name):
            yield f"setting of rule {name}"


def _value_edits(before: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    for name in sorted({*before, *now}):
        was, is_ = before.get(name), now.get(name)
        if was != is_:
            yield f"{name}: {_shown(was)} → {_shown(is_)}"


def _rule_edits(
    name: str, was: RuleState | None, now: RuleState | None, *, narrowed: bool
) -> Iterator[str]:
    if was is None or now is None:
        if not narrowed:
            yield f"rule {name} {'was added' if was is None else 'is there no more'}"
        return
    if was.text != now.text:
        yield f"rule {name} was edited"
    if was.severity != now.severity:
        yield f"rule {name}: severity {was.severity} → {now.severity}"
    if "off" in (was.status, now.status) and was.status != now.status:
        yield f"rule {name} was switched {'off' if now.status == 'off' else 'on'}"


def _shown(value: object) -> str:
    return "unset" if value is None else json.dumps(value, ensure_ascii=False)

"""A policy as one text that says all of it, in one form whatever its file looked like."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from graphchannel.policy.model import (
    Goal,
    Obligation,
    Parameter,
    Policy,
    Role,
    RuleSetting,
    SupplyRuling,
    Tolerance,
)

__all__ = ["policy_from_text", "policy_text"]


def policy_text(policy: Policy) -> str:
    """Return the policy as JSON, the same for policies that judge the same.

    In how many days findings are to be dealt with is left out: nothing is judged by it.
    """
    content: dict[str, Any] = {}
    for one in fields(policy):
        if one.name == "due_days":
            continue
        value = getattr(policy, one.name)
        if isinstance(value, tuple):
            content[one.name] = [asdict(entry) for entry in value]
        elif isinstance(value, str):
            content[one.name] = value
        elif isinstance(value, Tolerance):
            content[one.name] = asdict(value)
        else:
            content[one.name] = {name: asdict(entry) for name, entry in value.items()}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)


def policy_from_text(text: str) -> Policy:
    """Return the policy that a text of `policy_text` says."""
    content = json.loads(text)
    parameters = {
        name: Parameter(**(entry | {"value": _value(entry["value"])}))
        for name, entry in content["parameters"].items()
    }
    return Policy(
        name=content["name"],
        title=content["title"],
        source=content["source"],
        roles=tuple(Role(**entry) for entry in content["roles"]),
        supply=tuple(SupplyRuling(**entry) for entry in content["supply"]),
        obligations=tuple(Obligation(**entry) for entry in content["obligations"]),
        goals=tuple(_goal(entry) for entry in content["goals"]),
        parameters=MappingProxyType(parameters),
        rules=MappingProxyType(
            {name: RuleSetting(**entry) for name, entry in content["rules"].items()}
        ),
        tolerance=Tolerance(**content["tolerance"]),
    )


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _goal(entry: dict[str, Any]) -> Goal:
    due = entry["due"]
    return Goal(**(entry | {"due": date.fromisoformat(due) if due else None}))

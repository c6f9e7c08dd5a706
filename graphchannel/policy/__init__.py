"""policy.toml → typed values: roles in order, who may supply whom, obligations, goals, parameters.

Every entry names the section of the policy document that it encodes; a goal, which no policy
document sets, says in words what it is. Whatever is wrong with a file is said at once, in one
`PolicyError` that names the file, the entry and what was expected.
"""

from __future__ import annotations

from graphchannel.policy.model import (
    CERTIFIED_END_USER,
    END_USER,
    END_USER_TIER,
    GOAL_MEASURES,
    RULINGS,
    SEVERITIES,
    UNCERTIFIED,
    VENDOR,
    VENDOR_TIER,
    Goal,
    GoalMeasure,
    Obligation,
    Parameter,
    ParameterValue,
    Policy,
    Role,
    RuleSetting,
    Ruling,
    Severity,
    SupplyRuling,
    Tolerance,
)
from graphchannel.policy.read import load_policy
from graphchannel.policy.stored import policy_from_text, policy_text

__all__ = [
    "CERTIFIED_END_USER",
    "END_USER",
    "END_USER_TIER",
    "GOAL_MEASURES",
    "RULINGS",
    "SEVERITIES",
    "UNCERTIFIED",
    "VENDOR",
    "VENDOR_TIER",
    "Goal",
    "GoalMeasure",
    "Obligation",
    "Parameter",
    "ParameterValue",
    "Policy",
    "Role",
    "RuleSetting",
    "Ruling",
    "Severity",
    "SupplyRuling",
    "Tolerance",
    "load_policy",
    "policy_from_text",
    "policy_text",
]

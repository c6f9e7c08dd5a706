"""The values of a policy."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

VENDOR = "vendor"
END_USER = "end_user"
UNCERTIFIED = "uncertified"
CERTIFIED_END_USER = "certified_end_user"
VENDOR_TIER, END_USER_TIER = 0, 3  # the supply tiers of the ends; those of partners are 1 and 2
SEVERITIES = ("critical", "high", "medium", "low", "info")
RULINGS = ("allowed", "discouraged", "forbidden")
GOAL_MEASURES = ("partners", "partner_revenue_share", "top_market_share")

Severity = Literal["critical", "high", "medium", "low", "info"]
Ruling = Literal["allowed", "discouraged", "forbidden"]
GoalMeasure = Literal["partners", "partner_revenue_share", "top_market_share"]
ParameterValue = int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the programme; `rank` is its place in the policy's order, from 1."""

    id: str
    name: str
    supply_tier: int
    section: str
    rank: int


@dataclass(frozen=True, slots=True)
class SupplyRuling:
    """What the policy says of one role supplying another."""

    seller: str
    buyer: str
    ruling: Ruling
    section: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """A capability that every partner in a role must offer."""

    role: str
    capability: str
    section: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold that rules use as `$name`; `value` is None while the policy sets none."""

    name: str
    type: str
    value: ParameterValue | None
    section: str
    doc: str


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What the policy changes about one rule."""

    enabled: bool = True
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What the channel is to reach, `due` on a day or on none.

    `partners` is a number of partners to reach, of one role or in one country where one is given;
    `partner_revenue_share` a share from 0 to 1 to reach; `top_market_share` the share of revenue
    that the largest market may have at most.
    """

    measure: GoalMeasure
    value: float
    doc: str
    role: str | None = None
    country: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a known finding may grow before it counts as grown.

    `lines` are further lines; `value` is a share of its units, and of its amount in each currency.
    """

    lines: int = 0
    value: float = 0.0


# Days in which somebody is to deal with a finding, where the policy says nothing else.
DUE_DAYS: Mapping[str, int] = MappingProxyType(
    {"critical": 7, "high": 14, "medium": 30, "low": 60, "info": 90}
)


@dataclass(frozen=True, slots=True)
class Policy:
    """A channel policy.

    `due_days` are the days in which findings are to be dealt with, by severity; nothing is judged
    by them.
    """

    name: str
    title: str
    source: str
    roles: tuple[Role, ...]
    supply: tuple[SupplyRuling, ...]
    obligations: tuple[Obligation, ...]
    goals: tuple[Goal, ...]
    parameters: Mapping[str, Parameter]
    rules: Mapping[str, RuleSetting]
    tolerance: Tolerance = Tolerance()
    due_days: Mapping[str, int] = field(default_factory=lambda: DUE_DAYS)

    @property
    def role_ids(self) -> tuple[str, ...]:
        """Role ids in the policy's order."""
        return tuple(role.id for role in self.roles)

    @property
    def supply_tiers(self) -> dict[str, int]:
        """The supply tier of each role, of the vendor and of end users, from the vendor down."""
        tiers = {role.id: role.supply_tier for role in self.roles}
        return {VENDOR: VENDOR_TIER, **tiers, END_USER: END_USER_TIER}

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """What a `role` column may say: the roles, and the end user's certificate."""
        return (*self.role_ids, CERTIFIED_END_USER)

    def number(self, name: str) -> int | None:
        """Return the value of a parameter that is a whole number, None where it is unset."""
        parameter = self.parameters.get(name)
        return parameter.value if parameter and isinstance(parameter.value, int) else None

    def ruling(self, seller: str, buyer: str) -> SupplyRuling | None:
        """Return the ruling for a pair of roles, or None where the policy is silent."""
        for entry in self.supply:
            if (entry.seller, entry.buyer) == (seller, buyer):
                return entry
        return None

    @property
    def fingerprint(self) -> str:
        """Hash of all that derived rows depend on: roles and their order, rulings, obligations."""
        content = [
            [[role.id, role.name, role.supply_tier, role.section] for role in self.roles],
            [[s.seller, s.buyer, s.ruling, s.section, s.rule] for s in self.supply],
            [[o.role, o.capability, o.section] for o in self.obligations],
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

"""policy.toml → values; whatever is wrong with a file is said in one `PolicyError`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from graphchannel.errors import PolicyError, did_you_mean
from graphchannel.policy.model import (
    CERTIFIED_END_USER,
    END_USER,
    GOAL_MEASURES,
    RULINGS,
    SEVERITIES,
    UNCERTIFIED,
    VENDOR,
    Goal,
    Obligation,
    Parameter,
    Policy,
    Role,
    RuleSetting,
    SupplyRuling,
)
from graphchannel.policy.terms import read_due_days, read_tolerance
from graphchannel.toml_file import Unreadable, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from graphchannel.policy.model import GoalMeasure, ParameterValue, Ruling, Severity

__all__ = ["load_policy"]

_PARAMETER_TYPES: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {
        "integer": (int,),
        "float": (int, float),
        "string": (str,),
        "list of string": (list,),
    }
)
_KEYS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "file": frozenset(
            {
                "name",
                "title",
                "source",
                "roles",
                "supply",
                "obligations",
                "goals",
                "parameters",
                "rules",
                "tolerance",
                "due_days",
            }
        ),
        "roles": frozenset({"id", "name", "supply_tier", "section"}),
        "supply": frozenset({"seller", "buyer", "ruling", "section", "rule"}),
        "obligations": frozenset({"role", "capabilities", "section"}),
        "goals": frozenset({"measure", "value", "role", "country", "due", "doc"}),
        "parameters": frozenset({"type", "value", "section", "doc"}),
        "rules": frozenset({"enabled", "severity"}),
        "tolerance": frozenset({"lines", "value"}),
        "due_days": frozenset(SEVERITIES),
    }
)


def load_policy(path: Path) -> Policy:
    """Read a policy file, or the `policy.toml` of a pack folder; raise PolicyError."""
    file = path / "policy.toml" if path.is_dir() else path
    try:
        document = read_toml(file)
    except FileNotFoundError as error:
        raise PolicyError(
            f"{file}: there is no policy here; a pack is a folder with a policy.toml."
        ) from error
    except Unreadable as error:
        raise PolicyError(f"{file}: cannot be read as TOML: {error}.") from error
    return _Reader(file).policy(document)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns a parsed policy file into values; knows the file's name for its messages."""

    file: Path

    def policy(self, document: dict[str, Any]) -> Policy:
        self.known("file", document, "the file")
        roles = tuple(self.roles(document))
        parties = {VENDOR, END_USER, *(role.id for role in roles)}
        return Policy(
            name=self.text(document, "name", "the file"),
            title=self.text(document, "title", "the file"),
            source=self.text(document, "source", "the file"),
            roles=roles,
            supply=tuple(self.supply(document, parties)),
            obligations=tuple(self.obligations(document, {role.id for role in roles})),
            goals=tuple(self.goals(document, tuple(role.id for role in roles))),
            parameters=MappingProxyType(dict(self.parameters(document))),
            rules=MappingProxyType(dict(self.rules(document))),
            tolerance=read_tolerance(self, document),
            due_days=read_due_days(self, document),
        )

    def roles(self, document: dict[str, Any]) -> Iterator[Role]:
        seen = {VENDOR, END_USER, UNCERTIFIED, CERTIFIED_END_USER}
        for rank, entry in enumerate(self.entries(document, "roles"), 1):
            where = f"roles entry {rank}"
            self.known("roles", entry, where)
            role = self.text(entry, "id", where)
            if role in seen:
                raise self.error(where, f"role '{role}' is reserved or defined twice")
            seen.add(role)
            tier = entry.get("supply_tier")
            if isinstance(tier, bool) or tier not in (1, 2):
                raise self.error(where, f"supply_tier is {tier!r}; expected 1 or 2")
            name = self.text(entry, "name", where)
            yield Role(role, name, tier, self.text(entry, "section", where), rank)
        if len(seen) == 4:
            raise self.error("roles", "a policy needs at least one [[roles]] entry")

    def supply(self, document: dict[str, Any], parties: set[str]) -> Iterator[SupplyRuling]:
        seen: set[tuple[str, str]] = set()
        for number, entry in enumerate(self.entries(document, "supply"), 1):
            where = f"supply entry {number}"
            self.known("supply", entry, where)
            ruling = self.one_of(entry, "ruling", RULINGS, where)
            rule = entry.get("rule")
            if (ruling == "allowed") == (rule is not None):
                raise self.error(
                    where,
                    "a ruling other than 'allowed' names its rule, and an allowed one does not",
                )
            section = self.text(entry, "section", where)
            for seller in self.names(entry, "seller", parties, where):
                for buyer in self.names(entry, "buyer", parties, where):
                    if (seller, buyer) in seen:
                        raise self.error(where, f"{seller} → {buyer} has a ruling already")
                    seen.add((seller, buyer))
                    yield SupplyRuling(seller, buyer, cast("Ruling", ruling), section, rule)

    def obligations(self, document: dict[str, Any], roles: set[str]) -> Iterator[Obligation]:
        seen: set[tuple[str, str]] = set()
        for number, entry in enumerate(self.entries(document, "obligations"), 1):
            where = f"obligations entry {number}"
            self.known("obligations", entry, where)
            section = self.text(entry, "section", where)
            for role in self.names(entry, "role", roles, where):
                for capability in self.names(entry, "capabilities", None, where):
                    if (role, capability) in seen:
                        raise self.error(where, f"{role} must offer {capability} already")
                    seen.add((role, capability))
                    yield Obligation(role, capability, section)

    def goals(self, document: dict[str, Any], roles: tuple[str, ...]) -> Iterator[Goal]:
        seen: set[tuple[object, ...]] = set()
        for number, entry in enumerate(self.entries(document, "goals"), 1):
            where = f"goals entry {number}"
            self.known("goals", entry, where)
            measure = cast("GoalMeasure", self.one_of(entry, "measure", GOAL_MEASURES, where))
            goal = Goal(
                measure,
                self.goal_value(entry.get("value"), measure, where),
                self.text(entry, "doc", where),
                role=self.one_of(entry, "role", roles, where) if "role" in entry else None,
                country=self.country(entry["country"], where) if "country" in entry else None,
                due=self.day(entry["due"], where) if "due" in entry else None,
            )
            if measure != "partners" and (goal.role or goal.country):
                raise self.error(where, "role and country go with the measure 'partners' only")
            if goal.role and goal.country:
                raise self.error(where, "a goal is that of a role or of a country, not of both")
            identity = (measure, goal.role, goal.country)
            if identity in seen:
                raise self.error(where, f"the measure {measure} has a goal of this scope already")
            seen.add(identity)
            yield goal

    def goal_value(self, value: Any, measure: GoalMeasure, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(where, f"value is {value!r}; expected a number")
        if measure == "partners" and (not isinstance(value, int) or value < 1):
            raise self.error(where, f"value is {value!r}; expected a whole number from 1 on")
        if measure != "partners" and not 0 <= value <= 1:
            raise self.error(where, f"value is {value!r}; expected a share from 0 to 1")
        return value

    def country(self, value: Any, where: str) -> str:
        if not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value):
            raise self.error(where, f"country is {value!r}; expected two capital letters")
        return value

    def day(self, value: Any, where: str) -> date:
        if type(value) is not date:
            raise self.error(where, f"due is {value!r}; expected a day such as 2015-12-31")
        return value

    def parameters(self, document: dict[str, Any]) -> Iterator[tuple[str, Parameter]]:
        for name, entry in self.tables(document, "parameters"):
            where = f"parameters.{name}"
            self.known("parameters", entry, where)
            if name == "as_of":
                raise self.error(where, "$as_of is the day of the scan and cannot be set")
            kind = self.one_of(entry, "type", tuple(_PARAMETER_TYPES), where)
            value = self.value(entry.get("value"), kind, where)
            section = self.text(entry, "section", where)
            yield name, Parameter(name, kind, value, section, self.text(entry, "doc", where))

    def value(self, value: Any, kind: str, where: str) -> ParameterValue | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, _PARAMETER_TYPES[kind]):
            raise self.error(where, f"value is {value!r}; expected {kind}")
        if isinstance(value, list):
            if not all(isinstance(item, str) for item in value):
                raise self.error(where, f"value is {value!r}; expected {kind}")
            return tuple(value)
        return float(cast("float", value)) if kind == "float" else cast("ParameterValue", value)

    def rules(self, document: dict[str, Any]) -> Iterator[tuple[str, RuleSetting]]:
        for name, entry in self.tables(document, "rules"):
            where = f'rules."{name}"'
            self.known("rules", entry, where)
            enabled = entry.get("enabled", True)
            if not isinstance(enabled, bool):
                raise self.error(where, f"enabled is {enabled!r}; expected true or false")
            severity = (
                self.one_of(entry, "severity", SEVERITIES, where) if "severity" in entry else None
            )
            yield name, RuleSetting(enabled, cast("Severity | None", severity))

    def entries(self, document: dict[str, Any], key: str) -> list[dict[str, Any]]:
        value = document.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, f"expected [[{key}]] entries")
        return value

    def tables(self, document: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
        value = document.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, f"expected [{key}.<name>] tables")
        for name, entry in value.items():
            if not isinstance(entry, dict):
                raise self.error(f"{key}.{name}", "expected a table")
            yield name, entry

    def text(self, entry: dict[str, Any], key: str, where: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value:
            raise self.error(where, f"{key} is {value!r}; expected a text")
        return value

    def one_of(self, entry: dict[str, Any], key: str, choices: tuple[str, ...], where: str) -> str:
        value = entry.get(key)
        if value not in choices:
            hint = did_you_mean(str(value), choices)
            raise self.error(
                where, f"{key} is {value!r}; expected one of {', '.join(choices)}", hint
            )
        return str(value)

    def names(
        self, entry: dict[str, Any], key: str, known: set[str] | None, where: str
    ) -> list[str]:
        value = entry.get(key)
        if not isinstance(value, list) or not value:
            raise self.error(where, f"{key} is {value!r}; expected a list of names")
        for name in value:
            if not isinstance(name, str) or (known is not None and name not in known):
                hint = did_you_mean(str(name), known or ())
                raise self.error(where, f"{key} names {name!r}, which is no role here", hint)
        return value

    def known(self, kind: str, entry: dict[str, Any], where: str) -> None:
        for key in entry:
            if key not in _KEYS[kind]:
                has = ", ".join(sorted(_KEYS[kind]))
                hint = did_you_mean(key, _KEYS[kind])
                raise self.error(where, f"key '{key}' is unknown (has: {has})", hint)

    def error(self, where: str, message: str, hint: str = "") -> PolicyError:
        return PolicyError(f"{self.file}: {where}: {message}.{hint}")

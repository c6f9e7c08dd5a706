"""A scenario: changes of the channel that somebody thinks about, and the day from which they hold.

Changes come from the command line, one option each, or from a TOML file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from graphchannel.errors import InputError, did_you_mean
from graphchannel.toml_file import Unreadable, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = [
    "CHANGES",
    "KINDS",
    "Change",
    "ChangeKind",
    "Kind",
    "Scenario",
    "check_scenario",
    "parse_change",
    "read_scenario",
]

Kind = Literal[
    "move",
    "terminate",
    "demote",
    "promote",
    "certify",
    "end-territory",
    "grant-territory",
    "close-branch",
    "open-branch",
]
KINDS: tuple[Kind, ...] = get_args(Kind)  # in the order in which changes are applied


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """A kind of change: the form of an option's value, what its parts name, what it does."""

    form: str
    parts: tuple[str, ...]
    says: str


_ROLE, _REGION, _CITY = ("partner", "role"), ("partner", "region"), ("partner", "city")
CHANGES: Mapping[Kind, ChangeKind] = MappingProxyType(
    {
        "terminate": ChangeKind(
            "PARTNER",
            ("partner",),
            "The partner leaves; its own credentials end, those it issued stay.",
        ),
        "demote": ChangeKind(
            "PARTNER=ROLE", _ROLE, "The partner holds this lower role of tier 2 instead."
        ),
        "promote": ChangeKind(
            "PARTNER=ROLE", _ROLE, "The partner holds this higher role of tier 2 instead."
        ),
        "certify": ChangeKind(
            "PARTNER=ROLE", _ROLE, "The partner, or end user, gets this role as well."
        ),
        "end-territory": ChangeKind(
            "PARTNER:REGION", _REGION, "Its authorizations that name the region end."
        ),
        "grant-territory": ChangeKind("PARTNER:REGION", _REGION, "It is authorized in the region."),
        "close-branch": ChangeKind("PARTNER:CITY", _CITY, "Its branch in the city closes."),
        "open-branch": ChangeKind("PARTNER:CITY", _CITY, "It opens a branch in the city."),
        "move": ChangeKind(
            "PARTNER:FROM:TO",
            ("partner", "from", "to"),
            "TO certifies it from now on, in place of FROM.",
        ),
    }
)
_ROLE_CHANGES = frozenset({"demote", "promote"})
_OPTIONAL = frozenset({"issuer"})  # in a file; of `certify`


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one partner (`certify`: also of an end user).

    `role` goes with demote, promote and certify, `region` with the two of territory, `city` with
    the two of branches; a move is from the issuer `source` to `target`. `issuer` is who certifies,
    None for whoever usually does.
    """

    kind: Kind
    partner: str
    role: str | None = None
    region: str | None = None
    city: str | None = None
    source: str | None = None
    target: str | None = None
    issuer: str | None = None

    def __str__(self) -> str:
        if self.role is not None:
            by = f" by {self.issuer}" if self.issuer else ""
            return f"{self.kind} {self.partner}={self.role}{by}"
        parts = (self.partner, self.source, self.target, self.region, self.city)
        return f"{self.kind} {':'.join(part for part in parts if part is not None)}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes in the order in which they are applied; `on` is the first day on which they hold.

    None stands for the as-of day.
    """

    changes: tuple[Change, ...]
    on: date | None = None


def parse_change(kind: Kind, text: str) -> Change:
    """Read the value of an option, such as `P00012=gold`; raise InputError if it is of no form."""
    form, names = CHANGES[kind].form, CHANGES[kind].parts
    parts = text.rsplit("=", 1) if "=" in form else text.split(":")
    if len(parts) != len(names) or not all(parts):
        raise InputError(
            f"--{kind} {text}: expected {form}. An id that has ':' or '=' in it goes into a "
            "--scenario file."
        )
    return _change(kind, dict(zip(names, parts, strict=True)))


def read_scenario(file: Path) -> Scenario:
    """Read a TOML file with `on` and one list for each kind of change; raise InputError if wrong.

    `terminate` lists ids, the others tables, such as `{partner = "P1", from = "D1", to = "D2"}`.
    """
    try:
        document = read_toml(file)
    except (OSError, Unreadable) as error:
        raise InputError(f"{file}: the scenario cannot be read as TOML: {error}.") from error
    known = ("on", *(kind.replace("-", "_") for kind in KINDS))
    for key in document:
        if key not in known:
            hint = did_you_mean(key, known)
            raise InputError(f"{file}: key '{key}' is unknown (has: {', '.join(known)}).{hint}")
    on = document.get("on")
    if on is not None and type(on) is not date:
        raise InputError(f"{file}: on is {on!r}; expected a day such as 2015-06-30.")
    return Scenario(tuple(_listed(file, document)), on)


def check_scenario(scenario: Scenario) -> Scenario:
    """Return the scenario in the order of application; raise InputError for contradictions."""
    for one, other in combinations(scenario.changes, 2):
        if one == other:
            raise InputError(f"'{one}' is given twice.")
        if why := _contradiction(one, other) or _contradiction(other, one):
            raise InputError(f"'{one}' and '{other}' contradict each other: {why}.")
    ordered = sorted(scenario.changes, key=lambda c: (KINDS.index(c.kind), str(c)))
    return Scenario(tuple(ordered), scenario.on)


def _contradiction(one: Change, other: Change) -> str | None:
    """Return why two changes cannot both happen, as far as the order given matters."""
    if one.kind == "terminate":
        if other.partner == one.partner:
            return f"{one.partner} is no partner any more"
        if one.partner in (other.target, other.issuer):
            return f"{one.partner} is no partner any more and certifies nobody"
    if one.partner != other.partner:
        return None
    kinds = {one.kind, other.kind}
    if kinds <= _ROLE_CHANGES:
        return f"{one.partner} can have one level only"
    if one.kind == "certify" and other.kind in _ROLE_CHANGES and one.role == other.role:
        return "they give the same role"
    if kinds == {"certify"} and one.role == other.role:
        return "they give the same role"
    if kinds == {"end-territory", "grant-territory"} and one.region == other.region:
        return f"{one.region} cannot be both"
    if kinds == {"close-branch", "open-branch"} and one.city == other.city:
        return f"the branch in {one.city} cannot be both"
    if kinds == {"move"} and one.source == other.source:
        return f"{one.partner} can be moved to one place only"
    return None


def _listed(file: Path, document: dict[str, Any]) -> Iterator[Change]:
    for kind in KINDS:
        key = kind.replace("-", "_")
        entries = document.get(key, [])
        if not isinstance(entries, list):
            raise InputError(f"{file}: {key} is {entries!r}; expected a list.")
        for number, entry in enumerate(entries, 1):
            where = f"{file}: {key} entry {number}"
            named = {"partner": entry} if kind == "terminate" else entry
            yield _change(kind, _checked(where, kind, named))


def _checked(where: str, kind: Kind, entry: object) -> dict[str, str]:
    needed = CHANGES[kind].parts
    known = (*needed, *_OPTIONAL) if kind == "certify" else needed
    if not isinstance(entry, dict):
        raise InputError(f"{where} is {entry!r}; expected a table with {', '.join(needed)}.")
    for key in entry:
        if key not in known:
            hint = did_you_mean(key, known)
            raise InputError(f"{where}: key '{key}' is unknown (has: {', '.join(known)}).{hint}")
    for key in (*needed, *entry):
        value = entry.get(key)
        if not isinstance(value, str) or not value:
            raise InputError(f"{where}: {key} is {value!r}; expected a text.")
    return entry


def _change(kind: Kind, named: dict[str, str]) -> Change:
    others = {key: value for key, value in named.items() if key not in ("from", "to")}
    return Change(kind, **others, source=named.get("from"), target=named.get("to"))

"""What a change makes of the credentials of a few partners (see `register`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.policy import CERTIFIED_END_USER
from graphchannel.schema import OPEN_END
from graphchannel.simulation.register import OWNERS, Register

if TYPE_CHECKING:
    from collections import Counter
    from datetime import date

    from graphchannel.policy import Policy
    from graphchannel.simulation.register import CredentialRow, Credentials
    from graphchannel.simulation.scenario import Change

__all__ = ["changed"]

_LOWER_TIER = 2


def changed(
    credentials: Credentials, change: Change, policy: Policy, on: date, vendors: Counter[str]
) -> Credentials:
    """Return what a change makes of the credentials; the same rows if it changes nothing.

    `vendors` counts the certificates that each vendor issued. Raises InputError for a change that
    cannot be: a role that the partner does not hold, a territory or branch that it does not have.
    """
    register = Register(
        {name: list(rows) for name, rows in credentials.items()}, policy, on, vendors
    )
    match change.kind:
        case "terminate":
            _terminate(register, change)
        case "move":
            _move(register, change)
        case "demote" | "promote":
            _change_level(register, change)
        case "certify":
            _certify(register, change)
        case "end-territory":
            _end_territory(register, change)
        case "grant-territory":
            _grant_territory(register, change)
        case "close-branch":
            _close_branch(register, change)
        case "open-branch":
            _open_branch(register, change)
    return register.credentials


def _terminate(register: Register, change: Change) -> None:
    """Make the day before its last, for all credentials of its own.

    Certificates that it issued stay valid; those that were to begin later are not issued.
    """
    (partner,) = register.rows("partners", change.partner)
    if partner["joined_on"] >= register.on:
        raise InputError(
            f"{change}: {change.partner} joins on {partner['joined_on']} and is no partner before "
            f"{register.on}; name a later day with --on."
        )
    for name in OWNERS:
        own = register.rows(name, change.partner)
        register.end(name, own.__contains__)
    register.end(
        "certifications",
        lambda row: row["issuer_id"] == change.partner and row["valid_from"] >= register.on,
    )


def _move(register: Register, change: Change) -> None:
    """Let the other certify it from the day on, for the same time."""
    roles = register.policy.role_ids
    moved = [
        row for row in register.held(change.partner, roles) if row["issuer_id"] == change.source
    ]
    if not register.now(moved):
        issuers = sorted(
            {row["issuer_id"] for row in register.now(register.held(change.partner, roles))}
        )
        certified = f"by {', '.join(issuers)}" if issuers else "by nobody"
        raise InputError(
            f"{change}: {change.source} certifies {change.partner} in no role on {register.on}; it "
            f"is certified {certified} then."
        )
    _replace(register, moved, {"issuer_id": change.target})


def _change_level(register: Register, change: Change) -> None:
    """Turn all its tier-2 certificates into ones of the new level from the day on."""
    ladder = [role for role in register.policy.roles if role.supply_tier == _LOWER_TIER]
    levels = [role.id for role in ladder]
    if change.role not in levels:
        raise InputError(
            f"{change}: {change.role} is no level of tier 2 (has: {', '.join(levels)}); a role of "
            "tier 1 is given with --certify."
        )
    rows = register.held(change.partner, levels)
    held = {row["role"] for row in register.now(rows)}
    if not held:
        raise InputError(
            f"{change}: {change.partner} holds no role of tier 2 on {register.on}; give it one "
            "with --certify."
        )
    current = next(level for level in levels if level in held)
    steps = levels.index(change.role) - levels.index(current)
    if steps and (steps > 0) != (change.kind == "demote"):
        other = "demote" if change.kind == "promote" else "promote"
        where = "below" if steps > 0 else "above"
        raise InputError(
            f"{change}: {change.partner} is {current} on {register.on}, and {change.role} is "
            f"{where} that; write --{other}."
        )
    _replace(register, [row for row in rows if row["role"] != change.role], {"role": change.role})


def _replace(register: Register, rows: list[CredentialRow], by: CredentialRow) -> None:
    """Let certificates end the day before, and equal ones with other values begin on the day."""
    register.end("certifications", lambda row: row in rows)
    for row in rows:
        register.add(
            "certifications", row | by | {"valid_from": max(row["valid_from"], register.on)}
        )


def _certify(register: Register, change: Change) -> None:
    """Give it the role from the day on, without end."""
    is_partner = bool(register.rows("partners", change.partner))
    if is_partner == (change.role == CERTIFIED_END_USER):
        kind = "a partner" if is_partner else "an end user"
        raise InputError(f"{change}: {change.partner} is {kind} and cannot hold {change.role}.")
    held = register.now(register.held(change.partner, [str(change.role)]))
    issuers = sorted({row["issuer_id"] for row in held})
    if held and change.issuer not in (None, *issuers):
        raise InputError(
            f"{change}: {change.partner} holds {change.role} on {register.on}, certified by "
            f"{', '.join(issuers)}; write --move."
        )
    if held:
        register.prolong("certifications", held)
    else:
        new = {"holder_id": change.partner, "role": change.role}
        new["issuer_id"] = change.issuer or _usual_issuer(register, change)
        register.add("certifications", new | {"valid_from": register.on, "valid_to": OPEN_END})


def _usual_issuer(register: Register, change: Change) -> str:
    """Return who certified it for a role of the same tier, else the vendor that certifies most."""
    tiers = {role.id: role.supply_tier for role in register.policy.roles}
    same = [role for role, tier in tiers.items() if tier == tiers.get(str(change.role))]
    rows = register.now(register.held(change.partner, same))
    if rows:
        return str(
            min(rows, key=lambda row: (same.index(row["role"]), row["issuer_id"]))["issuer_id"]
        )
    if not register.vendors:
        raise InputError(
            f"{change}: there is no vendor that could certify; name an issuer in a --scenario file."
        )
    return min(register.vendors, key=lambda vendor: (-register.vendors[vendor], vendor))


def _end_territory(register: Register, change: Change) -> None:
    """End the authorizations that name the region."""
    rows = [
        r for r in register.rows("authorizations", change.partner) if r["valid_to"] >= register.on
    ]
    named = [row for row in rows if row["region_id"] == change.region]
    if not register.now(named):
        regions = sorted({row["region_id"] or "everywhere" for row in register.now(rows)})
        has = f"is authorized in {', '.join(regions)}" if regions else "has no territory"
        raise InputError(
            f"{change}: no authorization of {change.partner} names {change.region} on "
            f"{register.on}; it {has} then."
        )
    register.end("authorizations", lambda row: row in named)


def _grant_territory(register: Register, change: Change) -> None:
    """Authorize it in the region, in every industry, without end."""
    held = [
        row
        for row in register.now(register.rows("authorizations", change.partner))
        if row["region_id"] == change.region
        and row["industry_id"] is None
        and row["valid_to"] >= register.on
    ]
    if held:
        register.prolong("authorizations", held)
    else:
        new = {"partner_id": change.partner, "region_id": change.region, "industry_id": None}
        register.add("authorizations", new | {"valid_from": register.on, "valid_to": OPEN_END})


def _close_branch(register: Register, change: Change) -> None:
    """Close its branch in the city; one that was to open there later does not."""
    rows = [r for r in register.rows("branches", change.partner) if r["closed_on"] >= register.on]
    there = [row for row in rows if row["city_id"] == change.city]
    if not any(row["opened_on"] <= register.on for row in there):
        cities = sorted({row["city_id"] for row in rows if row["opened_on"] <= register.on})
        has = f"has branches in {', '.join(cities)}" if cities else "has no branch"
        raise InputError(
            f"{change}: {change.partner} has no open branch in {change.city} on {register.on}; "
            f"it {has} then."
        )
    register.end("branches", lambda row: row in there)


def _open_branch(register: Register, change: Change) -> None:
    """Let it have a branch in the city from the day on, without end."""
    held = [
        row
        for row in register.rows("branches", change.partner)
        if row["city_id"] == change.city and row["opened_on"] <= register.on <= row["closed_on"]
    ]
    if held:
        register.prolong("branches", held)
    else:
        new = {"partner_id": change.partner, "city_id": change.city}
        register.add("branches", new | {"opened_on": register.on, "closed_on": OPEN_END})

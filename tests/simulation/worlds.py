"""Random channels and scenarios, and what a scenario does to rows, in plain Python."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from graphchannel.simulation.scenario import Change
from tests.analysis.kpi.channel import AS_OF, CITIES, ROLES, random_channel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.analysis.kpi.channel import Tables

LEVELS = ROLES[2:]
DAYS = (AS_OF, date(2015, 6, 1), date(2014, 12, 31))  # from which changes hold
FOREVER = date(9999, 12, 31)
OWN = {  # table → its owner's column, and those of its interval
    "partners": ("id", "joined_on", "terminated_on"),
    "certifications": ("holder_id", "valid_from", "valid_to"),
    "authorizations": ("partner_id", "valid_from", "valid_to"),
    "branches": ("partner_id", "opened_on", "closed_on"),
    "programs": ("partner_id", "valid_from", "valid_to"),
}
ORDER = (
    "move",
    "terminate",
    "demote",
    "promote",
    "certify",
    "end-territory",
    "grant-territory",
    "close-branch",
    "open-branch",
)


def random_world(seed: int) -> Tables:
    """Return a random channel in which partners have territories, branches and plans."""
    tables = random_channel(seed, partners=14, lines=120)
    dice = random.Random(seed)  # noqa: S311 - a seed, not a secret
    some = [row["id"] for row in tables["partners"]]
    starts = [date(2014, 1, 1), date(2015, 6, 1), AS_OF, date(2015, 7, 1)]

    def interval(first: str, last: str) -> dict[str, Any]:
        start = dice.choice(starts)
        ends = [None, start, start + timedelta(days=400), *(day for day in DAYS if day >= start)]
        return {first: start, last: dice.choice(ends)}

    for row in tables["certifications"]:
        edge = dice.choice(DAYS)
        if dice.random() < 0.3 and edge >= row["valid_from"]:
            row["valid_to"] = edge
        elif dice.random() < 0.3 and edge <= (row["valid_to"] or FOREVER):
            row["valid_from"] = edge
    tables["certifications"] = list(
        {(r["holder_id"], r["role"], r["valid_from"]): r for r in tables["certifications"]}.values()
    )
    places = [(region, None) for region in ("DE", "FR", "SEA")] + [("DE", "gov"), (None, "gov")]
    tables["authorizations"] = [
        {"partner_id": id_, "region_id": region, "industry_id": industry}
        | interval("valid_from", "valid_to")
        for id_ in some
        for region, industry in dice.sample(places, dice.randrange(3))
    ]
    tables["branches"] = [
        {"partner_id": id_, "city_id": city} | interval("opened_on", "closed_on")
        for id_ in some
        for city in dice.sample(sorted(CITIES), dice.randrange(2))
    ]
    tables["programs"] = [
        {"partner_id": id_, "kind": "incentive", "audience": None}
        | interval("valid_from", "valid_to")
        for id_ in some
        if dice.random() < 0.3
    ]
    return tables


def random_changes(seed: int, tables: Tables) -> list[Change]:
    """Draw changes, each of another partner, many of them possible."""
    dice = random.Random(-seed - 1)  # noqa: S311 - a seed, not a secret
    some = [row["id"] for row in tables["partners"]]
    dice.shuffle(some)
    terminated, *others = some
    kinds = ["move", "demote", "promote", "certify", "end-territory", "grant-territory"]
    changes = [Change("terminate", terminated)]
    for partner in others[:5]:
        issuers = [r["issuer_id"] for r in tables["certifications"] if r["holder_id"] == partner]
        own = [r["region_id"] for r in tables["authorizations"] if r["partner_id"] == partner]
        match dice.choice(kinds):
            case "move":
                targets = [id_ for id_ in others if id_ != partner]
                source = dice.choice([*issuers, terminated])
                changes.append(Change("move", partner, source=source, target=dice.choice(targets)))
            case "demote":
                changes.append(Change("demote", partner, role=dice.choice(LEVELS)))
            case "promote":
                changes.append(Change("promote", partner, role=dice.choice(LEVELS)))
            case "certify":
                changes.append(Change("certify", partner, role=dice.choice(ROLES)))
            case "end-territory":
                region = dice.choice([*(r for r in own if r), "DE"])
                changes.append(Change("end-territory", partner, region=region))
            case _:
                region = dice.choice(["DE", "FR"])
                changes.append(Change("grant-territory", partner, region=region))
    for partner in others[5:8]:
        own = [r["city_id"] for r in tables["branches"] if r["partner_id"] == partner]
        city = dice.choice([*own, *own, *own, *sorted(CITIES)])
        changes.append(Change(dice.choice(["close-branch", "open-branch"]), partner, city=city))
    return changes


def apply_plainly(tables: Tables, changes: Iterable[Change], on: date) -> Tables | None:
    """Return the rows after the changes, None if one of them cannot be."""
    found = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for change in sorted(changes, key=lambda c: ORDER.index(c.kind)):
        if not _apply(found, change, on, _usual_vendor(tables)):
            return None
    return found


def _usual_vendor(tables: Tables) -> str:
    counts: dict[str, int] = {v["id"]: 0 for v in tables["vendors"]}
    for row in tables["certifications"]:
        if row["issuer_id"] in counts:
            counts[row["issuer_id"]] += 1
    return min(counts, key=lambda vendor: (-counts[vendor], vendor))


def _apply(tables: Tables, change: Change, on: date, usual: str) -> bool:
    certificates = [
        row
        for row in tables["certifications"]
        if row["holder_id"] == change.partner and (row["valid_to"] or FOREVER) >= on
    ]
    now = [row for row in certificates if row["valid_from"] <= on]
    if change.kind == "terminate":
        return _terminate(tables, change.partner, on)
    if change.kind == "move":
        chosen = [row for row in certificates if row["issuer_id"] == change.source]
        return _reissue(tables, chosen, on, "issuer_id", change.target)
    if change.kind in ("demote", "promote"):
        held = [LEVELS.index(row["role"]) for row in now if row["role"] in LEVELS]
        if not held:
            return False
        step = LEVELS.index(str(change.role)) - min(held)
        if (step < 0 and change.kind == "demote") or (step > 0 and change.kind == "promote"):
            return False
        others = [r for r in certificates if r["role"] in LEVELS and r["role"] != change.role]
        _reissue(tables, others, on, "role", change.role)
        return True
    if change.kind == "certify":
        return _certify(tables, change, now, on, usual)
    if change.city is not None:
        return _branch(tables, change, on)
    territory = [
        row
        for row in tables["authorizations"]
        if row["partner_id"] == change.partner
        and row["region_id"] == change.region
        and (row["valid_to"] or FOREVER) >= on
    ]
    today = [row for row in territory if row["valid_from"] <= on]
    if change.kind == "end-territory":
        for row in territory:
            _cut(tables, "authorizations", row, on)
        return bool(today)
    wide = [row for row in today if not row["industry_id"]]
    if wide:
        _go_on(wide)
    else:
        new = {"partner_id": change.partner, "region_id": change.region, "industry_id": None}
        tables["authorizations"].append(new | {"valid_from": on, "valid_to": None})
    return True


def _branch(tables: Tables, change: Change, on: date) -> bool:
    rows = [
        row
        for row in tables["branches"]
        if (row["partner_id"], row["city_id"]) == (change.partner, change.city)
        and (row["closed_on"] or FOREVER) >= on
    ]
    today = [row for row in rows if row["opened_on"] <= on]
    if change.kind == "close-branch":
        for row in rows:
            _cut(tables, "branches", row, on)
        return bool(today)
    for row in today:
        row["closed_on"] = None
    if not today:
        new = {"partner_id": change.partner, "city_id": change.city}
        tables["branches"].append(new | {"opened_on": on, "closed_on": None})
    return True


def _terminate(tables: Tables, partner: str, on: date) -> bool:
    (master,) = [row for row in tables["partners"] if row["id"] == partner]
    if (master["joined_on"] or date.min) >= on:
        return False
    for name, (owner, _, last) in OWN.items():
        for row in list(tables[name]):
            if row[owner] == partner and (row[last] or FOREVER) >= on:
                _cut(tables, name, row, on)
    tables["certifications"] = [
        row
        for row in tables["certifications"]
        if row["issuer_id"] != partner or row["valid_from"] < on
    ]
    return True


def _reissue(
    tables: Tables, rows: list[dict[str, Any]], on: date, column: str, value: str | None
) -> bool:
    """Let certificates go on with another value from the day on; one must hold on it."""
    for row in rows:
        new = row | {column: value, "valid_from": max(on, row["valid_from"])}
        _cut(tables, "certifications", row, on)
        key = (new["holder_id"], new["role"], new["valid_from"])
        there = {(r["holder_id"], r["role"], r["valid_from"]) for r in tables["certifications"]}
        if key not in there:
            tables["certifications"].append(new)
    return any(row["valid_from"] <= on for row in rows)


def _certify(
    tables: Tables, change: Change, now: list[dict[str, Any]], on: date, usual: str
) -> bool:
    held = [row for row in now if row["role"] == change.role]
    if held:
        _go_on(held)
        return True
    tier = ROLES[:2] if change.role in ROLES[:2] else LEVELS
    issuers = [(tier.index(r["role"]), r["issuer_id"]) for r in now if r["role"] in tier]
    tables["certifications"].append(
        {
            "holder_id": change.partner,
            "role": change.role,
            "issuer_id": min(issuers)[1] if issuers else usual,
            "valid_from": on,
            "valid_to": None,
        }
    )
    return True


def _go_on(rows: list[dict[str, Any]]) -> None:
    """Let the row that ends last have no end."""
    rows.sort(key=lambda row: (row["valid_to"] or FOREVER, row["valid_from"]))
    rows[-1]["valid_to"] = None


def _cut(tables: Tables, name: str, row: dict[str, Any], on: date) -> None:
    """Keep the part of a row's interval that lies before the day."""
    _, first, last = OWN[name]
    tables[name].remove(row)
    if (row[first] or date.min) < on:
        tables[name].append(row | {last: on - timedelta(days=1)})

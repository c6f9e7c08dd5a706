"""Random sequences of what people do to a channel between two scans."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from graphchannel import Channel
from graphchannel.errors import InputError
from graphchannel.ingest import load_rows, unload
from graphchannel.ingest.periods import Reported, parse_period
from graphchannel.ingest.purging import purge
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace, open_workspace
from tests.analysis.kpi.channel import AS_OF
from tests.simulation.worlds import LEVELS, random_world

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from graphchannel.policy import Policy

Rows = list[dict[str, Any]]
ROLES = ("distributor", "vap", *LEVELS)
RULES = 8  # that are judged of those that are shipped
_EDITS = {  # of the policy, each in two forms
    "window": ("value = 180", "value = 20"),
    "stock": ("value = 50", "value = 0"),
    "sell-off": ("[parameters.sell_off_days]\ntype = \"integer\"\nvalue = 0", None),
    "segments": ('["industry", "enterprise", "commercial"]', '["industry"]'),
    "ruling": ('ruling = "discouraged"', None),
    "share": ("value = 0.5", "value = 0.1"),
}  # fmt: skip
_MOVES = (
    "lines", "lines", "lines", "lines", "lines", "lines", "correct", "correct", "correct",
    "withdraw", "withdraw", "period", "certificate", "certificate", "territory", "branch", "party",
    "end user", "waiver", "serials", "target", "unload", "policy", "rule", "day", "day", "nothing",
    "purge", "subset",
)  # fmt: skip


@dataclass(slots=True)
class Office:
    """A channel with a pack of its own, the rows that it is about, and the day that is judged."""

    folder: Path
    draw: Random
    as_of: date = AS_OF
    number: int = 0
    island: int = 0  # partners that trade with each other; 0: all do
    done: list[str] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.folder / "channel.duckdb"

    @property
    def policy(self) -> Policy:
        return load_policy(self.folder / "pack")

    def channel(self) -> Channel:
        return Channel.open(self.path, policy=self.folder / "pack", as_of=self.as_of)

    def move(self) -> None:
        """Do something that may change findings."""
        what = self.draw.choice(_MOVES)
        self.done.append(what)
        moves[what](self)

    def load(self, *, replace: tuple[str, ...] = (), **tables: Rows) -> None:
        with open_workspace(self.path, write=True) as workspace, suppress(InputError):
            load_rows(workspace, tables, self.policy, replace=replace)

    def stored(self, table: str) -> Rows:
        """Return the rows of a table, in the order of their ids."""
        with open_workspace(self.path) as workspace:
            found = workspace.connection.execute(f"FROM main.{table} ORDER BY ALL")
            names = [column[0] for column in found.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        left = ("_load", "_derived", "seller_role", "buyer_role", "flow", "destination_id")
        return [{name: row[name] for name in names if name not in left} for row in rows]

    def one(self, table: str) -> str:
        return str(self.draw.choice(self.stored(table))["id"])


def opened(folder: Path, draw: Random) -> Office:
    """Make an office, with a random world and some of the shipped rules."""
    shutil.copytree(pack(), folder / "pack")
    rules = sorted((folder / "pack").rglob("*.cypher"))
    for file in set(rules) - set(draw.sample(rules, RULES)):
        file.unlink()
    office = Office(folder, draw)
    tables = random_world(draw.randrange(10_000))
    tables["products"].append({"id": "Y", "name": "Switch"})
    if draw.random() < 0.6:  # so that not all lines hang together
        office.island, tables["shipments"] = draw.choice([2, 3, 5]), []
    tables["shipments"] += [_line(office, tables) for _ in range(120 if office.island else 60)]
    lines = [row["id"] for row in tables["shipments"]]
    tables["serials"] = [
        {"shipment_id": id_, "serial": str(draw.randrange(12))} for id_ in draw.sample(lines, 50)
    ]
    with create_workspace(office.path, office.policy) as workspace:
        load_rows(workspace, tables, office.policy)
    return office


def _line(office: Office, tables: dict[str, Rows]) -> dict[str, Any]:
    draw = office.draw
    office.number += 1
    partners = [row["id"] for row in tables["partners"]]
    if office.island:
        first = draw.randrange(len(partners)) // office.island * office.island
        partners = partners[first : first + office.island]
    outside = [row["id"] for name in ("vendors", "end_users") for row in tables[name]]
    parties = [*outside, *partners, *partners] if office.island else [*outside, *partners]
    vendors = [row["id"] for row in tables["vendors"]]
    return {
        "id": f"N{office.number}",
        "shipped_on": AS_OF - timedelta(days=draw.choice([-9, -2, 0, 1, 3, 8, 30, 90, 200, 400])),
        "seller_id": draw.choice(parties if draw.random() < 0.1 else [*vendors, *partners]),
        "buyer_id": draw.choice(parties),
        "product_id": draw.choice("XXY"),
        "quantity": draw.choice([1, 2, 5, 40]),
        "amount": draw.choice([None, 10, 100]),
        "currency": draw.choice(["EUR", "USD"]),
        "ship_to_city_id": draw.choice([None, None, *(row["id"] for row in tables["cities"])]),
        "document": draw.choice([None, "D1", "D2"]),
    }


def _new_lines(office: Office) -> Rows:
    names = ("vendors", "partners", "end_users", "cities")
    tables = {name: office.stored(name) for name in names}
    lines = [_line(office, tables) for _ in range(office.draw.randint(1, 4))]
    if office.draw.random() < 0.3:  # twice the same sale
        lines.append(lines[0] | {"id": f"{lines[0]['id']}b"})
    return lines


def _lines(office: Office) -> None:
    office.load(shipments=_new_lines(office))


def _correct(office: Office) -> None:
    lines = office.stored("shipments")
    fresh = _new_lines(office)
    some = office.draw.sample(lines, min(len(lines), len(fresh)))
    for row, other in zip(some, fresh, strict=False):
        for name in office.draw.sample(sorted(set(row) & set(other) - {"id"}), 2):
            row[name] = other[name]
    office.load(shipments=some)


def _withdraw(office: Office) -> None:
    lines = office.stored("shipments")
    kept = office.draw.sample(lines, len(lines) - min(len(lines) - 1, 3))
    ids = {row["id"] for row in kept}
    serials = [row for row in office.stored("serials") if row["shipment_id"] in ids]
    office.load(shipments=kept, serials=serials, replace=("shipments", "serials"))


def _period(office: Office) -> None:
    of = Reported(office.one("partners"), parse_period("2015-06"))
    rows = [
        row | {"reporter_id": of.reporter, "shipped_on": date(2015, 6, 10)}
        for row in _new_lines(office)
    ]
    with open_workspace(office.path, write=True) as workspace, suppress(InputError):
        load_rows(workspace, {"shipments": rows}, office.policy, reported=of)


def _certificate(office: Office) -> None:
    start = AS_OF - timedelta(days=office.draw.choice([0, 10, 100, 300]))
    row = {
        "holder_id": office.one("partners"),
        "role": office.draw.choice(ROLES),
        "issuer_id": office.draw.choice(["V", office.one("partners")]),
        "valid_from": start,
        "valid_to": office.draw.choice([None, start, start + timedelta(days=90)]),
    }
    known = office.stored("certifications")
    if known and office.draw.random() < 0.4:
        row = office.draw.choice(known) | {"valid_to": AS_OF - timedelta(days=20)}
    office.load(certifications=[row])


def _territory(office: Office) -> None:
    row = {"partner_id": office.one("partners"), "region_id": office.one("regions")}
    office.load(authorizations=[row | {"valid_from": AS_OF - timedelta(days=100)}])


def _branch(office: Office) -> None:
    row = {"partner_id": office.one("partners"), "city_id": office.one("cities")}
    office.load(branches=[row | {"opened_on": AS_OF - timedelta(days=50)}])


def _party(office: Office) -> None:
    row = office.draw.choice(office.stored("partners"))
    ends = office.draw.choice([None, AS_OF - timedelta(days=40)])
    office.load(partners=[row | {"terminated_on": ends, "joined_on": None}])


def _end_user(office: Office) -> None:
    row = office.draw.choice(office.stored("end_users"))
    change = {"segment": office.draw.choice([None, "home"]), "industry_id": "gov"}
    office.load(end_users=[row | change])


def _waiver(office: Office) -> None:
    line = office.draw.choice(office.stored("shipments"))
    row = {"rule": "supply/*", "subject_id": line["seller_id"], "approver": "x", "reason": "y"}
    days = {"valid_from": "2014-01-01", "valid_to": "2015-12-31"}
    office.load(waivers=[row | days | {"max_quantity": office.draw.choice([None, 3])}])


def _serials(office: Office) -> None:
    lines = office.draw.sample(office.stored("shipments"), 3)
    rows = [{"shipment_id": row["id"], "serial": office.draw.choice("123")} for row in lines]
    office.load(serials=rows)


def _target(office: Office) -> None:
    row = {"partner_id": office.one("partners"), "region_id": "DE", "period_start": "2015-01-01"}
    amount = office.draw.choice([5, 500])
    office.load(targets=[row | {"period_end": "2015-06-01", "amount": amount, "currency": "EUR"}])


def _unload(office: Office) -> None:
    with open_workspace(office.path, write=True) as workspace, suppress(InputError):
        found = workspace.connection.execute("SELECT id FROM admin.loads WHERE kind = 'load'")
        loads = sorted(number for (number,) in found.fetchall() if number > 1)
        if loads:
            unload(workspace, office.draw.choice(loads))


def _policy(office: Office) -> None:
    file = office.folder / "pack" / "policy.toml"
    text = file.read_text("utf-8")
    one, other = _EDITS[office.draw.choice(sorted(_EDITS))]
    other = other or one.replace("value = 0", "value = 90").replace("discouraged", "allowed")
    if other.endswith('"allowed"'):  # which names no rule
        return
    edited = text.replace(one, other, 1) if one in text else text.replace(other, one, 1)
    file.write_text(edited, "utf-8")


def _rule(office: Office) -> None:
    """Let a rule over lines say less, or what it said before."""
    folder = office.folder / "pack"
    file = office.draw.choice(sorted(folder.rglob("*.cypher")))
    shipped = (pack() / file.relative_to(folder)).read_text("utf-8")
    before, where, after = shipped.partition("\nWHERE s.")
    if file.read_text("utf-8") != shipped or not where:
        file.write_text(shipped, "utf-8")
    else:
        file.write_text(f"{before}\nWHERE s.quantity > 1 AND s.{after}", "utf-8")


def _day(office: Office) -> None:
    office.as_of = AS_OF + timedelta(days=office.draw.choice([-100, -10, -3, -1, 0, 1, 2, 9]))


def _nothing(office: Office) -> None:
    with office.channel() as channel:
        channel.scan(country="DE").close()  # which leaves nothing to the next


def _purge(office: Office) -> None:
    with open_workspace(office.path, write=True) as workspace, suppress(InputError):
        found = workspace.connection.execute("SELECT max(id) FROM admin.loads").fetchall()
        purge(workspace, str(office.draw.randint(1, found[0][0])))


def _subset(office: Office) -> None:
    with office.channel() as channel:
        some = office.draw.sample([rule.id for rule in channel.catalogue.rules], 3)
        channel.scan(rules=some).close()


moves = {
    "lines": _lines, "correct": _correct, "withdraw": _withdraw, "period": _period,
    "certificate": _certificate, "territory": _territory, "branch": _branch, "party": _party,
    "end user": _end_user, "waiver": _waiver, "serials": _serials, "target": _target,
    "unload": _unload, "policy": _policy, "rule": _rule, "day": _day, "nothing": _nothing,
    "purge": _purge, "subset": _subset,
}  # fmt: skip

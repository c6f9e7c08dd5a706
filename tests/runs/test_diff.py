"""Each change of a finding has its causes: planted alone, in pairs, and in random histories."""

from __future__ import annotations

import itertools
import os
import random
import shutil
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import InputError
from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.runs.kinds import KINDS
from graphchannel.workspace import create_workspace, open_workspace
from tests.findings.network import EVERY_LINE, POLICY, Rules, line, network
from tests.runs.conftest import Office, office_in
from tests.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from graphchannel.findings import ScanResult
    from graphchannel.runs.diff import RunDiff
    from graphchannel.runs.kinds import Kind

FULL = "GRAPHCHANNEL_HISTORIES" in os.environ  # see `make assurance`
HISTORIES = int(os.environ.get("GRAPHCHANNEL_HISTORIES", "1"))
DAYS = ("2015-03-31", "2015-06-30")
RULES = {
    "supply/uncertified": EVERY_LINE.replace(
        "RETURN", "WHERE s.seller_role = 'uncertified' AND s.shipped_on <= $as_of RETURN"
    ),
    "supply/late": EVERY_LINE.replace(
        "RETURN",
        "WHERE a.terminated_on + duration({days: $sell_off_days}) < s.shipped_on"
        " AND s.shipped_on <= $as_of RETURN",
    ),
    "territory/away": """MATCH (a:Partner)-[s:SUPPLIED]->(b:Partner)
WHERE s.shipped_on <= $as_of
  AND NOT EXISTS { MATCH (a)-[t:AUTHORIZED_IN]->(:Region) WHERE t.valid_from <= s.shipped_on }
RETURN a.id AS subject, b.id AS object, s.id AS shipment""",
    "coverage/no-branch": """MATCH (a:Partner)
WHERE NOT EXISTS { MATCH (a)-[o:HAS_BRANCH]->(:City) WHERE o.opened_on <= $as_of }
RETURN a.id AS subject""",
}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that somebody changes between two scans, and what kind of cause it is."""

    kind: Kind
    rows: Callable[[], dict[str, list[dict[str, Any]]]] = dict
    policy: int | None = None
    rule: str | None = None
    withdraw: bool = False


BASE = {
    "regions": [{"id": "R", "name": "Region"}, {"id": "S", "name": "Other"}],
    "cities": [{"id": "T", "name": "Town", "region_id": "R"}],
    "partners": [
        {"id": "A", "name": "Alpha", "terminated_on": "2015-01-20"},
        {"id": "B", "name": "Beta"},
        {"id": "C", "name": "Gamma"},
    ],
    "certifications": [
        {"holder_id": "B", "role": "gold", "issuer_id": "V", "valid_from": "2015-02-01"}
    ],
    "authorizations": [{"partner_id": "B", "region_id": "S", "valid_from": "2015-02-01"}],
    "branches": [{"partner_id": "C", "city_id": "T", "opened_on": "2015-02-01"}],
    "shipments": [
        line("L1", "A", "B", quantity=5),
        line("L2", "A", "B", shipped_on="2015-02-10"),
        line("L3", "B", "C", product_id="Y"),
        line("L4", "C", "A", shipped_on="2015-05-10"),
    ],
}
SOLD = {"id": "A", "name": "Alpha", "terminated_on": "2015-12-31"}
WAIVER = {
    "rule": "supply/uncertified", "subject_id": "A", "valid_from": "2015-01-01",
    "valid_to": "2015-12-31", "approver": "x", "reason": "y",
}  # fmt: skip
CHANGES = {
    "new line": Change(
        "lines", lambda: {"shipments": [line("N1", "C", "A"), line("N2", "A", "B")]}
    ),
    "corrected line": Change(
        "correction", lambda: {"shipments": [line("L1", "A", "B", quantity=9)]}
    ),
    "withdrawn line": Change("withdrawal", withdraw=True),
    "certificate": Change(
        "certificate",
        lambda: {"certifications": [
            {"holder_id": "A", "role": "silver", "issuer_id": "V", "valid_from": "2015-01-01"}
        ]},
    ),
    "territory": Change(
        "territory",
        lambda: {"authorizations": [
            {"partner_id": "A", "region_id": "R", "valid_from": "2015-01-01"}
        ]},
    ),
    "branch": Change(
        "branch",
        lambda: {"branches": [{"partner_id": "A", "city_id": "T", "opened_on": "2015-01-01"}]},
    ),
    "party": Change("party", lambda: {"partners": [SOLD]}),
    "waiver": Change("waiver", lambda: {"waivers": [WAIVER]}),
    "policy": Change("policy", policy=90),
    "rule": Change("rule", rule="supply/late"),
    "day": Change("as_of"),
}  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an office whose first state every test copies."""
    folder = tmp_path_factory.mktemp("office")
    office = office_in(folder)
    for name in ("supply/any", "supply/gold", "data/terminated"):
        (folder / "pack" / f"{name}.cypher").unlink()
    for name, query in RULES.items():
        office.rules.add(name, query, message=message(query))
    with open_workspace(office.path, write=True) as workspace:
        report = load_rows(workspace, BASE, POLICY)
    assert not report.rejected, report
    return folder


def copied(template: Path, folder: Path) -> Office:
    shutil.copytree(template, folder)
    return Office(folder, Rules(folder / "pack"))


def apply(office: Office, changes: Iterable[Change]) -> str:
    """Make changes; return the day to judge."""
    day = DAYS[0]
    for change in changes:
        rows = change.rows()
        if rows:
            office.load(**rows)
        if change.withdraw:
            kept = [row for row in _lines(office) if row["id"] != "L2"]
            with open_workspace(office.path, write=True) as workspace:
                load_rows(workspace, {"shipments": kept}, POLICY, replace=["shipments"])
        if change.policy is not None:
            office.edit(SELL_OFF.format(0), SELL_OFF.format(change.policy))
        if change.rule is not None:
            rule = edited(change.rule)
            office.rules.add(change.rule, rule, message=message(rule))
        if change.kind == "as_of":
            day = DAYS[1]
    return day


SELL_OFF = '[parameters.sell_off_days]\ntype = "integer"\nvalue = {}'


def _lines(office: Office) -> list[dict[str, Any]]:
    columns = "id, shipped_on, seller_id, buyer_id, product_id, quantity"
    with open_workspace(office.path) as workspace:
        rows = workspace.connection.execute(f"SELECT {columns} FROM main.shipments").fetchall()
    return [dict(zip(columns.split(", "), row, strict=True)) for row in rows]


def found(office: Office, day: str) -> dict[str, tuple[int, int, bool, int | None]]:
    """Scan, and leave a run; return lines and whether it is waived, by fingerprint."""
    with office.channel() as channel, channel.scan(as_of=day) as result:
        assert not result.failed
        return states_of(result)


def judged(
    folder: Path, changes: Iterable[Change], given: Change | None = None
) -> dict[str, tuple[int, int, bool, int | None]]:
    """Judge a workspace that was loaded with some changes alone."""
    rules, policy, day = dict(RULES), POLICY, DAYS[0]
    with create_workspace(None, POLICY) as workspace:
        load_rows(workspace, network() | BASE, POLICY)
        if given is not None:
            load_rows(workspace, given.rows(), POLICY)
        for change in changes:
            if change.withdraw:
                workspace.connection.execute("DELETE FROM main.shipments WHERE id = 'L2'")
            load_rows(workspace, change.rows(), POLICY)
            if change.policy is not None:
                parameter = replace(POLICY.parameters["sell_off_days"], value=change.policy)
                parameters = {**POLICY.parameters, "sell_off_days": parameter}
                policy = replace(POLICY, parameters=parameters)
            if change.rule is not None:
                rules[change.rule] = edited(change.rule)
            day = DAYS[1] if change.kind == "as_of" else day
        written = Rules(folder / f"rules-{len(list(folder.iterdir()))}")
        for name, query in rules.items():
            written.add(name, query, message=message(query))
        options = ScanOptions(as_of=date.fromisoformat(day))
        with scan(workspace, written.catalogue(policy), options) as result:
            assert not result.failed
            return states_of(result)


def states_of(result: ScanResult) -> dict[str, tuple[int, int, bool, int | None]]:
    return {
        one.fingerprint: (one.lines, one.quantity, one.status == "waived", one.line_set)
        for one in result.findings()
    }


def message(query: str) -> str:
    return "{subject}: {lines} lines" if "shipment" in query else "{subject}"


EDITED = {
    "supply/late": ("< s.shipped_on", "< date('2016-01-01')"),
    "supply/uncertified": ("s.seller_role = 'uncertified'", "s.seller_role = 'gold'"),
}


def edited(rule: str) -> str:
    return RULES[rule].replace(*EDITED[rule])


def wanted(
    folder: Path, changes: Sequence[Change], given: Change | None = None
) -> dict[str, set[Kind]]:
    """Return the causes of each changed finding, from workspaces that lack some of the changes.

    A change is a cause if its lack makes a difference, or if it makes one alone; if there is none
    of these, if it makes one when all are made in turn.
    """
    every = frozenset(range(len(changes)))
    states: dict[frozenset[int], Any] = {}

    def state(some: frozenset[int]) -> Any:
        if some not in states:
            states[some] = judged(folder, [changes[n] for n in sorted(some)], given)
        return states[some]

    def differ(name: str, one: frozenset[int], other: frozenset[int]) -> bool:
        was, now = state(one).get(name), state(other).get(name)
        ends = (state(frozenset()).get(name), state(every).get(name))
        numbers = all(end is not None and not end[2] for end in ends)
        return bool(_outcome(was, numbers=numbers) != _outcome(now, numbers=numbers))

    order = sorted(every, key=lambda n: KINDS.index(changes[n].kind))
    causes = {}
    for name in {*state(frozenset()), *state(every)}:
        if not differ(name, frozenset(), every):
            continue
        alone = {
            n
            for n in every
            if differ(name, every - {n}, every) or differ(name, frozenset(), frozenset({n}))
        }
        turns = [frozenset(order[:place]) for place in range(len(order) + 1)]
        in_turn = (
            {order[n] for n in every if differ(name, turns[n], turns[n + 1])}
            if not alone
            else set()
        )
        causes[name] = {changes[n].kind for n in alone | in_turn}
    return causes


def _outcome(state: Any, *, numbers: bool) -> object:
    return state if numbers else state is not None and not state[2]


def told(diff: RunDiff) -> dict[str, set[Kind]]:
    return {one.fingerprint: {cause.kind for cause in one.causes} for one in diff.findings}


def check(
    template: Path, folder: Path, changes: Sequence[Change], given: Change | None = None
) -> RunDiff:
    office = copied(template, folder / "office")
    if given is not None:
        apply(office, [given])
    found(office, DAYS[0])
    found(office, apply(office, changes))
    with office.channel() as channel:
        diff = channel.diff("1", "2")
    assert told(diff) == wanted(folder, changes, given)
    return diff


@pytest.mark.parametrize("name", CHANGES if FULL else sampled(["certificate", "policy"], 1))
def test_a_planted_change_is_the_cause(template: Path, tmp_path: Path, name: str) -> None:
    office = copied(template, tmp_path / "office")
    before = found(office, DAYS[0])
    assert found(office, apply(office, [CHANGES[name]])) != before
    with office.channel() as channel:
        diff = channel.diff("1", "2")
    assert diff.findings
    assert {cause.kind for one in diff.findings for cause in one.causes} == {CHANGES[name].kind}


PAIRS = list(itertools.combinations(CHANGES, 2))
SOME = PAIRS if FULL else sampled([("new line", "day")], 0)


@pytest.mark.parametrize("names", SOME, ids="+".join)
def test_two_planted_changes_are_both_told(
    template: Path, tmp_path: Path, names: tuple[str, str]
) -> None:
    check(template, tmp_path, [CHANGES[name] for name in names])


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_random_history(template: Path, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a history to try, no secret
    names = draw.sample(sorted(CHANGES), draw.randint(3, 5))
    check(template, tmp_path, [CHANGES[name] for name in names])


def lines_of_a(*shipped: tuple[str, str, str, int], kind: Kind = "lines") -> Change:
    """Let A ship lines: id, buyer, day, units."""
    rows = [line(id_, "A", to, shipped_on=day, quantity=units) for id_, to, day, units in shipped]
    return Change(kind, lambda: {"shipments": rows})


LATE = ("L2", "B", "2015-02-10")  # a line that comes after one of 5 units, and alone is late


def capped(rules: str, units: int | None = None, value: str | None = None) -> Change:
    """Waive lines of A up to a cap, or put another cap in the place of one that was there."""
    cap = {"max_quantity": units, "max_value": value, "currency": value and "EUR"}
    return Change("waiver", lambda: {"waivers": [WAIVER | {"rule": rules} | cap]})


def at_first(cap: Change) -> Change:
    """Return what a workspace has before the first scan: the cap, and 10 units in the late line."""
    return Change("waiver", lambda: cap.rows() | lines_of_a((*LATE, 10)).rows())


_LATE, _BOTH = "supply/late", "supply/late territory/away"
# The cap at the first scan, what changes until the second, and what becomes of what is late.
CAPS: dict[str, tuple[Change, Change, str]] = {
    "it is added": (Change("waiver"), capped(_LATE, 10), "waived"),
    "it is raised": (capped(_LATE, 9), capped(_LATE, 10), "waived"),
    "it is lowered": (capped(_LATE, 10), capped(_LATE, 9), "reopened"),
    "it is one on value": (capped(_LATE, 10), capped(_LATE, value="1"), "reopened"),
    "it is lifted": (capped(_LATE, 9), capped(_LATE), "waived"),
    "an earlier line uses it up": (
        capped(_BOTH, 15), lines_of_a(("N", "C", "2015-01-05", 1)), "reopened"
    ),
    "a later line of the finding is beyond it": (
        capped(_LATE, 10), lines_of_a(("N", "B", "2015-02-11", 1)), "reopened"
    ),
    "a corrected line uses it up": (
        capped(_LATE, 10), lines_of_a((*LATE, 11), kind="correction"), "reopened"
    ),
    "a corrected line of another rule uses it up": (
        capped(_BOTH, 15),
        lines_of_a(("L1", "B", "2015-01-10", 6), kind="correction"),
        "reopened",
    ),
    "a territory leaves it to what is late": (capped(_BOTH, 10), CHANGES["territory"], "waived"),
    "a rule that is edited leaves it to what is late": (
        capped("supply/late supply/uncertified", 10),
        Change("rule", rule="supply/uncertified"),
        "waived",
    ),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("name", CAPS)
def test_a_cap_and_what_uses_it_up_are_told(template: Path, tmp_path: Path, name: str) -> None:
    cap, change, expected = CAPS[name]
    diff = check(template, tmp_path, [change], at_first(cap))
    assert (_LATE, expected) in {(one.rule, one.change) for one in diff.findings}
    for one in diff.findings:
        assert [cause.kind for cause in one.causes] == [change.kind]


# With something else that changes at the same time, of another kind.
BESIDE = [
    (cap, name)
    for cap, (_, change, _) in CAPS.items()
    for name in CHANGES
    if CHANGES[name].kind != change.kind
    if (cap, name) != ("a corrected line uses it up", "withdrawn line")  # which is the same line
]
LEFT = ("a territory leaves it to what is late", "new line")


@pytest.mark.parametrize("names", BESIDE if FULL else sampled([LEFT], 0), ids="+".join)
def test_a_cap_and_something_else_are_told(
    template: Path, tmp_path: Path, names: tuple[str, str]
) -> None:
    cap, change, _ = CAPS[names[0]]
    check(template, tmp_path, [change, CHANGES[names[1]]], at_first(cap))


def test_what_a_cause_consists_of(template: Path, tmp_path: Path) -> None:
    office = copied(template, tmp_path / "office")
    found(office, DAYS[0])
    day = apply(office, [CHANGES[name] for name in ("new line", "certificate", "policy", "day")])
    found(office, day)
    with office.channel() as channel:
        diff = channel.diff()
        again = channel.diff("latest", "1")
    assert again == diff
    said = {str(cause) for one in diff.findings for cause in one.causes}
    assert said == {
        "as-of day: 2015-03-31 → 2015-06-30",
        "certificate change: certifications A silver 2015-01-01; load 4, certifications",
        "new lines: N1; load 3, shipments",
        "new lines: N2; load 3, shipments",
        "policy edit: sell_off_days: 0 → 90",
    }


def test_edits_of_a_policy_are_told_with_the_rules_that_it_sets(
    template: Path, tmp_path: Path
) -> None:
    office = copied(template, tmp_path / "office")
    found(office, DAYS[0])
    office.edit('ruling = "discouraged"', 'ruling = "forbidden"')
    policy = office.folder / "pack" / "policy.toml"
    setting = '\n[rules."supply/uncertified"]\nenabled = false\n'
    policy.write_text(policy.read_text("utf-8") + setting, "utf-8")
    found(office, DAYS[0])
    with office.channel() as channel:
        said = {str(cause) for one in channel.diff().findings for cause in one.causes}
    assert said == {
        "policy edit: roles, rulings or obligations were edited, setting of rule supply/uncertified"
    }


def test_runs_that_looked_at_different_things_are_refused(office: Office) -> None:
    with office.channel() as channel:
        channel.scan()
        with pytest.raises(InputError, match="There are not two runs to compare"):
            channel.diff()
        channel.scan(partner="A")
        with pytest.raises(InputError, match="no --partner, then --partner A"):
            channel.diff("1", "2")


def test_runs_that_left_something_out_are_compared(office: Office) -> None:
    with office.channel() as channel:
        channel.scan(partner="C", as_of="2015-02-10")
    office.load(shipments=[line("N1", "C", "A"), line("N2", "A", "B")])
    with office.channel() as channel:
        channel.scan(partner="C", as_of="2015-02-10")
        (one,) = channel.diff("1", "2").findings
    assert (one.change, one.subject, [cause.kind for cause in one.causes]) == (
        "new",
        "C",
        ["lines"],
    )

"""What was gained and lost between two days, and the reason that is given for it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.analysis.coverage.changes import city_changes, region_changes, state_of
from graphchannel.analysis.coverage.regions import coverage
from graphchannel.report.documents.changes import reasons_text
from tests.analysis.coverage.market import AS_OF, POLICIES, facts_of, random_market
from tests.sampling import sampled

if TYPE_CHECKING:
    from graphchannel.analysis.coverage.changes import Reason
    from tests.analysis.coverage.market import Tables

POLICY = POLICIES["shipped"]
BEFORE = date(2015, 6, 1)
EVENT = date(2015, 6, 15)
ALWAYS = date(2014, 1, 1)


def tables(**changed: dict[str, Any]) -> Tables:
    """Return a distributor and a reseller in one region; `changed` are values of single rows."""
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "hub": ("partners", {"id": "hub", "name": "Hub"}),
        "shop": ("partners", {"id": "shop", "name": "Shop"}),
        "hub_role": ("certifications", _certificate("hub", "distributor", "V")),
        "shop_role": ("certifications", _certificate("shop", "gold", "hub")),
        "hub_area": ("authorizations", {"partner_id": "hub", "region_id": "de"}),
        "shop_area": ("authorizations", {"partner_id": "shop", "region_id": "de"}),
        "branch": ("branches", {"partner_id": "hub", "city_id": "ulm"}),
    }
    found: Tables = {
        "vendors": [{"id": "V", "name": "Vendor"}],
        "regions": [{"id": "de", "name": "Germany", "country": "DE", "demand": 3}],
        "cities": [{"id": "ulm", "name": "Ulm", "region_id": "de", "key_city": True}],
    }
    for name, (table, row) in rows.items():
        start = {"valid_from": ALWAYS} if table == "authorizations" else {}
        found.setdefault(table, []).append(start | row | changed.get(name, {}))
    return found


def _certificate(holder: str, role: str, issuer: str) -> dict[str, Any]:
    return {"holder_id": holder, "role": role, "issuer_id": issuer, "valid_from": ALWAYS}


def why(reasons: tuple[Reason, ...]) -> list[tuple[str, bool, str, date | None]]:
    return [(reason.partner, reason.gained, reason.what, reason.day) for reason in reasons]


ENDS = [
    ("shop", {"terminated_on": EVENT}, ("shop", "left the channel"), "not covered"),
    ("shop_role", {"valid_to": EVENT}, ("shop", "certificate as gold ended"), "not covered"),
    ("shop_area", {"valid_to": EVENT}, ("shop", "authorization ended"), "not covered"),
    ("hub_role", {"valid_to": EVENT}, ("hub", "certificate as distributor ended"), "no route"),
    ("hub", {"terminated_on": EVENT}, ("hub", "left the channel"), "no route"),
    ("hub_area", {"valid_to": EVENT}, ("hub", "authorization ended"), "no route"),
]
BEGINS = [
    ("shop", {"joined_on": EVENT}, ("shop", "joined the channel"), "not covered"),
    ("shop_role", {"valid_from": EVENT}, ("shop", "certificate as gold began"), "not covered"),
    ("shop_area", {"valid_from": EVENT}, ("shop", "authorization began"), "not covered"),
    ("hub_role", {"valid_from": EVENT}, ("hub", "certificate as distributor began"), "no route"),
]


@pytest.mark.parametrize(("row", "values", "reason", "state"), ENDS)
def test_a_region_is_lost_for_a_reason(
    row: str, values: dict[str, Any], reason: tuple[str, str], state: str
) -> None:
    given = tables(**{row: values})
    (change,) = region_changes(*facts_of(given, POLICY, BEFORE, AS_OF))
    assert (change.before, change.after, change.gained) == ("served", state, False)
    follows = [("shop", False, "no supplier left", None)] if reason[0] == "hub" else []
    assert why(change.reasons) == [(reason[0], False, reason[1], EVENT), *follows]


@pytest.mark.parametrize(("row", "values", "reason", "state"), BEGINS)
def test_a_region_is_gained_for_a_reason(
    row: str, values: dict[str, Any], reason: tuple[str, str], state: str
) -> None:
    given = tables(**{row: values})
    (change,) = region_changes(*facts_of(given, POLICY, BEFORE, AS_OF))
    assert (change.before, change.after, change.gained) == (state, "served", True)
    assert why(change.reasons)[0] == (reason[0], True, reason[1], EVENT)
    assert [one for one in change.reasons[1:] if one.what != "a supplier again"] == []


def test_all_reasons_of_a_partner_are_given_in_one_order() -> None:
    given = tables(
        hub={"terminated_on": EVENT},
        hub_role={"valid_to": date(2015, 6, 20)},
        hub_area={"valid_to": date(2015, 6, 18)},
        branch={"closed_on": date(2015, 6, 17)},
    )
    before, after = facts_of(given, POLICY, BEFORE, AS_OF)
    own = [
        ("hub", False, "left the channel", EVENT),
        ("hub", False, "certificate as distributor ended", date(2015, 6, 20)),
        ("hub", False, "authorization ended", date(2015, 6, 18)),
    ]
    (region,) = region_changes(before, after)
    assert why(region.reasons) == [*own, ("shop", False, "no supplier left", None)]
    (city,) = city_changes(before, after, {"ulm"})
    closed = ("hub", False, "branch closed", date(2015, 6, 17))
    assert why(city.reasons) == [*own[:2], closed, own[2]]
    assert reasons_text(region.reasons) == (
        "Hub: left the channel 2015-06-15, certificate as distributor ended 2015-06-20, "
        "authorization ended 2015-06-18; Shop: no supplier left"
    )
    assert reasons_text(city.reasons, days=False) == (
        "Hub: left the channel, certificate as distributor ended, branch closed, "
        "authorization ended"
    )


def test_the_other_way_round_a_loss_is_a_gain() -> None:
    given = tables(shop_role={"valid_to": EVENT})
    (change,) = region_changes(*facts_of(given, POLICY, AS_OF, BEFORE))
    assert (change.before, change.after, change.gained) == ("not covered", "served", True)


def test_backwards_in_time_the_reason_is_the_same_event() -> None:
    given = tables(shop_role={"valid_from": EVENT})
    (change,) = region_changes(*facts_of(given, POLICY, AS_OF, BEFORE))
    assert why(change.reasons) == [("shop", False, "certificate as gold began", EVENT)]


@pytest.mark.parametrize(
    ("row", "values", "what", "day"),
    [
        ("shop", {"terminated_on": EVENT}, "left the channel", EVENT),
        ("shop_role", {"valid_to": EVENT}, "certificate as gold ended", None),
        ("shop_area", {"valid_to": EVENT}, "authorization ended", None),
    ],
)
def test_two_states_of_one_day(
    row: str, values: dict[str, Any], what: str, day: date | None
) -> None:
    _, kept = facts_of(tables(), POLICY, AS_OF, AS_OF)
    _, changed = facts_of(tables(**{row: values}), POLICY, AS_OF, AS_OF)
    (lost,) = region_changes(kept, changed)
    assert why(lost.reasons) == [("shop", False, what, day)]
    (gained,) = region_changes(changed, kept)
    assert [(r.partner, r.gained, r.day) for r in gained.reasons] == [("shop", True, None)]


def test_a_partner_that_changes_its_role_is_lost_to_the_role() -> None:
    given = tables(shop_role={"valid_to": EVENT})
    given["certifications"].append(_certificate("shop", "silver", "hub") | {"valid_from": EVENT})
    before, after = facts_of(given, POLICY, BEFORE, AS_OF)
    assert region_changes(before, after) == []
    (lost,) = region_changes(before, after, "gold")
    assert why(lost.reasons) == [("shop", True, "gold became silver", None)]
    (gained,) = region_changes(before, after, "silver")
    assert gained.gained


@pytest.mark.parametrize(
    ("row", "values", "what"),
    [
        ("branch", {"closed_on": EVENT}, "branch closed"),
        ("hub", {"terminated_on": EVENT}, "left the channel"),
        ("hub_role", {"valid_to": EVENT}, "certificate as distributor ended"),
        ("hub_area", {"valid_to": EVENT}, "authorization ended"),
    ],
)
def test_a_key_city_is_lost_for_a_reason(row: str, values: dict[str, Any], what: str) -> None:
    given = tables(**{row: values})
    before, after = facts_of(given, POLICY, BEFORE, AS_OF)
    (change,) = city_changes(before, after, {"ulm"})
    assert (change.id, change.gained) == ("ulm", False)
    assert why(change.reasons) == [("hub", False, what, EVENT)]
    assert city_changes(before, after, set()) == []


def test_a_key_city_is_gained_with_a_branch() -> None:
    given = tables(branch={"opened_on": EVENT})
    (change,) = city_changes(*facts_of(given, POLICY, BEFORE, AS_OF), {"ulm"})
    assert why(change.reasons) == [("hub", True, "branch opened", EVENT)]


@pytest.mark.parametrize("seed", sampled(range(3), 1))
def test_every_change_of_state_is_told_with_a_reason(seed: int) -> None:
    given = random_market(seed, POLICY)
    before, after = facts_of(given, POLICY, date(2015, 6, 29), AS_OF)
    states = [{r.id: state_of(r) for r in coverage(facts).regions} for facts in (before, after)]
    changed = {id_ for id_ in states[0] if states[0][id_] != states[1][id_]}
    found = region_changes(before, after)
    assert {change.region.id for change in found} == changed
    assert all(change.reasons for change in found)

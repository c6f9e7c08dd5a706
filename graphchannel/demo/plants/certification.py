"""Plants for the rules over certificates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.actors import Held
from graphchannel.demo.days import SINCE, after
from graphchannel.demo.network import SECOND_VENDOR
from graphchannel.demo.plants.supply import DUAL

if TYPE_CHECKING:
    from graphchannel.demo.actors import Actors

DUAL_GROUP = "certification/distributor-and-vap-in-group"
TIER_ONE = "certification/tier-one-not-certified-by-vendor"
TIER_TWO_ISSUER = "certification/tier-two-not-certified-by-distributor"

_CHANGE = date(2014, 12, 31)


def plant_certification(actors: Actors) -> None:
    """Plant all of them."""
    _both_roles(actors)
    _both_roles_in_a_group(actors)
    _tier_one_issuers(actors)
    _tier_two_issuers(actors)


def _both_roles(actors: Actors) -> None:
    truth = actors.network.truth
    always = actors.partner("AT", Held("distributor"), Held("vap"))
    truth.expect(DUAL, always)
    # only in the future, after the as-of day
    later = actors.partner("BE", Held("vap"), Held("distributor", date(2016, 1, 1)))
    truth.expect(DUAL, later)
    touching = actors.partner("AT", Held("vap", SINCE, _CHANGE), Held("distributor", _CHANGE))
    truth.expect(DUAL, touching)
    # one after the other, either way; and a tier-2 role, which the policy does not rule out
    actors.partner("BE", Held("distributor", SINCE, _CHANGE), Held("vap", after(_CHANGE)))
    actors.partner("BE", Held("vap", SINCE, _CHANGE), Held("distributor", after(_CHANGE)))
    actors.partner("NL", Held("distributor"), Held("gold"))


def _both_roles_in_a_group(actors: Actors) -> None:
    truth = actors.network.truth
    one = actors.partner("FR", Held("distributor"), group="Group Alma")
    truth.expect(DUAL_GROUP, one, actors.partner("BE", Held("vap"), group="Group Alma"))
    overlapping = Held("vap", SINCE, _CHANGE)
    truth.expect(DUAL_GROUP, one, actors.partner("FR", overlapping, group="Group Alma"))
    # on one day only, the last of one and the first of the other
    last_day = Held("distributor", SINCE, _CHANGE)
    first_day = Held("distributor", _CHANGE)
    for distributor, vap in ((last_day, Held("vap", _CHANGE)), (first_day, overlapping)):
        group = f"Group {distributor.first.year}"
        first = actors.partner("IE", distributor, group=group)
        truth.expect(DUAL_GROUP, first, actors.partner("IE", vap, group=group))
    # one after the other in one group; at the same time in two groups
    actors.partner("DE", Held("distributor", SINCE, _CHANGE), group="Group Boreal")
    actors.partner("DE", Held("vap", after(_CHANGE)), group="Group Boreal")
    actors.partner("BE", Held("vap", SINCE, after(_CHANGE, -1)), group="Group 2014")
    actors.partner("DE", Held("gold"), group="Group Alma")
    actors.partner("DE", Held("vap"), group="Group Cirrus")


def _tier_one_issuers(actors: Actors) -> None:
    truth = actors.network.truth
    issuer = actors.house("GB")
    truth.expect(TIER_ONE, actors.partner("GB", Held("vap", issuer=issuer)))
    # renewed by the wrong issuer, from a day after the as-of day
    renewed = Held("vap", SINCE, date(2015, 12, 31))
    wrong = Held("vap", date(2016, 1, 1), None, issuer)
    truth.expect(TIER_ONE, actors.partner("GB", renewed, wrong))
    truth.expect(TIER_ONE, actors.partner("IE", Held("distributor", issuer=issuer)))
    actors.partner("GB", Held("vap", issuer=SECOND_VENDOR))


def _tier_two_issuers(actors: Actors) -> None:
    truth = actors.network.truth
    vap = actors.vap("PT")
    truth.expect(TIER_TWO_ISSUER, actors.partner("PT", Held("silver", issuer=vap)))
    # the issuer's own certificate ended: the day before, and on the day
    ended = actors.partner("PT", Held("distributor", SINCE, _CHANGE))
    late = actors.partner("PT", Held("gold", after(_CHANGE), None, ended))
    truth.expect(TIER_TWO_ISSUER, late)
    actors.partner("PT", Held("gold", _CHANGE, None, ended))
    # not yet valid on the as-of day
    coming = actors.partner("PT", Held("recognized", date(2015, 11, 1), None, ended))
    truth.expect(TIER_TWO_ISSUER, coming)
    truth.expect(TIER_TWO_ISSUER, actors.partner("PT", Held("platinum", issuer=vap)))

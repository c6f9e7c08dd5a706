"""Plants for the rules over certificates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.cast import Held
from graphchannel.demo.days import SINCE, after
from graphchannel.demo.network import SECOND_VENDOR
from graphchannel.demo.plants.supply import DUAL

if TYPE_CHECKING:
    from graphchannel.demo.cast import Cast

DUAL_GROUP = "certification/distributor-and-vap-in-group"
TIER_ONE = "certification/tier-one-not-certified-by-vendor"
TIER_TWO_ISSUER = "certification/tier-two-not-certified-by-distributor"

_CHANGE = date(2014, 12, 31)


def plant_certification(cast: Cast) -> None:
    """Plant all of them."""
    _both_roles(cast)
    _both_roles_in_a_group(cast)
    _tier_one_issuers(cast)
    _tier_two_issuers(cast)


def _both_roles(cast: Cast) -> None:
    truth = cast.network.truth
    always = cast.partner("AT", Held("distributor"), Held("vap"))
    truth.expect(DUAL, always)
    # only in the future, after the as-of day
    later = cast.partner("BE", Held("vap"), Held("distributor", date(2016, 1, 1)))
    truth.expect(DUAL, later)
    touching = cast.partner("AT", Held("vap", SINCE, _CHANGE), Held("distributor", _CHANGE))
    truth.expect(DUAL, touching)
    # one after the other, either way; and a tier-2 role, which the policy does not rule out
    cast.partner("BE", Held("distributor", SINCE, _CHANGE), Held("vap", after(_CHANGE)))
    cast.partner("BE", Held("vap", SINCE, _CHANGE), Held("distributor", after(_CHANGE)))
    cast.partner("NL", Held("distributor"), Held("gold"))


def _both_roles_in_a_group(cast: Cast) -> None:
    truth = cast.network.truth
    one = cast.partner("FR", Held("distributor"), group="Group Alma")
    truth.expect(DUAL_GROUP, one, cast.partner("BE", Held("vap"), group="Group Alma"))
    overlapping = Held("vap", SINCE, _CHANGE)
    truth.expect(DUAL_GROUP, one, cast.partner("FR", overlapping, group="Group Alma"))
    # on one day only, the last of one and the first of the other
    last_day = Held("distributor", SINCE, _CHANGE)
    first_day = Held("distributor", _CHANGE)
    for distributor, vap in ((last_day, Held("vap", _CHANGE)), (first_day, overlapping)):
        group = f"Group {distributor.first.year}"
        first = cast.partner("IE", distributor, group=group)
        truth.expect(DUAL_GROUP, first, cast.partner("IE", vap, group=group))
    # one after the other in one group; at the same time in two groups
    cast.partner("DE", Held("distributor", SINCE, _CHANGE), group="Group Boreal")
    cast.partner("DE", Held("vap", after(_CHANGE)), group="Group Boreal")
    cast.partner("BE", Held("vap", SINCE, after(_CHANGE, -1)), group="Group 2014")
    cast.partner("DE", Held("gold"), group="Group Alma")
    cast.partner("DE", Held("vap"), group="Group Cirrus")


def _tier_one_issuers(cast: Cast) -> None:
    truth = cast.network.truth
    issuer = cast.house("GB")
    truth.expect(TIER_ONE, cast.partner("GB", Held("vap", issuer=issuer)))
    # renewed by the wrong issuer, from a day after the as-of day
    renewed = Held("vap", SINCE, date(2015, 12, 31))
    wrong = Held("vap", date(2016, 1, 1), None, issuer)
    truth.expect(TIER_ONE, cast.partner("GB", renewed, wrong))
    truth.expect(TIER_ONE, cast.partner("IE", Held("distributor", issuer=issuer)))
    cast.partner("GB", Held("vap", issuer=SECOND_VENDOR))


def _tier_two_issuers(cast: Cast) -> None:
    truth = cast.network.truth
    vap = cast.vap("PT")
    truth.expect(TIER_TWO_ISSUER, cast.partner("PT", Held("silver", issuer=vap)))
    # the issuer's own certificate ended: the day before, and on the day
    ended = cast.partner("PT", Held("distributor", SINCE, _CHANGE))
    late = cast.partner("PT", Held("gold", after(_CHANGE), None, ended))
    truth.expect(TIER_TWO_ISSUER, late)
    cast.partner("PT", Held("gold", _CHANGE, None, ended))
    # not yet valid on the as-of day
    coming = cast.partner("PT", Held("recognized", date(2015, 11, 1), None, ended))
    truth.expect(TIER_TWO_ISSUER, coming)
    truth.expect(TIER_TWO_ISSUER, cast.partner("PT", Held("platinum", issuer=vap)))

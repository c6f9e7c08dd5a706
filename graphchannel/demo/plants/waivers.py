"""Plants for waivers: findings that somebody allowed, wholly, in part, or not quite."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.days import AS_OF, after
from graphchannel.demo.plants.obligations import NO_TARGET
from graphchannel.demo.plants.supply import DIRECT

if TYPE_CHECKING:
    from graphchannel.demo.actors import Actors

_FIRST, _SECOND, _THIRD = date(2014, 9, 1), date(2014, 10, 1), date(2015, 2, 27)
_APPROVER = "Channel board"


def plant_waivers(actors: Actors) -> None:
    """Plant all of them, each for the same three lines."""
    truth = actors.network.truth

    def waive(*values: object) -> None:
        actors.network.add("waivers", *values, None, None)  # without a cap on value

    seller, allowed = _three_lines(actors)
    waive(DIRECT, seller, allowed, None, _FIRST, _THIRD, None, _APPROVER, "Key account")
    truth.expect_waived(DIRECT, seller, allowed, 3)
    _, partly = _three_lines(actors)
    until = after(_THIRD, -1)
    waive(DIRECT, seller, partly, "FW-1000", _SECOND, until, None, _APPROVER, "Pilot")
    truth.expect_waived(DIRECT, seller, partly, 1)
    _, never = _three_lines(actors)
    waive(DIRECT, seller, never, "FW-1050", _FIRST, _THIRD, None, _APPROVER, "Pilot")
    waive(DIRECT, seller, never, None, after(_THIRD), AS_OF, None, _APPROVER, "Late")
    # a finding over nodes is waived while the as-of day lies in the interval
    excused = actors.vap("LU", without=("target",))
    truth.expect(NO_TARGET, excused)
    waive(NO_TARGET, excused, None, None, _FIRST, AS_OF, None, _APPROVER, "New here")
    truth.expect_waived(NO_TARGET, excused, None, 0)
    late = actors.vap("LU", without=("target",))
    truth.expect(NO_TARGET, late)
    waive(NO_TARGET, late, None, None, _FIRST, after(AS_OF, -1), None, _APPROVER, "Old")


def _three_lines(actors: Actors) -> tuple[str, str]:
    seller, buyer = actors.house("NL"), actors.end_user("NL")
    for day in (_FIRST, _SECOND, _THIRD):
        actors.network.sell(seller, buyer, day, DIRECT, product="FW-1000", amount=2_000_000)
    return seller, buyer

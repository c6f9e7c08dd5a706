"""Plants for obligations and targets: what a role owes as of the day, and what was promised."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.demo.actors import Held
from graphchannel.demo.days import AS_OF, SINCE, after
from graphchannel.demo.plants.territory import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.demo.actors import Actors

CAPABILITY = "obligations/missing-capability"
INCENTIVE = "obligations/no-incentive-plan"
MARKETING = "obligations/no-marketing-plan"
SATISFACTION = "obligations/low-satisfaction"
STRENGTH = "obligations/below-strength"
INDUSTRY = "obligations/vap-without-industry"
TIER_TWO = "obligations/distributor-without-tier-two"
NO_TARGET = "obligations/no-sales-target"
MISSED = "targets/missed"

_YESTERDAY = after(AS_OF, -1)


def plant_obligations(actors: Actors) -> None:
    """Plant all of them."""
    _capabilities(actors)
    _programs(actors)
    _satisfaction(actors)
    _strength(actors)
    _industries(actors)
    _resellers(actors)
    _no_target(actors)
    _missed_targets(actors)


def _capabilities(actors: Actors) -> None:
    network = actors.network
    expect = network.truth.expect
    bare = actors.partner("DE", Held("recognized"), without=("presales_support", "branding"))
    expect(CAPABILITY, bare, "presales_support")
    expect(CAPABILITY, bare, "branding")
    ended = actors.partner("DE", Held("vap"), without=("system_integration", "branding"))
    network.add("capabilities", ended, "system_integration", SINCE, _YESTERDAY)
    network.add("capabilities", ended, "branding", SINCE, AS_OF)
    expect(CAPABILITY, ended, "system_integration")
    # a second role brings its own obligations
    both = actors.partner("DE", Held("gold"), Held("recognized"), without=("customer_platform",))
    expect(CAPABILITY, both, "customer_platform")
    # not judged: terminated the day before, or the certificate has ended
    actors.partner("DE", Held("gold"), terminated=_YESTERDAY, without=("branding",))
    actors.partner("DE", Held("gold", SINCE, _YESTERDAY), without=("branding",))
    leaving = actors.partner("DE", Held("gold"), terminated=AS_OF, without=("branding",))
    expect(CAPABILITY, leaving, "branding")


def _programs(actors: Actors) -> None:
    network = actors.network
    none = actors.distributor("CH", without=("incentive_plan", "marketing_plan"))
    network.truth.expect(INCENTIVE, none)
    network.truth.expect(MARKETING, none)
    network.add("programs", none, "marketing", None, SINCE, _YESTERDAY)
    for audience in ("vap", "certified_end_user"):
        network.add("programs", none, "incentive", audience, SINCE, None)
    last_day = actors.distributor("CH", without=("incentive_plan", "marketing_plan"))
    network.add("programs", last_day, "incentive", "gold", SINCE, AS_OF)
    network.add("programs", last_day, "marketing", "vap", AS_OF, None)


def _satisfaction(actors: Actors) -> None:
    raters = [actors.regular("DE", role) for role in ("gold", "silver", "recognized", "platinum")]
    raters += [actors.regular("DE", "vap"), actors.reseller("FR", "recognized")]
    days = [date(2014, 7, 1), date(2015, 1, 12), date(2015, 2, 2), AS_OF, date(2014, 9, 9)]
    low = actors.distributor("FR")
    _rate(actors, low, raters, days, (6.0, 5.5, 6.0, 6.0, 6.0))
    actors.network.truth.expect(SATISFACTION, low)
    enough = actors.house("FR")
    _rate(actors, enough, raters, days, (6.0, 5.5, 6.0, 6.0, 6.5))
    # low, but from four respondents, who answered twice
    few = actors.house("BE")
    _rate(actors, few, raters[:4], days, (1.0, 2.0, 3.0, 4.0))
    _rate(actors, few, raters[:4], [after(day, -30) for day in days[1:]], (1.0, 2.0, 3.0, 4.0))
    # the low answers are a day too old, or later than the as-of day
    past = actors.house("DE")
    _rate(actors, past, raters, days, (6.0, 6.0, 6.0, 6.0, 6.0))
    actors.network.add("surveys", raters[0], past, date(2014, 6, 30), 0.0)
    actors.network.add("surveys", raters[5], past, after(AS_OF), 0.0)

    # who is no distributor, or no longer, is not judged
    gone = actors.partner("FR", Held("distributor"), terminated=_YESTERDAY)
    for subject in (raters[5], gone):
        _rate(actors, subject, raters[:5], days, (0.0, 0.0, 0.0, 0.0, 0.0))


def _rate(
    actors: Actors,
    subject: str,
    raters: Sequence[str],
    days: Sequence[date],
    scores: Sequence[float],
) -> None:
    for respondent, day, score in zip(raters, days, scores, strict=False):
        actors.network.add("surveys", respondent, subject, day, score)


def _strength(actors: Actors) -> None:
    truth = actors.network.truth
    truth.dormant_parameters.update(minimum_employees=50, minimum_capital=1_000_000.0)
    truth.expect_dormant(STRENGTH, actors.partner("GB", Held("vap"), employees=49))
    truth.expect_dormant(STRENGTH, actors.partner("GB", Held("vap"), capital=999_999))
    actors.partner("GB", Held("vap"), employees=50, capital=1_000_000)
    actors.partner("GB", Held("silver"), employees=4, capital=10_000)


def _industries(actors: Actors) -> None:
    network = actors.network
    regional = actors.partner("NL", Held("vap"), territory=[("NL", None)])
    ended = actors.partner("NL", Held("vap"), territory=[])
    network.authorize(ended, None, "energy", SINCE, _YESTERDAY)
    for partner in (regional, ended):
        network.truth.expect(INDUSTRY, partner)
    last_day = actors.partner("NL", Held("vap"), territory=[])
    network.authorize(last_day, "NL", "energy", SINCE, AS_OF)


def _resellers(actors: Actors) -> None:
    network = actors.network
    none = actors.distributor("AT", without=("reseller",))
    network.truth.expect(TIER_TWO, none)
    ended = actors.distributor("AT", without=("reseller",))
    network.truth.expect(TIER_TWO, ended)
    actors.partner("AT", Held("silver", SINCE, _YESTERDAY, ended))
    last_day = actors.distributor("AT", without=("reseller",))
    actors.partner("AT", Held("silver", SINCE, AS_OF, last_day))


def _no_target(actors: Actors) -> None:
    network = actors.network
    for role in ("vap", "platinum", "gold", "silver"):
        network.truth.expect(NO_TARGET, actors.partner("NL", Held(role), without=("target",)))
    actors.partner("NL", Held("recognized"), without=("target",))
    ended = actors.partner("NL", Held("silver"), without=("target",))
    network.truth.expect(NO_TARGET, ended)
    network.truth.expect(MISSED, ended, scope="NL", period_start="2015-01-01")
    last_day = actors.partner("NL", Held("silver"), without=("target",))
    for partner, last in ((ended, _YESTERDAY), (last_day, AS_OF)):
        network.add("targets", partner, "NL", None, date(2015, 1, 1), last, 10_000_000, "EUR")


def _missed_targets(actors: Actors) -> None:
    """Sell what counts, 120.50 euros, and much that lies just outside the targets."""
    network = actors.network
    first, last = date(2014, 4, 1), date(2014, 9, 30)
    home = actors.city("BE")
    seller = actors.partner("BE", Held("gold"), city=home)
    user = actors.end_user("BE", city=home, industry="media")
    guest = actors.end_user("BE", city=home, industry="hospitality")
    network.sell(seller, guest, first, amount=100_000)
    network.sell(seller, guest, last, amount=100_000)
    network.sell(seller, user, first, amount=600_000)
    network.sell(seller, user, last, amount=405_000)
    network.sell(seller, user, after(last), amount=900_000)
    network.sell(seller, user, after(first, -1), amount=900_000)
    network.sell(seller, user, after(first), amount=900_000, currency="USD")
    network.sell(seller, user, after(first), amount=None, currency="USD")
    abroad = actors.end_user("LU", industry="media")
    network.sell(seller, abroad, after(first), OUTSIDE, amount=50_000)
    promise = network.add
    promise("targets", seller, home.region, None, first, last, 1_205_000, "EUR")
    promise("targets", seller, "BE", None, first, last, 1_205_100, "EUR")
    promise("targets", seller, "WE", None, first, last, 1_255_000, "EUR")
    promise("targets", seller, None, "media", first, last, 1_055_100, "EUR")
    promise("targets", seller, None, "hospitality", first, last, 200_000, "EUR")
    promise("targets", seller, None, "transport", first, last, 999_990_000, None)  # of what?
    promise("targets", seller, "NL", None, first, last, 999_990_000, None)
    promise("targets", seller, None, "energy", first, last, 0, "EUR")
    promise("targets", seller, None, "retail", first, last, 100, "EUR")
    # over on the as-of day: not yet judged
    promise("targets", seller, None, "retail", after(first), AS_OF, 100, "EUR")
    for scope in ("BE", "media", "retail"):
        network.truth.expect(MISSED, seller, scope=scope, period_start=first.isoformat())

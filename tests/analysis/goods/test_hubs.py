"""Hubs and dense cycles: thousands of lines between two parties, and all that sell to all.

There are far too many paths to try. But which line of a day goods came along matters to nobody, so
parties and days, of which there are few, tell how many hops it takes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.analysis.goods import balance, hops, paths, trips
from graphchannel.analysis.goods.followed import LINE
from graphchannel.analysis.goods.model import TraceQuestion
from graphchannel.analysis.goods.trace import trace
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from tests.analysis.goods import exhaustive
from tests.analysis.goods.exhaustive import Line
from tests.analysis.goods.networks import START, flow, projection
from tests.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphchannel.analysis.contract import Analysis, Projection

POLICY = load_policy(pack())
WINDOW, OPENING = 3, 2
PARALLEL = 4_200  # lines between two parties; more than two of DuckDB's vectors hold
Place = tuple[str, int]  # a party on a day


@dataclass(frozen=True)
class Case:
    """Lines, and the same as a projection."""

    lines: list[Line]
    given: Projection


def lines_of(pairs: Iterable[tuple[str, str]], days: Iterable[int], dice: Random) -> Iterator[Line]:
    """Yield a line for each pair of parties; the first letter of a party tells its role."""
    roles = {"V": "vendor", "D": "distributor", "N": "vap", "G": "gold", "S": "silver",
             "E": "end_user"}  # fmt: skip
    for number, ((seller, buyer), day) in enumerate(zip(pairs, days, strict=True)):
        ends = roles[seller[0]], roles[buyer[0]]
        yield Line(
            id=f"L{number:06}", day=day, seller=seller, buyer=buyer, product="p",
            quantity=dice.choice((1, 2, 5)), seller_role=ends[0], buyer_role=ends[1],
            flow=flow(POLICY, *ends),
        )  # fmt: skip


def case_of(lines: Sequence[Line], dice: Random) -> Case:
    given = projection(lines, POLICY, dice, window_days=WINDOW, opening_stock=OPENING)
    return Case(list(lines), given)


def hub() -> Case:
    """Return a chain and a circle with thousands of lines between each two parties."""
    dice = Random(1)  # noqa: S311 - a seed, not a secret
    pairs = [("V", "D"), ("D", "N"), ("N", "G"), ("G", "S"), ("S", "N"), ("S", "E")] * PARALLEL
    sold_on = {("G", "S"): 5, ("S", "E"): 11}  # only then, so that goods may have to wait or go
    days = [sold_on.get(pair, 0) + dice.randrange(14) for pair in pairs]
    return case_of(list(lines_of(pairs, days, dice)), dice)


def dense() -> Case:
    """Return thirty resellers that all sell to each other on every day, and one that sells out."""
    dice = Random(2)  # noqa: S311 - a seed, not a secret
    resellers = [f"{dice.choice('GSN')}{number:02}" for number in range(30)]
    every = [(a, b, day) for day in range(6) for a in resellers for b in resellers if a != b]
    every += [(resellers[0], "E", 9), (resellers[1], "E", 4), (resellers[2], "D", 5)]
    pairs = [(a, b) for a, b, _ in every]
    return case_of(list(lines_of(pairs, [day for *_, day in every], dice)), dice)


CASES = {"hub": hub, "dense": dense}


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]()


def onward(lines: Iterable[Line]) -> dict[str, set[tuple[int, str, str]]]:
    """Return by seller when it sold to whom, and that one's role."""
    found: defaultdict[str, set[tuple[int, str, str]]] = defaultdict(set)
    for line in lines:
        found[line.seller].add((line.day, line.buyer, line.buyer_role))
    return found


def after(sold: dict[str, set[tuple[int, str, str]]], place: Place) -> Iterator[Place]:
    """Yield where goods can have gone next from a party on a day."""
    party, day = place
    for on, buyer, _ in sold.get(party, ()):
        if day <= on <= day + WINDOW:
            yield buyer, on


def spread(
    sold: dict[str, set[tuple[int, str, str]]], begin: Iterable[Place], home: str | None = None
) -> dict[Place, int]:
    """Return where goods come to from the buyers of some lines, after how many hops in all.

    They are not followed on from `home`, nor from vendors and end users.
    """
    found = dict.fromkeys(begin, 1)
    newest, count = list(found), 1
    while newest:
        count += 1
        going = (at for at in newest if at[0][0] not in "VE" and at[0] != home)
        newest = [to for to in {to for at in going for to in after(sold, at)} if to not in found]
        found |= dict.fromkeys(newest, count)
    return found


def network_of(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that hand goods on, without returns."""
    since: dict[tuple[str, str], int] = {}
    for line in lines:
        pair = line.seller, line.buyer
        since[pair] = min(line.day, since.get(pair, line.day))
    return [
        line
        for line in lines
        if line.seller_role != "end_user"
        and not (
            line.flow == "upstream"
            and since.get((line.buyer, line.seller), line.day + 1) <= line.day
        )
    ]


def check_path(row: dict[str, Any], by_id: dict[str, Line]) -> list[Line]:
    """Check that the lines of a path follow one another; return them."""
    path = [by_id[id_] for id_ in row["shipments"]]
    assert row["path"] == [path[0].seller, *(line.buyer for line in path)]
    for one, other in pairwise(path):
        assert one.buyer == other.seller
        assert 0 <= other.day - one.day <= WINDOW
    return path


@pytest.mark.parametrize(
    "analysis", [paths.forbidden, paths.unlisted, paths.lateral], ids=lambda a: a.function.__name__
)
def test_paths_to_end_users(case: Case, analysis: Analysis) -> None:
    network = network_of(case.lines)
    starts = [line for line in network if starts_at(analysis, line)]
    if analysis is paths.lateral:
        network = [ln for ln in network if starts_at(analysis, ln) or ln.buyer_role == "end_user"]
    sold, fewest = onward(network), {}
    begins = {(line.seller, line.buyer, line.day): line for line in starts}
    for key, line in begins.items():  # the lines of a day alike
        ends = [n for (at, _), n in spread(sold, [(line.buyer, line.day)]).items() if at == "E"]
        if ends:
            fewest[key] = min(ends)
    found = {row["shipments"][0]: row for row in analysis(case.given).to_pylist()}
    wanted = {line.id for line in starts if (line.seller, line.buyer, line.day) in fewest}
    assert len(wanted) > 500
    assert found.keys() == wanted
    by_id = {line.id: line for line in network}
    for row in found.values():
        path = check_path(row, by_id)
        first = path[0]
        assert path[-1].buyer == "E"
        assert len(path) == fewest[first.seller, first.buyer, first.day]
    for seller in {line.seller for line in starts}:
        own = {line for line in starts if line.seller == seller}
        units = {row["units"] for row in found.values() if row["subject"] == seller}
        if units:
            away = sum(line.quantity for line in own if line.id in found)
            reached = spread(sold, {(line.buyer, line.day) for line in own})
            sales = [
                line
                for line in network
                if line.buyer == "E"
                and (line in own or any((line.seller, line.day - n) in reached
                                        for n in range(WINDOW + 1)))
            ]  # fmt: skip
            assert units == {min(away, sum(line.quantity for line in sales))}


def starts_at(analysis: Analysis, line: Line) -> bool:
    tier_two = ("gold", "silver")
    sideways = line.seller_role in tier_two and line.buyer_role in tier_two
    if analysis is paths.lateral:
        return sideways
    ruling = POLICY.ruling(line.seller_role, line.buyer_role)
    if analysis is paths.unlisted:
        return ruling is None and not sideways
    return ruling is not None and ruling.ruling == "forbidden"


def test_round_trips(case: Case) -> None:
    network = [line for line in network_of(case.lines) if line.buyer_role != "end_user"]
    wanted = {}
    sold = onward(network)
    for party in {line.seller for line in network}:
        begin = {(line.buyer, line.day) for line in network if line.seller == party}
        reached = spread(sold, begin, home=party)
        for line in network:
            if line.buyer == party:
                before = [reached.get((line.seller, line.day - n), 99) for n in range(WINDOW + 1)]
                if min(before) < 99:
                    wanted[party, line.id] = min(before) + 1
    rows = trips.round_trips(case.given).to_pylist()
    assert len(wanted) > PARALLEL / 2
    assert {(row["subject"], row["shipments"][-1]): len(row["shipments"]) for row in rows} == wanted
    by_id = {line.id: line for line in network}
    for row in rows:
        check_path(row, by_id)
        assert row["path"][0] == row["path"][-1] == row["subject"]
        assert row["subject"] not in row["path"][1:-1]


@pytest.mark.parametrize("case", sampled(("dense", "hub"), 1), indirect=True)
def test_mass_balance(case: Case) -> None:
    wanted = exhaustive.shortages(case.lines, OPENING)
    found: dict[tuple[str, str], tuple[int, int, set[str]]] = {}
    for row in balance.out_exceeds_in(case.given).to_pylist():
        since = (row["since"] - START) // timedelta(days=1)
        key = row["subject"], row["product"]
        found.setdefault(key, (row["units"], since, set()))[2].update(row["shipments"])
    assert wanted
    assert found == wanted


@pytest.mark.parametrize("window", [None, WINDOW])
def test_traces(case: Case, window: int | None) -> None:
    allowed = {(one.seller, one.buyer) for one in POLICY.supply if one.ruling == "allowed"}
    connection = case.given.connection
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {LINE} AS SELECT * EXCLUDE (flow) "
        "REPLACE ((day - DATE '2015-01-01')::INTEGER AS day), "
        "(seller_role, buyer_role) NOT IN (SELECT (a, b) FROM (VALUES "
        + ", ".join(f"('{a}', '{b}')" for a, b in allowed)
        + ") AS v(a, b)) AS breaks FROM lines"
    )
    begin = "D" if any(line.seller == "D" for line in case.lines) else case.lines[0].seller
    found = trace(connection, TraceQuestion(start=begin, max_hops=5, window=window), 100).paths
    moves = defaultdict(set)
    for line in case.lines:
        breaks = (line.seller_role, line.buyer_role) not in allowed
        moves[line.seller].add((line.day, line.buyer, breaks))
    states = {(to, broken, day) for day, to, broken in moves[begin]}
    fewest = {state[:2]: (1, state[2]) for state in sorted(states, reverse=True)}
    for count in range(2, 6):
        states = {
            (to, broken or breaks, on)
            for party, broken, day in states
            if party not in ("V", "E")
            for on, to, breaks in moves[party]
            if day <= on <= (day + window if window is not None else on)
        }
        for to, broken, on in sorted(states, reverse=True):
            if fewest.get((to, broken), (count, 99))[0] == count:
                fewest[to, broken] = (count, on)
    ends = {state for state in fewest if state[0] == "E"}
    got = {
        (path.parties[-1], path.broken_at is not None): (
            len(path.hops),
            path.hops[-1].day.toordinal() - EPOCH,
        )
        for path in found
    }
    assert ends
    assert ends <= got.keys()
    assert all(fewest[state] == reached for state, reached in got.items())


EPOCH = 719163  # of the days that a traced hop counts from 1970 on


def test_what_parties_reach_is_told_apart_for_some_at_a_time(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    for analysis in (paths.lateral, trips.round_trips):
        whole = analysis(case.given).to_pylist()
        monkeypatch.setattr(hops, "_PAIRS", 1_000)
        parts = analysis(replace(case.given)).to_pylist()
        monkeypatch.undo()
        assert sorted(map(repr, parts)) == sorted(map(repr, whole))

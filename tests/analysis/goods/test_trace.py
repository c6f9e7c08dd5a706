"""The tracer against every path there is, and the ways of time, quantities and corrections."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from graphchannel.analysis.goods.model import TraceQuestion
from graphchannel.analysis.goods.trace import trace
from tests.analysis.goods.lines import all_paths, connected, follows, random_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.analysis.goods.model import TracedPath
    from tests.analysis.goods.lines import Made

CASES = int(os.environ.get("GRAPHCHANNEL_TRACE_CASES", "8"))
EVERY = 10_000  # more ends than any case has


def goes_round_within_a_day(lines: Sequence[Made]) -> bool:
    """Tell whether goods can come back on the day they left; a walk could then repeat a line."""
    graph: nx.MultiDiGraph[tuple[object, ...]] = nx.MultiDiGraph()
    graph.add_edges_from(
        ((one.product, one.hop.day, one.hop.seller), (one.product, one.hop.day, one.hop.buyer))
        for one in lines
    )
    return not nx.is_directed_acyclic_graph(graph)


def state(path: Sequence[Made], *, back: bool) -> tuple[str, str, bool]:
    """Return where a path ends, its product, and whether a hop of it breaks the policy."""
    last = path[-1].hop
    return (
        last.seller if back else last.buyer,
        path[0].product,
        any(one.hop.breaks for one in path),
    )


def expected(
    lines: Sequence[Made], first: Sequence[Made], question: TraceQuestion, *, back: bool
) -> dict[tuple[str, str, bool], tuple[int, int]]:
    """Return each end's fewest hops, and the earliest day that they take (the latest, if back)."""
    found: dict[tuple[str, str, bool], list[list[Made]]] = {}
    for path in all_paths(
        lines, first, max_hops=question.max_hops, window=question.window, back=back
    ):
        found.setdefault(state(path, back=back), []).append(path)
    ends = {}
    for key, paths in found.items():
        last = paths[0][-1].hop
        role = last.seller_role if back else last.buyer_role
        over = role in ("vendor", "vendor" if back else "end_user")
        goes_on = any(
            follows(one, path[-1], question.window)
            if back
            else follows(path[-1], one, question.window)
            for path in paths
            for one in lines
        )
        fewest = min(map(len, paths))
        asked = question.start if back else question.end
        if key[0] == asked or (
            asked is None and (over or not goes_on or fewest == question.max_hops)
        ):
            days = [
                p[-1].hop.day.toordinal() * (-1 if back else 1) for p in paths if len(p) == fewest
            ]
            ends[key] = (fewest, min(days))
    return ends


def as_found(path: TracedPath, *, back: bool) -> tuple[tuple[str, str, bool], tuple[int, int]]:
    hop = path.hops[0] if back else path.hops[-1]
    day = hop.day.toordinal() * (-1 if back else 1)
    party = path.parties[0] if back else path.parties[-1]
    return (party, path.product, path.broken_at is not None), (len(path.hops), day)


def check(lines: Sequence[Made], question: TraceQuestion, *, back: bool = False) -> int:
    """Compare what is traced with every path; return how many ends there are."""
    back = back or (question.start is None and question.end is not None)
    if question.line is not None:
        first = [one for one in lines if one.hop.shipment == question.line]
    elif back:
        first = [one for one in lines if one.hop.buyer == question.end]
    elif question.start is not None:
        first = [one for one in lines if one.hop.seller == question.start]
    else:
        supplied = {(one.hop.buyer, one.product) for one in lines}
        first = [
            one
            for one in lines
            if one.hop.seller_role == "vendor" or (one.hop.seller, one.product) not in supplied
        ]
    with connected(lines) as connection:
        traced = trace(connection, question, EVERY, back=back)
    by_id = {one.hop.shipment: one for one in lines}
    for path in traced.paths:  # each is one of the paths there are
        made = [by_id[hop.shipment] for hop in path.hops]
        assert [one.hop for one in made] == list(path.hops)
        assert len(set(made)) == len(made) <= question.max_hops
        assert all(follows(a, b, question.window) for a, b in pairwise(made))
        assert {one.product for one in made} == {path.product}
    found = dict(as_found(path, back=back) for path in traced.paths)
    assert len(found) == len(traced.paths)
    wanted = expected(lines, first, question, back=back)
    if goes_round_within_a_day(lines):
        assert set(found) <= set(wanted)
    else:
        assert (found, traced.further) == (wanted, 0)
    return len(wanted)


def test_every_end_is_found_and_nothing_else() -> None:
    ends = 0
    for seed in range(CASES):
        dice = random.Random(seed)  # noqa: S311 - cases to test with, not secrets
        few = dice.random() < 0.8
        lines = random_lines(dice, most=12 if few else 40, parties=dice.randint(3, 8))
        start, end = dice.choice(lines).hop.seller, dice.choice(lines).hop.buyer
        line_id = dice.choice(lines).hop.shipment
        any_ = TraceQuestion(
            max_hops=dice.randint(1, 5 if few else 3), window=dice.choice([None, None, 0, 1, 4])
        )
        ends += check(lines, any_)
        ends += check(lines, replace(any_, start=start))
        ends += check(lines, replace(any_, end=end))
        ends += check(lines, replace(any_, start=start, end=end))
        ends += check(lines, replace(any_, line=line_id))
        ends += check(lines, replace(any_, line=line_id), back=True)
    assert ends > CASES * 10

"""The solver's choice against every choice there is, on small random problems."""

from __future__ import annotations

import itertools
import random
from math import fsum

import pytest

from graphchannel.analysis.siting import covering_program
from graphchannel.analysis.siting.covering import Covering, greedy_cover, maximal_cover


def covered(problem: Covering, chosen: tuple[int, ...]) -> float:
    points = {point for site in chosen for point in problem.sites[site]}
    return fsum(problem.weights[point] for point in points)


def outdone(problem: Covering, site: int) -> bool:
    """Tell whether another site covers more than this one, or the same and stands before it."""
    weighty = {point for point, weight in enumerate(problem.weights) if weight}
    own = problem.sites[site] & weighty
    return any(
        own < (other & weighty) or (own == other & weighty and number < site)
        for number, other in enumerate(problem.sites)
    )


def first_of_the_best(problem: Covering) -> tuple[float, tuple[int, ...]]:
    """Try every choice: fewest sites first, in their order."""
    sites = [site for site in range(len(problem.sites)) if not outdone(problem, site)]
    best: tuple[float, tuple[int, ...]] = (0.0, ())
    for size in range(1, min(problem.budget, len(sites)) + 1):
        for chosen in itertools.combinations(sites, size):
            value = covered(problem, chosen)
            if value > best[0] * (1 + 1e-9):
                best = value, chosen
    return best


def random_problem(dice: random.Random) -> Covering:
    scale = dice.choice([0.0, 1e6, 1e-6])  # 0: whole numbers, among which there are ties
    points = dice.randint(0, 14)
    density = dice.choice([0.1, 0.25, 0.5])
    sites = tuple(
        frozenset(point for point in range(points) if dice.random() < density)
        for _ in range(dice.randint(0, 10))
    )
    weights = tuple(
        dice.random() * scale if scale else float(dice.randint(0, 4)) for _ in range(points)
    )
    return Covering(weights, sites, dice.randint(0, 5))


def test_the_choice_is_the_first_of_the_best() -> None:
    dice = random.Random(2)  # noqa: S311 - a test that can be run again
    beaten = 0
    for _ in range(400):
        problem = random_problem(dice)
        value, chosen = first_of_the_best(problem)
        best, greedy = maximal_cover(problem), greedy_cover(problem)
        assert tuple(sorted(best.sites)) == chosen, problem
        assert best.covered == pytest.approx(value)
        assert best.covered == pytest.approx(covered(problem, best.sites))
        assert best.gap == 0
        assert list(best.gains) == sorted(best.gains, reverse=True)
        assert greedy.covered <= best.covered * (1 + 1e-9)
        assert greedy.covered == pytest.approx(covered(problem, greedy.sites))
        assert greedy.bound >= best.covered * (1 - 1e-9)
        beaten += greedy.covered < best.covered * (1 - 1e-9)
    assert beaten > 0, "greedy was never beaten: the comparison shows nothing"


def test_a_search_that_ends_early_says_what_may_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(1)  # noqa: S311 - a test that can be run again
    near = tuple(frozenset(dice.sample(range(40), 5)) for _ in range(40))
    for weights in ((1.0,) * 40, (0.3,) * 40):
        problem = Covering(weights, near, 6)
        best, greedy = maximal_cover(problem), greedy_cover(problem)
        assert best.gap == 0
        with monkeypatch.context() as patch:
            patch.setattr(covering_program, "_WORK", 0)
            early = maximal_cover(problem)
            assert early == maximal_cover(problem)
        assert 0 < early.gap < 0.1
        assert early.covered <= best.covered <= early.bound
        assert early.covered >= greedy.covered * 0.99
        assert early.covered == pytest.approx(covered(problem, early.sites))


def test_greedy_can_be_beaten() -> None:
    # The site with most takes away the middle of two that cover everything together.
    sites = (frozenset({1, 2, 3, 4}), frozenset({0, 1, 2}), frozenset({3, 4, 5}))
    problem = Covering((1.0,) * 6, sites, 2)
    assert greedy_cover(problem).covered == 5
    assert greedy_cover(problem).gap == pytest.approx(1 - 5 / 6)
    assert maximal_cover(problem).sites == (1, 2)
    assert maximal_cover(problem).covered == 6


def test_no_more_sites_than_needed() -> None:
    problem = Covering((1.0, 1.0), (frozenset({0}), frozenset({1}), frozenset({0, 1})), 3)
    assert maximal_cover(problem).sites == (2,)


def test_ties_are_broken_by_the_order_of_the_sites() -> None:
    sites = tuple(frozenset({number}) for number in range(30))
    found = maximal_cover(Covering((7.0,) * 30, sites, 11))
    assert found.sites == tuple(range(11))


def test_nothing_to_cover() -> None:
    assert maximal_cover(Covering((), (), 3)).sites == ()
    assert maximal_cover(Covering((0.0,), (frozenset({0}),), 3)).sites == ()
    assert maximal_cover(Covering((1.0,), (frozenset({0}),), 0)).sites == ()
    assert greedy_cover(Covering((), (), 3)).gap == 0


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    dice = random.Random(1)  # noqa: S311 - a test that can be run again
    for _ in range(20):
        maximal_cover(random_problem(dice))
    assert capfd.readouterr() == ("", "")

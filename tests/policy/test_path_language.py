"""The automaton of permitted paths, against the rulings themselves, on many policies."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from random import Random
from typing import TYPE_CHECKING

import pytest

from graphchannel.policy import END_USER, VENDOR, Role, SupplyRuling, load_policy
from graphchannel.policy.path_language import (
    alphabet,
    expression,
    path_language,
    reachable,
    verdict,
)
from graphchannel.resources import pack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphchannel.policy import Policy, Ruling

SHIPPED = load_policy(pack())


def policy_of(*allowed: tuple[str, str]) -> Policy:
    """Return a policy of three roles that allows these hops."""
    return replace(
        SHIPPED,
        roles=tuple(Role(name, name, 1 + (name == "c"), "1", n) for n, name in enumerate("abc", 1)),
        supply=tuple(SupplyRuling(*hop, "allowed", "1", None) for hop in allowed),
    )


def random_policy(seed: int) -> Policy:
    """Draw a policy of three roles; one hop in four is allowed, some others are ruled on."""
    random = Random(seed)  # noqa: S311 - a seed, not a secret
    base = policy_of()
    roles = [VENDOR, *base.role_ids, END_USER]
    rulings: list[Ruling] = ["allowed", "allowed", "discouraged", "forbidden"]
    return replace(
        base,
        supply=tuple(
            SupplyRuling(seller, buyer, ruling, "1", None if ruling == "allowed" else "x/y")
            for seller, buyer in product(roles, roles)
            if random.random() < 0.5
            for ruling in [random.choice(rulings)]
        ),
    )


def permitted(policy: Policy, roles: tuple[str, ...]) -> bool:
    """Tell what the rulings say of a whole path."""
    return (
        len(roles) > 1
        and (roles[0], roles[-1]) == (VENDOR, END_USER)
        and all(verdict(policy, *hop) == "allowed" for hop in pairwise(roles))
    )


def words_up_to(policy: Policy, longest: int) -> Iterable[tuple[str, ...]]:
    for length in range(longest + 1):
        yield from product(alphabet(policy), repeat=length)


def ways(policy: Policy, longest: int) -> Iterable[tuple[str, ...]]:
    """Yield the paths from the vendor over allowed hops, wherever they end."""
    level: list[tuple[str, ...]] = [(VENDOR,)]
    for _ in range(longest):
        yield from level
        level = [
            (*word, role)
            for word in level
            for role in alphabet(policy)
            if verdict(policy, word[-1], role) == "allowed"
        ]


def test_the_shipped_policy_in_words() -> None:
    language = path_language(SHIPPED)
    assert expression(language) == (
        "vendor (distributor (platinum | gold | silver | recognized) | vap) end_user"
    )
    assert list(language.words()) == [
        (VENDOR, "vap", END_USER),
        *((VENDOR, "distributor", role, END_USER) for role in SHIPPED.role_ids[2:]),
    ]
    assert not language.endless


def test_roles_after_which_the_same_may_follow_share_a_state() -> None:
    language = path_language(SHIPPED)
    assert language.states == 5
    assert (
        len({language.steps[2, role] for role in ("platinum", "gold", "silver", "recognized")}) == 1
    )
    assert language.steps[1, "vap"] == language.steps[2, "gold"]


@pytest.mark.parametrize("seed", range(60))
def test_it_accepts_what_the_rulings_permit(seed: int) -> None:
    policy = random_policy(seed)
    language = path_language(policy)
    wanted = {word for word in words_up_to(policy, 5) if permitted(policy, word)}
    assert {word for word in words_up_to(policy, 5) if language.accepts(word)} == wanted
    assert set(language.words(5)) == wanted


@pytest.mark.parametrize("seed", range(60))
def test_no_smaller_automaton_would_do(seed: int) -> None:
    """States that a different future tells apart, of paths that can still become permitted."""
    policy = random_policy(seed)
    begun, rests = 5, 4
    futures: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for word in ways(policy, begun + rests):
        if permitted(policy, word):
            for length in range(max(len(word) - rests, 0), min(len(word), begun) + 1):
                futures.setdefault(word[:length], set()).add(word[length:])
    different = {frozenset(rest) for rest in futures.values()}
    assert path_language(policy).states == max(len(different), 1)


@pytest.mark.parametrize("seed", range(60))
def test_a_role_is_of_use_if_it_is_reached_and_leads_on(seed: int) -> None:
    policy = random_policy(seed)
    used = {role for word in ways(policy, 9) if permitted(policy, word) for role in word}
    leading = reachable(policy, END_USER, backwards=True)
    assert used == (reachable(policy, VENDOR) & leading if VENDOR in leading else set())


def test_a_policy_that_permits_nothing_has_no_words() -> None:
    for policy in (policy_of(), policy_of((VENDOR, "a")), policy_of(("a", END_USER))):
        language = path_language(policy)
        assert (list(language.words()), language.states, expression(language)) == ([], 1, None)


def test_a_policy_that_goes_round_is_endless() -> None:
    language = path_language(policy_of((VENDOR, "a"), ("a", "b"), ("b", "a"), ("b", END_USER)))
    assert language.endless
    assert expression(language) is None
    assert language.accepts((VENDOR, *"abababab", END_USER))
    # beside a circle that no permitted path comes by
    assert not path_language(policy_of((VENDOR, END_USER), ("a", "b"), ("b", "a"))).endless


def test_an_expression_says_what_ways_have_in_common_once() -> None:
    language = path_language(
        policy_of((VENDOR, "a"), (VENDOR, "b"), ("a", "b"), ("b", "c"), ("c", END_USER))
    )
    assert expression(language) == "vendor (a b | b) c end_user"
    direct = path_language(policy_of((VENDOR, END_USER), (VENDOR, "a"), ("a", END_USER)))
    assert expression(direct) == "vendor (a end_user | end_user)"

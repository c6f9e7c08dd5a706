"""The permitted supply paths of a policy as a regular language over roles, and its automaton.

A path is read as the role of its first seller and then, hop by hop, the role of the buyer. The
language holds the paths from the vendor to an end user on which every hop is ruled `allowed`.
Rulings speak of pairs of roles, so what may follow depends on the last role alone.

A path breaks the policy at its first hop that is not ruled `allowed`. In a policy without dead ends
(see `rules.policy_check`) that is the first hop after which no permitted path can follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from graphchannel.policy import END_USER, UNCERTIFIED, VENDOR

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from graphchannel.policy import Policy

__all__ = [
    "UNLISTED",
    "Language",
    "Verdict",
    "alphabet",
    "expression",
    "path_language",
    "reachable",
    "verdict",
]

UNLISTED: Final = "unlisted"
Verdict = Literal["allowed", "discouraged", "forbidden", "unlisted"]
_START = ""  # the place before the first role


@dataclass(frozen=True, slots=True)
class Language:
    """The smallest deterministic automaton: `steps` leads from a state, by a role, to a state.

    States are numbered from 0, the start, breadth first. From each of them an end user can be
    reached: a role for which there is no step leaves the language. Without any step, no path is
    permitted.
    """

    steps: Mapping[tuple[int, str], int]
    accepting: frozenset[int]

    @property
    def states(self) -> int:
        """How many states there are."""
        return 1 + max(self.steps.values(), default=0)

    @property
    def endless(self) -> bool:
        """Whether permitted paths may be longer than any limit: some state leads back to itself."""
        going = set(self.steps.items())
        while going:
            sources = {state for (state, _), _ in going}
            rest = {(step, following) for step, following in going if following in sources}
            if rest == going:
                return True
            going = rest
        return False

    def accepts(self, roles: Iterable[str]) -> bool:
        """Tell whether a path of these roles is permitted, from the vendor to the end user."""
        state: int | None = 0
        for role in roles:
            state = self.steps.get((state, role)) if state is not None else None
        return state in self.accepting

    def words(self, longest: int | None = None) -> Iterator[tuple[str, ...]]:
        """Yield the permitted paths, short ones first.

        By default none is longer than there are states, for the longer ones go round in circles.
        """
        level: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        for _ in range(self.states if longest is None else longest):
            level = [
                (following, (*word, role))
                for state, word in level
                for (source, role), following in self.steps.items()
                if source == state
            ]
            yield from (word for state, word in level if state in self.accepting)


def expression(language: Language) -> str | None:
    """Write the language as a regular expression, None if it is endless or empty."""
    if language.endless or not language.steps:
        return None
    onward: dict[int, dict[int, list[str]]] = {}
    for (state, role), following in language.steps.items():
        onward.setdefault(state, {}).setdefault(following, []).append(role)

    @cache
    def passed(state: int) -> frozenset[int]:
        """Return the states that every path from here comes by."""
        ways = [passed(following) for following in onward.get(state, ())]
        return frozenset({state}).union(frozenset.intersection(*ways) if ways else ())

    def between(state: int, stop: int) -> str:
        if state == stop:
            return ""
        meeting = max(passed(state) - {state}, key=lambda other: len(passed(other)))
        choices = []
        for following, roles in onward[state].items():
            rest = between(following, meeting)
            choices += [f"{_either(roles)} {rest}"] if rest else roles
        return f"{_either(choices)} {between(meeting, stop)}".rstrip()

    (last,) = language.accepting
    return between(0, last)


def path_language(policy: Policy) -> Language:
    """Return the automaton of a policy's permitted paths."""
    roles = _useful(policy)
    steps = {_START: {VENDOR} & set(roles)} | {
        role: {buyer for buyer in roles if verdict(policy, role, buyer) == "allowed"}
        for role in roles
    }
    classes = _equivalent(steps, [END_USER])
    numbers = {classes[_START]: 0}
    edges: dict[tuple[int, str], int] = {}
    places = [_START]
    for place in places:  # grows while it is walked: breadth first
        for role in roles:
            if role in steps[place]:
                if classes[role] not in numbers:
                    numbers[classes[role]] = len(numbers)
                    places.append(role)
                edges[numbers[classes[place]], role] = numbers[classes[role]]
    return Language(edges, frozenset({numbers[classes[END_USER]]} if roles else ()))


def verdict(policy: Policy, seller: str, buyer: str) -> Verdict:
    """Return what the policy rules on a hop, `unlisted` where it is silent."""
    entry = policy.ruling(seller, buyer)
    return entry.ruling if entry else UNLISTED


def alphabet(policy: Policy) -> tuple[str, ...]:
    """Return all that a party can be on a day, from the vendor down."""
    return (VENDOR, *policy.role_ids, UNCERTIFIED, END_USER)


def reachable(policy: Policy, start: str, *, backwards: bool = False) -> frozenset[str]:
    """Return the roles at the end (or, backwards, the beginning) of allowed hops from a role."""
    found, waiting = {start}, [start]
    while waiting:
        role = waiting.pop()
        for entry in policy.supply:
            near, far = (entry.buyer, entry.seller) if backwards else (entry.seller, entry.buyer)
            if entry.ruling == "allowed" and near == role and far not in found:
                found.add(far)
                waiting.append(far)
    return frozenset(found)


def _either(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else f"({' | '.join(choices)})"


def _useful(policy: Policy) -> tuple[str, ...]:
    """Return the roles that stand on some permitted path, in the order of the alphabet."""
    useful = reachable(policy, VENDOR) & reachable(policy, END_USER, backwards=True)
    return tuple(role for role in alphabet(policy) if role in useful)


def _equivalent(steps: Mapping[str, set[str]], accepting: Iterable[str]) -> dict[str, Hashable]:
    """Give places the same class if the same may follow (Moore's refinement of partitions)."""
    classes: dict[str, Hashable] = {place: place in set(accepting) for place in steps}
    while True:
        following = {
            place: (classes[place], frozenset((role, classes[role]) for role in roles))
            for place, roles in steps.items()
        }
        order = {key: number for number, key in enumerate(dict.fromkeys(following.values()))}
        refined: dict[str, Hashable] = {place: order[key] for place, key in following.items()}
        if len(order) == len(set(classes.values())):
            return refined
        classes = refined

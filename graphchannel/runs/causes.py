"""What caused a finding to change: each kind of input changed back by itself, and judged again.

A kind is a cause if the finding would be another with that kind alone as it was before, or with
that kind alone as it is now. So of two changes both are named where both were needed, and where
either would have done. Where neither way tells, since three changes or more work together, the
kinds are changed one after the other, and those count at which the finding changes.

Only kinds that a rule can depend on are tried, and only rules that have a changed finding are
judged again, for the parties that these are about and the products that tell them apart. Where a
rule can depend on one kind alone that has changed, that is the cause. Rules that use up the cap of
one waiver depend on each other, and are judged together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from graphchannel.errors import RuleError
from graphchannel.findings import ScanOptions, scan
from graphchannel.findings.fingerprints import decoded_one
from graphchannel.findings.focus import Focus
from graphchannel.policy import policy_text
from graphchannel.rules.cache import rule_cache
from graphchannel.rules.catalogue import stored_catalogue
from graphchannel.runs.kinds import KINDS
from graphchannel.runs.reads import kinds_of_rows
from graphchannel.runs.shared_caps import sharing_caps, wider_focus
from graphchannel.runs.states import scanned_states

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from graphchannel.findings import ScanResult
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.runs.kinds import Kind
    from graphchannel.runs.states import FindingState
    from graphchannel.runs.world import World

    States = Mapping[str, FindingState]

__all__ = ["CauseFinder", "Moment", "focus_of"]

_MOST_FOCUSED = 2_000  # subjects beyond which a rule is judged as a whole


@dataclass(frozen=True, slots=True)
class Moment:
    """One of two scans: by which policy and rules, as of which day, and what it found."""

    catalogue: Catalogue
    options: ScanOptions
    as_of: date
    states: States

    @property
    def texts(self) -> dict[str, str]:
        """The texts of its rules by id."""
        return {rule.id: rule.text for rule in self.catalogue.rules}


@dataclass(frozen=True, slots=True)
class CauseFinder:
    """Finds causes in a world that can stand between two moments."""

    world: World
    before: Moment
    after: Moment
    kinds: frozenset[Kind]  # all that differ between the two moments
    sharing: Mapping[str, frozenset[str]]  # of rules whose waivers have a cap, all that use it up

    @classmethod
    def between(cls, world: World, before: Moment, after: Moment) -> Self:
        """Return the finder for two moments, in a world that can stand between them."""
        kinds = set(world.kinds)
        if before.as_of != after.as_of:
            kinds.add("as_of")
        if before.texts != after.texts:
            kinds.add("rule")
        if policy_text(before.catalogue.policy) != policy_text(after.catalogue.policy):
            kinds.add("policy")
        sharing = sharing_caps(world.workspace.connection)
        return cls(world, before, after, frozenset(kinds), sharing)

    def causes(self, changed: Collection[str], numbers: Collection[str]) -> dict[str, set[Kind]]:
        """Return the kinds that caused each changed finding to be another, by fingerprint.

        Of those in `numbers` the figures count, of the others whether the finding is open.
        """
        rule_of = {name: self._rule(name) for name in changed}
        possible = self._possible(set(rule_of.values()))
        found: dict[str, set[Kind]] = {}
        open_: dict[str, str] = {}
        for name, rule in rule_of.items():
            if len(possible[rule]) == 1:
                found[name] = set(possible[rule])
            else:
                found[name] = set()
                open_[name] = rule
        self._one_by_one(open_, possible, numbers, found)
        self._in_turn(
            {name: rule for name, rule in open_.items() if not found[name]}, numbers, found
        )
        return found

    def _rule(self, name: str) -> str:
        state = self.after.states.get(name) or self.before.states[name]
        return state.rule

    def _one_by_one(
        self,
        open_: Mapping[str, str],
        possible: Mapping[str, frozenset[Kind]],
        numbers: Collection[str],
        found: dict[str, set[Kind]],
    ) -> None:
        """Add the kinds that matter by themselves, changed back from now or made from before."""
        for kind in sorted(self.kinds, key=KINDS.index):
            names = [name for name, rule in open_.items() if kind in possible[rule]]
            found_by = (
                (self.kinds - {kind}, self.after.states),
                (frozenset({kind}), self.before.states),
            )
            for state, other in found_by:  # the second tells of those alone that the first left
                left = [name for name in names if kind not in found[name]]
                judged = self._judged(state, left)
                for name in left:
                    if _differ(name, judged, other, numbers):
                        found[name].add(kind)

    def _in_turn(
        self, left: Mapping[str, str], numbers: Collection[str], found: dict[str, set[Kind]]
    ) -> None:
        """Add the kinds at which a finding changes when all are made one after the other."""
        if not left:
            return
        made: frozenset[Kind] = frozenset()
        last = self.before.states
        for kind in (kind for kind in KINDS if kind in self.kinds):
            made |= {kind}
            now = self._judged(made, left)
            for name in left:
                if _differ(name, last, now, numbers):
                    found[name].add(kind)
            last = now

    def _possible(self, rules: Collection[str]) -> dict[str, frozenset[Kind]]:
        """Return, by rule, the kinds that have changed and that it can depend on."""
        sides = (self.before, self.after)
        read: dict[str, set[Kind]] = {name: set() for name in self._together(rules)}
        for side in sides:
            with rule_cache(side.catalogue.policy) as cache:
                for rule in side.catalogue.rules:
                    if rule.id in read and rule.enabled and not rule.problem:
                        read[rule.id] |= kinds_of_rows(cache.prepare(rule))
        texts = [side.texts for side in sides]
        narrowed = any(side.options.narrowed for side in sides)
        edited = {name for name in read if texts[0].get(name) != texts[1].get(name)}
        found = {}
        for name in rules:
            together = self._together((name,))
            own = {"as_of", "policy", "waiver"}.union(*(read[one] for one in together))
            if together & edited:
                own.add("rule")
            found[name] = self.kinds if narrowed else self.kinds & own
        return found

    def _together(self, rules: Iterable[str]) -> frozenset[str]:
        """Return rules, and those that share the cap of a waiver with them."""
        return frozenset().union(*(self.sharing.get(name, frozenset({name})) for name in rules))

    def _judged(self, after: frozenset[Kind], names: Collection[str]) -> States:
        """Judge the state in which these kinds are as they are now, and all others as before.

        Of the findings those that are named are there if they are any; others may be missing.
        """
        if not names:
            return {}
        rules = {self._rule(name) for name in names}
        policy = self._side("policy", after).catalogue.policy
        texts = self._side("rule", after).texts
        self.world.become(after & self.world.kinds, policy)
        asked_for = {name: texts[name] for name in self._together(rules) if name in texts}
        catalogue = self._catalogue(policy, asked_for)
        options = self.after.options
        as_of = self._side("as_of", after).as_of
        asked = ScanOptions(
            as_of, options.since, options.until, options.product, options.partner, options.country
        )
        sides = (self.after.states, self.before.states)
        states = (state[name] for name in names for state in sides if name in state)
        focus = wider_focus(focus_of(states), rules, self.sharing)
        with scan(self.world.workspace, catalogue, asked, focus=focus) as result:
            _refuse_failed(result)
            return scanned_states(result)

    def _side(self, kind: Kind, after: frozenset[Kind]) -> Moment:
        return self.after if kind in after or kind not in self.kinds else self.before

    def _catalogue(self, policy: Policy, texts: Mapping[str, str]) -> Catalogue:
        return stored_catalogue(policy, dict(sorted(texts.items())))


def focus_of(states: Iterable[FindingState]) -> dict[str, Focus]:
    """Return by rule the subjects of findings, and what tells them apart if it is one value."""
    subjects: dict[str, set[str]] = {}
    values: dict[str, set[str | None]] = {}
    for state in states:
        subjects.setdefault(state.rule, set()).add(state.subject)
        values.setdefault(state.rule, set()).add(decoded_one(state.identity))
    return {
        rule: Focus(
            frozenset(found),
            None if None in values[rule] else frozenset(filter(None, values[rule])),
        )
        for rule, found in subjects.items()
        if len(found) <= _MOST_FOCUSED
    }


def _refuse_failed(result: ScanResult) -> None:
    """Raise RuleError if a rule could not be run: its findings would seem to be gone."""
    for outcome in result.outcomes:
        if outcome.status == "error":
            raise RuleError(f"Causes cannot be told: {outcome.id}: {outcome.reason}")


def _differ(name: str, one: States, other: States, numbers: Collection[str]) -> bool:
    first, second = one.get(name), other.get(name)
    if name in numbers:
        return first != second
    return _is_open(first) != _is_open(second)


def _is_open(state: FindingState | None) -> bool:
    return state is not None and not state.waived

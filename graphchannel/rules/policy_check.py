"""What a policy and its rules say in vain, or against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import parse
from graphchannel.compiler.syntax import (
    Binary,
    ComparisonChain,
    LabelName,
    Literal,
    MapLiteral,
    NodePattern,
    PropertyAccess,
)
from graphchannel.errors import CypherError, did_you_mean
from graphchannel.policy import END_USER, UNCERTIFIED, VENDOR
from graphchannel.policy.path_language import path_language, reachable
from graphchannel.rules.query_facts import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Catalogue, Rule

__all__ = ["check_policy"]

_ROLE_PROPERTIES = frozenset({"seller_role", "buyer_role", "role", "audience"})
_MILD = ("medium", "low", "info")  # severities that a discouraged hop may have


def check_policy(catalogue: Catalogue) -> list[str]:
    """Return a whole sentence for each contradiction and dead entry of a policy and its rules."""
    return [
        *_dead_roles(catalogue.policy),
        *_upward_hops(catalogue.policy),
        *_rulings(catalogue),
        *catalogue.notices,
        *_dead_rules(catalogue),
    ]


def _dead_roles(policy: Policy) -> Iterator[str]:
    if not path_language(policy).steps:
        yield "No permitted path leads from the vendor to an end user."
    reached, leading = reachable(policy, VENDOR), reachable(policy, END_USER, backwards=True)
    for role in policy.role_ids:
        if role not in reached:
            yield f"No permitted path reaches the role '{role}': nobody may supply it."
        if role not in leading:
            yield f"From the role '{role}' no end user is reachable on a permitted path."


def _upward_hops(policy: Policy) -> Iterator[str]:
    tiers = policy.supply_tiers
    for entry in policy.supply:
        if entry.ruling == "allowed" and tiers[entry.seller] > tiers[entry.buyer]:
            yield (
                f"The policy allows {entry.seller} → {entry.buyer}, which leads up the channel: "
                "such lines count as returns as well."
            )


def _rulings(catalogue: Catalogue) -> Iterator[str]:
    rules = {rule.id: rule for rule in catalogue.rules}
    rulings: dict[str, set[str]] = {}
    for entry in catalogue.policy.supply:
        if entry.rule is None:
            continue
        hop = f"{entry.seller} → {entry.buyer}"
        rulings.setdefault(entry.rule, set()).add(entry.ruling)
        rule = rules.get(entry.rule)
        if rule is None:
            hint = did_you_mean(entry.rule, rules)
            yield (
                f"{hop} is {entry.ruling} and names the rule '{entry.rule}', which is not there."
                f"{hint}"
            )
        elif not rule.enabled:
            yield (
                f"{hop} is {entry.ruling}, and the policy switches off the rule '{rule.id}' that "
                "reports it."
            )
        elif entry.ruling == "discouraged" and rule.severity not in _MILD:
            yield (
                f"{hop} is discouraged, and the rule '{rule.id}' reports it as {rule.severity}; "
                "what the policy says in principle only is medium at most."
            )
    for id_, kinds in rulings.items():
        if len(kinds) > 1:
            listed = " and hops that are ".join(sorted(kinds))
            yield (
                f"The rule '{id_}' reports hops that are {listed}, though they do not weigh the "
                "same."
            )


def _dead_rules(catalogue: Catalogue) -> Iterator[str]:
    policy = catalogue.policy
    known = {VENDOR, END_USER, UNCERTIFIED, *policy.vocabulary}
    ruled = {entry.ruling for entry in policy.supply}
    for rule in catalogue.rules:
        if rule.problem:
            yield f"The rule '{rule.id}' cannot run: {rule.problem}"
            continue
        for ruling in ("discouraged", "forbidden"):
            if rule.header.analysis == f"goods.paths:{ruling}" and ruling not in ruled:
                yield f"The rule '{rule.id}' can never fire: no hop is {ruling}."
        for role in dict.fromkeys(_named_roles(rule)):
            if role not in known:
                yield (
                    f"The rule '{rule.id}' asks for the role '{role}', which the policy does not "
                    f"have: that part of it never fires.{did_you_mean(role, known)}"
                )


def _named_roles(rule: Rule) -> Iterator[str]:
    """Yield the roles that a rule's query and population name; none if they are not portable."""
    texts = [rule.text]
    if rule.header.population:
        texts.append(f"MATCH {rule.header.population} RETURN count(*) AS population")
    for text in texts:
        try:
            tree = parse(text, rule.id)
        except CypherError:
            continue  # a scan says so
        for node in walk(tree):
            yield from _roles_at(node)


def _roles_at(node: object) -> Iterator[str]:
    """Yield the texts that a property holding roles is compared with, or set to in a pattern."""
    match node:
        case ComparisonChain(operands=operands) if any(map(_is_role, operands)):
            yield from _texts(operands)
        case Binary(operator="in", left=left, right=right) if _is_role(left):
            yield from _texts(right)
        case NodePattern(labels=LabelName(name="Role"), properties=MapLiteral(entries=entries)):
            yield from _texts(tuple(value for name, value in entries if name == "id"))
        case MapLiteral(entries=entries):
            yield from _texts(tuple(value for name, value in entries if name in _ROLE_PROPERTIES))
        case _:
            pass


def _is_role(node: object) -> bool:
    return isinstance(node, PropertyAccess) and node.name in _ROLE_PROPERTIES


def _texts(tree: object) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, Literal) and isinstance(node.value, str):
            yield node.value

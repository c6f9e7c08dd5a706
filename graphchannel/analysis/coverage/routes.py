"""Routes that obey the policy: vendor → tier 1 → (tier 2) → end user, in one place on one day.

Which roles may stand where follows from the rulings of the policy alone. A partner can be part of a
route in a place if, on the day, it is active, holds a certificate and is authorized there; it then
counts as the first of its roles in the policy's order. A hop from one partner to another, or from
the vendor, is part of a route if the policy allows it between their roles and the buyer's
certificate comes from the seller or from a vendor: a reseller buys from the one that certified it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from graphchannel.policy import END_USER, VENDOR
from graphchannel.policy.path_language import verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping

    from graphchannel.policy import Policy

__all__ = [
    "SINK",
    "SOURCE",
    "Presence",
    "Reach",
    "Standing",
    "distributing_roles",
    "in_order",
    "last_roles",
    "may_supply",
    "reach",
    "route_graph",
    "sole_partners",
    "standings",
]

SOURCE, SINK = (VENDOR,), (END_USER,)  # nodes of a route graph beside partner ids


@dataclass(frozen=True, slots=True)
class Presence:
    """A role that a partner holds or held by a certificate, and whether both count on the day.

    Who issued one that does not hold is of no account.
    """

    partner: str
    role: str
    issuer: str | None
    by_vendor: bool
    holds: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What a partner is on the day: its role, and who may supply it by its certificates.

    `vendor_certified` tells that a vendor certified the role itself, `open_sourced` that a vendor
    certified it for that tier, so that it may buy from any partner; `issuers` are the others.
    """

    role: str
    vendor_certified: bool
    open_sourced: bool
    issuers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """What there is in one place on one day, all in the order of ids.

    `members` are the partners that can be part of a route, with their roles. `on_paper` are those
    authorized there that hold or held a role which may supply end users. `sellers` are the members
    from which end users can buy, `sole` the members that every route leads through. Where there are
    partners on paper and no route, `missing` names the hops that are missing.
    """

    members: Mapping[str, str]
    on_paper: tuple[str, ...]
    sellers: tuple[str, ...]
    sole: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def served(self) -> bool:
        """Whether a route that obeys the policy leads to end users there."""
        return bool(self.sellers)


def may_supply(policy: Policy, seller: str, buyer: str) -> bool:
    """Tell whether the policy allows it; a discouraged or unlisted pair is not allowed."""
    return verdict(policy, seller, buyer) == "allowed"


def last_roles(policy: Policy) -> tuple[str, ...]:
    """Return the roles that may supply end users, in the policy's order."""
    return tuple(role for role in policy.role_ids if may_supply(policy, role, END_USER))


def distributing_roles(policy: Policy) -> tuple[str, ...]:
    """Return the roles that the vendor may supply and that may supply another role."""
    return tuple(
        role
        for role in policy.role_ids
        if may_supply(policy, VENDOR, role)
        and any(may_supply(policy, role, other) for other in policy.role_ids)
    )


def in_order(policy: Policy, roles: Collection[str]) -> tuple[str, ...]:
    """Return the roles in the policy's order, those that it does not know left out."""
    return tuple(role for role in policy.role_ids if role in roles)


def standings(rows: Iterable[Presence], policy: Policy) -> dict[str, Standing]:
    """Return what each partner is that is active and holds a role, by id in order."""
    tiers = {role.id: role.supply_tier for role in policy.roles}
    rank = {role: place for place, role in enumerate(policy.role_ids)}
    held: defaultdict[str, list[Presence]] = defaultdict(list)
    for row in rows:
        if row.active and row.holds and row.role in tiers:
            held[row.partner].append(row)
    found = {}
    for partner in sorted(held):
        role = min((row.role for row in held[partner]), key=rank.__getitem__)
        same_tier = [row for row in held[partner] if tiers[row.role] == tiers[role]]
        found[partner] = Standing(
            role,
            vendor_certified=any(row.by_vendor and row.role == role for row in same_tier),
            open_sourced=any(row.by_vendor for row in same_tier),
            issuers=frozenset(r.issuer for r in same_tier if r.issuer and not r.by_vendor),
        )
    return found


def route_graph(
    members: Mapping[str, Standing], policy: Policy, at: str = ""
) -> nx.DiGraph[Hashable]:
    """Return the graph of hops between members of one place, from SOURCE to SINK.

    Nodes are partner ids and, for those who may buy from anybody of a role, one node `(role, at)`.
    """
    graph: nx.DiGraph[Hashable] = nx.DiGraph()
    graph.add_nodes_from([SOURCE, SINK])
    roles = {member.role for member in members.values()}
    suppliers = {
        role: [other for other in in_order(policy, roles) if may_supply(policy, other, role)]
        for role in roles
    }
    first = {role for role in roles if may_supply(policy, VENDOR, role)}
    last = {role for role in roles if may_supply(policy, role, END_USER)}
    hops: list[tuple[Hashable, Hashable]] = []
    for partner, member in members.items():
        hops.append((partner, (member.role, at)))
        if member.role in last:
            hops.append((partner, SINK))
        if member.role in first and member.vendor_certified:
            hops.append((SOURCE, partner))
        if member.open_sourced:
            hops += (((role, at), partner) for role in suppliers[member.role])
        hops += (
            (issuer, partner)
            for issuer in sorted(member.issuers)
            if issuer in members and members[issuer].role in suppliers[member.role]
        )
    graph.add_edges_from(hops)
    return graph


def sole_partners(graph: nx.DiGraph[Hashable], target: Hashable) -> tuple[str, ...]:
    """Return the partners that every route from SOURCE to `target` leads through.

    None if there is no route; `target` itself is not among them.
    """
    on_one = _route(graph, target)
    return tuple(
        sorted(
            node
            for node in on_one
            if isinstance(node, str) and node != target and not _route(graph, target, node)
        )
    )


def _route(
    graph: nx.DiGraph[Hashable], target: Hashable, without: Hashable = None
) -> list[Hashable]:
    """Return the nodes of a shortest route from SOURCE around a node, none if there is no route."""
    came: dict[Hashable, Hashable] = {SOURCE: None, without: None}
    newest: list[Hashable] = [SOURCE]
    while newest and target not in came:
        newest = [
            after
            for node in newest
            for after in graph.adj[node]
            if came.setdefault(after, node) is node
        ]
    if target not in came:
        return []
    route, node = [], target
    while node is not None:
        route.append(node)
        node = came[node]
    return route


def reach(rows: Iterable[Presence], policy: Policy) -> Reach:
    """Judge one place by the certificates of all partners that are authorized there."""
    listed = list(rows)
    members = standings(listed, policy)
    graph = route_graph(members, policy)
    on_paper = _on_paper(listed, policy)
    supplied = nx.descendants(graph, SOURCE)
    sellers = tuple(p for p in members if p in supplied and graph.has_edge(p, SINK))
    return Reach(
        members={partner: member.role for partner, member in members.items()},
        on_paper=on_paper,
        sellers=sellers,
        sole=sole_partners(graph, SINK) if sellers else (),
        missing=() if sellers else _missing(listed, members, supplied, policy),
    )


def _on_paper(rows: list[Presence], policy: Policy) -> tuple[str, ...]:
    last = last_roles(policy)
    return tuple(sorted({row.partner for row in rows if row.role in last}))


def _missing(
    rows: list[Presence],
    members: Mapping[str, Standing],
    supplied: Collection[Hashable],
    policy: Policy,
) -> tuple[str, ...]:
    """Name the hops nearest to the vendor that would have to be there for a partner on paper.

    Partners that are ready to sell to end users lack a supplier. Where none is, those that left, or
    whose certificates do not hold, would have to be back, if there is somebody to supply them.
    """
    last = last_roles(policy)
    there = {member.role for partner, member in members.items() if partner in supplied}
    ready = {member.role for member in members.values() if member.role in last}
    if ready:
        hops = [hop for role in in_order(policy, ready) for hop in _supply(role, there, policy)]
        return tuple(dict.fromkeys(hops))
    hops = []
    for role in in_order(policy, {row.role for row in rows if row.role in last}):
        sellers = _sellers(role, policy)
        if may_supply(policy, VENDOR, role) or there & set(sellers):
            hops.append(f"{role} → {END_USER}")
        else:
            hops += [hop for seller in sellers for hop in _supply(seller, there, policy)]
    return tuple(dict.fromkeys(hops))


def _supply(
    role: str, there: Collection[str], policy: Policy, seen: tuple[str, ...] = ()
) -> list[str]:
    """Name the hops over which a role can be supplied, each as near to the vendor as it is missing.

    `there` are the roles of partners that goods can reach.
    """
    hops = [f"{VENDOR} → {role}"] if may_supply(policy, VENDOR, role) else []
    for seller in _sellers(role, policy):
        if seller in there:
            hops.append(f"{seller} → {role}")
        elif seller not in seen:
            hops += _supply(seller, there, policy, (*seen, role))
    return hops


def _sellers(role: str, policy: Policy) -> list[str]:
    return [other for other in policy.role_ids if may_supply(policy, other, role)]

"""Random patterns that the schema does not rule out, and some that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.compiler.agree.draft import Known, property_kind
from tests.compiler.agree.expressions import constant, expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphchannel.schema.model import EdgeTable, Property
    from tests.compiler.agree.draft import Draft

Hop = tuple[
    "EdgeTable", str, str
]  # an edge table, the direction to walk it, the node table reached


def one_pattern(draft: Draft, *, connect: bool, depth: int, path: bool = False) -> str:
    """Write one pattern and put its variables into scope.

    `connect` starts it at a node in scope if there is one; `path` gives the whole a name.
    """
    start = [name for name in draft.of_kind("node") if draft.scope[name].tables]
    if connect and start:
        name = draft.pick(start)
        tables = draft.scope[name].tables
        text = f"({name})"
    else:
        tables = (draft.pick(draft.schema.nodes).name,)
        text = node(draft, tables, depth)
    least = 1 if connect or path else 0
    for _ in range(draft.pick((least, 1, 1, 1, 2, 2, 3))):
        hops = hops_from(draft, tables)
        if not hops:
            break
        rel, tables = relationship(draft, draft.pick(hops), depth)
        text += rel + far_end(draft, tables, depth)
    if path:
        name = draft.fresh("p")
        draft.scope = {**draft.scope, name: Known("path")}
        text = draft.use("named path", f"{name} = {text}")
    return text


def far_end(draft: Draft, tables: tuple[str, ...], depth: int) -> str:
    """Write the node at the end of a hop: now and then one that is in scope already."""
    known = [n for n in draft.of_kind("node") if set(draft.scope[n].tables) & set(tables)]
    if known and draft.chance(0.07):
        return draft.use("closed pattern", f"({draft.pick(known)})")
    return node(draft, tables, depth)


def hops_from(draft: Draft, tables: Iterable[str]) -> list[Hop]:
    """Return the ways to leave nodes of these tables."""
    hops: list[Hop] = []
    for edge in draft.schema.edges:
        if edge.source.node in tables:
            hops.append((edge, "out", edge.target.node))
        if edge.target.node in tables:
            hops.append((edge, "in", edge.source.node))
    return hops


def node(draft: Draft, tables: tuple[str, ...], depth: int) -> str:
    """Write a node of one of these tables."""
    name = draft.fresh("n") if draft.chance(0.75) else ""
    label = labels(draft, tables) if draft.chance(0.4) else ""
    known = Known("node", shared_properties(draft, tables), tables)
    own = {name: known} if name else {}
    inside = property_map(draft, known.properties, depth)
    draft.scope = {**draft.scope, **own}
    if name and depth > 0 and draft.chance(0.08):
        condition = expression(draft, "boolean", depth - 1)
        inside += draft.use("WHERE in a node", f" WHERE {condition}")
    return f"({name}{label}{inside})"


def labels(draft: Draft, tables: Iterable[str]) -> str:
    """Write a label expression that these tables can satisfy."""
    possible = [label for t in draft.schema.nodes if t.name in tables for label in t.labels]
    if not possible:
        return ""
    first, second = draft.pick(possible), draft.pick(possible)
    if draft.chance(0.75):
        return draft.use("label", f":{first}")
    # Neo4j refuses the older `:A:B` beside the newer signs anywhere in one query.
    newer = {"label |", "label &", "label !"}
    signs = ["|", "&", "!"] if draft.constructs & newer else ["|", "&", "!", ":"]
    sign = draft.pick([":"] if "label :" in draft.constructs else signs)
    text = f":!{first}" if sign == "!" else f":{first}{sign}{second}"
    return draft.use(f"label {sign}", text)


def property_map(draft: Draft, held: Mapping[str, Property], depth: int) -> str:
    """Write a property map, seldom: it leaves few matches."""
    usable = [key for key, p in held.items() if not p.list_of]
    if not usable or not draft.chance(0.03):
        return ""
    key = draft.pick(usable)
    kind = property_kind(held[key])
    value = expression(draft, kind, 0) if depth > 0 and draft.chance(0.3) else constant(draft, kind)
    return draft.use("property map", f" {{{key}: {value}}}")


def relationship(draft: Draft, hop: Hop, depth: int) -> tuple[str, tuple[str, ...]]:
    """Write a relationship pattern; return it with the node tables that it may lead to."""
    edge, direction, reached = hop
    again = [name for name in draft.of_kind("relationship") if name in draft.earlier]
    if again and draft.chance(0.15):
        sides = draft.pick((("-", "->"), ("<-", "-"), ("-", "-")))
        name = draft.pick(again)
        draft.earlier.discard(name)  # one MATCH may use it only once
        text = draft.use("bound relationship", f"[{name}]".join(sides))
        return text, tuple(table.name for table in draft.schema.nodes)
    edges = [other for other in draft.schema.edges if other.type == edge.type]
    names = f":{edge.type}"
    if draft.chance(0.12):
        other = draft.pick([one for one in draft.schema.edges if one.type != edge.type])
        names = draft.use("type |", f":{edge.type}|{other.type}")
        edges += [one for one in draft.schema.edges if one.type == other.type]
    elif draft.chance(0.03):
        names, edges = draft.use("no type", ""), list(draft.schema.edges)
    if draft.chance(0.2):
        direction = draft.use("undirected", "both")
    tables: tuple[str, ...] = (reached,)
    if len(edges) > 1 or direction == "both":
        tables = tuple(dict.fromkeys([reached, *ends_of(edges, direction)]))
    stars = draft.chance(0.16)
    variable = draft.fresh("r") if draft.chance(0.5) else ""
    held = shared_edge_properties(edges)
    inside = property_map(draft, held, depth)
    left, right = {"out": ("-", "->"), "in": ("<-", "-"), "both": ("-", "-")}[direction]
    if stars and depth > 0 and draft.chance(0.3):
        tables = tuple(dict.fromkeys([*tables, *ends_of(edges, "both")]))
        return f"{left}{repeated(draft, variable, names, held)}{right}" + length_of(draft), tables
    if stars:
        length = draft.pick(("*1..2", "*1..3", "*2", "*..2", "*0..1", "*0..2"))
        names += draft.use("variable length *0.." if "0" in length else "variable length", length)
        # A node reached over several hops can be of any table that the types lead to.
        tables = tuple(dict.fromkeys([*tables, *ends_of(edges, "both")]))
    if variable:
        known = Known("list relationship") if stars else Known("relationship", held)
        draft.scope = {**draft.scope, variable: known}
        if depth > 0 and not stars and draft.chance(0.08):
            condition = expression(draft, "boolean", 0)
            inside += draft.use("WHERE in a relationship", f" WHERE {condition}")
    text = f"[{variable}{names}{inside}]"
    if text == "[]":
        text = draft.pick(("[]", ""))
    return left + text + right, tables


def repeated(draft: Draft, variable: str, names: str, held: Mapping[str, Property]) -> str:
    """Write a relationship that is repeated, with a condition on each: one about itself."""
    variable = variable or draft.fresh("r")
    keys = [key for key, one in held.items() if not one.list_of]
    condition = f"{variable} IS NOT NULL"
    if keys:
        key = draft.pick(keys)
        value = constant(draft, property_kind(held[key]))
        sign = draft.pick(("=", "<>", "IS NULL", "IS NOT NULL"))
        condition = f"{variable}.{key} {sign}" + (f" {value}" if sign in "<>" else "")
    draft.scope = {**draft.scope, variable: Known("list relationship")}
    return draft.use("WHERE in what is repeated", f"[{variable}{names} WHERE {condition}]")


def length_of(draft: Draft) -> str:
    """Write how often something is repeated."""
    return draft.pick(("{1,2}", "{2}", "{0,2}", "{1,3}"))


def ends_of(edges: Iterable[EdgeTable], direction: str) -> list[str]:
    """Return the node tables at the far end of edges, sorted."""
    found = {edge.target.node for edge in edges if direction in ("out", "both")}
    found |= {edge.source.node for edge in edges if direction in ("in", "both")}
    return sorted(found)


def shared_properties(draft: Draft, tables: Iterable[str]) -> dict[str, Property]:
    """Return the properties that all these node tables have."""
    held = [dict(draft.schema.node(name).properties) for name in tables]
    return {key: p for key, p in held[0].items() if all(key in other for other in held)}


def shared_edge_properties(edges: Iterable[EdgeTable]) -> dict[str, Property]:
    """Return the properties that any of these edge tables has; the others answer null."""
    held: dict[str, Property] = {}
    for edge in edges:
        held |= {key: p for key, p in edge.properties.items() if key not in held}
    return held


def hop_between(draft: Draft) -> str | None:
    """Write a pattern predicate: one or two hops from a node in scope, without new names."""
    start = [name for name in draft.of_kind("node") if draft.scope[name].tables]
    if not start:
        return None
    name = draft.pick(start)
    tables = draft.scope[name].tables
    text = f"({name})"
    for _ in range(draft.pick((1, 1, 2))):
        hops = hops_from(draft, tables)
        if not hops:
            return None
        edge, direction, reached = draft.pick(hops)
        tables = (reached,)
        known = [n for n in draft.of_kind("node") if reached in draft.scope[n].tables]
        end = draft.pick(("()", f"({labels(draft, tables)})", f"({draft.pick(known or [''])})"))
        text += f"-[:{edge.type}]->{end}" if direction == "out" else f"<-[:{edge.type}]-{end}"
    return text

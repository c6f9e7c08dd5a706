"""Random queries: clauses around random patterns and expressions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.compiler.agree.draft import SCALARS, Known
from tests.compiler.agree.expressions import ALL_KINDS, expression, from_path, over_path
from tests.compiler.agree.patterns import hop_between, one_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.compiler.agree.draft import Draft

Columns = list[tuple[str, str, Known]]  # name, expression, what is known of it


def query(draft: Draft) -> tuple[str, bool]:
    """Write a query; say whether its ORDER BY leaves no two different rows in doubt."""
    if draft.chance(0.08):
        return union(draft), False
    if draft.chance(0.08):
        return ordered_collect(draft), False
    if draft.chance(0.03):
        return collected_nodes(draft), False
    clauses = [draft.pick((match, match, match, unwind))(draft)]
    clauses += [another(draft) for _ in range(draft.pick((0, 0, 1, 1, 2, 3)))]
    text, total = projection(draft, "RETURN")
    return "\n".join([*clauses, text]), total


def another(draft: Draft) -> str:
    """Write one more clause; collected nodes are soon unwound."""
    collected = any(known.kind == "list node" for known in draft.scope.values())
    if collected and draft.chance(0.6):
        return unwind(draft)
    return draft.pick((match, optional, optional, with_, with_, unwind))(draft)


def match(draft: Draft) -> str:
    """Write MATCH with one or two patterns."""
    draft.earlier = set(draft.of_kind("relationship"))
    connect = bool(draft.scope) and draft.chance(0.85)
    patterns = [one_pattern(draft, connect=connect, depth=1, path=draft.chance(0.15))]
    if draft.chance(0.25):
        patterns.append(one_pattern(draft, connect=draft.chance(0.8), depth=1))
        draft.use("several patterns", "")
    return draft.use("MATCH", f"MATCH {', '.join(patterns)}{where(draft, 0.45)}")


def optional(draft: Draft) -> str:
    """Write OPTIONAL MATCH."""
    draft.earlier = set(draft.of_kind("relationship"))
    pattern = one_pattern(draft, connect=draft.chance(0.9), depth=0, path=draft.chance(0.1))
    return draft.use("OPTIONAL MATCH", f"OPTIONAL MATCH {pattern}{where(draft, 0.4)}")


def where(draft: Draft, share: float) -> str:
    """Write WHERE in this share of cases."""
    if not draft.chance(share):
        return ""
    condition = expression(draft, "boolean", 3)
    # A bare pattern is a predicate only where Cypher wants a boolean.
    hop = hop_between(draft) if draft.chance(0.15) else None
    if hop is not None:
        form = draft.pick(("{hop}", "NOT {hop}", "({other} OR {hop})", "{other} AND NOT {hop}"))
        condition = draft.use("pattern predicate", form.format(hop=hop, other=condition))
    return f" WHERE {condition}"


def unwind(draft: Draft) -> str:
    """Write UNWIND."""
    kind = draft.pick(("integer", "string"))
    name = draft.fresh("u")
    of_nodes = [n for n, known in draft.scope.items() if known.kind == "list node"]
    if of_nodes:
        items = draft.pick(of_nodes)
        draft.scope = {**draft.scope, name: replace(draft.scope[items], kind="node", ordered=True)}
        return draft.use("UNWIND of nodes", f"UNWIND {items} AS {name}")
    unordered = [n for n, v in draft.scope.items() if v.kind == f"list {kind}"]
    items = draft.pick(unordered) if unordered else expression(draft, f"list {kind}", 1)
    draft.scope = {**draft.scope, name: Known(kind)}
    return draft.use("UNWIND", f"UNWIND {items} AS {name}")


def with_(draft: Draft) -> str:
    """Write WITH, and leave only what it names in scope."""
    if draft.chance(0.1):
        kind, name = draft.pick(SCALARS), draft.fresh("c")
        text = f"WITH *, {expression(draft, kind, 2)} AS {name}"
        draft.scope = {**draft.scope, name: Known(kind)}
        return draft.use("WITH *", text)
    text, _ = projection(draft, "WITH")
    return text + draft.use("WITH WHERE", where(draft, 1.0)) if draft.chance(0.3) else text


def projection(draft: Draft, word: str) -> tuple[str, bool]:
    """Write WITH or RETURN; say whether the order of its rows is defined."""
    draft.use(word, "")
    if word == "RETURN" and draft.scope and draft.chance(0.05):
        draft.list_order = draft.list_order and all(v.ordered for v in draft.scope.values())
        return draft.use("RETURN *", "RETURN *"), False
    columns = aggregated(draft) if draft.chance(0.35) else plain(draft)
    distinct = ""
    if draft.chance(0.15) and all(known.ordered for _, _, known in columns):
        distinct = draft.use("DISTINCT", "DISTINCT ")
    items = [text if text == name else f"{text} AS {name}" for name, text, _ in columns]
    draft.scope = {name: known for name, _, known in columns}
    if any(not known.ordered for known in draft.scope.values()):
        draft.list_order = False
    ending, total = order(draft, columns)
    return f"{word} {distinct}{', '.join(items)}{ending}", total


def plain(draft: Draft) -> Columns:
    """Return variables that are kept and expressions that are computed."""
    kept = draft.rng.sample(sorted(draft.scope), min(len(draft.scope), draft.rng.randint(0, 3)))
    columns: Columns = [(name, name, draft.scope[name]) for name in kept]
    for path in draft.of_kind("path"):
        producer = draft.pick((over_path, from_path("length({})", "length()")))
        kind = "list integer" if producer is over_path else "integer"
        columns.append((draft.fresh("c"), str(producer(draft, 0)), Known(kind)))
        draft.use("RETURN of a path" if path in kept else "named path", "")
    for _ in range(draft.rng.randint(0 if columns else 1, 4)):
        kind = draft.pick((*SCALARS, "integer", "string", *ALL_KINDS))
        text = expression(draft, kind, 3)
        hidden = [name for name in draft.scope if name not in [one[0] for one in columns]]
        shadows = bool(hidden) and draft.chance(0.08)
        name = draft.use("shadowing", draft.pick(hidden)) if shadows else draft.fresh("c")
        columns.append((name, text, Known(kind)))
    return columns


def aggregated(draft: Draft) -> Columns:
    """Return grouping keys and aggregates."""
    columns: Columns = []
    for _ in range(draft.pick((0, 1, 1, 2))):
        variables = [n for n, v in draft.scope.items() if v.kind in (*SCALARS, "node")]
        if variables and draft.chance(0.4):
            name = draft.pick(variables)
            columns.append((name, name, draft.scope[name]))
        else:
            kind = draft.pick(SCALARS)
            columns.append((draft.fresh("k"), expression(draft, kind, 1), Known(kind)))
    columns = list({name: (name, text, known) for name, text, known in columns}.values())
    return columns + [aggregate(draft) for _ in range(draft.rng.randint(1, 3))]


def aggregate(draft: Draft) -> tuple[str, str, Known]:
    """Return one aggregate."""
    name = draft.fresh("g")
    function = draft.pick(("count", "count", "sum", "avg", "min", "max", "collect", "*"))
    distinct = "DISTINCT " if draft.chance(0.25) else ""
    if function == "*":
        return name, draft.use("count(*)", "count(*)"), Known("integer")
    kind = draft.pick(("integer", "float") if function in ("sum", "avg") else SCALARS)
    if function == "collect":
        kind = draft.pick(("integer", "string"))
    nodes = [name for name, known in draft.scope.items() if known.kind == "node"]
    if function == "collect" and nodes and draft.chance(0.5):
        node = draft.pick(nodes)
        known = replace(draft.scope[node], kind="list node", ordered=False)
        return name, draft.use("collect() of nodes", f"collect({distinct}{node})"), known
    argument = expression(draft, kind, 1)
    if function in ("sum", "avg") and kind == "float" and draft.chance(0.3):
        when = expression(draft, "boolean", 1)
        other = draft.pick(("0", "0", "1"))
        both = f"CASE WHEN {when} THEN {argument} ELSE {other} END"
        text = draft.use(f"{function}() of both kinds", f"{function}({both})")
        draft.use("sum()", "") if function == "sum" else draft.use("avg()", "")
        return name, text, Known("float")
    if function == "count" and draft.entities() and draft.chance(0.4):
        argument = draft.pick(draft.entities())
    text = f"{function}({distinct}{argument})"
    draft.use(f"{function}({distinct.strip()})", "")
    known = {
        "count": Known("integer"),
        "avg": Known("float"),
        "collect": Known(f"list {kind}", ordered=False),
    }.get(function, Known(kind))
    if function in ("count", "sum") and kind == "integer" and draft.chance(0.15):
        return name, draft.use("arithmetic on an aggregate", f"{text} + 1"), known
    return name, text, known


def order(draft: Draft, columns: Columns) -> tuple[str, bool]:
    """Write ORDER BY, SKIP and LIMIT: these two only where they cut at a defined place."""
    if not draft.chance(0.45):
        return "", False
    keys = [sort_key(draft, name, known) for name, _, known in columns]
    if any(key is None for key in keys):
        usable = [key for key in keys if key is not None]
        if not usable:
            return "", False
        return draft.use("ORDER BY", f" ORDER BY {draft.pick(usable)}"), False
    draft.rng.shuffle(keys)
    text = f" ORDER BY {', '.join(str(key) for key in keys)}"
    if draft.chance(0.2):
        text += draft.use("SKIP", f" SKIP {draft.pick((0, 1, 1, 2))}")
    if draft.chance(0.4):
        text += draft.use("LIMIT", f" LIMIT {draft.pick((0, 1, 2, 3, 5, 8))}")
    return draft.use("ORDER BY", text), True


def sort_key(draft: Draft, name: str, known: Known) -> str | None:
    """Return a key that tells different values of a column apart, or None."""
    if known.kind in ("node", "relationship") and "id" in known.properties:
        key = f"{name}.id"
    elif known.kind in SCALARS:
        key = name
    else:
        return None
    return key + (draft.use("DESC", " DESC") if draft.chance(0.4) else "")


def union(draft: Draft) -> str:
    """Write two queries with the same columns, in different order, joined by UNION."""
    kinds: Sequence[str] = [draft.pick(SCALARS) for _ in range(draft.rng.randint(1, 3))]
    names = [draft.fresh("c") for _ in kinds]
    parts = []
    for _ in range(draft.pick((2, 2, 3))):
        draft.scope = {}
        clause = draft.pick((match, unwind))(draft)
        items = [f"{expression(draft, k, 1)} AS {n}" for k, n in zip(kinds, names, strict=True)]
        draft.rng.shuffle(items)
        parts.append(f"{clause}\nRETURN {', '.join(items)}")
    word = draft.pick(("UNION", "UNION ALL"))
    return draft.use(word, f"\n{word}\n".join(parts))


def collected_nodes(draft: Draft) -> str:
    """Write a query that collects nodes, unwinds them, and goes on from there."""
    clauses = [match(draft)]
    nodes = draft.of_kind("node")
    if not nodes:
        return f"{clauses[0]}\nRETURN count(*) AS c"
    name = draft.pick(nodes)
    key = expression(draft, draft.pick(SCALARS), 0)
    clauses.append(draft.use("collect() of nodes", f"WITH {key} AS k, collect({name}) AS list"))
    known = replace(draft.scope[name], kind="list node", ordered=False)
    draft.scope = {"k": Known("ignored"), "list": known}
    clauses.append(unwind(draft))
    if draft.chance(0.5):
        clauses.append(draft.pick((match, optional))(draft))
    draft.scope = {name: v for name, v in draft.scope.items() if name not in ("k", "list")}
    text, _ = projection(draft, "RETURN")
    if text == "RETURN *":  # the list is among what it stands for
        draft.list_order = False
    return "\n".join([*clauses, text])


def ordered_collect(draft: Draft) -> str:
    """Write a collect() that an ORDER BY before it puts in order."""
    clause = match(draft)
    nodes = draft.entities()
    if not nodes:
        return f"{clause}\nRETURN count(*) AS c"
    name = draft.pick(nodes)
    kind = draft.pick(("integer", "string"))
    value = draft.property_of(kind) or f"{name}.id"
    key = expression(draft, draft.pick(SCALARS), 0)
    descending = draft.pick(("", " DESC"))
    # Ties must not be in doubt, hence the value itself as the second key.
    text = (
        f"{clause}\nWITH {key} AS k, {value} AS v, {name}.id AS i"
        f" ORDER BY k{descending}, v, i\n"
        f"WITH i % 2 AS g, collect(v) AS items\n"
    )
    ending = draft.pick(("items", "items[0] AS first", "items[1..3] AS some", "head(items) AS h"))
    return draft.use("ordered collect()", f"{text}RETURN g, {ending}")

"""Random predicates: everything of boolean kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.compiler.agree.draft import Known
from tests.compiler.agree.expressions import (
    case,
    coalesce,
    constant,
    expression,
    operator,
    template,
)
from tests.compiler.agree.patterns import one_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.compiler.agree.draft import Draft, Producer

ORDERED = ("integer", "float", "string", "date", "boolean")


def comparison(draft: Draft, depth: int) -> str:
    kind = draft.pick(ORDERED)
    sign = draft.pick(("=", "<>", "<", "<=", ">", ">="))
    left, right = expression(draft, kind, depth), expression(draft, kind, depth)
    return draft.use(f"{kind} {sign}", f"({left} {sign} {right})")


def numbers(draft: Draft, depth: int) -> str:
    sign = draft.pick(("=", "<", ">="))
    left, right = expression(draft, "integer", depth), expression(draft, "float", depth)
    return draft.use("integer with float", f"({left} {sign} {right})")


def chain(draft: Draft, depth: int) -> str:
    values = [expression(draft, "integer", depth) for _ in range(3)]
    signs = draft.pick(("<", "<=", "=")), draft.pick(("<", "<=", "<>"))
    text = f"({values[0]} {signs[0]} {values[1]} {signs[1]} {values[2]})"
    return draft.use("comparison chain", text)


def null_test(draft: Draft, depth: int) -> str:
    what = expression(draft, draft.pick(ORDERED), depth)
    if draft.entities() and draft.chance(0.2):
        what = draft.pick(draft.entities())
    test = draft.pick(("IS NULL", "IS NOT NULL"))
    return draft.use(test, f"({what} {test})")


def membership(draft: Draft, depth: int) -> str:
    kind = draft.pick(("integer", "string"))
    items = expression(draft, f"list {kind}", depth)
    return draft.use("IN", f"({expression(draft, kind, depth)} IN {items})")


def same_list(draft: Draft, depth: int) -> str:
    kind, sign = draft.pick(("list integer", "list string")), draft.pick(("=", "<>"))
    left, right = expression(draft, kind, depth), expression(draft, kind, depth)
    return draft.use("list =", f"({left} {sign} {right})")


def has_type(draft: Draft, _: int) -> str | None:
    found = draft.of_kind("relationship")
    types = sorted(draft.schema.types)
    return (
        draft.use("type predicate", f"{draft.pick(found)}:{draft.pick(types)}") if found else None
    )


def about_text(draft: Draft, depth: int) -> str:
    word = draft.pick(("STARTS WITH", "ENDS WITH", "CONTAINS"))
    left, right = expression(draft, "string", depth), expression(draft, "string", 0)
    return draft.use(word, f"({left} {word} {right})")


def quantified(draft: Draft, depth: int) -> str:
    kind = draft.pick(("integer", "string"))
    word, name = draft.pick(("all", "any", "none", "single")), draft.fresh("q")
    items = expression(draft, f"list {kind}", depth)
    with draft.inside(**{name: Known(kind)}), draft.without_subqueries():
        condition = expression(draft, "boolean", depth)
    return draft.use(f"{word}()", f"{word}({name} IN {items} WHERE {condition})")


def quantified_path(draft: Draft, depth: int) -> str | None:
    paths = draft.of_kind("path")
    if not paths:
        return None
    word, name = draft.pick(("all", "any", "none", "single")), draft.fresh("q")
    what = draft.pick(("nodes", "relationships"))
    with draft.inside(**{name: Known("node", {})}), draft.without_subqueries():
        condition = f"{name}.id % 3 <> {draft.rng.randint(0, 2)}"
        if draft.chance(0.4):
            condition += f" OR {expression(draft, 'boolean', depth)}"
    text = f"{word}({name} IN {what}({draft.pick(paths)}) WHERE {condition})"
    return draft.use(f"{word}() over a path", text)


def quantified_hops(draft: Draft, _: int) -> str | None:
    lists = draft.of_kind("list relationship")
    if not lists:
        return None
    word, name = draft.pick(("all", "any", "none", "single")), draft.fresh("q")
    text = f"{word}({name} IN {draft.pick(lists)} WHERE {name}.id % 2 = {draft.rng.randint(0, 1)})"
    return draft.use("quantifier over *", text)


def has_label(draft: Draft, _: int) -> str | None:
    nodes = [name for name in draft.of_kind("node") if draft.scope[name].tables]
    if not nodes:
        return None
    name = draft.pick(nodes)
    labels = [
        label
        for table in draft.schema.nodes
        if table.name in draft.scope[name].tables
        for label in table.labels
    ]
    return draft.use("label predicate", f"{name}:{draft.pick(labels)}") if labels else None


def same_entity(draft: Draft, _: int) -> str | None:
    for kind in ("node", "relationship"):
        found = draft.of_kind(kind)
        if len(found) > 1 and draft.chance(0.6):
            first, second = draft.rng.sample(found, 2)
            if draft.chance(0.4):
                return _told_apart(draft, found, first, second)
            return draft.use(f"{kind} =", f"({first} {draft.pick(('=', '<>'))} {second})")
    return None


def _told_apart(draft: Draft, found: Sequence[str], first: str, second: str) -> str:
    function = draft.pick(("id", "elementId"))
    if draft.chance(0.5):
        sign = draft.pick(("=", "<>"))
        return draft.use("id() =", f"({function}({first}) {sign} {function}({second}))")
    ids = [f"{function}({draft.pick(found)})" for _ in range(draft.rng.randint(1, 3))]
    return draft.use("id() IN", f"({function}({first}) IN [{', '.join(ids)}])")


def exists(draft: Draft, depth: int) -> str | None:
    if not draft.subqueries:
        return None
    with draft.inside():
        text = one_pattern(draft, connect=True, depth=depth)
        where = f" WHERE {expression(draft, 'boolean', depth)}" if draft.chance(0.6) else ""
    word = draft.pick(("EXISTS", "NOT EXISTS", "COUNT"))
    match = draft.pick(("", "MATCH "))
    if word == "COUNT":
        test = f"{draft.pick(('=', '>', '>=', '<'))} {draft.rng.randint(0, 3)}"
        return draft.use("COUNT { } as a predicate", f"(COUNT {{ {match}{text}{where} }} {test})")
    return draft.use(word, f"({word} {{ {match}{text}{where} }})")


def exists_with_clauses(draft: Draft, depth: int) -> str | None:
    if not draft.subqueries:
        return None
    with draft.inside():
        first = one_pattern(draft, connect=True, depth=0)
        second = one_pattern(draft, connect=True, depth=0)
        condition = expression(draft, "boolean", depth)
    text = f"EXISTS {{ MATCH {first} MATCH {second} WHERE {condition} }}"
    return draft.use("EXISTS with two MATCH", text)


def counted(draft: Draft, depth: int) -> str | None:
    if not draft.subqueries:
        return None
    with draft.inside():
        text = one_pattern(draft, connect=True, depth=0)
        where = f" WHERE {expression(draft, 'boolean', depth)}" if draft.chance(0.5) else ""
    return draft.use("COUNT { } as a value", f"COUNT {{ {text}{where} }}")


def emptiness(draft: Draft, depth: int) -> str:
    what = expression(draft, draft.pick(("string", "list integer")), depth)
    return draft.use("isEmpty()", f"isEmpty({what})")


def unknown(draft: Draft, _: int) -> str:
    kind = draft.pick(ORDERED)
    return draft.use("null literal", f"({constant(draft, kind)} = null)")


PREDICATES: Sequence[Producer] = (
    *(comparison,) * 4,
    numbers,
    chain,
    operator("AND", "OR", kind="boolean"),
    operator("AND", "OR", "XOR", kind="boolean"),
    template("NOT", "(NOT ({a}))", a="boolean"),
    template("NOT", "(NOT ({a}))", a="boolean"),
    *(null_test,) * 2,
    *(membership,) * 2,
    about_text,
    emptiness,
    quantified,
    quantified_path,
    quantified_hops,
    has_label,
    has_type,
    same_list,
    same_entity,
    exists,
    exists,
    exists_with_clauses,
    case("boolean"),
    coalesce("boolean"),
    unknown,
)

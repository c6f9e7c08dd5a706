"""Random expressions of a wanted kind.

What has no safe answer (a division by a property, a date out of text …) is not written: both sides
would raise, and prove nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.compiler.agree.draft import SCALARS, Known
from tests.compiler.agree.worlds import DAYS, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.compiler.agree.draft import Draft, Producer
    from tests.compiler.reference.graph import Value


_A_DAY = "coalesce({a}, date('2024-05-17'))"  # null is an error there, not null


def expression(draft: Draft, kind: str, depth: int) -> str:
    """Return an expression of a kind, at most `depth` operators deep."""
    leaves: Sequence[Producer] = (
        lambda d, _: d.property_of(kind),
        lambda d, _: d.property_of(kind),
        lambda d, _: d.pick(d.of_kind(kind)) if d.of_kind(kind) else None,
        lambda d, _: constant(d, kind),
    )
    inner = draft.grammar.get(kind, ())
    for _ in range(12):
        deeper = depth > 0 and (draft.chance(0.65) or (kind == "boolean" and depth > 1))
        producer = draft.pick(inner) if inner and deeper else None
        text = (producer or draft.pick(leaves))(draft, depth - 1)
        if text is not None:
            return text
    return constant(draft, kind)


def constant(draft: Draft, kind: str) -> str:
    """Return a literal or a parameter."""
    if kind.startswith("list "):
        element = kind.removeprefix("list ")
        if draft.chance(0.2) and element in ("integer", "string"):
            return draft.parameter(kind, lambda: [python_value(draft, element) for _ in range(3)])
        items = [constant(draft, element) for _ in range(draft.rng.randint(1, 3))]
        if draft.chance(0.15):
            items.append(draft.use("null in a list", "null"))
        return draft.use("list literal", f"[{', '.join(items)}]")
    if draft.chance(0.12):
        return draft.parameter(kind, lambda: python_value(draft, kind))
    return literal(python_value(draft, kind))


def python_value(draft: Draft, kind: str) -> Value:
    """Return a random value of a scalar kind."""
    match kind:
        case "integer":
            return draft.rng.randint(-4, 9)
        case "float":
            return draft.rng.randint(-8, 20) / 4
        case "boolean":
            return draft.chance(0.5)
        case "date":
            return draft.pick(DAYS)
        case _:
            return draft.pick(WORDS)


def literal(value: Value) -> str:
    """Write a value as Cypher."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        case dt.date():
            return f"date('{value.isoformat()}')"
        case _:
            return str(value)


def operator(*signs: str, kind: str) -> Producer:
    """Return a producer of `(a sign b)` with both sides of one kind."""

    def produce(draft: Draft, depth: int) -> str:
        sign = draft.pick(signs)
        left, right = expression(draft, kind, depth), expression(draft, kind, depth)
        return draft.use(f"{kind} {sign}", f"({left} {sign} {right})")

    return produce


def divided(draft: Draft, depth: int) -> str:
    sign = draft.pick(("/", "%"))
    divisor = draft.pick((-3, -2, 2, 3, 7))
    return draft.use(f"integer {sign}", f"({expression(draft, 'integer', depth)} {sign} {divisor})")


def float_divided(draft: Draft, depth: int) -> str:
    left = expression(draft, draft.pick(("float", "integer")), depth)
    return draft.use("float /", f"({left} / {draft.pick((2.0, 4.0, -3.0))})")


def mixed_numbers(draft: Draft, depth: int) -> str:
    left, right = expression(draft, "float", depth), expression(draft, "integer", depth)
    return draft.use("integer with float", f"({left} {draft.pick('+-*')} {right})")


def function(name: str, *kinds: str) -> Producer:
    """Return a producer of a call with arguments of these kinds."""

    def produce(draft: Draft, depth: int) -> str:
        arguments = ", ".join(expression(draft, kind, depth) for kind in kinds)
        return draft.use(f"{name}()", f"{name}({arguments})")

    return produce


def template(construct: str, text: str, **slots: str) -> Producer:
    """Return a producer that fills expressions of the given kinds into a text."""

    def produce(draft: Draft, depth: int) -> str:
        filled = {name: expression(draft, kind, depth) for name, kind in slots.items()}
        numbers = {f"n{i}": str(draft.rng.randint(0, 4)) for i in range(3)}
        return draft.use(construct, text.format(**filled, **numbers))

    return produce


def case(kind: str) -> Producer:
    """Return a producer of CASE in both forms."""

    def produce(draft: Draft, depth: int) -> str:
        result, other = expression(draft, kind, depth), expression(draft, kind, depth)
        ending = f" ELSE {other}" if draft.chance(0.6) else ""
        if draft.chance(0.5):
            condition = expression(draft, "boolean", depth)
            return draft.use("searched CASE", f"CASE WHEN {condition} THEN {result}{ending} END")
        compared = draft.pick(("integer", "string"))
        subject, value = expression(draft, compared, depth), constant(draft, compared)
        return draft.use("simple CASE", f"CASE {subject} WHEN {value} THEN {result}{ending} END")

    return produce


def coalesce(kind: str) -> Producer:
    """Return a producer of coalesce()."""

    def produce(draft: Draft, depth: int) -> str:
        values = [expression(draft, kind, depth), constant(draft, kind)]
        return draft.use("coalesce()", f"coalesce({', '.join(values)})")

    return produce


def element(kind: str) -> Producer:
    """Return a producer of one element of a list."""

    def produce(draft: Draft, depth: int) -> str:
        items = expression(draft, f"list {kind}", depth)
        form = draft.pick(("head({})", "last({})", "({})[0]", "({})[-1]", "({})[2]", "({})[9]"))
        name = form.split("(")[0] + "()" if form[0] != "(" else "index"
        return draft.use(name, form.format(items))

    return produce


def from_path(text: str, construct: str) -> Producer:
    """Return a producer of something about a path in scope."""

    def produce(draft: Draft, _: int) -> str | None:
        paths = draft.of_kind("path")
        return draft.use(construct, text.format(draft.pick(paths))) if paths else None

    return produce


def any_size(draft: Draft, _: int) -> str | None:
    lists = [name for name, v in draft.scope.items() if v.kind.startswith("list ")]
    return draft.use("size() of a list", f"size({draft.pick(lists)})") if lists else None


def end_node(draft: Draft, _: int) -> str | None:
    found = draft.of_kind("relationship")
    which = draft.pick(("startNode", "endNode"))
    return draft.use(f"{which}()", f"{which}({draft.pick(found)}).id") if found else None


def label_count(draft: Draft, _: int) -> str | None:
    found = draft.of_kind("node")
    return draft.use("labels()", f"size(labels({draft.pick(found)}))") if found else None


def type_of(draft: Draft, _: int) -> str | None:
    found = draft.of_kind("relationship")
    return draft.use("type()", f"type({draft.pick(found)})") if found else None


def comprehension(kind: str) -> Producer:
    """Return a producer of a list comprehension."""

    def produce(draft: Draft, depth: int) -> str:
        source_kind = draft.pick(("integer", "string")) if kind == "integer" else kind
        source, name = expression(draft, f"list {source_kind}", depth), draft.fresh("i")
        with draft.inside(**{name: Known(source_kind)}), draft.without_subqueries():
            where = f" WHERE {expression(draft, 'boolean', depth)}" if draft.chance(0.6) else ""
            mapped = source_kind != kind or draft.chance(0.5)
            result = f" | {expression(draft, kind, depth)}" if mapped else ""
        if not where and not result:
            result = f" | {name}"
        return draft.use("list comprehension", f"[{name} IN {source}{where}{result}]")

    return produce


def property_over_path(draft: Draft, _: int) -> str | None:
    paths = draft.of_kind("path")
    if not paths:
        return None
    name = draft.fresh("i")
    where = draft.pick(("", f" WHERE {name}.name IS NOT NULL", f" WHERE {name}.name <> 'a'"))
    text = f"[{name} IN nodes({draft.pick(paths)}){where} | {name}.name]"
    return draft.use("property in nodes()", text)


def over_path(draft: Draft, _: int) -> str | None:
    paths = draft.of_kind("path")
    if not paths:
        return None
    what = draft.pick(("nodes", "relationships"))
    name = draft.fresh("i")
    return draft.use(f"{what}()", f"[{name} IN {what}({draft.pick(paths)}) | {name}.id]")


NUMBERS: Mapping[str, Sequence[Producer]] = {
    "integer": (
        operator("+", "-", "*", kind="integer"),
        divided,
        template("sign", "(-{a})", a="integer"),
        function("abs", "integer"),
        function("sign", "integer"),
        function("size", "string"),
        any_size,
        template("size() of a list", "size({a})", a="list integer"),
        template("toInteger()", "toInteger({a})", a="string"),
        template("toInteger() of a float", "toInteger({a})", a="float"),
        template("date component", "({a}).year", a="date"),
        template("date component", "({a}).month", a="date"),
        template("date component", "({a}).day", a="date"),
        template("date component", "({a}).quarter", a="date"),
        template("date component", "({a}).week", a="date"),
        template("date component", "({a}).dayOfWeek", a="date"),
        template("date component", "({a}).weekYear", a="date"),
        template("date component", "({a}).dayOfQuarter", a="date"),
        template("date component", "({a}).ordinalDay", a="date"),
        template("duration.inDays()", "duration.inDays({a}, {b}).days", a="date", b="date"),
        from_path("length({})", "length()"),
        end_node,
        label_count,
        template("computed index", "({a})[{b}]", a="list integer", b="integer"),
        case("integer"),
        coalesce("integer"),
        element("integer"),
    ),
    "float": (
        operator("+", "-", "*", kind="float"),
        mixed_numbers,
        float_divided,
        function("toFloat", "integer"),
        template("toFloat() of text", "toFloat({a})", a="string"),
        function("abs", "float"),
        function("floor", "float"),
        function("ceil", "float"),
        function("round", "float"),
        case("float"),
        coalesce("float"),
    ),
}
TEXTS: Mapping[str, Sequence[Producer]] = {
    "string": (
        operator("+", kind="string"),
        template("string + integer", "({a} + {b})", a="string", b="integer"),
        template("toString()", "toString({a})", a="integer"),
        template("toString()", "toString({a})", a="date"),
        function("toUpper", "string"),
        function("toLower", "string"),
        function("trim", "string"),
        function("ltrim", "string"),
        function("rtrim", "string"),
        function("reverse", "string"),
        template("left()", "left({a}, {n0})", a="string"),
        template("right()", "right({a}, {n0})", a="string"),
        template("substring()", "substring({a}, {n0})", a="string"),
        template("substring()", "substring({a}, {n0}, {n1})", a="string"),
        template("replace()", "replace({a}, 'a', {b})", a="string", b="string"),
        type_of,
        case("string"),
        coalesce("string"),
        element("string"),
    ),
    "date": (
        template("date + duration", "({a} + duration({{days: {n0}}}))", a="date"),
        template("date + duration", "({a} + duration({{months: {n0}, days: {n1}}}))", a="date"),
        template("date - duration", "({a} - duration({{months: {n0}}}))", a="date"),
        template("date.truncate()", f"date.truncate('month', {_A_DAY})", a="date"),
        template("date.truncate()", f"date.truncate('week', {_A_DAY})", a="date"),
        template("date.truncate()", f"date.truncate('quarter', {_A_DAY})", a="date"),
        template("date.truncate()", f"date.truncate('year', {_A_DAY})", a="date"),
        template("date - duration", "({a} - duration({{years: {n0}, weeks: {n1}}}))", a="date"),
        case("date"),
        coalesce("date"),
    ),
}
LISTS: Mapping[str, Sequence[Producer]] = {
    "list integer": (
        template("range()", "range({n0}, {n1})"),
        template("range()", "range({n0}, 9, 3)"),
        comprehension("integer"),
        over_path,
        template("slice", "({a})[{n0}..{n1}]", a="list integer"),
        template("slice", "({a})[..-1]", a="list integer"),
        template(
            "slice with computed bounds",
            "({a})[{b}..{c}]",
            a="list integer",
            b="integer",
            c="integer",
        ),
        template("slice", "({a})[-2..]", a="list integer"),
        template("list + list", "({a} + {b})", a="list integer", b="list integer"),
        template("tail()", "tail({a})", a="list integer"),
        template("reverse() of a list", "reverse({a})", a="list integer"),
        template("list literal", "[{a}, {b}]", a="integer", b="integer"),
    ),
    "list string": (
        comprehension("string"),
        property_over_path,
        template("split()", "split({a}, 'b')", a="string"),
        template("slice", "({a})[{n0}..]", a="list string"),
        template("list + list", "({a} + {b})", a="list string", b="list string"),
        template("list literal", "[{a}, {b}]", a="string", b="string"),
    ),
}
PRODUCERS: Mapping[str, Sequence[Producer]] = {**NUMBERS, **TEXTS, **LISTS}
ALL_KINDS = (*SCALARS, "list integer", "list string")

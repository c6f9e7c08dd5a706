"""A rule made ready to run: compiled, and checked against what a rule must return."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphchannel.engines import Query
from graphchannel.engines.parameters import AS_OF, parameter_types
from graphchannel.errors import CypherError, RuleError, did_you_mean
from graphchannel.rules.needs import needs
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.analysis.contract import Analysis
    from graphchannel.compiler import Compiled, CypherType
    from graphchannel.compiler.syntax import RegularQuery
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Rule

__all__ = ["FIGURES", "PreparedRule", "RuleKind", "prepare"]

FIGURES = ("shipped_on", "quantity", "amount", "currency", "product_id")  # columns `_<name>`
RuleKind = Literal["line", "path", "node"]

_COLUMNS: Mapping[RuleKind, tuple[str, ...]] = {
    "line": ("subject", "object", "shipment"),
    "path": ("subject", "object", "path", "shipments", "broken_at", "certainty", "bounds"),
    "node": ("subject", "object"),
}
_TYPES: Mapping[str, str] = {
    "path": "LIST OF STRING",
    "shipments": "LIST OF STRING",
    "broken_at": "INTEGER",
    "certainty": "STRING",
}
_COUNTED = frozenset({"lines", "quantity", "first", "last"})


@dataclass(frozen=True, slots=True)
class PreparedRule:
    """A rule with its compiled query and what follows from it.

    `columns` are those of the query, or of what the analysis makes of it. `evidence` are those
    beyond what its kind has anyway. `subject_kind` and `object_kind` are node tables (`party`,
    `region` …), None where the query does not say. `unique` tells that the query cannot return one
    line twice. `uses` are the policy parameters in it. `needs` are sets of canonical tables: where
    all tables of one are empty, the rule has no ground. `figures` is the query with the columns of
    `FIGURES` besides, where it can return them: a scan then need not look each line up.
    """

    rule: Rule
    kind: RuleKind
    query: Query
    figures: Query | None
    population: Query | None
    columns: frozenset[str]
    evidence: tuple[str, ...]
    subject_kind: str | None
    object_kind: str | None
    unique: bool
    uses: frozenset[str]
    needs: frozenset[frozenset[str]]


def prepare(rule: Rule, policy: Policy) -> PreparedRule:
    """Compile `rule` and check its columns, identity, message and parameters.

    Raises CypherError for a query that is not portable, RuleError for a broken contract.
    """
    try:
        return _prepared(rule, policy)
    except RecursionError as error:  # of this rule alone: others can be run
        raise RuleError(f"{rule.id}.cypher: the query is nested too deeply.") from error


def _prepared(rule: Rule, policy: Policy) -> PreparedRule:
    from graphchannel.compiler import parse  # noqa: PLC0415 - imports lark

    name = f"{rule.id}.cypher"
    types = parameter_types(policy)
    tree = parse(rule.text, name)
    _check_types(tree, name)
    query = _query(name, rule.text, tree, types)
    returned = tuple(column.name for column in query.compiled.columns)
    analysis = _analysis(rule, returned, name)
    columns = analysis.returns if analysis else returned
    kind = _kind(columns, name)
    if kind == "path" and not analysis:
        _check_path(query.compiled, name)
    evidence = tuple(column for column in columns if column not in _COLUMNS[kind])
    _check_evidence(evidence, name)
    shown = (*evidence, "path", "certainty") if kind == "path" else evidence
    _check_identity(rule, shown, name)
    _check_message(rule, kind, columns, shown, name)
    population = _population(rule, types)
    uses = _uses(query) | _uses(population) | (analysis.uses if analysis else frozenset())
    _check_optional(rule, uses, name)
    subject_kind, object_kind = _kinds(tree, analysis, kind, columns)
    own_lines = kind == "line" and analysis is None
    return PreparedRule(
        rule=rule,
        kind=kind,
        query=query,
        figures=_with_figures(rule, tree, types) if own_lines else None,
        population=population,
        columns=frozenset(columns),
        evidence=evidence,
        subject_kind=subject_kind,
        object_kind=object_kind,
        unique=own_lines and _is_unique(tree),
        uses=uses,
        needs=needs(_relations(query) | _relations(population)),
    )


def _query(name: str, text: str, tree: RegularQuery, types: Mapping[str, CypherType]) -> Query:
    from graphchannel.compiler import compile  # noqa: A004, PLC0415 - its name; imports lark

    return Query(name, text, compile(tree, CHANNEL, parameters=types, name=name))


def _population(rule: Rule, types: Mapping[str, CypherType]) -> Query | None:
    """Return the query that counts what the rule looks at."""
    from graphchannel.compiler import parse  # noqa: PLC0415 - imports lark

    if rule.header.population is None:
        return None
    text = f"MATCH {rule.header.population} RETURN count(*) AS population"
    name = f"{rule.id}.cypher @population"
    tree = parse(text, name)
    _check_types(tree, name)
    query = _query(name, text, tree, types)
    columns = [column.name for column in query.compiled.columns]
    if columns != ["population"] or len(tree.parts) > 1 or len(tree.parts[0].clauses) != 2:
        raise RuleError(f"{name}: expected one pattern with its WHERE, and nothing else.")
    return query


def _with_figures(rule: Rule, tree: RegularQuery, types: Mapping[str, CypherType]) -> Query | None:
    """Compile the rule with a line's figures behind what it returns; None where that fails."""
    from graphchannel.rules.query_facts import line_variable, returning_also  # noqa: PLC0415 - lark

    variable = line_variable(tree)
    if variable is None or not variable.isidentifier():
        return None
    columns = {f"_{name}": name for name in FIGURES}
    listed = ", ".join(f"{variable}.{name} AS {column}" for column, name in columns.items())
    text = f"{rule.text.rstrip()}\n, {listed}"  # on a line of its own: a comment may come before
    try:
        more = returning_also(tree, variable, columns)
        return _query(f"{rule.id}.cypher with figures", text, more, types)
    except CypherError:
        return None


def _kinds(
    tree: RegularQuery, analysis: Analysis | None, kind: RuleKind, columns: tuple[str, ...]
) -> tuple[str | None, str | None]:
    """Return the node tables of the subject and the object, None where nothing says."""
    from graphchannel.rules.query_facts import node_kinds  # noqa: PLC0415 - imports lark

    kinds = analysis.kinds if analysis else node_kinds(tree, CHANNEL)
    party = "party" if analysis or kind == "path" else None
    has_object = kind == "path" or "object" in columns
    return kinds.get("subject", party), kinds.get("object", party) if has_object else None


def _is_unique(tree: RegularQuery) -> bool:
    from graphchannel.rules.query_facts import returns_a_line_once  # noqa: PLC0415 - imports lark

    return returns_a_line_once(tree)


def _analysis(rule: Rule, columns: tuple[str, ...], name: str) -> Analysis | None:
    """Return the analysis that the rule names, once its query has the columns for it."""
    from graphchannel.analysis.contract import find_analysis  # noqa: PLC0415 - few rules have one

    if rule.header.analysis is None:
        return None
    found = find_analysis(rule.header.analysis, name)
    if lacking := sorted(found.needs - set(columns)):
        raise RuleError(
            f"{name}: the analysis {rule.header.analysis} needs the column '{lacking[0]}', which "
            f"the query does not return (has: {', '.join(columns)})."
            f"{did_you_mean(lacking[0], columns)}"
        )
    return found


def _kind(columns: tuple[str, ...], name: str) -> RuleKind:
    has = ", ".join(columns)
    if "path" in columns:
        if "shipments" not in columns:
            raise RuleError(
                f"{name}: a rule that returns 'path' also returns 'shipments' (has: {has})."
            )
        return "path"
    if "subject" not in columns:
        raise RuleError(
            f"{name}: the rule returns no column 'subject' (has: {has}). Write RETURN … AS "
            "subject, or for a rule over supply paths RETURN … AS path, … AS shipments."
        )
    if "shipment" not in columns:
        return "node"
    if "object" not in columns:
        raise RuleError(f"{name}: a rule over lines also returns the column 'object' (has: {has}).")
    return "line"


def _check_types(tree: RegularQuery, name: str) -> None:
    """Refuse a relationship of any type: what it means would change with every new type."""
    from graphchannel.rules.query_facts import untyped  # noqa: PLC0415 - imports lark

    at = untyped(tree)
    if at is not None:
        raise RuleError(
            f"{name}:{at.line}:{at.column}: a relationship of a rule names its types, such as "
            "-[:SUPPLIED]->; this one stands for any."
        )


def _check_path(compiled: Compiled, name: str) -> None:
    """Refuse columns of a path that a scan could not read as such."""
    for column in compiled.columns:
        wanted = _TYPES.get(column.name)
        if wanted is not None and str(column.type) not in {wanted, "NULL"}:
            raise RuleError(
                f"{name}: the column '{column.name}' of a rule over paths is {column.type}; "
                f"expected {wanted}."
            )


def _check_evidence(evidence: tuple[str, ...], name: str) -> None:
    for column in evidence:
        if column in _COUNTED:
            raise RuleError(
                f"{name}: the rule returns a column '{column}', a name that findings use for "
                "themselves; call it otherwise."
            )


def _check_identity(rule: Rule, evidence: tuple[str, ...], name: str) -> None:
    for column in rule.header.identity:
        if column not in evidence:
            raise RuleError(
                f"{name}: @identity names '{column}', which the rule does not return beyond "
                f"subject and object (has: {', '.join(evidence) or 'nothing else'})."
                f"{did_you_mean(column, evidence)}"
            )


def _check_message(
    rule: Rule, kind: RuleKind, columns: tuple[str, ...], evidence: tuple[str, ...], name: str
) -> None:
    known = {"subject", "object", *_COUNTED, *evidence}
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(rule.header.message)]
    except ValueError as error:
        raise RuleError(f"{name}: the message is not well formed: {error}.") from error
    for field in fields:
        if field in _COUNTED and kind == "node":
            raise RuleError(
                f"{name}: the message names {{{field}}}, but the rule is not over lines: it "
                f"returns no column 'shipment' (has: {', '.join(columns)}). Write RETURN … AS "
                "shipment, or leave the number out."
            )
        if field is not None and field not in known:
            raise RuleError(
                f"{name}: the message names {{{field}}}, which a finding does not have "
                f"(has: {', '.join(sorted(known))}).{did_you_mean(field, known)}"
            )


def _check_optional(rule: Rule, uses: frozenset[str], name: str) -> None:
    for parameter in rule.header.optional:
        if parameter not in uses:
            raise RuleError(
                f"{name}: @optional names '{parameter}', which the rule does not use "
                f"(uses: {', '.join(sorted(uses)) or 'none'}).{did_you_mean(parameter, uses)}"
            )


def _uses(query: Query | None) -> frozenset[str]:
    return frozenset(query.compiled.parameters) - {AS_OF} if query else frozenset()


def _relations(query: Query | None) -> frozenset[str]:
    return query.compiled.tables if query else frozenset()

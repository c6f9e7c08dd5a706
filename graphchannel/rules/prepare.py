"""A rule made ready to run: compiled, and checked against what a rule must return."""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphchannel.engines import Query
from graphchannel.engines.parameters import AS_OF, parameter_types
from graphchannel.errors import CypherError, RuleError, did_you_mean
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.analysis.contract import Analysis
    from graphchannel.compiler import Compiled, CypherType
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
    line twice. `uses` are the policy parameters in it. `figures` is the query with the columns of
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

    @property
    def relations(self) -> frozenset[str]:
        """SQL relations that the query and its population read."""
        own = self.query.compiled.tables
        return own | self.population.compiled.tables if self.population else own


def prepare(rule: Rule, policy: Policy) -> PreparedRule:
    """Compile `rule` and check its columns, identity, message and parameters.

    Raises CypherError for a query that is not portable, RuleError for a broken contract.
    """
    from graphchannel.compiler import compile, parse  # noqa: A004, PLC0415 - its name; imports lark
    from graphchannel.rules.query_facts import (  # noqa: PLC0415 - with it
        line_variable,
        node_kinds,
        returns_a_line_once,
    )

    name = f"{rule.id}.cypher"
    types = parameter_types(policy)
    compiled = compile(rule.text, CHANNEL, parameters=types, name=name)
    columns = tuple(column.name for column in compiled.columns)
    analysis = _analysis(rule, columns, name)
    columns = analysis.returns if analysis else columns
    kind = _kind(columns, name)
    if kind == "path" and not analysis:
        _check_path(compiled, name)
    evidence = tuple(column for column in columns if column not in _COLUMNS[kind])
    _check_evidence(evidence, name)
    shown = (*evidence, "path", "certainty") if kind == "path" else evidence
    _check_identity(rule, shown, name)
    _check_message(rule, kind, columns, shown, name)
    population = None
    if rule.header.population is not None:
        counting = f"MATCH {rule.header.population} RETURN count(*) AS population"
        where = f"{rule.id}.cypher @population"
        population = Query(
            where, counting, compile(counting, CHANNEL, parameters=types, name=where)
        )
    uses = _uses(compiled) | (_uses(population.compiled) if population else frozenset())
    uses |= analysis.uses if analysis else frozenset()
    _check_optional(rule, uses, name)
    tree = parse(rule.text, name)
    kinds = analysis.kinds if analysis else node_kinds(tree, CHANNEL)
    party = "party" if analysis or kind == "path" else None
    has_object = kind == "path" or "object" in columns
    own_line = kind == "line" and not analysis
    return PreparedRule(
        rule=rule,
        kind=kind,
        query=Query(name, rule.text, compiled),
        figures=_with_figures(rule, line_variable(tree), types) if own_line else None,
        population=population,
        columns=frozenset(columns),
        evidence=evidence,
        subject_kind=kinds.get("subject", party),
        object_kind=kinds.get("object", party) if has_object else None,
        unique=own_line and returns_a_line_once(tree),
        uses=uses,
    )


def _with_figures(
    rule: Rule, variable: str | None, types: Mapping[str, CypherType]
) -> Query | None:
    """Compile the rule with a line's figures behind what it returns; None where that fails."""
    from graphchannel.compiler import compile  # noqa: A004, PLC0415 - see prepare

    text = rule.text.rstrip()
    if variable is None or not variable.isidentifier() or "//" in text.splitlines()[-1]:
        return None
    columns = ", ".join(f"{variable}.{name} AS _{name}" for name in FIGURES)
    name = f"{rule.id}.cypher with figures"
    try:
        return Query(
            name,
            f"{text}, {columns}",
            compile(f"{text}, {columns}", CHANNEL, parameters=types, name=name),
        )
    except CypherError:
        return None


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


def _uses(compiled: Compiled) -> frozenset[str]:
    return frozenset(compiled.parameters) - {AS_OF}

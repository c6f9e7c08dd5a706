"""A rule made ready to run: compiled, and checked against what a rule must return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.engines import Query
from graphchannel.engines.parameters import AS_OF, parameter_types
from graphchannel.errors import CypherError, RuleError, did_you_mean
from graphchannel.rules.needs import needs
from graphchannel.rules.reads import made_of
from graphchannel.rules.returned import (
    COLUMNS,
    check_evidence,
    check_identity,
    check_message,
    check_optional,
    check_path,
    check_types,
    kind_of,
)
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.analysis.contract import Analysis
    from graphchannel.compiler import CypherType
    from graphchannel.compiler.syntax import RegularQuery
    from graphchannel.policy import Policy
    from graphchannel.rules.catalogue import Rule
    from graphchannel.rules.reach import LineReach
    from graphchannel.rules.returned import RuleKind

__all__ = ["FIGURES", "PreparedRule", "prepare"]

FIGURES = ("shipped_on", "quantity", "amount", "currency", "product_id")  # columns `_<name>`


@dataclass(frozen=True, slots=True)
class PreparedRule:
    """A rule with its compiled query and what follows from it.

    `columns` are those of the query, or of what the analysis makes of it. `evidence` are those
    beyond what its kind has anyway. `subject_kind` and `object_kind` are node tables (`party`,
    `region` …), None where the query does not say. `unique` tells that the query cannot return one
    line twice. `uses` are the policy parameters in it. `needs` are sets of canonical tables: where
    all tables of one are empty, the rule has no ground. `figures` is the query with the columns of
    `FIGURES` besides, where it can return them: a scan then need not look each line up. `reads` are
    the tables that the query reads (see `reads.made_of`), `counts` those of the population. `reach`
    says how far rows reach among lines, those of the projection where there is an analysis.
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
    reads: frozenset[str]
    counts: frozenset[str]
    reach: LineReach | None


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
    check_types(tree, name)
    query = _query(name, rule.text, tree, types)
    returned = tuple(column.name for column in query.compiled.columns)
    analysis = _analysis(rule, returned, name)
    columns = analysis.returns if analysis else returned
    kind = kind_of(columns, name)
    if kind == "path" and not analysis:
        check_path(query.compiled, name)
    evidence = tuple(column for column in columns if column not in COLUMNS[kind])
    check_evidence(evidence, name)
    shown = (*evidence, "path", "certainty") if kind == "path" else evidence
    check_identity(rule, shown, name)
    check_message(rule, kind, columns, shown, name)
    population = _population(rule, types)
    uses = _uses(query) | _uses(population) | (analysis.uses if analysis else frozenset())
    check_optional(rule, uses, name)
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
        reads=_reads(query),
        counts=_reads(population),
        reach=_reach(tree, analysis),
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
    check_types(tree, name)
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


def _reach(tree: RegularQuery, analysis: Analysis | None) -> LineReach | None:
    from graphchannel.rules import reach  # noqa: PLC0415 - imports lark

    if analysis is None:
        return reach.reach_of(tree)
    return reach.reach_of_analysis(tree, analysis.reach) if analysis.reach else None


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


def _uses(query: Query | None) -> frozenset[str]:
    return frozenset(query.compiled.parameters) - {AS_OF} if query else frozenset()


def _relations(query: Query | None) -> frozenset[str]:
    return query.compiled.tables if query else frozenset()


def _reads(query: Query | None) -> frozenset[str]:
    return frozenset(table for relation in _relations(query) for table in made_of(relation))

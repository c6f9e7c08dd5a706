"""Each rule finds in its cases what an interpreter finds, and they notice a small change of it."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.analysis.contract import Projection, find_analysis
from graphchannel.compiler import compile as compile_cypher
from graphchannel.engines.duckdb import bound
from graphchannel.engines.parameters import parameter_types, policy_parameters
from graphchannel.schema import CHANNEL
from tests.rules.cases import CATALOGUE, batches, read_cases
from tests.rules.interpreted import hashable, interpreted
from tests.rules.mutants import mutants
from tests.sampling import thinned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphchannel.compiler import Compiled
    from graphchannel.rules.catalogue import Catalogue, Rule
    from tests.rules.cases import Batch, Case

_SELLS_UNITS = "EXISTS { (buyer)-[h:HANDED_OVER]->(:Party) WHERE h.product_id = s.product_id }"
_NARROWS = "spares rows that the analysis has no use for"
# Mutants that find the same as the rule, whatever the data, and why.
EQUIVALENT: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (
            "paths/sourced-from-vap",
            "a.seller_role = 'vap' →  true ",
        ): "whoever else had supplied it is somebody else further down",
        (
            "coverage/distributor-missing-key-city",
            "home.id = city.region_id →  true ",
        ): "regions further out are looked at in vain",
        ("supply/outside-market-scope", "EndUser → Party"): "only end users have a segment",
        (
            "serials/never-received",
            f"(s.seller_role = 'vendor' OR {_SELLS_UNITS}) →  true ",
        ): _NARROWS,
        ("serials/never-received", "h.product_id = s.product_id →  true "): _NARROWS,
        ("targets/missed", "> → >="): "nothing is left either way",
    }
)


@pytest.fixture(scope="module", params=thinned(CATALOGUE.rules, 9), ids=lambda rule: rule.id)
def rule(request: pytest.FixtureRequest) -> Rule:
    chosen: Rule = request.param
    return chosen


@pytest.fixture(scope="module")
def loaded(rule: Rule) -> Iterator[list[Batch]]:
    """Load the cases of a rule once for all that is asked of them."""
    made = batches(case for case in read_cases(rule.id) if case.status == "evaluated")
    yield made
    for batch in made:
        batch.workspace.close()


def test_the_interpreter_agrees(rule: Rule, loaded: Sequence[Batch]) -> None:
    compiled = _compiled(rule, rule.text)
    names = [column.name for column in compiled.columns]
    for batch in loaded:
        given = bound(compiled.parameters, _values(batch))
        rows = batch.workspace.connection.execute(compiled.sql, given).fetchall()
        assert Counter(map(hashable, rows)) == interpreted(rule, batch, names)


def test_a_sample_of_mutants_is_noticed(rule: Rule, loaded: Sequence[Batch]) -> None:
    assert_noticed(unnoticed(rule, loaded, every=16))


@pytest.mark.thorough
def test_every_mutant_is_noticed(rule: Rule, loaded: Sequence[Batch]) -> None:
    assert_noticed(unnoticed(rule, loaded))


def assert_noticed(left: Sequence[str]) -> None:
    assert not left, "\n  ".join(["no case notices these changes of the rule:", *left])


def survivors(rule: Rule, cases: Iterable[Case], catalogue: Catalogue) -> list[str]:
    """Return the mutants of a rule that its cases do not notice."""
    made = batches((case for case in cases if case.status == "evaluated"), catalogue)
    left = unnoticed(rule, made)
    for batch in made:
        batch.workspace.close()
    return left


def unnoticed(rule: Rule, loaded: Sequence[Batch], every: int = 1) -> list[str]:
    """Return the mutants, all or each so-manieth, with which loaded cases find the same."""
    wanted = found(rule, rule.text, loaded)
    return [
        mutant.about
        for mutant in [*mutants(rule.text)][len(rule.id) % every :: every]
        if (rule.id, mutant.about.partition(": ")[2]) not in EQUIVALENT
        and found(rule, mutant.text, loaded) == wanted
    ]


def _compiled(rule: Rule, text: str) -> Compiled:
    types = parameter_types(CATALOGUE.policy)
    return compile_cypher(text, CHANNEL, parameters=types, name=rule.id)


def _values(batch: Batch) -> dict[str, Any]:
    return {"as_of": batch.as_of} | policy_parameters(batch.catalogue.policy)


def found(rule: Rule, text: str, loaded: Sequence[Batch]) -> list[set[str]]:
    """Return, for each batch, what the cases compare of each row of a rule's text.

    Where the rule has an analysis, the rows are those that it makes of the text's.
    """
    compiled = _compiled(rule, text)
    analysed = find_analysis(rule.header.analysis, rule.id) if rule.header.analysis else None
    names = list(analysed.returns) if analysed else [c.name for c in compiled.columns]
    told = {"subject", "object", "shipment", "shipments", *rule.header.identity}
    kept = [
        i for i, name in enumerate(names) if name in told or f"{{{name}}}" in rule.header.message
    ]
    results = []
    for batch in loaded:
        values = _values(batch)
        connection = batch.workspace.connection
        given = bound(compiled.parameters, values)
        if analysed is None:
            rows = connection.execute(compiled.sql, given).fetchall()
        else:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE projected AS {compiled.sql}", given)
            rows = connection.from_arrow(
                analysed(Projection(connection, "projected", values, batch.catalogue.policy))
            ).fetchall()
        results.append({repr([row[i] for i in kept]) for row in rows})
    return results

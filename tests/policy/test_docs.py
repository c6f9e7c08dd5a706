"""docs/policy.md and docs/rules.md: current, complete, and in nobody else's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.rules.header import NO_SECTION
from scripts import policy_docs

if TYPE_CHECKING:
    from graphchannel.rules.catalogue import Rule

CATALOGUE = load_catalogue(pack())
CLAUSES = policy_docs.read_clauses(pack())


def test_the_pages_are_current() -> None:
    for name, page in (("policy", policy_docs.policy_page), ("rules", policy_docs.rules_page)):
        text = (policy_docs.DOCS / f"{name}.md").read_text("utf-8")
        assert text == page(pack()), "run `make docs`"


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: f"{clause.section} {clause.text}")
def test_something_becomes_of_the_clause(clause: policy_docs.Clause) -> None:
    assert clause.rules or clause.measure or clause.allows or clause.unchecked
    assert not (clause.rules and clause.unchecked)
    for rule in clause.rules:
        assert CATALOGUE.rule(rule)
    if clause.allows:
        seller, buyer = clause.allows.split(" → ")
        ruling = CATALOGUE.policy.ruling(seller, buyer)
        assert ruling is not None
        assert (ruling.ruling, ruling.section) == ("allowed", clause.section)


@pytest.mark.parametrize("rule", CATALOGUE.rules, ids=lambda rule: rule.id)
def test_clauses_that_name_the_rule_are_of_its_sections(rule: Rule) -> None:
    sections = {clause.section for clause in CLAUSES if rule.id in clause.rules}
    first, _, last = rule.header.section.partition(NO_SECTION)
    assert not sections or {first, last or first} <= sections


def test_only_rules_about_the_data_are_beyond_the_clauses() -> None:
    shipped = {rule.id for rule in CATALOGUE.rules if rule.header.section != NO_SECTION}
    named = {rule for clause in CLAUSES for rule in clause.rules}
    assert named <= shipped
    assert len(named) >= 29


def test_every_section_that_the_policy_file_names_has_a_clause() -> None:
    policy = CATALOGUE.policy
    named = {role.section for role in policy.roles}
    named |= {ruling.section for ruling in policy.supply}
    named |= {obligation.section for obligation in policy.obligations}
    named |= {parameter.section for parameter in policy.parameters.values()}
    assert named <= {clause.section for clause in CLAUSES}


def test_links_lead_to_sections_that_are_there() -> None:
    rules = (policy_docs.DOCS / "rules.md").read_text("utf-8")
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-")
        for head in re.findall(r"^## (.+)$", rules, re.MULTILINE)
    }
    policy = (policy_docs.DOCS / "policy.md").read_text("utf-8")
    linked = set(re.findall(r"\]\((?:rules\.md)?#([^)]+)\)", policy + rules))
    assert linked == anchors

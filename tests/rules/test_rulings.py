"""The policy's rulings and the rules agree: one line for each pair of roles, and what fires."""

from __future__ import annotations

from typing import Any

import pytest

from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.policy import END_USER, UNCERTIFIED, VENDOR
from graphchannel.workspace import create_workspace
from tests.rules.cases import CATALOGUE

UNLISTED = "supply/unlisted-pair"
POLICY = CATALOGUE.policy
NAMED = sorted({entry.rule for entry in POLICY.supply if entry.rule is not None})
ROLES = (VENDOR, *POLICY.role_ids, UNCERTIFIED, END_USER)
PAIRS = [(seller, buyer) for seller in ROLES for buyer in ROLES]


def network() -> dict[str, list[dict[str, Any]]]:
    """Return two parties of each role, and a line from one to the other of each pair of roles."""
    tables: dict[str, list[dict[str, Any]]] = {
        "vendors": [{"id": f"{VENDOR}-{side}", "name": "V"} for side in "sb"],
        "partners": [
            {"id": f"{role}-{side}", "name": role}
            for role in (*POLICY.role_ids, UNCERTIFIED)
            for side in "sb"
        ],
        "end_users": [{"id": f"{END_USER}-{side}", "name": "E"} for side in "sb"],
        "certifications": [
            {
                "holder_id": f"{role}-{side}",
                "role": role,
                "issuer_id": f"{VENDOR}-s",
                "valid_from": "2015-01-01",
            }
            for role in POLICY.role_ids
            for side in "sb"
        ],
        "products": [{"id": "p", "name": "P"}],
        "shipments": [
            {
                "id": f"{seller}>{buyer}",
                "shipped_on": "2015-06-15",
                "seller_id": f"{seller}-s",
                "buyer_id": f"{buyer}-b",
                "product_id": "p",
                "quantity": 1,
            }
            for seller, buyer in PAIRS
        ],
    }
    return tables


@pytest.fixture(scope="module")
def fired() -> dict[str, set[str]]:
    """Return, for each line, the rules that fire on it, of those that rulings are about."""
    with create_workspace(None, POLICY) as workspace:
        assert load_rows(workspace, network(), POLICY).rejected == 0
        result = scan(workspace, CATALOGUE.select([*NAMED, UNLISTED]), ScanOptions())
        lines: dict[str, set[str]] = {f"{seller}>{buyer}": set() for seller, buyer in PAIRS}
        for finding in result.findings():
            for row in finding.evidence:
                lines[str(row["shipment"])].add(finding.rule)
    return lines


def test_every_ruling_that_is_not_allowed_names_a_rule_that_exists() -> None:
    known = {rule.id for rule in CATALOGUE.rules}
    assert NAMED
    assert set(NAMED) | {UNLISTED} <= known


def test_a_soft_ruling_is_medium_at_most() -> None:
    for entry in POLICY.supply:
        if entry.ruling == "discouraged":
            assert entry.rule is not None
            assert CATALOGUE.rule(entry.rule).severity in ("medium", "low", "info")


@pytest.mark.parametrize(("seller", "buyer"), PAIRS)
def test_what_fires_is_what_the_policy_rules(
    seller: str, buyer: str, fired: dict[str, set[str]]
) -> None:
    ruling = POLICY.ruling(seller, buyer)
    wanted: set[str | None]
    if UNCERTIFIED in (seller, buyer):
        wanted = set()
    elif ruling is None:
        wanted = {UNLISTED}
    else:
        wanted = {ruling.rule} - {None}
    assert fired[f"{seller}>{buyer}"] == wanted

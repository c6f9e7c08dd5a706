from __future__ import annotations

import pytest

from graphchannel.rules.needs import missing, needs, sources
from graphchannel.schema import RELATIONS, TABLES

OF_THE_POLICY = {"role", "may_supply", "must_offer", "capability", "program"}


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_has_its_tables_or_is_the_policys(relation: str) -> None:
    tables = sources(f"graph.{relation}")
    assert bool(tables) == (relation not in OF_THE_POLICY)
    assert tables <= {table.name for table in TABLES}


def test_a_relation_lacks_only_if_all_its_tables_are_empty() -> None:
    party, policys = needs(["graph.party"]), needs(["graph.role"])
    assert missing(party, frozenset({"vendors", "end_users"})) == ()
    everyone = frozenset({"vendors", "end_users", "partners"})
    assert missing(party, everyone) == ("end_users", "partners", "vendors")
    assert missing(policys, everyone) == ()

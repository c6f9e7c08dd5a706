from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import EngineError
from graphchannel.neo4j import sync
from graphchannel.neo4j.link import Link
from graphchannel.neo4j.parts import GraphPart, main_label, node_parts
from graphchannel.neo4j.reading_aids import trades_part
from graphchannel.schema import CHANNEL
from graphchannel.workspace import Workspace, create_workspace
from tests.findings.network import POLICY, line
from tests.neo4j.published import AWKWARD, everything, load, published, small, wipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    import neo4j
    import pyarrow as pa


def afresh(workspace: Workspace, driver: neo4j.Driver, link: Link) -> Any:
    """Publish to an empty database; return what is there."""
    wipe(driver)
    published(workspace, link)
    return everything(driver)


def test_the_published_graph_is_the_schemas(workspace: Workspace, link: Link) -> None:
    published(workspace, link)
    for table in CHANNEL.nodes:
        (wanted,) = workspace.connection.execute(
            f"SELECT count(*) FROM {table.relation}"
        ).fetchall()
        assert link.rows(f"MATCH (n:{main_label(table)}) RETURN count(n)") == [wanted]
        assert wanted[0] > 0, table.name
    types = {
        type_: sum(
            workspace.connection.execute(f"SELECT count(*) FROM {e.relation}").fetchall()[0][0]
            for e in CHANNEL.edges
            if e.type == type_
        )
        for type_ in CHANNEL.types
    }
    rows = dict(link.rows("MATCH ()-[r]->() WITH type(r) AS t, count(*) AS n RETURN t, n"))
    assert rows == types | {"TRADES_WITH": 3}
    assert all(types.values()), types
    (row,) = link.rows(
        "MATCH (:Partner {id: 'A'})-[r:SUPPLIED {id: 'L2'}]->(b) RETURN labels(b), r.document"
    )
    assert (sorted(row[0]), row[1]) == (["Gold", "Partner", "Party"], AWKWARD[0])
    assert link.rows("MATCH (n:Partner {id: 'C'}) RETURN n.capital, n.city_id, n.name") == [
        (1000000.5, None, AWKWARD[5])
    ]
    assert link.rows("MATCH (n:Distributor) RETURN n.id") == [("A",)]


def test_a_pair_has_one_relationship_to_look_at(workspace: Workspace, link: Link) -> None:
    published(workspace, link)
    (row,) = link.rows(
        "MATCH ({id: 'A'})-[t:TRADES_WITH]->({id: 'B'}) "
        "RETURN t.lines, t.quantity, t.amount, toString(t.first), toString(t.last)"
    )
    assert row == (2, 2, None, "2015-01-10", "2015-02-10")  # two currencies have no sum
    (row,) = link.rows("MATCH ({id: 'V'})-[t:TRADES_WITH]->() RETURN t.amount, t.currency")
    assert row == (10.25, "EUR")


def test_publishing_again_sends_nothing(workspace: Workspace, link: Link) -> None:
    published(workspace, link)
    again = published(workspace, link)
    assert again.how == "changes"
    assert [c for c in again.changes if c.sent or c.removed] == []
    thorough = published(workspace, link, thorough=True)
    assert thorough.how == "all"
    assert [c for c in thorough.changes if not c.sent or c.removed] == []


def test_what_changed_is_sent_and_what_went_away_is_removed(
    workspace: Workspace, link: Link, driver: neo4j.Driver
) -> None:
    published(workspace, link)
    late = {"holder_id": "A", "role": "vap", "issuer_id": "V", "valid_from": "2013-01-01"}
    tables = small(certifications=[late])
    tables["shipments"] = [tables["shipments"][0], line("L5", "A", "C", quantity=3)]
    tables["serials"] = [{"shipment_id": "L5", "serial": "S1"}]
    tables["partners"][1] |= {"city_id": "PAR"}
    tables["cities"][0] |= {"region_id": "DE"}
    load(workspace, tables, replace=("certifications", "shipments", "serials"))
    second = published(workspace, link)
    assert second.how == "changes"
    changes = {c.name: (c.sent, c.removed) for c in second.changes if c.sent or c.removed}
    # L1 and L5: the first has another buyer's role now; L2, L3 and L4 are gone.
    assert changes["SUPPLIED"] == (2, 3)
    assert changes["HANDED_OVER"] == (1, 1)
    assert changes["CERTIFIED_BY"] == (1, 2)
    assert changes["TRADES_WITH"] == (1, 2)
    seen = everything(driver)
    assert seen == afresh(workspace, driver, link)
    assert link.rows("MATCH (n:Vap) RETURN n.id") == [("A",)]
    assert link.rows("MATCH (n:Gold|Distributor) RETURN n.id") == []


def test_what_went_away_is_told_by_the_history_where_it_can(
    workspace: Workspace, link: Link, driver: neo4j.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys of all lines are fetched only where the versions that ended do not explain the count."""
    compared = list[str]()
    present = sync.Sync.present

    def noted(self: sync.Sync, part: GraphPart) -> pa.Table:
        compared.append(part.name)
        return present(self, part)

    monkeypatch.setattr(sync.Sync, "present", noted)
    published(workspace, link)
    tables = small()
    later = [one | {"quantity": 9} for one in tables["shipments"][:2]]
    tables |= {"shipments": later, "serials": tables["serials"][:1]}
    load(workspace, tables, replace=("shipments", "serials"))
    compared.clear()
    changes = {c.name: (c.sent, c.removed) for c in published(workspace, link).changes}
    assert changes["SUPPLIED"][1] == 2, "L3 and L4"
    assert not {"SUPPLIED", "HANDED_OVER"} & set(compared)
    assert everything(driver) == afresh(workspace, driver, link)
    load(workspace, {**tables, "shipments": later[1:]}, replace=("shipments",))
    workspace.connection.execute("DELETE FROM history.shipments")  # as a purge does
    compared.clear()
    published(workspace, link)
    assert "SUPPLIED" in compared, "nothing tells that L1 went away"
    assert everything(driver) == afresh(workspace, driver, link)


def test_data_of_others_stays(workspace: Workspace, link: Link, driver: neo4j.Driver) -> None:
    driver.execute_query("CREATE (:Note {id: 'A', text: 'mine'})-[:SUPPLIED]->(:Note {id: 'B'})")
    published(workspace, link)
    driver.execute_query(
        "MATCH (p:Partner {id: 'C'}), (n:Note {id: 'A'}) SET p.mine = 1 CREATE (n)-[:ABOUT]->(p)"
    )
    tables = small()
    del tables["partners"][2]
    load(workspace, tables, replace=("partners",))
    published(workspace, link)
    assert link.rows("MATCH (:Note)-[:ABOUT]->(c) RETURN labels(c), c.id, c.mine") == [([], "C", 1)]
    assert link.rows("MATCH (:Note)-[r:SUPPLIED]->(:Note) RETURN count(r)") == [(1,)]
    published(workspace, link, thorough=True)
    assert link.rows("MATCH (n:Note) RETURN count(n)") == [(2,)]


def test_a_database_with_somebody_elses_partners_is_refused_and_untouched(
    workspace: Workspace, link: Link, driver: neo4j.Driver
) -> None:
    driver.execute_query("CREATE (:Partner {id: 'A', name: 'theirs'})")
    with pytest.raises(
        EngineError, match="1 nodes there carry the label Partner, and graphchannel"
    ):
        published(workspace, link)
    assert link.rows("MATCH (n) RETURN labels(n), properties(n)") == [
        (["Partner"], {"id": "A", "name": "theirs"})
    ]


def test_the_graph_of_another_workspace_is_refused_or_replaced(
    workspace: Workspace, link: Link, driver: neo4j.Driver
) -> None:
    published(workspace, link)
    with create_workspace(None, POLICY) as other:
        load(
            other,
            small(end_users=[{"id": "E", "name": "Other"}], industries=[], surveys=[])
            | {"authorizations": [], "targets": []},
        )
        with pytest.raises(EngineError, match=r"from another workspace; .* --replace"):
            published(other, link)
        assert published(other, link, replace_graph=True).how == "all"
        seen = everything(driver)
        assert seen == afresh(other, driver, link)


def test_a_graph_of_another_version_is_refused(workspace: Workspace, link: Link) -> None:
    published(workspace, link)
    link.write(("MATCH (m:GraphChannel) SET m.format = 99", {}))
    with pytest.raises(EngineError, match=r"another version .* \(format 99, this one writes 3\)"):
        published(workspace, link)


class Killed(Exception):
    """The process ends here."""


@pytest.mark.parametrize("change", [False, True], ids=["first publish", "later publish"])
def test_killed_anywhere_and_started_again_it_ends_the_same(
    workspace: Workspace,
    link: Link,
    driver: neo4j.Driver,
    monkeypatch: pytest.MonkeyPatch,
    *,
    change: bool,
) -> None:
    if change:
        published(workspace, link)
        tables = small()
        tables["shipments"] = [*tables["shipments"][:2], line("L6", "B", "C")]
        tables["partners"][0]["name"] = "renamed"
        load(workspace, tables, replace=("shipments",))
    writes, budget, killed = Link.write, 0, 0

    def write(self: Link, *statements: tuple[str, Mapping[str, object]]) -> None:
        nonlocal budget
        budget -= 1
        if budget < 0:
            raise Killed
        writes(self, *statements)

    monkeypatch.setattr(Link, "write", write)
    while True:
        budget = 4
        try:
            published(workspace, link)
        except Killed:
            killed += 1
        else:
            break
    assert killed >= 2
    monkeypatch.setattr(Link, "write", writes)
    seen = everything(driver)
    assert seen == afresh(workspace, driver, link)


def test_a_copy_of_the_workspace_that_went_another_way_is_sent_whole(
    workspace: Workspace, link: Link
) -> None:
    published(workspace, link)
    workspace.connection.execute("UPDATE admin.loads SET finished_at = TIMESTAMP '2001-01-01'")
    assert published(workspace, link).how == "all"


def test_every_heap_meets_every_other_once_and_none_is_used_twice_at_a_time() -> None:
    for writers in (1, 2, 3, 4):
        rounds = list(sync._rounds(writers))
        met = [frozenset(pair) for pairs in rounds for pair in pairs]
        heaps = 2 * writers
        assert len(met) == len(set(met)) == heaps * (heaps + 1) // 2
        for pairs in rounds:
            used = [heap for pair in pairs for heap in set(pair)]
            assert len(used) == len(set(used))


def test_statements_name_their_rows_by_parameters_only() -> None:
    for part in (*node_parts(), trades_part()):
        for piece in part.pieces:
            assert "$rows" in piece.write
            assert piece.write.count("row[") >= 2

"""What changed in a workspace since a load: which tables, and near which lines.

The tables are temporary ones of a scan, numbered: rules may have been judged last at different
loads. Of a load that was taken back, or versions that were purged, nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.rules.reads import LINES
from graphchannel.schema import TABLES

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from graphchannel.rules.reach import LineReach

__all__ = ["ChangedLines", "changed_since"]

# Changes that leave a trace in each row that they touch, or touch none (see `ingest.load_history`).
_TRACED = ("load", "policy", "dismiss", "refused", "reply")
_FEW, _SHARE = 1_000, 5  # where more lines than one in five changed, to judge all is no slower
_CHANGED = """
CREATE OR REPLACE TEMP TABLE {name} AS
SELECT id FROM main.shipments
WHERE _load > $load OR coalesce(_derived > $load, true)
   OR (shipped_on > least($was, $now)::DATE AND shipped_on <= greatest($was, $now)::DATE)
UNION SELECT id FROM history.shipments WHERE _ended > $load
UNION SELECT shipment_id FROM main.serials WHERE _load > $load
UNION SELECT shipment_id FROM history.serials WHERE _ended > $load
"""
# What the lines are between, and what they were.
_BETWEEN = """
CREATE OR REPLACE TEMP TABLE {name} AS
SELECT seller_id AS seller, buyer_id AS buyer, product_id AS product FROM main.shipments
WHERE id IN (FROM {lines})
UNION SELECT seller_id, buyer_id, product_id FROM history.shipments WHERE _ended > $load
"""
_PARTIES = """
CREATE OR REPLACE TEMP TABLE {name} AS
SELECT id FROM (SELECT seller AS id FROM {between} UNION SELECT buyer FROM {between})
WHERE {kind}
"""
_NEAR = {
    "line": "id IN (FROM {lines})",
    "pair": """(seller_id, buyer_id) IN (
        SELECT (seller, buyer) FROM {between} UNION ALL SELECT (buyer, seller) FROM {between})""",
    "party": "seller_id IN (FROM {parties}) OR buyer_id IN (FROM {parties})",
}


@dataclass(frozen=True, slots=True)
class Near:
    """The lines whose groups have changed: relations in place of `graph.supplied` and its units.

    `stale` is a condition on rows `k` that were kept: they may be other ones now. `fresh` is one on
    the rows of the query: those whose group is there as a whole.
    """

    supplied: str
    handed_over: str
    stale: str
    fresh: str


@dataclass(slots=True)
class ChangedLines:
    """What changed since a load, and between two last days: `tables` by name, and lines."""

    connection: duckdb.DuckDBPyConnection
    number: int
    load: int
    tables: frozenset[str]
    few: bool = True

    def near(self, reach: LineReach) -> Near:
        """Return the lines of all groups in which a line has changed."""
        kind = f"{reach.group}_{'partners' if reach.partners else 'all'}_{self.number}"
        lines, between = self._name("line"), self._name("between")
        parties = f"changed_party_{kind}"
        if reach.group != "line":
            self._make(between, _BETWEEN.format(name=between, lines=lines), load=self.load)
        if reach.group == "party":
            partner = "id IN (SELECT id FROM main.partners)" if reach.partners else "true"
            self._make(parties, _PARTIES.format(name=parties, between=between, kind=partner))
        near, units = f"near_line_{kind}", f"near_unit_{kind}"
        where = _NEAR[reach.group].format(lines=lines, between=between, parties=parties)
        self._make(
            near, f"CREATE OR REPLACE TEMP TABLE {near} AS FROM graph.supplied WHERE {where}"
        )
        self._make(
            units,
            f"CREATE OR REPLACE TEMP TABLE {units} AS FROM graph.handed_over"
            f" WHERE shipment_id IN (SELECT id FROM {near})",
        )
        if reach.group == "party":
            of_party = f'"{reach.column}" IN (FROM {parties})'
            return Near(near, units, f"k.{of_party}", of_party)
        stale = f"k.shipment IN (FROM {lines}) OR k.shipment IN (SELECT id FROM {near})"
        return Near(near, units, stale, "true")

    def count(self, was: date, now: date) -> int:
        """Find the lines that changed; return how many."""
        name = self._name("line")
        values = {"load": self.load, "was": was, "now": now}
        self.connection.execute(_CHANGED.format(name=name), values)
        ((count,),) = self.connection.execute(f"SELECT count(*) FROM {name}").fetchall()
        return int(count)

    def _name(self, what: str) -> str:
        return f"changed_{what}_{self.number}"

    def _make(self, name: str, statement: str, **values: object) -> None:
        known = "SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = $name"
        if not self.connection.execute(known, {"name": name}).fetchall():
            self.connection.execute(statement, values)


def changed_since(
    connection: duckdb.DuckDBPyConnection, load: int, days: tuple[date, date], number: int
) -> ChangedLines | None:
    """Return what changed since a load; None where that cannot be told.

    `days` are the last days that counted then and now: lines between them count as changed.
    """
    marks = ", ".join(f"'{kind}'" for kind in _TRACED)
    untraced = f"SELECT 1 FROM admin.loads WHERE id > {load} AND kind NOT IN ({marks}) LIMIT 1"
    if connection.execute(untraced).fetchall():
        return None
    changed = ChangedLines(connection, number, load, _tables(connection, load))
    if changed.tables & LINES or days[0] != days[1]:
        ((lines,),) = connection.execute("SELECT count(*) FROM main.shipments").fetchall()
        changed.few = changed.count(*days) <= max(_FEW, lines // _SHARE)
    return changed


def _tables(connection: duckdb.DuckDBPyConnection, load: int) -> frozenset[str]:
    """Return the canonical tables of which a row came, went or was derived again after a load."""
    conditions = []
    for table in TABLES:
        came = f"_load > {load}"
        if table.name == "shipments":
            came += f" OR coalesce(_derived > {load}, true)"
        conditions.append(
            f"EXISTS (FROM main.{table.name} WHERE {came})"
            f" OR EXISTS (FROM history.{table.name} WHERE _ended > {load})"
        )
    (row,) = connection.execute(f"SELECT {', '.join(conditions)}").fetchall()
    return frozenset(table.name for table, one in zip(TABLES, row, strict=True) if one)

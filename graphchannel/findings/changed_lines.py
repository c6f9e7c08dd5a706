"""What changed in a workspace since a load: which tables, and near which lines.

The tables are temporary ones of a scan, numbered: rules may have been judged last at different
loads. Of a load that was taken back, or versions that were purged, nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from graphchannel.rules.reads import LINES
from graphchannel.schema import RELATIONS, TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import duckdb

    from graphchannel.rules.reach import LineReach

__all__ = ["ChangedLines", "changed_since"]

# Changes that leave a trace in each row that they touch, or touch none (see `ingest.load_history`).
_TRACED = ("load", "policy", "dismiss", "refused", "reply")
_FEW, _SHARE = 1_000, 3  # where more lines than one in three are near, all are judged
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
CREATE OR REPLACE TEMP TABLE {between} AS
SELECT seller_id AS seller, buyer_id AS buyer, product_id AS product FROM main.shipments
WHERE id IN (FROM {lines})
UNION SELECT seller_id, buyer_id, product_id FROM history.shipments WHERE _ended > $load
"""
_PARTIES = """
CREATE OR REPLACE TEMP TABLE {parties} AS
SELECT * FROM (
    SELECT seller AS id, {product} AS product FROM {between}
    UNION SELECT buyer, {product} FROM {between})
WHERE {partner}
"""
# The units on the lines, and what they were: of the product that a line had, each number.
_UNITS = """
CREATE OR REPLACE TEMP TABLE {units} AS
SELECT DISTINCT u.serial AS id, s.product_id AS product
FROM (SELECT shipment_id, serial FROM main.serials WHERE shipment_id IN (FROM {lines})
      UNION ALL SELECT shipment_id, serial FROM history.serials WHERE _ended > $load) AS u
JOIN (SELECT id, product_id FROM main.shipments WHERE id IN (FROM {lines})
      UNION ALL SELECT id, product_id FROM history.shipments WHERE _ended > $load) AS s
    ON s.id = u.shipment_id
"""
_NEAR = {
    "line": "SEMI JOIN {lines} AS c ON c.id = s.id",
    "product": "WHERE s.product_id IN (SELECT product FROM {between})",
    "pair": """SEMI JOIN (
        SELECT seller, buyer, {product} AS product FROM {between}
        UNION SELECT buyer, seller, {product} FROM {between}) AS c
        ON c.seller = s.seller_id AND c.buyer = s.buyer_id
            AND {same}""",
    "party": """WHERE id IN (
        SELECT s.id FROM main.shipments AS s
        SEMI JOIN {parties} AS c ON c.id = s.seller_id AND {same}
        UNION SELECT s.id FROM main.shipments AS s
        SEMI JOIN {parties} AS c ON c.id = s.buyer_id AND {same})""",
    "unit": """WHERE id IN (
        SELECT n.shipment_id FROM main.serials AS n JOIN {units} AS u ON u.id = n.serial
        JOIN main.shipments AS o ON o.id = n.shipment_id AND o.product_id = u.product)""",
}
# The group of a row: who or what it is of, and the product of a line.
_OF_GROUP = """EXISTS (
    SELECT 1 FROM {source} AS s JOIN {groups} AS g ON g.product = s.product_id
    WHERE s.id = {row}.{line} AND g.id = {id})"""
# The relations of all lines and units, over some lines in place of all.
_SUPPLIED = RELATIONS["supplied"].replace("FROM shipments", "FROM {lines}")
_HANDED_OVER = RELATIONS["handed_over"].replace("JOIN shipments AS", "JOIN {lines} AS")


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
    many: set[str] = field(default_factory=set)  # kinds of groups that are too large

    def near(self, reach: LineReach) -> Near | None:
        """Return the lines of all groups in which a line has changed; None where they are many."""
        whose = "partners" if reach.partners else "all"
        product = "product" if reach.by_product else "any"
        kind = f"{reach.group}_{whose}_{product}_{self.number}"
        names = {
            "lines": self._name("line"),
            "between": self._name("between"),
            "parties": f"changed_party_{kind}",
            "units": self._name("unit"),
            "partner": "id IN (SELECT id FROM main.partners)" if reach.partners else "true",
            "product": "product" if reach.by_product else "NULL",
            "same": "c.product = s.product_id" if reach.by_product else "true",
        }
        if reach.group == "unit":
            self._make(names["units"], _UNITS.format(**names), load=self.load)
        elif reach.group != "line":
            self._make(names["between"], _BETWEEN.format(**names), load=self.load)
        if reach.group == "party":
            self._make(names["parties"], _PARTIES.format(**names))
        some, near, units = (f"near_{what}_{kind}" for what in ("shipment", "line", "unit"))
        if kind not in self.many and not self._is_there(some):
            self._find_few(kind, some, _NEAR[reach.group].format(**names))
        if kind in self.many:
            return None
        self._make(near, f"CREATE TEMP VIEW {near} AS {_SUPPLIED.format(lines=some)}")
        self._make(units, f"CREATE TEMP VIEW {units} AS {_HANDED_OVER.format(lines=some)}")
        return Near(near, units, *_conditions(reach, names, some))

    def _find_few(self, kind: str, some: str, where: str) -> None:
        """Make the table of the lines of groups, if they are few."""
        if not self._are_few(f"SELECT count(*) FROM main.shipments AS s {where}"):
            self.many.add(kind)
        else:
            select = f"SELECT s.* FROM main.shipments AS s {where}"
            self._make(some, f"CREATE TEMP TABLE {some} AS {select}")

    def _are_few(self, counting: str) -> bool:
        """Tell whether to judge lines by themselves is quicker than to judge all."""
        ((some, lines),) = self.connection.execute(
            f"SELECT ({counting}), (SELECT count(*) FROM main.shipments)"
        ).fetchall()
        return bool(some <= max(_FEW, lines // _SHARE))

    def look(self, was: date, now: date) -> None:
        """Find the lines that changed, also as they are within one of two last days alone."""
        name = self._name("line")
        values = {"load": self.load, "was": was, "now": now}
        self.connection.execute(_CHANGED.format(name=name), values)
        self.few = self._are_few(f"SELECT count(*) FROM {name}")

    def _name(self, what: str) -> str:
        return f"changed_{what}_{self.number}"

    def _make(self, name: str, statement: str, **values: object) -> None:
        if not self._is_there(name):
            self.connection.execute(statement, values)

    def _is_there(self, name: str) -> bool:
        known = """SELECT 1 FROM duckdb_tables() WHERE temporary AND table_name = $name
            UNION ALL SELECT 1 FROM duckdb_views() WHERE temporary AND view_name = $name"""
        return bool(self.connection.execute(known, {"name": name}).fetchall())


def _conditions(reach: LineReach, names: Mapping[str, str], some: str) -> tuple[str, str]:
    """Return `stale` and `fresh`; `some` are the lines of the groups as they are."""
    changed = f"IN (FROM {names['lines']})"
    if reach.group == "unit" or (reach.group == "party" and reach.by_product):
        if reach.group == "unit":
            groups, line = names["units"], "shipment"
            was, now = "json_extract_string(k.extra, '$.serial')", "found.serial"
        else:
            groups, line = names["parties"], "shipments[1]"
            was, now = (f'{row}."{reach.column}"' for row in ("k", "found"))
        of_group = partial(_OF_GROUP.format, groups=groups, line=line)
        stale = of_group(source="main.shipments", row="k", id=was)
        return f"{stale} OR k.{line} {changed}", of_group(source=some, row="found", id=now)
    if reach.group == "party":
        of_party = f'"{reach.column}" IN (SELECT id FROM {names["parties"]})'
        return f"k.{of_party}", of_party
    line = "k.shipments[1]" if reach.group == "product" else "k.shipment"
    return f"{line} {changed} OR {line} IN (SELECT id FROM {some})", "true"


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
        changed.look(*days)
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

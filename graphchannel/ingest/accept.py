"""Staged rows of one table → accepted into the workspace, or listed in `_bad` with a reason.

Most rows are new and right. They take the quick way: one INSERT for each source, straight from the
staged rows. What it leaves — keys that occur twice or are known already, and rows with something
wrong — goes into a temporary table and is judged there, set by set.

Temporary relations: `_typed` (all typed rows of the table), `_special` (keys for the slow way),
`_left` (rows for the slow way), `_good` (those of them that are right by themselves), `_bad` (those
that are not accepted) and `_final` (those that are, with their `_status`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from graphchannel.ingest.batch import key_number
from graphchannel.ingest.conform import quoted, right_conditions, typed_select
from graphchannel.ingest.derive import shipment_columns, shipment_source
from graphchannel.ingest.judge import judge
from graphchannel.ingest.references import reference_checks
from graphchannel.ingest.rejects import keep_rejects

if TYPE_CHECKING:
    from graphchannel.ingest.batch import Batch


def accept(batch: Batch) -> Counter[tuple[int, str]]:
    """Take in what is right; count rows by number of source and status.

    Status is `added`, `corrected`, `unchanged` or `rejected`; rows of `retried` are counted like
    the others. Leaves `_typed` behind.
    """
    selects = _typed_selects(batch)
    batch.run(f"CREATE OR REPLACE TEMP VIEW _typed AS {' UNION ALL '.join(selects)}")
    batch.run(
        "CREATE OR REPLACE TEMP TABLE _bad"
        " (_source INTEGER, _record BIGINT, code VARCHAR, col VARCHAR, reason VARCHAR)"
    )
    counts: Counter[tuple[int, str]] = Counter()
    special = _find_special_keys(batch)
    right = _right(batch, special=special)
    if not batch.table.hierarchy:
        for number, select in enumerate(selects[: len(batch.sources)]):
            counts[number, "added"] = _insert(batch, f"({select})", where=right)
    if counts.total() < batch.number("SELECT count(*) FROM _typed"):
        batch.run(
            "CREATE OR REPLACE TEMP TABLE _left AS SELECT * FROM _typed AS t"
            f" WHERE ({' AND '.join(right)}) IS NOT TRUE OR _source = {len(batch.sources)}"
        )
        counts.update(_accept_left(batch))
        keep_rejects(batch)
    for name in ("_special", "_left", "_good", "_bad", "_final"):
        batch.run(f"DROP TABLE IF EXISTS {name}")
    return counts


def _typed_selects(batch: Batch) -> list[str]:
    selects = []
    for number, staged in enumerate(batch.all_sources):
        described = batch.connection.execute(f"DESCRIBE SELECT * FROM {staged.rows}").fetchall()
        types = {name: type_ for name, type_, *_ in described}
        selects.append(typed_select(batch.table, staged, number, types))
    return selects


def _find_special_keys(batch: Batch) -> bool:
    """Collect keys that occur twice, are stored already, or belong to rows tried again."""
    parts = [f"SELECT {batch.key} FROM _typed GROUP BY ALL HAVING count(*) > 1"]
    if batch.number(f"SELECT count(*) FROM main.{batch.table.name}"):
        parts.append(
            f"SELECT {batch.key} FROM _typed AS t SEMI JOIN main.{batch.table.name} AS m"
            f" ON {batch.same_key('t', 'm')}"
        )
    if batch.retried:
        parts.append(f"SELECT {batch.key} FROM _typed WHERE _source = {len(batch.sources)}")
    batch.run(f"CREATE OR REPLACE TEMP TABLE _special AS {' UNION '.join(parts)}")
    return batch.number("SELECT count(*) FROM _special") > 0


def _right(batch: Batch, *, special: bool) -> list[str]:
    """List the conditions of a row `t` for the quick way."""
    if batch.table.hierarchy:
        return ["false"]
    right = [*right_conditions(batch.table, batch.policy), *_right_references(batch)]
    if special:
        right.append(f"NOT EXISTS (SELECT 1 FROM _special AS s WHERE {batch.same_key('s', 't')})")
    return right


def _right_references(batch: Batch) -> list[str]:
    """List the conditions on references, but for columns where all rows meet them.

    One look at the columns that refer is cheap; a condition on whole rows, on their way into the
    table, is not.
    """
    checks = reference_checks(batch.table)
    if not checks:
        return []
    wrong = ", ".join(f"coalesce(bool_or({check.wrong}), false)" for check in checks)
    found = batch.connection.execute(f"SELECT {wrong} FROM _typed AS t").fetchall()
    return [check.passed for check, fails in zip(checks, found[0], strict=True) if fails]


def _insert(batch: Batch, relation: str, *, where: list[str]) -> int:
    """Insert the rows `t` of a relation, with what is derived of them; return how many."""
    columns = ", ".join(f"t.{quoted(name)}" for name in batch.table.column_names)
    source, derived = f"{relation} AS t", ""
    if batch.table.name == "shipments":
        source, derived = shipment_source(relation), f", {shipment_columns()}, {batch.load}"
    return batch.number(
        f"INSERT INTO main.{batch.table.name} SELECT {columns}, {batch.load}{derived}"
        f" FROM {source} WHERE {' AND '.join(where) or 'true'}"
    )


def _accept_left(batch: Batch) -> Counter[tuple[int, str]]:
    judge(batch)
    _store(batch)
    rows = batch.connection.execute(
        """SELECT _source, _status, count(*) FROM _final GROUP BY ALL
           UNION ALL SELECT _source, 'rejected', count(*) FROM _bad GROUP BY ALL"""
    ).fetchall()
    return Counter({(source, status): count for source, status, count in rows})


def _store(batch: Batch) -> None:
    """Write what is accepted: new rows, new versions of known rows, and who confirmed which row."""
    name, load = batch.table.name, batch.load
    batch.run(
        f"""CREATE OR REPLACE TEMP TABLE _final AS
            SELECT t.*, CASE WHEN NOT t._first THEN 'unchanged' WHEN m._load IS NULL THEN 'added'
                WHEN {batch.differs("t", "m")} THEN 'corrected' ELSE 'unchanged' END AS _status
            FROM (SELECT * FROM _good ANTI JOIN _bad USING (_source, _record)) AS t
            LEFT JOIN main.{name} AS m ON {batch.same_key("t", "m")};
        INSERT INTO history.{name} SELECT {batch.columns}, _load, {load} FROM main.{name} AS m
            SEMI JOIN _final AS t ON t._status = 'corrected' AND {batch.same_key("t", "m")};
        DELETE FROM main.{name} AS m USING _final AS t
            WHERE t._status = 'corrected' AND {batch.same_key("t", "m")};
        INSERT INTO admin.confirmed SELECT {load}, '{name}', {key_number(batch.table, "t")} FROM
        _final AS t
            WHERE _first AND _status = 'unchanged'"""
    )
    _insert(batch, "_final", where=["t._status IN ('added', 'corrected')"])

"""Staged rows of one table → accepted into the workspace, or listed in `_bad` with a reason.

Most rows are new and right. They take the quick way: one INSERT, straight from the staged rows.
Rows that stand already as they came are only counted. What is left — keys that occur twice,
corrections, and rows with something wrong — goes into a temporary table and is judged there, set by
set.

Temporary relations: `_typed` (all typed rows of the table), `_twice` (keys that occur twice),
`_special` (keys that do not take the quick way), `_same` (rows that stand already), `_left` (rows
to be judged, numbered by `_row`, since a loader may make several of one record), `_good` (those of
them that are right by themselves), `_bad` (those that are not accepted) and `_final` (those that
are, with their `_status`).
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.batch import key_number
from graphchannel.ingest.complete import complete
from graphchannel.ingest.conform import open_end, typed_select
from graphchannel.ingest.derive import shipment_columns, shipment_source
from graphchannel.ingest.keep import close_arrived, keep_rejects
from graphchannel.ingest.outcome import ColumnChange
from graphchannel.ingest.references import reference_checks
from graphchannel.ingest.special_rows import accept_or_reject
from graphchannel.text import quoted
from graphchannel.workspace import first_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from graphchannel.ingest.batch import Batch
    from graphchannel.ingest.check import Check


@dataclass(frozen=True, slots=True)
class Accepted:
    """Rows by number of source and status, and what corrections changed.

    Status is `added`, `corrected`, `unchanged` or `rejected`; rows of `retried` are counted like
    the others. `repeated` counts, by source, the unchanged rows that an earlier row of the load
    says as well.
    """

    counts: Counter[tuple[int, str]]
    changes: tuple[ColumnChange, ...]
    repeated: Counter[int]


def accept(batch: Batch) -> Accepted:
    """Take in what is right; leave `_typed` behind.

    Raises InputError where records are not accounted for.
    """
    selects = _typed_selects(batch)
    batch.run(f"CREATE OR REPLACE TEMP VIEW _typed AS {' UNION ALL '.join(selects)}")
    rows = _by_source(batch, "_typed")
    special = _find_special_keys(batch)
    same = _confirm_same(batch) if special else Counter[int]()
    counts = Counter({(source, "unchanged"): count for source, count in same.items()})
    changes: tuple[ColumnChange, ...] = ()
    repeated = Counter[int]()
    judged = False
    if same.total() < rows.total():
        right = _right(batch, special=special)
        new = f"({' UNION ALL '.join(selects[: len(batch.sources)])})"
        with _casts_once(batch) if not special else nullcontext():
            added = 0 if batch.table.hierarchy or not batch.sources else _insert(batch, new, right)
        left = Counter[int]()
        if added + same.total() < rows.total():
            judged = True
            taken = _accept_left(batch, right, special=special)
            counts.update(taken.counts)
            changes, repeated = taken.changes, taken.repeated
            left = _by_source(batch, "_left")
        quick = {source: count - same[source] - left[source] for source, count in rows.items()}
        if sum(quick.values()) != added:
            raise InputError(
                f"{batch.table.name}: {added} rows were added, but {sum(quick.values())} expected; "
                "nothing is loaded. This is a fault of graphchannel; please report it."
            )
        counts.update({(source, "added"): count for source, count in quick.items()})
    close_arrived(batch, judged=judged)
    for name in ("_twice", "_special", "_same", "_left", "_failing", "_good", "_bad", "_final"):
        batch.run(f"DROP TABLE IF EXISTS {name}")
    return Accepted(counts, changes, repeated)


def restore_optimizers(connection: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB optimize as it usually does; not possible in a transaction that has failed."""
    connection.execute("RESET disabled_optimizers")


def _typed_selects(batch: Batch) -> list[str]:
    if batch.typed is not None:
        return [f"SELECT * FROM {batch.typed}"]
    selects = []
    for number, (staged, values) in enumerate(zip(batch.all_sources, batch.values, strict=True)):
        selects.append(typed_select(batch.table, staged, number, values.relation))
    return selects


def _find_special_keys(batch: Batch) -> bool:
    """Collect keys that occur twice, are stored already, or belong to rows tried again."""
    batch.run(
        "CREATE OR REPLACE TEMP TABLE _twice AS"
        f" SELECT {batch.key} FROM _typed GROUP BY ALL HAVING count(*) > 1"
    )
    parts = ["SELECT * FROM _twice"]
    if batch.number(f"SELECT count(*) FROM main.{batch.table.name}"):
        parts.append(
            f"SELECT {batch.key} FROM _typed AS t SEMI JOIN main.{batch.table.name} AS m"
            f" ON {batch.same_key('t', 'm')}"
        )
    if batch.retried:
        parts.append(f"SELECT {batch.key} FROM _typed WHERE _source = {len(batch.sources)}")
    batch.run(f"CREATE OR REPLACE TEMP TABLE _special AS {' UNION '.join(parts)}")
    return batch.number("SELECT count(*) FROM _special") > 0


def _by_source(batch: Batch, relation: str) -> Counter[int]:
    rows = batch.connection.execute(
        f"SELECT _source, count(*) FROM {relation} GROUP BY ALL"
    ).fetchall()
    return Counter(dict(rows))


def _confirm_same(batch: Batch) -> Counter[int]:
    """Count rows that stand already as they came, by source, and write who confirmed them."""
    right = " AND ".join(batch.right) or "true"
    batch.run(
        f"""CREATE OR REPLACE TEMP TABLE _same AS
            SELECT t._source, {", ".join(f"t.{quoted(name)}" for name in batch.table.key)}
            FROM _typed AS t JOIN main.{batch.table.name} AS m ON {batch.same_key("t", "m")}
            WHERE NOT ({batch.says_otherwise("t", "m")}) AND {right}
                AND t._source < {len(batch.sources)}
                AND NOT EXISTS (SELECT 1 FROM _twice AS w WHERE {batch.same_key("w", "t")});
        INSERT INTO admin.confirmed
            SELECT {batch.load}, '{batch.table.name}', {key_number(batch.table, "t")}
            FROM _same AS t"""
    )
    return _by_source(batch, "_same")


def _right(batch: Batch, *, special: bool) -> list[str]:
    """List the conditions of a row `t` for the quick way."""
    if batch.table.hierarchy:
        return ["false"]
    right = [*batch.right, *_right_references(batch)]
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
    wrong = ", ".join(
        f"(SELECT coalesce(bool_or({check.wrong}), false) FROM {_looked_at(check)} AS t)"
        for check in checks
    )
    found = batch.connection.execute(f"SELECT {wrong}").fetchall()
    return [check.passed for check, fails in zip(checks, found[0], strict=True) if fails]


def _looked_at(check: Check) -> str:
    """Name the rows that a check looks at: whom many rows name is looked up once."""
    if check.code != "unknown_reference":
        return "_typed"
    return f"(SELECT DISTINCT {quoted(str(check.column))} FROM _typed)"


def _insert(batch: Batch, relation: str, where: list[str]) -> int:
    """Insert the rows `t` of a relation, with what is derived of them; return how many."""
    columns = ", ".join(f"t.{quoted(name)}" for name in batch.table.column_names)
    source, derived = f"{relation} AS t", ""
    if batch.table.name == "shipments":
        source, derived = shipment_source(relation), f", {shipment_columns()}, {batch.load}"
    return batch.number(
        f"INSERT INTO main.{batch.table.name} SELECT {columns}, {batch.load}{derived}"
        f" FROM {source} WHERE {' AND '.join(where) or 'true'}"
    )


@contextmanager
def _casts_once(batch: Batch) -> Iterator[None]:
    """Let DuckDB test rows after it has cast their values, not cast them for each test as well.

    Pushed down, each condition also counts as one that few rows pass: DuckDB then takes the lines
    for fewer than the parties, and puts them in the hash tables that should hold the parties.
    """
    batch.run("SET disabled_optimizers = 'filter_pushdown'")
    yield
    restore_optimizers(batch.connection)


def _accept_left(batch: Batch, right: list[str], *, special: bool) -> Accepted:
    """Judge the rows that are neither in the table nor counted yet."""
    same = f"EXISTS (SELECT 1 FROM _same AS s WHERE {batch.same_key('s', 't')})"
    batch.run(
        f"""CREATE OR REPLACE TEMP TABLE _left AS
            SELECT *, row_number() OVER () AS _row FROM _typed AS t
            WHERE (({" AND ".join(right)}) IS NOT TRUE OR t._source = {len(batch.sources)})
                AND {f"NOT {same}" if special else "true"}"""
    )
    if special:
        complete(batch)
    accept_or_reject(batch)
    changes = _store(batch)
    keep_rejects(batch)
    rows = batch.connection.execute(
        """SELECT _source, _status, count(*) FROM _final GROUP BY ALL
           UNION ALL SELECT _source, 'rejected', count(*) FROM _bad JOIN _left USING (_row)
           GROUP BY ALL"""
    ).fetchall()
    repeated = _by_source(batch, "(FROM _final WHERE NOT _first)")
    counts = Counter({(source, status): count for source, status, count in rows})
    return Accepted(counts, changes, repeated)


def _store(batch: Batch) -> tuple[ColumnChange, ...]:
    """Write what is accepted: new rows, new versions of known rows, and who confirmed which row.

    Return what new versions change.
    """
    name, load = batch.table.name, batch.load
    batch.run(
        f"""CREATE OR REPLACE TEMP TABLE _final AS
            SELECT t.*, CASE WHEN NOT t._first THEN 'unchanged' WHEN m._load IS NULL THEN 'added'
                WHEN {batch.differs("t", "m")} THEN 'corrected' ELSE 'unchanged' END AS _status
            FROM (SELECT * FROM _good ANTI JOIN _bad USING (_row)) AS t
            LEFT JOIN main.{name} AS m ON {batch.same_key("t", "m")}"""
    )
    changes = _changes(batch)
    batch.run(
        f"""INSERT INTO history.{name} SELECT {batch.columns}, _load, {load} FROM main.{name} AS m
            SEMI JOIN _final AS t ON t._status = 'corrected' AND {batch.same_key("t", "m")};
        DELETE FROM main.{name} AS m USING _final AS t
            WHERE t._status = 'corrected' AND {batch.same_key("t", "m")};
        INSERT INTO admin.confirmed SELECT {load}, '{name}', {key_number(batch.table, "t")} FROM
        _final AS t
            WHERE _first AND _status = 'unchanged'"""
    )
    _insert(batch, "_final", ["t._status IN ('added', 'corrected')"])
    return changes


def _changes(batch: Batch) -> tuple[ColumnChange, ...]:
    """Count, by column, what the corrections of `_final` change; an open interval is empty."""
    names = [name for name in batch.table.column_names if name not in batch.table.key]
    counted = []
    for name in names:
        new, old = f"t.{quoted(name)}", f"m.{quoted(name)}"
        empty = open_end(batch.table, name)
        emptied = f"{new} IS NULL" if empty is None else f"{new} = {empty}"
        counted.append(f"count(*) FILTER ({new} IS DISTINCT FROM {old})")
        counted.append(f"count(*) FILTER ({new} IS DISTINCT FROM {old} AND {emptied})")
    found = first_row(
        batch.connection,
        f"""SELECT {", ".join(counted) or "0"} FROM _final AS t JOIN main.{batch.table.name} AS m
            ON t._status = 'corrected' AND {batch.same_key("t", "m")}""",
    )
    numbers = iter(found or ())
    return tuple(
        ColumnChange(batch.table.name, name, changed, emptied)
        for name, changed, emptied in zip(names, numbers, numbers, strict=False)
        if changed
    )

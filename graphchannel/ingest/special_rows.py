"""Rows that need a closer look: `_left` → `_good` with `_first`, and `_bad` with a reason.

In this order: what is wrong with a row by itself, rows that repeat a key, rows to be tried again
that something later has overtaken, corrections that make another event of a stored row, and last
what rows refer to, since that depends on what stands so far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.check import EMPTY, Check
from graphchannel.ingest.references import on_cycle_select, reference_checks, unknown_parent
from graphchannel.ingest.values.read import WHY
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from graphchannel.ingest.batch import Batch

REVIEW = "review"  # a correction that waits for a person to confirm it
SUPERSEDED = "superseded"  # in `_bad`: an earlier reject, whose key a later load brought
_STANDING = "(SELECT * FROM _good ANTI JOIN _bad USING (_row))"


def accept_or_reject(batch: Batch) -> None:
    """Make `_good` and `_bad`; `_STANDING` is then what is accepted."""
    batch.run(
        "CREATE OR REPLACE TEMP TABLE _bad (_row BIGINT, code VARCHAR, col VARCHAR, reason VARCHAR)"
    )
    _judge_by_itself(batch)
    batch.run(
        f"""CREATE OR REPLACE TEMP TABLE _good AS
            SELECT *, 1 = row_number() OVER
                (PARTITION BY {batch.key} ORDER BY _source, _record, _row) AS _first
            FROM _left AS t ANTI JOIN _bad USING (_row)"""
    )
    _judge_repeated(batch)
    if batch.retried:
        _judge_superseded(batch)
    if batch.table.settled:
        _judge_settled(batch)
    _judge(batch, _STANDING, reference_checks(batch.table, batch.called))
    if batch.table.hierarchy:
        _judge_hierarchy(batch)


def _judge_by_itself(batch: Batch) -> None:
    """Put rows into `_bad` that have values which cannot be read, or are wrong by themselves.

    What cannot be read is said first, and no check adds to it.
    """
    checks = batch.row_checks
    unread = f"list_transform(t.{WHY}, lambda one: one.col)"
    more = f"list_filter({_found(checks)}, lambda one: NOT list_contains({unread}, one.col))"
    passed = " AND ".join(check.passed for check in checks) or "true"
    found = f"""CASE WHEN t._alone THEN t.{WHY} WHEN t.{WHY} IS NULL THEN {_found(checks)}
                ELSE list_concat(t.{WHY}, {more}) END"""
    _keep_failing(batch, f"_left AS t WHERE t.{WHY} IS NOT NULL OR ({passed}) IS NOT TRUE", found)


def _judge(batch: Batch, relation: str, checks: tuple[Check, ...]) -> None:
    """Put the rows of a relation that fail a check into `_bad`, with all that is wrong."""
    if not checks:
        return
    passed = " AND ".join(check.passed for check in checks)
    _keep_failing(batch, f"{relation} AS t WHERE ({passed}) IS NOT TRUE", _found(checks))


def _keep_failing(batch: Batch, failing: str, found: str) -> None:
    """Keep what is found wrong with each row `t` that fails, if one does.

    To look for them costs little; the sentences, which look into other tables, are asked for rows
    that need them alone.
    """
    batch.run(f"CREATE OR REPLACE TEMP TABLE _failing AS SELECT t.* FROM {failing}")
    if batch.number("SELECT count(*) FROM _failing"):
        _keep_bad(batch, f"SELECT _row, {found} AS found FROM _failing AS t")


def _found(checks: tuple[Check, ...]) -> str:
    """List what is wrong with a row `t`."""
    each = ", ".join(
        f"CASE WHEN {check.wrong} THEN {{'code': {literal(check.code)}, 'col': "
        f"{literal(check.column or '')}, 'says': {check.says}}} END"
        for check in checks
    )
    return f"list_filter([{each}], lambda one: one IS NOT NULL)"


def _keep_bad(batch: Batch, found: str) -> None:
    """Keep what is wrong, each sentence once: one column of a sender may be two of ours.

    Of a record that is empty in most that it must say, such as a total, one sentence is enough.
    """
    once = "list_filter(told, lambda one, place: list_position(told, one) = place)"
    filled = f"list_filter(said, lambda one: NOT contains(one, {literal(EMPTY)}))"
    empty = f"list_filter(said, lambda one: contains(one, {literal(EMPTY)}))"
    names = f"list_transform(empty, lambda one: left(one, instr(one, {literal(EMPTY)}) - 1))"
    many = literal(
        " are empty; is the record a total or a note? Then dismiss it, or name in a sender's"
        " 'footer' how the row begins that ends the records, in 'subtotals' how sums among them do."
    )
    batch.run(
        f"""INSERT INTO _bad
            SELECT _row, found[1].code, nullif(found[1].col, ''),
                   CASE WHEN len(empty) < 3 THEN array_to_string(said, ' ')
                   ELSE array_to_string(list_concat([array_to_string({names}, ', ') || {many}],
                        {filled}), ' ') END
            FROM (SELECT *, {empty} AS empty
                  FROM (SELECT *, {once} AS said
                        FROM (SELECT *, list_transform(found, lambda one: one.says) AS told
                              FROM ({found}) WHERE len(found) > 0)))"""
    )


def _judge_repeated(batch: Batch) -> None:
    """Of several rows with one key in one load the first stands; others that differ do not."""
    files = ", ".join(literal(source.file) for source in batch.all_sources)
    names = [name for name in batch.table.column_names if name not in batch.table.key]
    differing = ", ".join(
        f"CASE WHEN t.{quoted(name)} IS DISTINCT FROM f.{quoted(name)} THEN {called} END"
        for name in names
        for called in [batch.called(name)]
    )
    key = " || ', ' || ".join(map(batch.called, batch.table.key))
    retried = len(batch.sources)
    batch.run(
        f"""INSERT INTO _bad
            SELECT t._row,
                   CASE WHEN t._source = {retried} THEN '{SUPERSEDED}' ELSE 'conflicting' END, NULL,
                   'record ' || abs(f._record) || ' of ' || ([{files}])[f._source + 1]
                   || ' in the same load has the same key (' || {key} || ') and another '
                   || array_to_string([{differing or "NULL"}], ', ')
                   || '; the first record stands.'
            FROM _good AS t JOIN _good AS f ON f._first AND {batch.same_key("t", "f")}
            WHERE NOT t._first AND ({batch.differs("t", "f")})"""
    )


def _judge_superseded(batch: Batch) -> None:
    """Let a reject that is tried again give way to what came later under its key.

    A stored row that came before the reject is what the reject corrects.
    """
    batch.run(
        f"""INSERT INTO _bad
            SELECT _row, '{SUPERSEDED}', NULL, NULL FROM _good AS t
            ANTI JOIN _bad USING (_row)
            WHERE t._source = {len(batch.sources)} AND (NOT t._first OR EXISTS
                (SELECT 1 FROM main.{batch.table.name} AS m, admin.rejects AS r
                 WHERE {batch.same_key("m", "t")} AND r.id = -t._record AND m._load >= r.load))"""
    )


def _judge_settled(batch: Batch) -> None:
    """Hold a correction that would make another event of the stored row: a person is to confirm it.

    What changes the parties of a line, its product or its day by far is more often a number that
    was used again than a mistake put right.
    """
    conditions = {name: f"t.{quoted(name)} <> m.{quoted(name)}" for name in batch.table.settled}
    if batch.table.settled_day is not None:
        name, days = batch.table.settled_day
        most = _tolerated(batch, days)
        conditions[name] = f"abs(t.{quoted(name)} - m.{quoted(name)}) > {most}"
    listed = ", ".join(
        f"CASE WHEN {changed} THEN {batch.called(name)} || {_quotes('m', name, ' from ')} ||"
        f" {_quotes('t', name, ' to ')} END"
        for name, changed in conditions.items()
    )
    first = " ".join(f"WHEN {sql} THEN {literal(name)}" for name, sql in conditions.items())
    confirmed = [str(n) for n, source in enumerate(batch.sources) if source.confirmed]
    batch.run(
        f"""INSERT INTO _bad
            SELECT t._row, '{REVIEW}', CASE {first} END,
                   'It would change ' || array_to_string([{listed}], ', ') || ' of what load '
                   || m._load || ' brought under this key. Held for review: ''graphchannel rejects'
                   || ' accept'' confirms that it is the same event.'
            FROM {_STANDING} AS t JOIN main.{batch.table.name} AS m ON {batch.same_key("t", "m")}
            WHERE ({" OR ".join(conditions.values())}) AND NOT coalesce({batch.restated}, false)
                AND t._source NOT IN ({", ".join(confirmed) or "-1"})"""
    )


def _tolerated(batch: Batch, days: int) -> str:
    """Say in SQL by how many days a row `t` may move a line: as its sender says, else `days`."""
    own = {n: source.terms.days for n, source in enumerate(batch.sources)}
    arms = " ".join(f"WHEN {n} THEN {most}" for n, most in own.items() if most is not None)
    return f"(CASE t._source {arms} ELSE {days} END)" if arms else str(days)


def _quotes(row: str, name: str, before: str) -> str:
    return f"'{before}''' || {row}.{quoted(name)} || ''''"


def _judge_hierarchy(batch: Batch) -> None:
    """Reject rows on a cycle, then rows whose parent is unknown, until nothing changes."""
    name, parent = batch.table.name, quoted(str(batch.table.hierarchy))
    called = batch.called(str(batch.table.hierarchy))
    on_cycle = Check(
        "invalid",
        batch.table.hierarchy,
        "t.id IN (SELECT id FROM _on_cycle)",
        f"{called} || ' makes ''' || t.id || ''' a part of itself; expected a tree.'",
    )
    before = -1
    while before != (before := batch.number("SELECT count(*) FROM _bad")):
        batch.run(
            f"""CREATE OR REPLACE TEMP TABLE _known_parent AS
                SELECT id, {parent} AS parent FROM {_STANDING} WHERE _first
                UNION ALL SELECT id, {parent} FROM main.{name} AS m
                WHERE NOT EXISTS (SELECT 1 FROM {_STANDING} AS c WHERE c.id = m.id);
            CREATE OR REPLACE TEMP TABLE _on_cycle AS {on_cycle_select("_known_parent")}"""
        )
        _judge(batch, _STANDING, (on_cycle, unknown_parent(batch.table, batch.called)))
    batch.run("DROP TABLE _known_parent; DROP TABLE _on_cycle")

"""Reports in groups: what stands once above several rows, and sums below them.

Where a sender fills cells down or names how rows of sums begin, a row that has nothing of what he
reads but such cells is a heading: it says whose the rows below it are, and is no record. Nor is a
row of sums, which also ends its group: what stands below it, without a heading of its own, is
nobody's, and is rejected rather than given to the group before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.ingest.senders.catalogue import same_header
from graphchannel.ingest.source import RECORD, drop, fresh_name, size
from graphchannel.schema import table as canonical
from graphchannel.text import counted, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import duckdb

    from graphchannel.ingest.senders.model import Sender
    from graphchannel.ingest.source import Source

__all__ = ["ungrouped"]

_BLANKS = r"[\s\x{00a0}\x{2007}\x{202f}]"
_UNNAMED = re.compile(r"column_(\d+)")


def ungrouped(connection: duckdb.DuckDBPyConnection, sender: Sender, source: Source) -> Source:
    """Return a source in which each record says itself what a heading above it says.

    What is read of a record then stands in it, so that it can be corrected by itself.
    """
    filled = _named(source, sender.filled_down)
    if not filled and not sender.subtotals:
        return source
    groups = _Groups(
        tuple(name for name in _placed(source.columns) if name in filled),
        tuple(name for name in _named(source, sender.headers) if name not in filled),
        [each for need in _needed(sender) if (each := _named(source, need))],
        sender.subtotals,
        source.columns,
    )
    relation = fresh_name("filled")
    connection.execute(f"CREATE TEMP TABLE {relation} AS {groups.select(source.relation)}")
    sums, headings = (
        size(connection, f"(SELECT 1 FROM {relation} WHERE {which})")
        for which in ("_sum", "_heading")
    )
    connection.execute(f"DELETE FROM {relation} WHERE _sum OR _heading")
    connection.execute(f"ALTER TABLE {relation} DROP _sum")
    connection.execute(f"ALTER TABLE {relation} DROP _heading")
    drop(connection, [source.relation])
    said = [counted(headings, "heading")] * bool(headings) + [
        f"{counted(sums, 'row')} of sums"
    ] * bool(sums)
    told = [f"{source.label}: {' and '.join(said)} left out; they are no records."] if said else []
    return replace(
        source,
        relation=relation,
        records=source.records - sums - headings,
        warnings=(*source.warnings, *told),
    )


def _needed(sender: Sender) -> list[tuple[str, ...]]:
    """Return the headers of each column that a record needs and its own row has to say."""
    first = sender.sections[0]
    required = [column.name for column in canonical(first.table).columns if column.required]
    cells = [first.cells[name] for name in required if name in first.cells]
    return [each.columns for each in cells if each.value is None and not each.fill_down]


def _named(source: Source, headers: Collection[str]) -> list[str]:
    wanted = {same_header(header) for header in headers}
    return [name for name in source.columns if same_header(name) in wanted]


def _placed(columns: Sequence[str]) -> list[str]:
    """Return columns as they stand in the file: a sheet's unnamed ones come last, with their place.

    >>> _placed(["Type", "Date", "column_1"])
    ['column_1', 'Type', 'Date']
    """
    unnamed = {int(found[1]): name for name in columns if (found := _UNNAMED.fullmatch(name))}
    others = iter([name for name in columns if name not in unnamed.values()])
    placed = []
    for at in range(1, max([len(columns), *unnamed]) + 1):
        name = unnamed.get(at) or next(others, None)
        placed += [name] if name else []
    return placed


@dataclass(frozen=True, slots=True)
class _Groups:
    """What is filled down, from left to right; what else is read; what each record has to say."""

    filled: tuple[str, ...]
    read: tuple[str, ...]
    needed: list[list[str]]
    subtotals: str | None
    columns: tuple[str, ...]

    def select(self, relation: str) -> str:
        """Select the rows of a source with what they repeat, and whether they are no records."""
        made = ", ".join(
            f"{self._repeating(at)} AS {quoted(name)}" for at, name in enumerate(self.filled)
        )
        firsts = ", ".join(_stripped(name) for name in _placed(self.columns))
        own = [_stripped(name) for name in self.filled]
        at = "".join(f" WHEN {text} IS NOT NULL THEN {at}" for at, text in enumerate(own))
        return f"""SELECT * EXCLUDE (_first, _above, _at) {f"REPLACE ({made})" if made else ""}
            FROM (SELECT *, {self._alone} AND NOT _sum AS _heading FROM (
                SELECT *, {self._is_sum} AS _sum FROM (
                    SELECT *, coalesce({firsts}) AS _first,
                        CASE WHEN false THEN 0{at} ELSE 0 END AS _at,
                        last_value(coalesce({", ".join([*own, "NULL"])}) IGNORE NULLS) OVER (
                            ORDER BY {RECORD} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                        ) AS _above
                    FROM {relation})))"""

    @property
    def _alone(self) -> str:
        """The condition of a row that has nothing to read but what is filled down."""
        return " AND ".join(["true", *(f"{_stripped(name)} IS NULL" for name in self.read)])

    @property
    def _is_sum(self) -> str:
        """The condition of a row of sums: it is called so, and says less than a record has to.

        One that stands alone may be a heading, of somebody called so: then no group above it is.
        """
        if not self.subtotals:
            return "false"
        word, text = literal(self.subtotals.strip().casefold()), "lower(_first)"
        begins = f"starts_with({text}, {word})"
        lacks = " OR ".join(
            f"coalesce({', '.join(map(_stripped, each))}) IS NULL" for each in self.needed
        )
        above = f"_above IS NOT NULL AND contains({text}, lower(_above))"
        last = f"{text} = {word} OR {above}"
        return (
            f"coalesce(({begins} OR ends_with({text}, {word})) AND ({lacks or 'true'})"
            f" AND (NOT ({self._alone}) OR {last}), false)"
        )

    def _repeating(self, at: int) -> str:
        """Repeat the cell above, within a group; an empty text stands for one that has ended."""
        text = _stripped(self.filled[at])
        ended = f"(_sum AND _at <= {at}) OR (_heading AND _at < {at} AND {text} IS NULL)"
        own = f"CASE WHEN {ended} THEN '' ELSE {text} END"
        return f"nullif(last_value({own} IGNORE NULLS) OVER (ORDER BY {RECORD}), '')"


def _stripped(name: str) -> str:
    text = f"{quoted(name)}::VARCHAR"
    return f"nullif(regexp_replace({text}, '^{_BLANKS}+|{_BLANKS}+$', '', 'g'), '')"

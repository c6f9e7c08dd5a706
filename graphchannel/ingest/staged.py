"""What readers hand to conform: one staged relation for each (source, canonical table).

A reader puts the records of a source into a temporary DuckDB table (`source`): `_record` (BIGINT,
1-based, the header not counted) and one column for each source column, VARCHAR for text formats,
else the file's own type. `rows` is a relation (the same table, a view, or another temporary table)
with `_record` and canonical columns only: what the file or its loader delivers for `table`. Empty
text is null. Values are not checked yet: conform casts them to the declared kinds and rejects what
fails. A column that is not there is left as it is in rows that are stored already. Where rows
differ in that, `rows` has a column `_delivered`: the list of the columns that a row brings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.ingest.values import EXACT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.ingest.values import Forms


@dataclass(frozen=True, slots=True)
class SourceReject:
    """A record that could not even be staged, such as a ragged row; `raw` is its own text."""

    record: int
    reason: str
    raw: str
    code: str = "invalid"
    column: str | None = None


@dataclass(frozen=True, slots=True)
class LineTerms:
    """What a sender says of his lines as events; what he leaves open is None.

    A correction that moves a line by more than `days` is held for review. `same_sale` is what the
    column of that name says: in which columns another line of the same sale agrees.
    """

    days: int | None = None
    same_sale: str | None = None


NO_TERMS = LineTerms()


@dataclass(frozen=True, slots=True)
class Staged:
    """One source's contribution to one canonical table.

    `file` is how people know the source (`lines.csv`, `network.xlsx [partners]`). `records` counts
    all records of the source, rejected ones included, by a count of its own (not `count(*)` of what
    was staged). `columns` are the canonical columns that `rows` has. `loader` names the loader that
    mapped it, if any; `because` says in a sentence why this table and loader were chosen. `forms`
    says how its text writes numbers and days. `names` gives the sender's name of a canonical column
    where it is another. `problems` names a temporary table of records with values that nobody can
    read (`_record`, `_why`), found before a loader ran. A person has confirmed what `confirmed`
    rows correct: none is held for review. `by_row` tells that `rows` has `_delivered`. `terms` are
    those of the sender of lines. `lacks` says which required column the source has not: it can tell
    more of known rows alone. `raw` is a relation of the records as they came (`_record`, `raw`),
    where they have been written as JSON before.
    """

    file: str
    table: str
    source: str
    rows: str
    columns: tuple[str, ...]
    records: int
    rejects: tuple[SourceReject, ...] = ()
    loader: str | None = None
    because: str = ""
    warnings: tuple[str, ...] = ()
    forms: Forms = EXACT
    names: Mapping[str, str] = field(default_factory=dict)
    problems: str | None = None
    confirmed: bool = False
    by_row: bool = False
    terms: LineTerms = NO_TERMS
    lacks: str | None = None
    raw: str | None = None

"""Read a source as a sender writes it: its records become rows of the tables that it fills."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.errors import SenderError, did_you_mean
from graphchannel.ingest.flaws import merged, take_flawed
from graphchannel.ingest.senders.catalogue import lacking, refuse_open, same_header
from graphchannel.ingest.senders.cells import Cells, needs_of, own_name
from graphchannel.ingest.senders.groups import ungrouped
from graphchannel.ingest.senders.lines import line_columns, lines_select, serials_select
from graphchannel.ingest.senders.model import SENDER
from graphchannel.ingest.senders.names import with_ids
from graphchannel.ingest.senders.same_sale import with_same_sale
from graphchannel.ingest.source import COPIED, fresh_name, listed, size
from graphchannel.ingest.source_values import cleaned, keep_problems
from graphchannel.ingest.staged import Staged
from graphchannel.ingest.values import EXACT
from graphchannel.ingest.values.read import drop_values, read_values
from graphchannel.schema import Kind
from graphchannel.schema import table as canonical
from graphchannel.text import quoted

if TYPE_CHECKING:
    import duckdb

    from graphchannel.ingest.senders.model import Sender
    from graphchannel.ingest.source import Source


def run_sender(
    connection: duckdb.DuckDBPyConnection, sender: Sender, source: Source, because: str
) -> list[Staged]:
    """Stage a source through a sender, one `Staged` for each table that it fills.

    Each record gives a row of the first table. Raise SenderError if the sender is not confirmed, or
    a column that it needs is missing.
    """
    refuse_open(sender)
    missing = lacking(sender, source.columns)
    if missing:
        raise SenderError(
            f"{source.label}: sender '{sender.name}' ({sender.path}) reads column '{missing[0]}', "
            f"which the file does not have (it has: {listed(source.columns)})."
            f"{did_you_mean(missing[0], source.columns)}"
        )
    source = ungrouped(connection, sender, source)
    headers = {same_header(header) for header in sender.headers}
    read = {name: name for name in source.columns if same_header(name) in headers}
    needs = needs_of(sender, source)
    days = [need.name for need in needs if need.kind is Kind.DATE]
    flawed = take_flawed(connection, source, read, days)
    source = replace(source, rejects=merged(source.rejects, flawed))
    values = read_values(connection, source.relation, needs, sender.forms)
    run = _SenderRun(connection, sender, source, because, keep_problems(connection, values))
    staged: list[Staged] = []
    for section in sender.sections:
        cells = Cells(canonical(section.table), section, source, values.relation)
        staged += run.section(cells, first=not staged)
    drop_values(connection, values)
    warnings = (
        *source.warnings,
        *_unread(sender, source),
        *cleaned(source.label, values.remarks),
    )
    return [replace(staged[0], rejects=source.rejects, warnings=warnings), *staged[1:]]


@dataclass(frozen=True, slots=True)
class _SenderRun:
    """A sender at work on a source, of which `problems` names what nobody could read."""

    connection: duckdb.DuckDBPyConnection
    sender: Sender
    source: Source
    because: str
    problems: str | None

    def section(self, cells: Cells, *, first: bool) -> list[Staged]:
        """Stage the rows of one table, and of shipments their serial numbers."""
        present, lines = cells.present, cells.section.table == "shipments"
        rows = fresh_name("rows")
        made = f"{rows}{COPIED}"
        select, columns = cells.select(), tuple(present)
        if lines:
            select = lines_select(self.sender.name, cells.section, select, present)
            columns = line_columns(present)
        if not first:
            key = [quoted(name) for name in cells.table.key if name in columns]
            select = f"SELECT * FROM ({select}) WHERE coalesce({', '.join(key)}) IS NOT NULL"
        self.connection.execute(f"CREATE TEMP TABLE {made} AS {select}")
        selected = with_ids(self.connection, cells, made, columns)
        if lines:
            own, numbered = self.sender.terms.same_sale, "serial" in present
            selected = with_same_sale(selected, columns, own, numbered=numbered)
            columns = (*columns, "same_sale")
        self.connection.execute(f"CREATE TEMP VIEW {rows} AS {selected}")
        records = self.source.records if first else size(self.connection, made)
        names = _own_names(self.sender, cells)
        if lines and self._any(f"SELECT 1 FROM {made} WHERE _return"):
            names |= _turned_round(cells, names)
        staged = self._staged(cells.section.table, rows, columns, records, names)
        if not lines or "serial" not in present:
            return [staged]
        serials = fresh_name("serials")
        self.connection.execute(f"CREATE TEMP VIEW {serials} AS {serials_select(made)}")
        count = size(self.connection, serials)
        names = {"serial": names["serial"], "shipment_id": names["id"]}
        numbers = self._staged("serials", serials, ("shipment_id", "serial"), count, names)
        return [staged, numbers] if count else [staged]

    def _any(self, select: str) -> bool:
        return bool(self.connection.execute(f"{select} LIMIT 1").fetchall())

    def _staged(
        self,
        table: str,
        rows: str,
        columns: tuple[str, ...],
        records: int,
        names: dict[str, str],
    ) -> Staged:
        return Staged(
            file=self.source.label,
            table=table,
            source=self.source.relation,
            rows=rows,
            columns=columns,
            records=records,
            loader=f"{SENDER}{self.sender.name}",
            because=self.because,
            forms=replace(EXACT, nothing=self.sender.forms.nothing),
            names=names,
            problems=self.problems,
            terms=self.sender.terms,
        )


def _own_names(sender: Sender, cells: Cells) -> dict[str, str]:
    """Return what the sender calls a column, or who says what he does not."""
    names = {
        name: next(
            (own for header in cell.columns if (own := cells.own(header))),
            f"{name} of sender {sender.name}",
        )
        for name, cell in cells.present.items()
    }
    if cells.section.key:
        names["id"] = " with ".join(cells.section.key)
    if "unit_price" in names:
        names["amount"] = names.pop("unit_price")
    return {"id": "the line", **names} if cells.section.table == "shipments" else names


def _turned_round(cells: Cells, names: dict[str, str]) -> dict[str, str]:
    """Say that the parties of a return have changed places; of a constant nobody need be told."""
    pair = ("seller_id", "buyer_id")
    return {
        one: f"{names[one]} (of a return, {names[other]})"
        for one, other in (pair, pair[::-1])
        if any(cells.own(header) for header in cells.present[other].columns)
    }


def _unread(sender: Sender, source: Source) -> list[str]:
    """Say which columns of a file nobody reads, and which are read but are not there."""
    known = {same_header(name) for name in (*sender.headers, *sender.ignore)}
    unread = [name for name in source.columns if same_header(name) not in known]
    said = []
    if unread:
        many = (
            f"columns {', '.join(map(repr, unread))} are"
            if unread[1:]
            else f"column {unread[0]!r} is"
        )
        said.append(
            f"{source.label}: {many} not read by sender '{sender.name}'; 'ignore' in {sender.path} "
            "ends this remark."
        )
    absent = [
        (cell.columns[0], name)
        for section in sender.sections
        for name, cell in section.cells.items()
        if cell.columns and not any(own_name(source, header) for header in cell.columns)
    ]
    said += [
        f"{source.label}: there is no column '{header}', which sender '{sender.name}' reads for "
        f"{name}."
        for header, name in absent
    ]
    return said

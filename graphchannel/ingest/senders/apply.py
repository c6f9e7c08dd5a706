"""Read a source as a sender writes it: its records become rows of the tables that it fills."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.errors import SenderError, did_you_mean
from graphchannel.ingest.flaws import merged, take_flawed
from graphchannel.ingest.senders.catalogue import lacking, refuse_open, same_header
from graphchannel.ingest.senders.cells import Cells, fill_down
from graphchannel.ingest.senders.lines import line_columns, lines_select, serials_select
from graphchannel.ingest.senders.model import SENDER
from graphchannel.ingest.senders.names import with_ids
from graphchannel.ingest.source import COPIED, fresh_name, listed, size
from graphchannel.ingest.staged import Staged
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
    source = fill_down(connection, source, sender.filled_down)
    headers = {same_header(header) for header in sender.headers}
    read = {name: name for name in source.columns if same_header(name) in headers}
    flawed = take_flawed(connection, source, read)
    source = replace(source, rejects=merged(source.rejects, flawed))
    described = connection.execute(f"DESCRIBE SELECT * FROM {source.relation}").fetchall()
    types = {name: type_ for name, type_, *_ in described}
    staged: list[Staged] = []
    for section in sender.sections:
        cells = Cells(canonical(section.table), section, source, types, sender.forms)
        staged += _section(connection, sender, cells, because, first=not staged)
    return staged


def _section(
    connection: duckdb.DuckDBPyConnection,
    sender: Sender,
    cells: Cells,
    because: str,
    *,
    first: bool,
) -> list[Staged]:
    present, section, source = cells.present, cells.section, cells.source
    lines = section.table == "shipments"
    rows = fresh_name("rows")
    made = f"{rows}{COPIED}"
    if lines:
        select = lines_select(sender.name, section, cells.select(), present)
        columns = line_columns(present)
    else:
        select, columns = cells.select(), tuple(present)
    if not first:
        key = " AND ".join(f"{quoted(name)} IS NULL" for name in cells.table.key if name in columns)
        select = f"SELECT * FROM ({select}) WHERE NOT ({key})"
    connection.execute(f"CREATE TEMP TABLE {made} AS {select}")
    selected = with_ids(connection, cells, made, columns)
    connection.execute(f"CREATE TEMP VIEW {rows} AS {selected}")
    staged = Staged(
        file=source.label,
        table=section.table,
        source=source.relation,
        rows=rows,
        columns=columns,
        records=source.records if first else size(connection, made),
        rejects=source.rejects if first else (),
        loader=f"{SENDER}{sender.name}",
        because=because,
        warnings=(*source.warnings, *_unread(sender, cells)) if first else (),
        names=_own_names(sender, cells),
    )
    if lines and "serial" in present:
        serials = fresh_name("serials")
        connection.execute(f"CREATE TEMP VIEW {serials} AS {serials_select(made)}")
        count = size(connection, serials)
        if count:
            return [
                staged,
                Staged(
                    source.label,
                    "serials",
                    source.relation,
                    serials,
                    ("shipment_id", "serial"),
                    count,
                    loader=staged.loader,
                    because=because,
                    names={"serial": staged.names["serial"], "shipment_id": staged.names["id"]},
                ),
            ]
    return [staged]


def _own_names(sender: Sender, cells: Cells) -> dict[str, str]:
    """Return what the sender calls a column, or who says what he does not."""
    names = {
        name: next(
            (own for header in cell.columns if (own := cells.own(header))),
            f"'{cell.value}' of sender {sender.name}",
        )
        for name, cell in cells.present.items()
    }
    if cells.section.key:
        names["id"] = " and ".join(cells.section.key)
    if "unit_price" in names:
        names["amount"] = names.pop("unit_price")
    return {"id": "the line", **names} if cells.section.table == "shipments" else names


def _unread(sender: Sender, cells: Cells) -> list[str]:
    """Say which columns of a file nobody reads, and which are read but are not there."""
    source = cells.source
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
        if cell.columns and not any(cells.own(header) for header in cell.columns)
    ]
    said += [
        f"{source.label}: there is no column '{header}', which sender '{sender.name}' reads for "
        f"{name}."
        for header, name in absent
    ]
    return said

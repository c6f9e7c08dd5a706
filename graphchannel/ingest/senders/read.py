"""Read a sender file: every key known, every value of its kind, every mapping to a real column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.errors import InputError, SenderError, did_you_mean
from graphchannel.ingest.senders.entries import Entries
from graphchannel.ingest.senders.model import OPEN, Cell, Returns, Sender, SenderSection
from graphchannel.ingest.source import Reading
from graphchannel.ingest.staged import LineTerms
from graphchannel.ingest.values import declared
from graphchannel.schema import BUSINESS_KEY, SAME_SALE, TABLES
from graphchannel.schema import table as canonical
from graphchannel.toml_file import Unreadable, toml_of

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest.values import Forms
    from graphchannel.schema import Table

_LARGEST = 1 << 18
_MOST_DOTS = 500  # in a line; TOML's reader takes long for a key of thousands of parts
_HEAD = ("about", "files", "confirmed", "ignore", "read", "values")
_READ = ("encoding", "delimiter", "sheet", "header_row", "footer", "subtotals")
_FORMS = ("decimal", "thousands", "dates", "empty", "beside", "drop_times")
_CELL = ("column", "value", "map", "names", "fill_down")
_LINE_KEYS = ("key", "returns", "tolerance", "same_sale")  # of shipments, besides columns
_LINE_CELLS = ("unit_price", "serial", "document_date")


def read_sender(path: Path) -> Sender:
    """Read one sender file; raise SenderError for the first thing that is wrong with it."""
    text = _text(path)
    if any(line.count(".") > _MOST_DOTS for line in text.splitlines()):
        raise SenderError(
            f"{path}: the file is not TOML that graphchannel reads: a line is all dots."
        )
    try:
        document = toml_of(text)
    except Unreadable as error:
        raise SenderError(f"{path}: the file is not TOML: {error}.") from error
    head = Entries(path, text, "", document)
    names = tuple(table.name for table in TABLES)
    head.refuse_unknown((*_HEAD, *names))
    sections = tuple(
        _section(head.table(name), canonical(name)) for name in document if name in names
    )
    if not sections:
        raise SenderError(
            f"{path}: no table is filled; add one, such as [shipments], with a line for each "
            'column such as quantity = "Qty".'
        )
    return Sender(
        path,
        path.stem,
        head.text("about") or "",
        head.texts("files"),
        head.truth("confirmed", otherwise=True),
        head.asked(),
        _reading(head.table("read")),
        _forms(head.table("values")),
        sections,
        head.texts("ignore"),
        text,
        head.table("read").text("subtotals") or None,
    )


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise SenderError(f"{path}: there is no such sender file.")
        if path.stat().st_size > _LARGEST:
            raise SenderError(f"{path}: the file is too large to be a sender file.")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise SenderError(f"{path}: the file cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise SenderError(f"{path}: the file is not UTF-8 text.") from error


def _reading(entries: Entries) -> Reading:
    entries.refuse_unknown(_READ)
    row = entries.number("header_row")
    if row is not None and row < 1:
        raise entries.wrong("header_row", row, "the number of a row, counted from 1")
    return Reading(
        entries.text("encoding"),
        entries.text("delimiter"),
        entries.text("sheet"),
        row,
        entries.text("footer"),
    )


def _forms(entries: Entries) -> Forms:
    entries.refuse_unknown(_FORMS)
    given = [entries.text(name) for name in _FORMS[:3]]
    decimal, thousands, dates = (None if each == OPEN else each for each in given)
    try:
        return declared(
            decimal,
            thousands,
            dates,
            entries.texts("empty"),
            entries.texts("beside"),
            drop_times=entries.truth("drop_times", otherwise=False),
        )
    except InputError as error:
        raise SenderError(f"{entries.place()}: {error}") from error


def _section(entries: Entries, table: Table) -> SenderSection:
    lines = table.name == "shipments"
    given = (name for name in table.column_names if name not in _LINE_KEYS)
    cells_of = (*given, *(_LINE_CELLS if lines else ()))
    entries.refuse_unknown((*cells_of, *(_LINE_KEYS if lines else ())))
    cells = {name: _cell(entries, name) for name in cells_of if entries.has(name)}
    key = entries.texts("key") if lines else ()
    section = SenderSection(table.name, cells, key)
    if lines:
        section = replace(section, returns=_returns(entries), terms=_terms(entries))
    _refuse_lacking(entries, table, section)
    return section


def _refuse_lacking(entries: Entries, table: Table, section: SenderSection) -> None:
    lines = table.name == "shipments"
    if section.key and "id" in section.cells:
        raise entries.wrong("key", list(section.key), "either 'id' or 'key', not both")
    if "unit_price" in section.cells and "amount" in section.cells:
        raise SenderError(
            f"{entries.place('unit_price')}: both 'amount' and 'unit_price' are given; a line has "
            "one of them, and the amount of a unit price is that times the quantity."
        )
    for column in table.columns:
        made = lines and column.name == "id"
        if column.required and column.name not in section.cells and not made:
            raise SenderError(
                f"{entries.place()}: '{column.name}' is missing ({column.doc}), which table "
                f'{table.name} requires; add {column.name} = "HEADER", or '
                f'{column.name} = {{ value = "…" }} where it is the same in each row.'
            )
    for name, cell in section.cells.items():
        known = name in table.column_names
        if cell.names and not (known and _named(table, name)):
            raise SenderError(
                f"{entries.place(name)}: 'names' is for columns that refer to a row with a name, "
                "such as seller_id; leave it out."
            )


def _named(table: Table, name: str) -> bool:
    return any("name" in canonical(each).column_names for each in table.column(name).references)


def _cell(entries: Entries, name: str) -> Cell:
    given = entries.raw(name)
    if isinstance(given, str):
        return Cell((_header(entries, name, given),), None, {}, names=False, fill_down=False)
    if not isinstance(given, dict):
        raise entries.wrong(
            name,
            given,
            'the header of a column in quotes, or { column = "…" } or { value = "…" }',
        )
    parts = entries.table(name)
    parts.refuse_unknown(_CELL)
    column = parts.raw("column")
    several = column if isinstance(column, list) else [] if column is None else [column]
    columns = tuple(_header(parts, "column", each) for each in several)
    value = parts.text("value")
    if not columns and value is None:
        raise parts.wrong("column", None, 'a header, or value = "…" for the same in each row')
    if value == "":
        raise parts.wrong("value", "", "a text; leave the column out where there is none")
    return Cell(
        columns,
        value,
        parts.text_map("map"),
        names=parts.truth("names", otherwise=False),
        fill_down=parts.truth("fill_down", otherwise=False),
    )


def _header(entries: Entries, name: str, given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        raise entries.wrong(name, given, "the header of a column in quotes, as the file has it")
    return given


def _terms(entries: Entries) -> LineTerms:
    days, same = entries.number("tolerance"), entries.texts("same_sale")
    if days is not None and days < 0:
        raise entries.wrong("tolerance", days, "the days by which a correction may move a line")
    for name in same:
        if name not in SAME_SALE:
            raise SenderError(
                f"{entries.place('same_sale')}: '{name}' is no column of lines ("
                f"{', '.join(SAME_SALE)}).{did_you_mean(name, SAME_SALE)}"
            )
    if same and not {"seller_id", "buyer_id", "product_id"}.issubset(same):
        raise entries.wrong(
            "same_sale", list(same), "seller_id, buyer_id and product_id among the columns"
        )
    own = same and set(same) != set(BUSINESS_KEY)
    return LineTerms(days, ", ".join(n for n in SAME_SALE if n in same) if own else None)


def _returns(entries: Entries) -> Returns:
    given = entries.raw("returns")
    expected = '"negative", "amount", "all", "none" or { column = "HEADER", values = ["RETURN"] }'
    if given is None:
        return Returns()
    if isinstance(given, dict):
        parts = entries.table("returns")
        parts.refuse_unknown(("column", "values"))
        column, values = parts.text("column"), parts.texts("values")
        if not column or not values:
            raise entries.wrong("returns", given, expected)
        return Returns("marked", column, values)
    if given == OPEN:
        return Returns()
    if given not in {"negative", "amount", "all", "none"}:
        hint = did_you_mean(str(given), ("negative", "amount", "all", "none"))
        raise SenderError(f"{entries.wrong('returns', given, expected)}{hint}")
    return Returns(given)

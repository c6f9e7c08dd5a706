"""Templates: an empty CSV file for each canonical table, and a guide to their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.schema import TABLES, Column, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.schema import Table

GUIDE = "columns.md"

_KINDS = {
    Kind.STRING: "text",
    Kind.INTEGER: "whole number",
    Kind.FLOAT: "number",
    Kind.DECIMAL: "number, at most four decimals",
    Kind.BOOLEAN: "`true` or `false`",
    Kind.DATE: "day, `2014-03-31`",
}
_VOCABULARIES = {"roles": "a role of the policy, or `certified_end_user`"}
_PATTERNS = {
    "[A-Z]{2}": "two capital letters",
    "[A-Z]{3}": "three capital letters",
    r"[^*].*|\*.+": "not `*`",
}


def write_template(folder: Path, *, force: bool = False) -> list[Path]:
    """Write `<table>.csv` for every table and `columns.md`; return the files.

    Raises InputError if one of them is there already (none is written then), unless `force`.
    """
    texts = {folder / f"{table.name}.csv": _header(table) for table in TABLES}
    texts[folder / GUIDE] = column_guide()
    there = [path.name for path in texts if path.exists()]
    if there and not force:
        raise InputError(
            f"{folder}: {', '.join(there)} would be overwritten; name another folder, "
            "or overwrite with --force."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{folder}: the template cannot be written ({error.strerror}).") from error
    return list(texts)


def column_guide() -> str:
    """Return the guide to all tables in Markdown, in an order that suits loading them."""
    intro = (
        "One CSV file a table, called as the table; columns in any order, UTF-8. Columns that are "
        "not required may be left out. A row whose key an earlier load had corrects that row."
    )
    parts = ["# Columns", intro]
    for table in TABLES:
        rows = "\n".join(_guide_row(column) for column in table.columns)
        parts += [
            f"## {table.name}",
            _sentence(table),
            f"| column | required | type | allowed | meaning |\n|---|---|---|---|---|\n{rows}",
        ]
    return "\n\n".join(parts) + "\n"


def _header(table: Table) -> str:
    return ",".join(table.column_names) + "\n"


def _sentence(table: Table) -> str:
    sentences = [f"{table.doc[0].upper()}{table.doc[1:]}. Key: {', '.join(table.key)}."]
    if table.interval:
        sentences.append("{1} may not be before {0}.".format(*table.interval))
    if table.any_of:
        sentences.append(f"At least one of {' and '.join(table.any_of)} is filled.")
    if table.one_of:
        sentences.append(f"Exactly one of {' and '.join(table.one_of)} is filled.")
    if table.differ:
        sentences.append("{} and {} differ.".format(*table.differ))
    if table.hierarchy:
        sentences.append(f"{table.hierarchy} may not lead back to the row itself.")
    return " ".join(sentences)


def _guide_row(column: Column) -> str:
    required = "yes" if column.required else ""
    cells = (column.name, required, _KINDS[column.kind], _allowed(column), column.doc)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _allowed(column: Column) -> str:
    if column.choices:
        return ", ".join(f"`{choice}`" for choice in column.choices)
    if column.vocabulary:
        return _VOCABULARIES[column.vocabulary]
    if column.references:
        return f"an id of {', '.join(column.references)}"
    if column.pattern:
        return _PATTERNS.get(column.pattern, f"`{column.pattern}`")
    bounds = (("from", column.minimum), ("to", column.maximum))
    return " ".join(f"{word} {value:g}" for word, value in bounds if value is not None)

"""Templates: an empty CSV file for each canonical table, and a guide to their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.files import filling
from graphchannel.schema import TABLES
from graphchannel.schema.describe import table_entry

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.schema import Table
    from graphchannel.schema.describe import Field

GUIDE = "columns.md"


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
        with filling(folder) as made:
            for path, text in texts.items():
                (made / path.name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{folder}: the template cannot be written ({error.strerror}).") from error
    return list(texts)


def column_guide() -> str:
    """Return the guide to all tables in Markdown, in an order that suits loading them."""
    intro = (
        "One CSV file per table, named after the table; columns in any order, UTF-8. Columns that "
        "are not required may be left out. A row whose key an earlier load had corrects that row."
    )
    parts = ["# Columns", intro]
    for table in TABLES:
        entry = table_entry(table)
        rows = "\n".join(_guide_row(field) for field in entry.fields if not field.derived)
        parts += [
            f"## {table.name}",
            entry.meaning,
            f"| column | required | type | allowed | meaning |\n|---|---|---|---|---|\n{rows}",
        ]
    return "\n\n".join(parts) + "\n"


def _header(table: Table) -> str:
    return ",".join(table.column_names) + "\n"


def _guide_row(field: Field) -> str:
    required = "yes" if field.required else ""
    cells = (field.name, required, field.type, field.allowed, field.meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

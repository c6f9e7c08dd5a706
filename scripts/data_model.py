"""Write docs/data-model.md: every table, label and relationship type with its fields."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.schema.describe import entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphchannel.schema.describe import Entry

PAGE = Path(__file__).resolve().parent.parent / "docs" / "data-model.md"

_INTRODUCTION = """\
# Data model

What sources deliver, and the graph that rules see. Generated from `graphchannel/schema`
(`make docs`); `graphchannel schema NAME` shows the same on the screen. Terms are
in the [glossary](glossary.md).

- **Tables** are what [loading](loading.md) fills. Columns are delivered, but for those marked
  *derived*, which follow from the others and are kept with the row.
- **Labels** and **relationships** are the graph: views over the tables, and what is
  [published to Neo4j](neo4j.md). A property has the name, type and meaning of the column that it
  shows; decimals are floats there, and the columns of a relationship's two ends are no properties.
- *always* marks what is never empty. Every interval includes both its days and is stored closed:
  an empty start is 0001-01-01, an empty end 9999-12-31, so no rule meets an empty day.
- Ids are text. Those of vendors, partners and end users are unique across the three tables. The
  key says when two rows are the same fact; empty parts of a key are equal.
"""
_TABLES = """\
## Tables
"""
_LABELS = """\
## Labels

Every vendor, partner and end user is a `Party`, too.
"""
_RELATIONSHIPS = """\
## Relationships
"""


def page() -> str:
    """Return the text of docs/data-model.md."""
    every = entries()
    parts: list[str] = [_INTRODUCTION]
    for kind, heading in (
        ("table", _TABLES),
        ("label", _LABELS),
        ("relationship", _RELATIONSHIPS),
    ):
        parts.append(heading)
        parts += _sections([entry for entry in every if entry.kind == kind])
    return "\n".join(parts)


def _sections(entries: Sequence[Entry]) -> Iterator[str]:
    """Write a section for each name; types that join several labels share one."""
    for name in dict.fromkeys(entry.name for entry in entries):
        named = [entry for entry in entries if entry.name == name]
        yield f"### {name}\n"
        for entry in named:
            pattern = f"`{entry.pattern}`  \n" if entry.pattern else ""
            yield f"{pattern}{_cell(entry.meaning)}\n"
        if fields := list(dict.fromkeys(field for entry in named for field in entry.fields)):
            allowed = any(field.allowed for field in fields)
            heads = ["name", "type", "always", *(["allowed"] if allowed else []), "meaning"]
            lines = [_row(heads), _row(["---"] * len(heads))]
            for field in fields:
                cells = [f"`{field.name}`", field.type, "yes" if field.required else ""]
                cells += [field.allowed] if allowed else []
                lines.append(_row([*cells, field.remark]))
            yield "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace(" *", " \\*")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

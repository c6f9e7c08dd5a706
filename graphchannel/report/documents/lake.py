"""A lake as a document: its tables, and on demand its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section

if TYPE_CHECKING:
    from graphchannel.spark.lake import Lake, LakeFile, LakeTable

__all__ = ["lake_document"]

_TABLES: tuple[Column[LakeTable], ...] = (
    Column("table", lambda table: table.name),
    Column("rows", lambda table: table.rows, "count"),
    Column("files", lambda table: len(table.files), "count"),
    Column("bytes", lambda table: table.size, "count"),
)
_FILES: tuple[Column[LakeFile], ...] = (
    Column("file", lambda file: file.path),
    Column("rows", lambda file: file.rows, "count"),
    Column("bytes", lambda file: file.bytes, "count"),
    Column("sha256", lambda file: file.sha256),
)


def lake_document(lake: Lake) -> Document:
    """List the tables of a lake; its files where a format or `--section files` asks for them."""
    files = [file for table in lake.tables for file in table.files]
    return Document(
        headline="",
        facts={"workspace": lake.workspace, "load": lake.load, "policy": lake.policy},
        sections=(
            Section("tables", "", _TABLES, lake.tables),
            Section("files", "Files", _FILES, files, printed=False),
        ),
    )

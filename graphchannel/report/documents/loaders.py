"""Loaders as a document: what each reads, needs and fills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Section, listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphchannel.ingest.loaders.header import Loader

__all__ = ["loaders_document"]

_LOADERS: tuple[Column[Loader], ...] = (
    Column("name", lambda loader: loader.name, "id"),
    Column("reads", lambda loader: ", ".join(loader.reads)),
    Column("columns", lambda loader: ", ".join(loader.columns)),
    Column("tables", lambda loader: ", ".join(loader.tables)),
)


def loaders_document(loaders: Iterable[Loader]) -> Document:
    """List the loaders in their order."""
    return listing(Section("loaders", "", _LOADERS, list(loaders)))

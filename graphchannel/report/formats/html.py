"""A page that needs no network and no program, of documents that have one."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from graphchannel.report.formats import Format

if TYPE_CHECKING:
    from graphchannel.report.document import Document

__all__ = ["FORMAT", "write"]


def write(document: Document, stream: IO[str]) -> None:
    """Write the page."""
    if document.page is None:
        message = "HTML is for documents that have a page"
        raise TypeError(message)
    stream.write(document.page())


FORMAT = Format(write, endings=(".html", ".htm"), needs="page")

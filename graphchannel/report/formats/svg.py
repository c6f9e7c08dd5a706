"""A drawing, of documents that have one."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from graphchannel.report.formats import Format

if TYPE_CHECKING:
    from graphchannel.report.document import Document

__all__ = ["FORMAT", "write"]


def write(document: Document, stream: IO[str]) -> None:
    """Write the drawing as SVG."""
    if document.drawing is None:
        message = "SVG is for documents that have a drawing"
        raise TypeError(message)
    stream.write(document.drawing())


FORMAT = Format(write, endings=(".svg",), needs="drawing")

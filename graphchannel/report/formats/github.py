"""Annotations of GitHub Actions: one for each of the worst findings, and one for the totals."""

from __future__ import annotations

from types import MappingProxyType
from typing import IO, TYPE_CHECKING

from graphchannel.report.formats import Format
from graphchannel.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.report.document import Document

__all__ = ["FORMAT", "write"]

_LEVELS: Mapping[str, str] = MappingProxyType(
    {"critical": "error", "high": "error", "medium": "warning", "low": "notice", "info": "notice"}
)


def write(document: Document, stream: IO[str]) -> None:
    """Write a command for each finding that people see, and for each sentence about all."""
    if document.scan is None:
        message = "annotations are for documents that have a scan"
        raise TypeError(message)
    section = document.main_section
    for finding in section.for_people().entries:
        level = _LEVELS[finding.severity]
        title = f"{finding.rule} ({finding.severity})"
        said = f"{finding.message} [{finding.short}]"
        stream.write(f"::{level} title={_property(title)}::{_data(said)}\n")
    for sentence in section.lead:
        stream.write(f"::notice title=graphchannel::{_data(sentence)}\n")


def _data(text: str) -> str:
    r"""Return a text in which nothing begins a command.

    >>> _data("100 %\n::error::x")
    '100 %25\\n::error::x'
    """
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMAT = Format(write, needs="scan")

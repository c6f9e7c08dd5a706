"""Read source files into temporary tables, and say which canonical tables they deliver."""

from __future__ import annotations

from graphchannel.ingest.readers.files import expand
from graphchannel.ingest.readers.stage import stage
from graphchannel.ingest.source import Reading, ReadOptions

__all__ = ["ReadOptions", "Reading", "expand", "stage"]

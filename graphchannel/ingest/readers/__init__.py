"""Read source files into temporary tables, and say which canonical tables they deliver."""

from __future__ import annotations

from graphchannel.ingest.readers.files import Found, find_files
from graphchannel.ingest.readers.read import read_file
from graphchannel.ingest.readers.staging import Unrecognised, stage
from graphchannel.ingest.source import Reading, ReadOptions

__all__ = [
    "Found",
    "ReadOptions",
    "Reading",
    "Unrecognised",
    "find_files",
    "read_file",
    "stage",
]

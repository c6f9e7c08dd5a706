"""Source files → rows → canonical rows → accepted and rejected → workspace."""

from __future__ import annotations

from graphchannel.ingest.derive import refresh_policy
from graphchannel.ingest.load import load_staged
from graphchannel.ingest.loads import LoadEntry, loads
from graphchannel.ingest.outcome import FileReport, LoadReport
from graphchannel.ingest.rejects import Reject, export_rejects, rejects
from graphchannel.ingest.rows import load_rows

__all__ = [
    "FileReport",
    "LoadEntry",
    "LoadReport",
    "Reject",
    "export_rejects",
    "load_rows",
    "load_staged",
    "loads",
    "refresh_policy",
    "rejects",
]

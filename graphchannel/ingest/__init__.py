"""Source files → rows → canonical rows → accepted and rejected → workspace."""

from __future__ import annotations

from graphchannel.ingest.contents import Status, TableStatus, status
from graphchannel.ingest.derive import refresh_policy
from graphchannel.ingest.files import load
from graphchannel.ingest.known_at import copy_known_at, load_known_at
from graphchannel.ingest.load_history import (
    LoadedFile,
    LoadEntry,
    LoadInForce,
    loads,
    loads_in_force,
)
from graphchannel.ingest.loading import load_staged
from graphchannel.ingest.open_rejects import (
    Reject,
    RejectReason,
    count_rejects,
    reject_reasons,
    rejects,
)
from graphchannel.ingest.outcome import FileReport, LoadReport
from graphchannel.ingest.periods import Period, Reported, parse_period
from graphchannel.ingest.purging import PurgeReport, purge
from graphchannel.ingest.readers import Reading, ReadOptions
from graphchannel.ingest.reject_export import export_rejects
from graphchannel.ingest.repeated import (
    Duplicate,
    WithdrawnDuplicates,
    duplicates,
    withdraw_duplicates,
)
from graphchannel.ingest.rows import load_rows
from graphchannel.ingest.settle import accept_rejects, dismiss_rejects
from graphchannel.ingest.taking_in import RefusedFile, TakenIn, take_in
from graphchannel.ingest.unloading import UnloadReport, unload
from graphchannel.ingest.values import Forms, declared

__all__ = [
    "Duplicate",
    "FileReport",
    "Forms",
    "LoadEntry",
    "LoadInForce",
    "LoadReport",
    "LoadedFile",
    "Period",
    "PurgeReport",
    "ReadOptions",
    "Reading",
    "RefusedFile",
    "Reject",
    "RejectReason",
    "Reported",
    "Status",
    "TableStatus",
    "TakenIn",
    "UnloadReport",
    "WithdrawnDuplicates",
    "accept_rejects",
    "copy_known_at",
    "count_rejects",
    "declared",
    "dismiss_rejects",
    "duplicates",
    "export_rejects",
    "load",
    "load_known_at",
    "load_rows",
    "load_staged",
    "loads",
    "loads_in_force",
    "parse_period",
    "purge",
    "refresh_policy",
    "reject_reasons",
    "rejects",
    "status",
    "take_in",
    "unload",
    "withdraw_duplicates",
]

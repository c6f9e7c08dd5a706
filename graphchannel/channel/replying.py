"""What partners answer: packs that they were given, and reply sheets among the files of a load."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from graphchannel.errors import GraphChannelError, InputError
from graphchannel.ingest.outcome import ReplySheet
from graphchannel.ingest.readers import find_files
from graphchannel.worklist.replies import (
    REPLY_NEEDS,
    KeptPack,
    keep_pack,
    kept_packs,
    may_be_reply,
    replies,
)
from graphchannel.worklist.store import add_events, events_by_finding
from graphchannel.worklist.table_file import table_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from graphchannel.channel.opening import Opening
    from graphchannel.channel.partner_pack import PartnerPack
    from graphchannel.worklist.table_file import TableFile
    from graphchannel.workspace import Workspace

__all__ = ["answered", "answered_sheet", "kept", "sheets_among"]


def kept(opening: Opening, pack: PartnerPack) -> PartnerPack:
    """Keep what the references of a pack stand for, so that a reply to it can be read back.

    Says where that cannot be; the pack is the same.
    """
    judged = pack.facts.judged
    findings = {
        finding.fingerprint: (
            str(pack.key["findings"][finding.fingerprint]),
            tuple(
                str(row["shipment"]) for row in judged.evidence[finding.number] if "shipment" in row
            ),
        )
        for finding in judged.findings
    }
    try:
        with opening.changing() as workspace, workspace.transaction():
            one = KeptPack(pack.reference, pack.partner, judged.as_of, findings)
            keep_pack(workspace.connection, one, _now())
    except GraphChannelError as error:
        opening.say(f"The pack is not kept, so that no reply to it can be loaded: {error}")
    return pack


def sheets_among(workspace: Workspace, sources: Iterable[Path]) -> dict[Path, TableFile]:
    """Read the reply sheets among the files that would be loaded. Raises InputError."""
    found = {}
    for file in find_files(sources).files:
        if may_be_reply(file):
            table = table_in(workspace.connection, file, REPLY_NEEDS)
            if table is not None:
                found[file] = table
    return found


def answered_sheet(workspace: Workspace, file: Path) -> ReplySheet | None:
    """Take a file into the work list if it is a reply sheet; None for any other, or one cut off."""
    try:
        sheets = sheets_among(workspace, [file])
    except InputError:
        return None
    return next(iter(answered(workspace, sheets)), None)


def answered(workspace: Workspace, sheets: Mapping[Path, TableFile]) -> tuple[ReplySheet, ...]:
    """Take reply sheets into the work list; return what became of each row.

    Rows that do not fit are refused one by one.
    """
    found = []
    connection = workspace.connection
    with workspace.transaction():
        for file, table in sheets.items():
            known = events_by_finding(connection)
            rows, events = replies(table, kept_packs(connection), known, _now())
            add_events(connection, events)
            found.append(ReplySheet(file, rows))
    return tuple(found)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)

"""Reply sheets of partners: each row of a sheet that came back is an answer, or is refused.

A pack that a partner was given is kept with what its references stand for. A sheet can only answer
what its pack asked: findings of the pack, and lines of these.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError, did_you_mean
from graphchannel.findings.work import ANSWERS, WorkEvent
from graphchannel.ingest.outcome import AnswerRow
from graphchannel.text import joined
from graphchannel.worklist.changes import text_of
from graphchannel.worklist.store import ensure_tables, has_work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    import duckdb

    from graphchannel.worklist.table_file import TableFile

__all__ = ["REPLY_NEEDS", "KeptPack", "keep_pack", "kept_packs", "may_be_reply", "replies"]

REPLY_NEEDS = ("pack", "finding", "line", "answer", "comment")
_HEAD = 65_536  # bytes of a text in which its header is
_LARGEST = 20_000_000  # bytes of a part of a workbook that is looked at


@dataclass(frozen=True, slots=True)
class KeptPack:
    """A pack that was given to a partner.

    `findings` has by reference the fingerprint and the lines that may be answered, none for a
    finding without lines.
    """

    pack: str
    partner: str
    as_of: date
    findings: Mapping[str, tuple[str, tuple[str, ...]]]


def keep_pack(connection: duckdb.DuckDBPyConnection, pack: KeptPack, at: datetime) -> None:
    """Keep a pack, once; the caller's transaction is its."""
    ensure_tables(connection)
    if pack.pack in kept_packs(connection):
        return
    connection.execute(
        "INSERT INTO admin.packs VALUES (?, ?, ?, ?, ?)",
        [pack.pack, pack.partner, pack.as_of, at, json.dumps(dict(pack.findings))],
    )


def kept_packs(connection: duckdb.DuckDBPyConnection) -> dict[str, KeptPack]:
    """Return the packs that were given away, by their names."""
    if not has_work(connection, "packs"):
        return {}
    rows = connection.execute("SELECT pack, partner, as_of, findings FROM admin.packs").fetchall()
    return {
        pack: KeptPack(
            pack,
            partner,
            as_of,
            {ref: (name, tuple(lines)) for ref, (name, lines) in json.loads(text).items()},
        )
        for pack, partner, as_of, text in rows
    }


def may_be_reply(file: Path) -> bool:
    """Tell by a look into a file whether it can be a reply sheet; most are not, and soon told."""
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as packed:
                names = [one for one in packed.infolist() if one.filename.endswith(".xml")]
                return any(
                    _names_all(packed.read(one)) for one in names if one.file_size < _LARGEST
                )
        with file.open("rb") as stream:
            return _names_all(stream.read(_HEAD).replace(b"\0", b""))
    except (OSError, RuntimeError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False  # whoever reads it says what is wrong with it


def _names_all(content: bytes) -> bool:
    folded = content.lower()
    return all(name.encode() in folded for name in REPLY_NEEDS)


def replies(
    table: TableFile,
    packs: Mapping[str, KeptPack],
    known: Mapping[str, Sequence[WorkEvent]],
    at: datetime,
) -> tuple[tuple[AnswerRow, ...], tuple[WorkEvent, ...]]:
    """Return what becomes of each row, in the order of the file, and the answers that are new.

    `known` are the events of findings, by fingerprint.
    """
    last = {
        (e.fingerprint, e.line, e.who): (e.value, e.reason)
        for events in known.values()
        for e in events
        if e.what == "answered"
    }
    rows = [AnswerRow(number, "", "", "refused", why) for number, why in table.refused.items()]
    found: list[WorkEvent] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in table.rows:
        named = cells.get("finding", "").strip(), cells.get("line", "").strip()
        try:
            event = _answer(cells, packs, at, seen.get(named))
        except InputError as error:
            rows.append(AnswerRow(number, *named, "refused", str(error)))
            continue
        seen[named] = number
        if event is None:
            rows.append(AnswerRow(number, *named, "unanswered", ""))
        elif last.get((event.fingerprint, event.line, event.who)) == (event.value, event.reason):
            rows.append(AnswerRow(number, *named, "known", event.value or ""))
        else:
            rows.append(AnswerRow(number, *named, "answered", event.value or ""))
            found.append(event)
    return tuple(sorted(rows, key=lambda row: row.row)), tuple(found)


def _answer(
    cells: Mapping[str, str], packs: Mapping[str, KeptPack], at: datetime, before: int | None
) -> WorkEvent | None:
    """Return what a row says, None if nothing. Raises InputError for what its pack did not ask."""
    name, line = cells.get("pack", "").strip(), cells.get("line", "").strip()
    pack = packs.get(name)
    if pack is None:
        raise InputError(f"No pack '{name}' was made from this workspace.")
    reference = cells.get("finding", "").strip()
    if reference not in pack.findings:
        raise InputError(f"The pack {name} has no finding '{reference}'.")
    fingerprint, lines = pack.findings[reference]
    if line not in (lines or ("",)):
        what = f"no line '{line}'" if line else "lines, and the row names none"
        raise InputError(f"The finding {reference} has {what} in this pack.")
    if before is not None:
        raise InputError(f"Row {before} answers the same line.")
    answer, comment = cells.get("answer", "").strip().lower(), cells.get("comment", "").strip()
    if not answer and not comment:
        return None
    if answer not in ANSWERS:
        hint = did_you_mean(answer, ANSWERS)
        raise InputError(f"answer is '{answer}'; expected {joined(ANSWERS, 'or')}.{hint}")
    if answer == "explain" and not comment:
        raise InputError("To explain, fill in comment.")
    said = text_of("comment", comment) if comment else None
    return WorkEvent(fingerprint, "answered", pack.partner, at, answer, said, line or None)

"""What became of the records of one source, each of them accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.outcome import FileReport
from graphchannel.ingest.source_values import said_of_rows

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from graphchannel.ingest.staged import Staged

__all__ = ["file_report"]


def file_report(
    source: Staged,
    place: int,
    counts: Counter[tuple[int, str]],
    repeated: Counter[int],
    remarks: Sequence[str],
) -> FileReport:
    """Report on the source at a place among those whose rows ended so: `counts` by status.

    Records that could not be staged are not among them. `repeated` counts the rows that say what an
    earlier one says; `remarks` say what was cleaned. Raises InputError where a record is neither
    read nor rejected, and no loader left it out.
    """
    added, corrected, unchanged = (counts[place, s] for s in ("added", "corrected", "unchanged"))
    rejected = counts[place, "rejected"] + len(source.rejects)
    skipped = source.records - added - corrected - unchanged - rejected
    if skipped and source.loader is None:
        raise InputError(
            f"{source.file}: {source.records} records were counted, but {source.records - skipped} "
            f"read into {source.table}; nothing is loaded rather than rows lost."
        )
    return FileReport(
        source.file,
        source.table,
        source.records,
        added,
        corrected,
        unchanged,
        rejected,
        skipped,
        source.loader,
        source.because,
        (*source.warnings, *said_of_rows(source.file, remarks, repeated[place])),
    )

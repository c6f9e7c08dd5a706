"""A waiver for a finding, put at the end of the file of waivers, which stays as it is otherwise."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.files import replacing
from graphchannel.schema import table
from graphchannel.text import joined

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from graphchannel.findings import Finding

__all__ = ["WaiverTerms", "append_waiver", "waiver_row"]

_KEY = ("rule", "subject_id", "object_id", "product_id", "valid_from")
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class WaiverTerms:
    """What somebody approved of a finding.

    It holds from `since`, by default the finding's first day, to `until`. With `twins` it names the
    rules of the findings of the very same lines, too. `max_value` is an amount and its currency.
    """

    until: date
    approver: str
    reason: str
    since: date | None = None
    max_quantity: int | None = None
    max_value: tuple[Decimal, str] | None = None
    twins: bool = False


def waiver_row(finding: Finding, terms: WaiverTerms, as_of: date) -> dict[str, str]:
    """Return the row of a waiver by column, empty ones left out. Raises InputError for its days."""
    since = terms.since or finding.first or as_of
    if since > terms.until:
        raise InputError(
            f"The waiver would end on {terms.until}, before it begins on {since}; name a later day "
            "with --until."
        )
    same = {twin.rule for twin in finding.twins if twin.same and twin.subject == finding.subject.id}
    rules = [finding.rule, *(sorted(same) if terms.twins else ())]
    amount, currency = terms.max_value or (None, None)
    row = {
        "rule": " ".join(rules),
        "subject_id": finding.subject.id,
        "object_id": finding.object.id if finding.object else None,
        "valid_from": since,
        "valid_to": terms.until,
        "max_quantity": terms.max_quantity,
        "max_value": amount,
        "currency": currency,
        "approver": terms.approver.strip(),
        "reason": terms.reason.strip(),
    }
    for name in ("approver", "reason"):
        if not row[name]:
            raise InputError(f"The waiver has no {name}; name one.")
    return {name: str(value) for name, value in row.items() if value is not None}


def append_waiver(file: Path, row: dict[str, str]) -> None:
    """Put a row at the end of a CSV file, made if there is none; what is there stays as it is.

    Raises InputError for a file that is no CSV of waivers, that has the waiver already, or lacks a
    column that it needs; the file is then as it was.
    """
    names = list(table("waivers").column_names)
    if not file.exists():
        text, delimiter, columns, end = ",".join(names) + "\n", ",", names, "\n"
    else:
        text, delimiter, columns, end = _read(file)
        lacking = sorted(set(row) - set(columns))
        if lacking:
            raise InputError(
                f"{file}: the header has no column {joined(lacking)}, which this waiver needs; add "
                "it there."
            )
        _refuse_known(file, text, delimiter, columns, row)
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator=end)
    writer.writerow([row.get(name, "") for name in columns])
    between = "" if not text or text.endswith(("\n", "\r")) else end
    with replacing(file, binary=True) as stream:
        stream.write(f"{text}{between}{made.getvalue()}".encode())


def _read(file: Path) -> tuple[str, str, list[str], str]:
    """Return a file's text, its delimiter, its columns, and how its lines end."""
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: the file cannot be read as UTF-8 text: {error}.") from error
    heads = (line for line in text.lstrip("\ufeff").splitlines() if _is_row(line))
    head = next(heads, "")
    delimiter = max(_DELIMITERS, key=head.count)
    columns = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter), [])]
    if not {"rule", "subject_id"} <= set(columns):
        raise InputError(
            f"{file}: this is no file of waivers: its header has no columns rule and subject_id."
        )
    return text, delimiter, columns, "\r\n" if "\r\n" in text else "\n"


def _refuse_known(
    file: Path, text: str, delimiter: str, columns: list[str], row: dict[str, str]
) -> None:
    key = [row.get(name, "") for name in _KEY]
    lines = [line for line in text.lstrip("\ufeff").splitlines() if _is_row(line)][1:]
    for cells in csv.reader(lines, delimiter=delimiter):
        known = dict(zip(columns, cells, strict=False))
        if [known.get(name, "").strip() for name in _KEY] == key:
            raise InputError(
                f"{file}: a waiver of {row['rule']} for {row['subject_id']} from "
                f"{row['valid_from']} is there already; edit it, or name another day with --from."
            )


def _is_row(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")

"""The scan as a workbook: findings, their evidence and the rules, with real dates and numbers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

from graphchannel.errors import GraphChannelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from graphchannel.findings import Finding, ScanResult

__all__ = ["write_xlsx"]

_MOST_ROWS = 1_048_576  # a sheet has no more, the header included
_EPOCH = date(1900, 3, 1)  # spreadsheets count days reliably from here on
_MOST_EXACT = 15  # digits that a spreadsheet's number keeps
_FINDINGS = (
    ("Severity", 9),
    ("Rule", 38),
    ("Section", 8),
    ("Subject id", 14),
    ("Subject", 28),
    ("Object id", 14),
    ("Object", 28),
    ("Lines", 9),
    ("Quantity", 10),
    ("First", 11),
    ("Last", 11),
    ("Message", 70),
    ("Path", 50),
    ("Certainty", 10),
    ("Quantities", 50),
    ("Status", 9),
    ("Fingerprint", 20),
)


def write_xlsx(result: ScanResult, path: Path, *, show_waived: bool = False) -> None:
    """Write three sheets; `Findings` has one column an amount's currency after the others.

    Raises GraphChannelError if there are more findings than a sheet has rows.
    """
    findings = list(result.findings(waived=show_waived))
    if len(findings) >= _MOST_ROWS:
        raise GraphChannelError(
            f"{path}: {len(findings):,} findings do not fit a sheet; narrow the scan or use "
            "--format csv."
        )
    book = xlsxwriter.Workbook(str(path))
    # The same scan gives the same bytes: no time of writing in the file.
    book.set_properties({"created": _midnight(result.as_of)})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "amount": book.add_format({"num_format": "#,##0.00##"}),
    }
    _findings_sheet(_Sheet(book.add_worksheet("Findings"), formats), findings)
    _evidence_sheet(_Sheet(book.add_worksheet("Evidence"), formats), findings)
    _rules_sheet(_Sheet(book.add_worksheet("Rules"), formats), result)
    book.close()


class _Sheet:
    """A worksheet that is written row by row, each value as what it is."""

    def __init__(self, sheet: Any, formats: Mapping[str, Any]) -> None:
        self._sheet = sheet
        self._formats = formats
        self._row = 0

    def head(self, columns: Sequence[tuple[str, int]]) -> None:
        """Write column names, set widths, and keep the names in sight."""
        for place, (name, width) in enumerate(columns):
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(0, place, name, self._formats["head"])
        self._sheet.freeze_panes(1, 0)
        self._row = 1

    def row(self, values: Iterable[object]) -> None:
        """Write a row; None leaves a cell empty."""
        for place, value in enumerate(values):
            self._write(place, value)
        self._row += 1

    def filterable(self, columns: int) -> None:
        """Offer filters in the header."""
        self._sheet.autofilter(0, 0, max(self._row - 1, 1), columns - 1)

    def _write(self, place: int, value: object) -> None:
        sheet, row = self._sheet, self._row
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        elif isinstance(value, date) and value >= _EPOCH:
            sheet.write_datetime(row, place, value, self._formats["day"])
        elif isinstance(value, Decimal) and _fits(value):
            sheet.write_number(row, place, value, self._formats["amount"])
        elif isinstance(value, int | float) and _fits(Decimal(str(value))):
            sheet.write_number(row, place, value)
        else:
            sheet.write_string(row, place, str(value))


def _fits(number: Decimal) -> bool:
    """Tell whether a spreadsheet keeps every digit of the number."""
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= _MOST_EXACT


def _findings_sheet(sheet: _Sheet, findings: Sequence[Finding]) -> None:
    currencies = sorted({currency for finding in findings for currency in finding.amount})
    columns = [*_FINDINGS, *((f"Amount {currency}", 14) for currency in currencies)]
    sheet.head(columns)
    for finding in findings:
        object_ = finding.object
        sheet.row(
            [
                finding.severity,
                finding.rule,
                finding.section,
                finding.subject.id,
                finding.subject.name,
                object_.id if object_ else None,
                object_.name if object_ else None,
                finding.lines,
                finding.quantity,
                finding.first,
                finding.last,
                finding.message,
                finding.path.route if finding.path else None,
                finding.path.certainty if finding.path else None,
                "; ".join(finding.path.quantities) if finding.path else None,
                finding.status,
                finding.fingerprint,
                *(finding.amount.get(currency) for currency in currencies),
            ]
        )
    sheet.filterable(len(columns))


def _evidence_sheet(sheet: _Sheet, findings: Sequence[Finding]) -> None:
    """Write the evidence rows that findings carry, as long as the sheet has room."""
    extra = dict.fromkeys(name for finding in findings for row in finding.evidence for name in row)
    columns = [("Fingerprint", 20), ("Rule", 38), *((name, 14) for name in extra)]
    sheet.head(columns)
    left = _MOST_ROWS - 1
    for finding in findings:
        for row in finding.evidence[:left]:
            sheet.row([finding.fingerprint, finding.rule, *(row.get(name) for name in extra)])
        left -= min(left, len(finding.evidence))
    sheet.filterable(len(columns))


def _rules_sheet(sheet: _Sheet, result: ScanResult) -> None:
    sheet.head(
        (
            ("Severity", 9),
            ("Rule", 38),
            ("Name", 44),
            ("Section", 8),
            ("Status", 14),
            ("Findings", 10),
            ("Waived", 9),
            ("Lines", 10),
            ("Population", 11),
            ("Reason", 60),
        )
    )
    for outcome in result.outcomes:
        sheet.row(
            [
                outcome.severity,
                outcome.id,
                outcome.name,
                outcome.section,
                outcome.status,
                outcome.findings,
                outcome.waived,
                outcome.lines,
                outcome.population,
                outcome.reason,
            ]
        )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the file format knows no zone

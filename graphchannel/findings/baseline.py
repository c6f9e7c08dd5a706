"""A baseline: the JSON report of an earlier scan, to tell what is new or grown from what was known.

It says by what it was judged (see `findings.judged_by`), so that an edit of the policy or of a rule
is no quiet way to lose findings. One of another form is refused: figures are never misread.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphchannel.errors import InputError
from graphchannel.findings.change import FindingTally, changed
from graphchannel.findings.judged_by import read_judgement
from graphchannel.findings.model import Baseline, KnownFinding
from graphchannel.findings.tables import FINDING, KNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graphchannel.findings.change import Change
    from graphchannel.findings.model import RuleOutcome, ScanOptions
    from graphchannel.findings.tables import ScanTables
    from graphchannel.policy import Tolerance

__all__ = ["REPORT_FORMAT", "check_filters", "compare_with_baseline", "read_baseline"]

REPORT_FORMAT = 2  # of the JSON report of a scan, as far as a baseline depends on it
_SAME_LINES = ("since", "until", "product")  # filters that decide which lines of a finding count


def read_baseline(path: Path) -> Baseline:
    """Read the findings of an earlier scan; one that was waived does not count as known.

    Raises InputError if the file is no JSON report of a scan, or that of another version.
    """
    if not path.is_file():  # a pipe would be waited for
        raise InputError(f"{path}: the baseline is no file.")
    try:
        document: Any = json.loads(path.read_text("utf-8"))
        _refuse_other_version(document, path)
        findings = tuple(_known(finding) for finding in document["findings"])
        return Baseline(
            path.name, findings, read_judgement(document), date.fromisoformat(document["as_of"])
        )
    except RecursionError as error:
        raise InputError(f"{path}: the baseline cannot be read: it is nested too deep.") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path}: the baseline cannot be read: {error}.") from error
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise InputError(
            f"{path}: this is no baseline; expected what 'graphchannel scan --format json' wrote."
        ) from error


def _refuse_other_version(document: Any, path: Path) -> None:
    """Raise InputError for a report of a scan that lacks what is compared, or says it otherwise."""
    of_a_scan = document["findings"] is not None and document["policy"] is not None
    if of_a_scan and document.get("format") != REPORT_FORMAT:
        raise InputError(
            f"{path}: this baseline is of another version of graphchannel, whose figures are not "
            "these; write it again with 'graphchannel scan --format json'."
        )


def check_filters(baseline: Baseline, options: ScanOptions) -> None:
    """Raise InputError if the two scans count other lines: no figure could be compared."""
    for name in _SAME_LINES:
        then, now = baseline.judged.filters.get(name), getattr(options, name)
        if then != (None if now is None else str(now)):
            was = f"with --{name} {then}" if then else f"without --{name}"
            raise InputError(
                f"{baseline.name} was made {was}, so that its figures are those of other lines; "
                f"scan {was}, or write the baseline again."
            )


def compare_with_baseline(
    tables: ScanTables, options: ScanOptions, outcomes: Sequence[RuleOutcome], tolerance: Tolerance
) -> tuple[KnownFinding, ...]:
    """Write into the findings how they stand to the baseline; return those of it that are gone.

    Only a rule that was evaluated can have lost a finding, and only a scan that leaves nothing out
    can tell.
    """
    baseline = options.baseline
    if baseline is None:
        return ()
    known = {finding.fingerprint: finding for finding in baseline.findings}
    now = _figures(tables)
    again = _seen_by(tables, baseline.as_of)
    changes = {name: _change(known, name, now, tolerance) for name in now}
    seen: dict[str, Change] = {name: "reopened" for name in again if changes[name] == "new"}
    _write(tables, known, changes | seen)
    if options.narrowed:
        return ()
    evaluated = {outcome.id for outcome in outcomes if outcome.status == "evaluated"}
    return tuple(
        finding
        for finding in baseline.findings
        if finding.rule in evaluated and finding.open and finding.fingerprint not in now
    )


def _known(finding: Mapping[str, Any]) -> KnownFinding:
    amount = {name: Decimal(value) for name, value in finding["amount"].items()}
    last = date.fromisoformat(finding["last"]) if finding["last"] else None
    line_set = int(finding["line_set"], 16) if finding["line_set"] else None
    figures = FindingTally(int(finding["lines"]), int(finding["quantity"]), amount, last, line_set)
    return KnownFinding(
        _whole(finding["fingerprint"]),
        _whole(finding["rule"]),
        _whole(finding["message"]),
        figures,
        finding["status"] == "open",
    )


def _whole(value: object) -> str:
    """Return a value that is a text of whole characters; raises TypeError, UnicodeEncodeError."""
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode("utf-8")  # halves of surrogate pairs are none
    return value


def _change(
    known: Mapping[str, KnownFinding],
    name: str,
    now: Mapping[str, FindingTally],
    tolerance: Tolerance,
) -> Change:
    before = known.get(name)
    if before is None:
        return "new"
    return changed(before.figures, now[name], tolerance) if before.open else "reopened"


def _figures(tables: ScanTables) -> dict[str, FindingTally]:
    """Return what is counted of each finding of the scan, by fingerprint."""
    rows = tables.rows(
        f"SELECT fingerprint, lines, quantity, amount, last, line_set FROM {FINDING}"
    )
    return {
        fingerprint: FindingTally(
            lines,
            int(quantity),
            {entry["currency"]: entry["amount"] for entry in amounts or ()},
            last,
            line_set,
        )
        for fingerprint, lines, quantity, amounts, last, line_set in rows
    }


def _seen_by(tables: ScanTables, day: date) -> list[str]:
    """Return the findings that a scan of the day, or of one before it, found open."""
    rows = tables.rows(
        f"SELECT fingerprint FROM {FINDING} WHERE first_seen <= $day AND first_seen < open_since",
        {"day": day},
    )
    return [fingerprint for (fingerprint,) in rows]


def _write(
    tables: ScanTables, known: Mapping[str, KnownFinding], changes: Mapping[str, Change]
) -> None:
    rows = [
        (name, change, *(_amounts(known[name].figures) if name in known else (None, None)))
        for name, change in changes.items()
    ]
    tables.refill(
        KNOWN,
        "SELECT unnest($names::VARCHAR[]), unnest($changes::VARCHAR[]), unnest($lines::BIGINT[]),"
        " unnest($amounts::VARCHAR[])",
        dict(
            zip(
                ("names", "changes", "lines", "amounts"),
                map(list, zip(*rows, strict=True)),
                strict=True,
            )
        )
        if rows
        else {"names": [], "changes": [], "lines": [], "amounts": []},
    )
    tables.execute(
        f"""UPDATE {FINDING} AS f SET change = k.change, known_lines = k.lines,
                known_amount = k.amount
            FROM {KNOWN} AS k WHERE k.fingerprint = f.fingerprint"""
    )


def _amounts(figures: FindingTally) -> tuple[int, str]:
    return figures.lines, json.dumps({name: str(value) for name, value in figures.amount.items()})

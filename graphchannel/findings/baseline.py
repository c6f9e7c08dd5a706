"""A baseline: the JSON report of an earlier scan, to tell new findings from known ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graphchannel.errors import InputError
from graphchannel.findings.model import Baseline, KnownFinding
from graphchannel.findings.tables import FINDING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphchannel.findings.model import RuleOutcome, ScanOptions
    from graphchannel.findings.tables import ScanTables

__all__ = ["mark_known", "read_baseline"]


def read_baseline(path: Path) -> Baseline:
    """Read the findings that were open in an earlier scan; a waived one does not make it known.

    Raises InputError if the file is no JSON report of a scan.
    """
    try:
        document: Any = json.loads(path.read_text("utf-8"))
        findings = [
            KnownFinding(*(_text(finding[name]) for name in ("fingerprint", "rule", "message")))
            for finding in document["findings"]
            if finding["status"] == "open"
        ]
    except RecursionError as error:
        raise InputError(f"{path}: the baseline cannot be read: it is nested too deep.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: the baseline cannot be read: {error}.") from error
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{path}: this is no baseline; expected what 'graphchannel scan --format json' wrote."
        ) from error
    return Baseline(path.name, tuple(findings))


def _text(value: object) -> str:
    """Return a value that is a text of whole characters; raises TypeError, UnicodeEncodeError."""
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode("utf-8")  # halves of surrogate pairs are none
    return value


def mark_known(
    tables: ScanTables, options: ScanOptions, outcomes: Sequence[RuleOutcome]
) -> tuple[KnownFinding, ...]:
    """Mark the findings that the baseline has; return those of the baseline that are gone.

    Only a rule that was evaluated can have lost a finding, and only a scan that leaves nothing out
    can tell.
    """
    baseline = options.baseline
    if baseline is None:
        return ()
    fingerprints = [finding.fingerprint for finding in baseline.findings]
    tables.execute(
        f"UPDATE {FINDING} SET known = fingerprint IN (SELECT unnest($known::VARCHAR[]))",
        {"known": fingerprints},
    )
    if options.narrowed:
        return ()
    evaluated = {outcome.id for outcome in outcomes if outcome.status == "evaluated"}
    now = {found for (found,) in tables.rows(f"SELECT fingerprint FROM {FINDING}")}
    return tuple(
        finding
        for finding in baseline.findings
        if finding.rule in evaluated and finding.fingerprint not in now
    )

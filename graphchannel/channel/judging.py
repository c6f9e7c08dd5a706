"""Judging a channel: the rules chosen, run, and held against an earlier scan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.findings import ScanOptions, scan
from graphchannel.findings.baseline import read_baseline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from graphchannel.channel.opening import Opening
    from graphchannel.findings import ScanResult
    from graphchannel.findings.model import Baseline
    from graphchannel.findings.scanner import Carry
    from graphchannel.policy import Severity

__all__ = ["scan_channel"]


def scan_channel(
    opening: Opening,
    globs: Sequence[str] = (),
    severity: Severity | None = None,
    *,
    as_of: date | None = None,
    since: date | None = None,
    until: date | None = None,
    partner: str | None = None,
    country: str | None = None,
    product: str | None = None,
    baseline: Baseline | Path | str | None = None,
    timeout: float | None = None,
    from_scratch: bool = False,
) -> ScanResult:
    """Run the rules that the globs and the severity leave. Raises RuleError, InputError.

    `from_scratch` takes no rows over from the last scan.
    """
    catalogue = opening.catalogue
    chosen = catalogue.select(globs, severity)
    if isinstance(baseline, Path | str):
        baseline = read_baseline(Path(baseline))
    workspace = opening.workspace
    options = ScanOptions(
        as_of=opening.day(as_of),
        since=since,
        until=until,
        partner=partner,
        country=country,
        product=product,
        baseline=baseline,
        rules=tuple(globs),
        severity=severity,
        timeout=timeout,
    )
    known = frozenset(rule.id for rule in catalogue.rules)
    with opening.asking(timeout) as (engine, _):
        return scan(
            workspace,
            chosen,
            options,
            engine=engine,
            known_rules=known,
            carry=_carry(opening, from_scratch=from_scratch),
        )


def _carry(opening: Opening, *, from_scratch: bool) -> Carry | None:
    """Tell what is carried over: nothing where what was known is asked, or no file is."""
    if opening.path is None or opening.known_at is not None:
        return None
    return "left" if from_scratch else "over"

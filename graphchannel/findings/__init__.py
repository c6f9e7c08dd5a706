"""Findings: offending rows grouped, named, waived and compared with an earlier scan."""

from __future__ import annotations

from graphchannel.findings.fingerprints import fingerprint
from graphchannel.findings.model import Finding, Ref, RuleOutcome, ScanOptions
from graphchannel.findings.result import ScanResult
from graphchannel.findings.scanner import scan

__all__ = ["Finding", "Ref", "RuleOutcome", "ScanOptions", "ScanResult", "fingerprint", "scan"]

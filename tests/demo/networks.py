"""Reading a generated network's truth, and finding the same by the oracle and by a scan."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from graphchannel import ingest
from graphchannel.findings import ScanOptions, scan
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.workspace import create_workspace
from tests.demo.oracle import Oracle

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from graphchannel.findings import Finding
    from tests.demo.oracle import Identity


class Totals(NamedTuple):
    lines: int
    quantity: int
    amount: dict[str, Decimal]
    first: str | None
    last: str | None


class Scanned(NamedTuple):
    findings: dict[Identity, Totals]
    waived: dict[Identity, tuple[str, int]]
    beyond: int


def planted(directory: Path, part: str | None = None) -> dict[Identity, Totals]:
    """Return the findings of truth.json, or those of one part of it, by identity."""
    found: dict[Identity, Totals] = {}
    for item in _items(directory, part):
        amount = {currency: Decimal(text) for currency, text in item["amount"].items()}
        assert _identity(item) not in found
        found[_identity(item)] = Totals(
            item["lines"], item["quantity"], amount, item["first"], item["last"]
        )
    return found


def planted_waivers(directory: Path) -> dict[Identity, tuple[str, int]]:
    """Return status and waived lines of the findings that a waiver touches."""
    return {
        _identity(item): (item["status"], item["waived_lines"])
        for item in _items(directory, None)
        if item["status"] == "waived" or item["waived_lines"]
    }


def judged(directory: Path, as_of: date) -> dict[Identity, Totals]:
    """Return what the oracle finds in the files."""
    return {
        identity: Totals(f.lines, f.quantity, f.amount, f.first, f.last)
        for identity, f in Oracle(directory, as_of).judge().items()
    }


def scanned(
    directory: Path,
    as_of: date,
    parameters: Mapping[str, float] | None = None,
    *,
    folder: Path | None = None,
) -> Scanned:
    """Load the files, every row of which must be accepted, and return what the scan finds.

    Of rules that the truth is not about, findings are only counted: they may find what they like.
    """
    catalogue = load_catalogue(folder or pack())
    known = known_rules(directory)
    policy = catalogue.policy
    given = {
        name: replace(policy.parameters[name], value=value)
        for name, value in (parameters or {}).items()
    }
    policy = replace(policy, parameters={**policy.parameters, **given})
    with create_workspace(None, policy) as workspace:
        report = ingest.load(workspace, [directory], policy)
        assert all(file.records == file.added for file in report.files)
        result = scan(workspace, replace(catalogue, policy=policy), ScanOptions(as_of=as_of))
        assert not result.failed
        findings: dict[Identity, Totals] = {}
        waived: dict[Identity, tuple[str, int]] = {}
        beyond = 0
        for f in result.findings():
            if f.rule not in known:
                beyond += 1
                continue
            identity = identity_of(f)
            first, last = (day.isoformat() if day else None for day in (f.first, f.last))
            findings[identity] = Totals(f.lines, f.quantity, dict(f.amount), first, last)
            if f.status == "waived" or f.waived_lines:
                waived[identity] = (f.status, f.waived_lines)
    return Scanned(findings, waived, beyond)


def identity_of(found: Finding) -> Identity:
    """Return what the oracle knows a finding by."""
    extra = {name: str(value) for name, value in found.identity.items()}
    object_ = found.object.id if found.object else None
    return _joined(found.rule, found.subject.id, object_, extra)


def known_rules(directory: Path) -> list[str]:
    """Return the rules that the truth is about."""
    rules: list[str] = _document(directory)["rules"]
    return rules


def _document(directory: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((directory / "truth.json").read_text("utf-8"))
    return document


def _items(directory: Path, part: str | None) -> list[dict[str, Any]]:
    document = _document(directory)
    items: list[dict[str, Any]] = (document[part] if part else document)["findings"]
    return items


def _identity(item: dict[str, Any]) -> Identity:
    return _joined(item["rule"], item["subject"], item["object"], item.get("identity", {}))


def _joined(rule: str, subject: str, object_: str | None, extra: Mapping[str, str]) -> Identity:
    parts = (object_, *(extra[name] for name in sorted(extra)))
    return (rule, subject, *(part for part in parts if part))

"""All that a finding says, as text that can be compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphchannel.findings import Finding


def as_text(told: object) -> str:
    return json.dumps(told, default=str, sort_keys=True)


def whole(found: Finding) -> dict[str, object]:
    """Return what a finding says, but its place among others and its fingerprint."""
    path = found.path
    return {
        "rule": found.rule,
        "of": [found.severity, found.status, found.section, found.message],
        "ends": [found.subject.id, found.object.id if found.object else None],
        "identity": dict(found.identity),
        "figures": [found.lines, found.quantity, found.unlisted, found.waived_units],
        "amount": dict(found.amount),
        "days": [found.first, found.last],
        "evidence": [dict(row) for row in found.evidence],
        "path": path
        and [
            [party.id for party in path.parties],
            path.shipments,
            path.broken_at,
            path.certainty,
            path.arrived,
            sorted((str(bound), bound.party.id) for bound in path.bounds),
            path.paths,
        ],
        "twins": sorted((twin.rule, twin.subject, twin.same) for twin in found.twins),
    }

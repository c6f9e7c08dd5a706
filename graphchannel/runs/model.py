"""The values of a run: what a scan judged and by what, and what it found."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from graphchannel.runs.checksum import Checksum

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import pyarrow as pa

    from graphchannel.findings.kept_rows import KeptScan

__all__ = ["INPUTS", "STATE", "Run", "RunRecord", "run_id"]

INPUTS = ("tool", "schema", "engine", "load", "workspace", "as_of", "filters", "policy", "rules")
_SHOWN = 12
# What is kept of a finding.
STATE = (
    "fingerprint", "rule", "subject", "object", "identity", "lines", "quantity", "amount", "first",
    "last", "line_set", "waived",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A scan that was kept.

    `id` is a hash of all that went in (`INPUTS` of the manifest), so that a scan of the same has
    the same one; `number` counts the runs of a workspace in their order, from 1. `at` is the
    moment, UTC. `whole` tells that nothing was left out, and its findings are kept.
    """

    number: int
    id: str
    at: datetime
    load: int
    as_of: date
    whole: bool
    manifest: Mapping[str, Any]

    @property
    def result(self) -> Mapping[str, Any]:
        """What came of it: the hash of the findings, and how many there are."""
        found: Mapping[str, Any] = self.manifest["result"]
        return found

    @property
    def statuses(self) -> dict[str, str]:
        """What became of each rule."""
        return {name: rule["status"] for name, rule in self.manifest["rules"].items()}

    @property
    def checksum(self) -> Checksum:
        """The state of the workspace that was scanned."""
        tables = {name: (rows, total) for name, (rows, total) in self.manifest["tables"].items()}
        return Checksum(self.load, tables)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run that is to be kept: `key` tells it from any other.

    `texts` are the policy and the rules, by hash. `findings` has the columns of
    `admin.run_findings` but `_run` and `_ended`; it is None where the run is not whole. `kept` are
    rows for the next scan, which do not wait beside the workspace.
    """

    key: str
    at: datetime
    manifest: Mapping[str, Any]
    texts: Mapping[str, str]
    findings: pa.Table | None
    kept: KeptScan | None = None

    @property
    def as_of(self) -> date:
        """The day that was judged."""
        return date.fromisoformat(self.manifest["as_of"])


def run_id(manifest: Mapping[str, Any]) -> str:
    """Return the hash of what went into a run, as people type it."""
    inputs = {name: manifest[name] for name in INPUTS}
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_SHOWN]

"""A scan's result → the record of its run."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from graphchannel.findings.judged_by import text_hash
from graphchannel.findings.tables import FINDING, RULE
from graphchannel.policy import policy_text
from graphchannel.runs.checksum import checksum
from graphchannel.runs.model import RunRecord, run_id
from graphchannel.version import __version__
from graphchannel.workspace_tables import FORMAT

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from graphchannel.findings import ScanResult
    from graphchannel.runs.checksum import Checksum

__all__ = ["record", "result_hash"]

_STATE = f"""
SELECT f.fingerprint, r.id AS rule, f.subject, f.object, f.identity, f.lines, f.quantity, f.amount,
       f.first, f.last, f.line_set, f.waived
FROM {FINDING} f JOIN {RULE} r ON r.number = f.rule
ORDER BY f.number
"""
_LISTED = f"""
SELECT coalesce(string_agg(concat_ws('|', fingerprint, lines, quantity,
           coalesce(amount::VARCHAR, ''), coalesce(first::VARCHAR, ''),
           coalesce(last::VARCHAR, ''), coalesce(line_set::VARCHAR, ''), waived_lines, waived,
           nullif(waived_units, 0)),
       chr(10) ORDER BY number), '')
FROM {FINDING}
"""


def record(result: ScanResult, *, earlier: Checksum | None, whole: bool) -> RunRecord:
    """Put down what a scan judged and what it found. Raises ResultGone if the result is gone.

    `earlier` is a known state of the workspace, from which its checksum follows more quickly.
    """
    with result.session.reading() as connection:
        state = checksum(connection, result.session.revision.load, earlier)
        found = result_hash(connection, result)
        findings = _findings(connection) if whole else None
    manifest = _inputs(result, state) | {
        "tables": {name: list(sums) for name, sums in state.tables.items()},
        "result": {"hash": found, "findings": result.count(), "waived": result.count(waived=True)},
        "counts": {one.id: one.findings - one.waived for one in result.outcomes if one.findings},
        "baseline": result.baseline.name if result.baseline else None,
        "carried": dict(result.carried),
    }
    texts = {text_hash(rule.text): rule.text for rule in result.rules}
    policy = policy_text(result.policy)
    now = datetime.now(UTC).replace(tzinfo=None)
    return RunRecord(
        f"{now:%Y%m%d%H%M%S%f}{secrets.token_hex(4)}",  # in the order of time within a second, too
        now.replace(microsecond=0),
        {"id": run_id(manifest)} | manifest,
        texts | {text_hash(policy): policy},
        findings,
        result.kept,
    )


def result_hash(connection: duckdb.DuckDBPyConnection, result: ScanResult) -> str:
    """Return the SHA-256 of all findings, a line each in their one order, and of what ran."""
    ((listed,),) = connection.execute(_LISTED).fetchall()
    statuses = "".join(f"{one.id} {one.severity} {one.status}\n" for one in result.outcomes)
    return hashlib.sha256(f"{statuses}{listed}".encode()).hexdigest()


def _inputs(result: ScanResult, state: Checksum) -> dict[str, Any]:
    policy = result.policy
    return {
        "tool": __version__,
        "schema": FORMAT,
        "engine": result.engine,
        "load": state.load,
        "workspace": state.digest,
        "as_of": result.as_of.isoformat(),
        "filters": result.judged.filters,
        "policy": {"name": policy.name, "hash": text_hash(policy_text(policy))},
        "rules": {
            name: {"hash": rule.text, "severity": rule.severity, "status": rule.status}
            for name, rule in result.judged.rules.items()
        },
    }


def _findings(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    return connection.sql(_STATE).to_arrow_table()

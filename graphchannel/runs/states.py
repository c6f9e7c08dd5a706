"""What a run found, finding by finding: kept with the run, or scanned again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphchannel.findings.change import FindingTally
from graphchannel.findings.tables import FINDING, RULE
from graphchannel.runs.model import STATE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import duckdb
    import pyarrow as pa

    from graphchannel.findings import ScanResult
    from graphchannel.runs.model import Run, RunRecord

__all__ = ["FindingState", "kept_states", "record_states", "scanned_states", "states_of"]


@dataclass(frozen=True, slots=True)
class FindingState:
    """A finding as a run had it; `identity` is what else tells it apart, encoded."""

    rule: str
    subject: str
    object: str | None
    identity: str | None
    tally: FindingTally
    waived: bool


def kept_states(connection: duckdb.DuckDBPyConnection, run: Run) -> dict[str, FindingState]:
    """Return the findings of a whole run by fingerprint, as the workspace keeps them."""
    rows = connection.execute(
        f"""SELECT {", ".join(STATE)} FROM admin.run_findings
            WHERE _run <= $run AND (_ended IS NULL OR _ended > $run)""",
        {"run": run.number},
    ).fetchall()
    return _states(rows)


def record_states(record: RunRecord) -> dict[str, FindingState] | None:
    """Return the findings of a run that waits to be written; None if it is not whole."""
    return None if record.findings is None else states_of(record.findings)


def states_of(findings: pa.Table, chosen: Collection[str] | None = None) -> dict[str, FindingState]:
    """Return findings by fingerprint, or those chosen, of a table of what a run found."""
    if chosen is not None:
        import pyarrow as pa  # noqa: PLC0415 - only where findings are worked on
        import pyarrow.compute as pc  # noqa: PLC0415 - with it

        wanted = pa.array(sorted(chosen), pa.string())
        findings = findings.filter(pc.is_in(findings["fingerprint"], value_set=wanted))
    return _states(tuple(row[name] for name in STATE) for row in findings.to_pylist())


def scanned_states(result: ScanResult) -> dict[str, FindingState]:
    """Return the findings of a scan by fingerprint."""
    columns = ", ".join("r.id" if name == "rule" else f"f.{name}" for name in STATE)
    with result.session.reading() as connection:
        rows = connection.execute(
            f"SELECT {columns} FROM {FINDING} f JOIN {RULE} r ON r.number = f.rule"
        ).fetchall()
    return _states(rows)


def _states(rows: Iterable[tuple[Any, ...]]) -> dict[str, FindingState]:
    found = {}
    for row in rows:
        values: Mapping[str, Any] = dict(zip(STATE, row, strict=True))
        amount = {one["currency"]: one["amount"] for one in values["amount"] or ()}
        tally = FindingTally(
            values["lines"], int(values["quantity"]), amount, values["last"], values["line_set"]
        )
        found[values["fingerprint"]] = FindingState(
            values["rule"],
            values["subject"],
            values["object"],
            values["identity"],
            tally,
            values["waived"],
        )
    return found

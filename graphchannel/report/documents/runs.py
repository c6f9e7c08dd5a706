"""Runs as documents: all of them, one in full, and what became of one that was repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphchannel.report.document import Column, Document, Section, listing
from graphchannel.report.figures import plain
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphchannel.channel.results import RunInFull
    from graphchannel.runs.model import Run
    from graphchannel.runs.repeat import Verification

__all__ = ["run_document", "runs_document", "verification_document"]

_RUNS: tuple[Column[Run], ...] = (
    Column("run", lambda run: run.number, "number"),
    Column("id", lambda run: run.id, "id"),
    Column("at", lambda run: str(run.at)),
    Column("as_of", lambda run: run.as_of),
    Column("load", lambda run: run.load, "number"),
    Column("findings", lambda run: run.result["findings"], "count"),
    Column("waived", lambda run: run.result["waived"], "count", spare=True),
    Column("filters", lambda run: filters_text(run.manifest["filters"]), spare=True),
    Column("engine", lambda run: run.manifest["engine"], spare=True),
)
_FILES: tuple[Column[Mapping[str, Any]], ...] = (
    Column("load", lambda row: row["load"], "number"),
    Column("finished_at", lambda row: str(row["finished_at"])),
    Column("file", lambda row: row["file"]),
    Column("bytes", lambda row: row["bytes"], "count"),
    Column("sha256", lambda row: row["sha256"], "id"),
)
_RULES: tuple[Column[tuple[str, Mapping[str, Any]]], ...] = (
    Column("id", lambda rule: rule[0], "id"),
    Column("severity", lambda rule: rule[1]["severity"], "severity"),
    Column("status", lambda rule: rule[1]["status"]),
    Column("hash", lambda rule: rule[1]["hash"], "id"),
    Column("carried", lambda rule: rule[1]["carried"]),
)
_DIFFERING: tuple[Column[tuple[str, tuple[int, int]]], ...] = (
    Column("rule", lambda row: row[0], "id"),
    Column("then", lambda row: row[1][0], "count"),
    Column("now", lambda row: row[1][1], "count"),
)


def runs_document(runs: Sequence[Run]) -> Document:
    """List runs in their order; times are UTC."""
    return listing(Section("runs", "", _RUNS, runs))


def run_document(full: RunInFull) -> Document:
    """Tell what a run judged, by which rules, and which files its rows came from."""
    run = full.run
    manifest = run.manifest
    facts = {
        "run": run.number,
        "id": run.id,
        "at": run.at.isoformat(),
        **{name: plain(manifest[name]) for name in ("as_of", "load", "filters", "engine")},
        **{name: manifest[name] for name in ("tool", "schema", "policy", "workspace")},
        "result": manifest["result"],
        "baseline": manifest["baseline"],
    }
    carried = manifest.get("carried", {})  # runs of earlier versions do not say
    rules = tuple(
        (name, rule | {"carried": carried.get(name)}) for name, rule in manifest["rules"].items()
    )
    return Document(
        headline=f"Run {run.number} ({run.id}), {run.at} UTC.",
        facts=facts,
        sections=(
            Section("loads", "Loads in force", _FILES, tuple(full.records())),
            Section("rules", "Rules", _RULES, rules, printed=False),
        ),
        lines=("", *_lines(run)),
    )


def verification_document(done: Verification) -> Document:
    """Tell whether a run was repeated to the byte, and where it was not."""
    run = done.run
    remarks = (
        []
        if done.tool is None
        else [f"The run was made by version {done.tool} of graphchannel, which is another."]
    )
    return Document(
        headline=_verdict(done),
        facts={
            "run": run.number,
            "id": run.id,
            "same": done.same,
            "rows": done.rows,
            "findings": done.findings,
            "tool": done.tool,
        },
        sections=(
            Section(
                "differing",
                "Rules with another number of findings",
                _DIFFERING,
                tuple(done.differing.items()),
                printed=bool(done.differing),
            ),
        ),
        remarks=remarks,
    )


def filters_text(filters: Mapping[str, object]) -> str:
    """Return filters as the options that they were."""
    words = []
    for name, value in filters.items():
        values = value if isinstance(value, list) else [value]
        words += [f"--{'rule' if name == 'rules' else name} {one}" for one in values]
    return " ".join(words)


def _lines(run: Run) -> Iterator[str]:
    manifest = run.manifest
    policy, result = manifest["policy"], manifest["result"]
    yield f"As of        {run.as_of}, as known at load {run.load}"
    if manifest["filters"]:
        yield f"Filters      {filters_text(manifest['filters'])}"
    yield f"Policy       {policy['name']}, SHA-256 {policy['hash']}"
    yield f"Rules        {counted(len(manifest['rules']), 'rule')}"
    carried = list(manifest.get("carried", {}).values())
    if carried:
        near = carried.count("changed lines")
        but = f", {near:,} of them but for changed lines" if near else ""
        yield f"Carried over {counted(len(carried), 'rule')} from the scan before{but}"
    yield f"Made by      graphchannel {manifest['tool']}, engine {manifest['engine']}"
    yield f"Rows         SHA-256 {manifest['workspace']}"
    yield f"Findings     {result['findings']:,} open, {result['waived']:,} waived"
    yield f"             SHA-256 {result['hash']}"


def _verdict(done: Verification) -> str:
    run = f"Run {done.run.number} ({done.run.id})"
    if done.same:
        return f"{run} repeated: the same rows, the same findings, byte by byte."
    if not done.rows:
        return f"{run} is not repeated: the rows that were known then are not the same any more."
    return f"{run} is not repeated: the rows are the same, the findings are not."

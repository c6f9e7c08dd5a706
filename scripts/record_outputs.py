"""Record what every command prints on the demo, in every format: to compare before and after.

    python -m scripts.record_outputs FOLDER

writes one file a command and format, with its exit code, standard output and standard error, and
the files that it was asked to write. Two folders recorded from one state of the code are the same
byte for byte; `diff -r` of two folders tells what a change made different. Commands that need a
Neo4j server are recorded by their help only.
"""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.resources import pack

if TYPE_CHECKING:
    from collections.abc import Iterator

ON = "--workspace demo.duckdb --as-of 2015-06-30"
QUERY = (
    "MATCH (s:Partner)-[x:SUPPLIED]->(b:EndUser) "
    "RETURN s.id AS seller, count(*) AS lines, sum(x.amount) AS amount "
    "ORDER BY lines DESC, seller LIMIT 20"
)
# The commands to record, without --format; {…} is filled in from the demo itself.
CASES = (
    "config",
    "coverage cities {on}",
    "coverage cities {on} --compare-to 2015-01-01 --key-city-population 300000",
    "coverage cities {on} --section cities",
    "coverage distributors {on}",
    "coverage distributors {on} --compare-to 2015-01-01",
    "coverage regions {on}",
    "coverage regions {on} --country DE --compare-to 2015-01-01",
    "coverage regions {on} --level country",
    "coverage regions {on} --chart regions.svg",
    "kpi {on}",
    "kpi {on} --section issuers",
    "kpi {on} --chart kpi.svg",
    "loaders list",
    "loaders show pos-flat",
    "loads --workspace demo.duckdb",
    "observability {on}",
    "observability {on} --top 5",
    "partner {subject} {on}",
    "policy show",
    "policy check",
    "query --workspace demo.duckdb {query}",
    "query --workspace demo.duckdb --sql {query}",
    "recommend branches {on} --budget 3",
    "recommend partners {on} --budget 3",
    "rejects --workspace demo.duckdb",
    "resilience {on}",
    "resilience {on} --chart resilience.svg",
    "rules list",
    "rules show supply/after-termination",
    "rules check {pack}",
    "scan {on}",
    "scan {on} --by subject",
    "scan {on} --rule supply/* --top 5",
    "scan {on} --since 2015-03-01 --country DE --show-waived",
    "scan {on} --partner {subject}",
    "show {lines} {on}",
    "show {path} {on}",
    "show {serial} {on}",
    "show {node} {on}",
    "simulate {on} --terminate {distributor}",
    "simulate {on} --terminate {distributor} --chart simulate.svg",
    "status --workspace demo.duckdb",
    "template channel",
    "trace {on} --from {distributor}",
    "trace {on} --to {end_user}",
    "trace {on} --serial {number}",
    "trace {on} --line {line}",
    "scan --workspace absent.duckdb",
    "scan {on} --partner nobody",
    "coverage regions {on} --country ZZ",
    "kpi {on} --section nothing",
    "query --workspace demo.duckdb 'MATCH (a) RETURN b'",
    "unload 99 --workspace demo.duckdb",
)
NAMED = {"lines": "supply/", "path": "paths/diverted", "serial": "serials/", "node": "coverage/"}


def record(folder: Path) -> None:
    """Run every case in a demo folder made anew below `folder`, and keep what each printed."""
    shutil.rmtree(folder, ignore_errors=True)
    work = folder / "work"
    work.mkdir(parents=True)
    with contextlib.chdir(work):
        _keep(folder, "demo", _run("demo"))
        known = _known()
        for number, case in enumerate(CASES):
            command = case.format(on=ON, **known)
            formats = _formats(shlex.split(command))
            for format_ in formats:
                words = f"{command} --format {format_}" if format_ else command
                if format_ == "xlsx":
                    continue  # a workbook has its moment of writing in it; see tests/report
                _keep(folder, f"{number:02d} {case} {format_ or ''}", _run(words))
    _keep(folder, "help", "".join(_help(main, ["graphchannel"])))
    for written in sorted(work.rglob("*")):
        if written.suffix in {".svg", ".csv", ".md"}:
            shutil.copy(written, folder / f"file {written.name}")
    shutil.rmtree(work)


def _known() -> dict[str, str]:
    """Return ids of the demo that cases name: findings of each kind, partners, a serial number."""
    findings = json.loads(_stdout(f"scan {ON} --format json"))["findings"]
    found = {
        name: next(f["fingerprint"] for f in findings if f["rule"].startswith(prefix))
        for name, prefix in NAMED.items()
    }
    subject = next(f["subject"]["id"] for f in findings if f["rule"].startswith("supply/"))
    asked = {
        "distributor": "MATCH (p:Partner)-[c:CERTIFIED_BY]->() WHERE c.role = 'distributor' "
        "RETURN min(p.id) AS id",
        "end_user": "MATCH ()-[s:SUPPLIED]->(e:EndUser) RETURN min(e.id) AS id",
        "line": "MATCH ()-[s:SUPPLIED]->(e:EndUser) RETURN min(s.id) AS id",
        "number": "MATCH ()-[h:HANDED_OVER]->(:EndUser) RETURN min(h.serial) AS id",
    }
    for name, query in asked.items():
        words = f"query --workspace demo.duckdb --format json {shlex.quote(query)}"
        found[name] = json.loads(_stdout(words))[0]["id"]
    return found | {"subject": subject, "query": shlex.quote(QUERY), "pack": str(pack())}


def _run(words: str) -> str:
    result = CliRunner().invoke(
        main, shlex.split(words), env={"COLUMNS": "100", "GRAPHCHANNEL_PACK": None}
    )
    failed = result.exception
    crashed = "" if failed is None or isinstance(failed, SystemExit) else f"{failed!r}\n"
    text = f"$ graphchannel {words}\n[{result.exit_code}]\n{result.stdout}---\n{result.stderr}"
    text = text.replace(str(pack()), "PACK")
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", "MOMENT", text) + crashed


def _stdout(words: str) -> str:
    return CliRunner().invoke(main, shlex.split(words), catch_exceptions=False).stdout


def _formats(words: list[str]) -> list[str | None]:
    """Return the formats of the command that the words name, [None] if it has no choice."""
    command: click.Command | None = main
    context = click.Context(main)
    for word in words:
        if not isinstance(command, click.Group):
            break
        command = command.get_command(context, word)
    for parameter in command.params if command else ():
        if parameter.name == "format_" and isinstance(parameter.type, click.Choice):
            return [str(choice) for choice in parameter.type.choices]
    return [None]


def _help(command: click.Command, names: list[str]) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(names), max_content_width=88)
    yield f"## {' '.join(names)}\n{command.get_help(context)}\n\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None, name  # noqa: S101 - it was listed
            yield from _help(child, [*names, name])


def _keep(folder: Path, name: str, text: str) -> None:
    safe = re.sub(r"[^a-z0-9.=-]+", "-", name.lower().replace(str(pack()), "pack")).strip("-")
    (folder / f"{safe[:100]}.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    record(Path(sys.argv[1]).resolve())

"""What is measured for one number of lines: whole processes, and the ratios between them."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from bench.peers import ABSENT, PEERS
from bench.process import Run, graphchannel, python

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["Measured", "machine", "measure"]

_PLAIN = """
import duckdb, sys
with duckdb.connect(sys.argv[2]) as connection:
    connection.execute(f"CREATE TABLE lines AS FROM '{sys.argv[1]}'")
"""
_LINES_PER_PARTNER = 100
_BOTH_WAYS = """
MATCH (a:Partner)-[:SUPPLIED]->(b:Partner)-[:SUPPLIED]->(a) WHERE a.id < b.id
RETURN DISTINCT a.id AS one, b.id AS other
"""


@dataclass(slots=True)
class Measured:
    """Figures of one number of lines.

    `runs` have seconds of wall time and of CPU and the peak memory in MiB, `ratios` are of CPU: a
    process that waits for its turn takes no more of it. `different` are answers that did not agree.
    """

    lines: int
    partners: int
    runs: dict[str, dict[str, float]] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    rules_compared: int = 0
    different: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def add(self, name: str, run: Run) -> None:
        """Keep what a process took."""
        figures = {"seconds": run.seconds, "cpu": run.cpu, "mebibytes": run.mebibytes}
        self.runs[name] = {key: round(value, 2) for key, value in figures.items()}

    def compare(self, name: str, over: Sequence[str], under: Sequence[str]) -> None:
        """Keep the ratio of the CPU of some processes to that of others."""
        above, below = (sum(self.runs[one]["cpu"] for one in names) for names in (over, under))
        self.ratios[name] = round(above / below, 2)


def machine() -> dict[str, object]:
    """Return what the figures depend on besides the code."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }


def measure(folder: Path, lines: int, repeat: int) -> dict[str, Any]:
    """Measure one generated channel, each process the fastest of `repeat` runs; return the figures.

    Raises RuntimeError if a process fails.
    """
    partners = max(700, lines // _LINES_PER_PARTNER)
    measured = Measured(lines, partners)
    data, workspace = folder / "data", folder / "channel.duckdb"
    sizes = ("--partners", str(partners), "--lines", str(lines), "--seed", "1")
    measured.add("generate", graphchannel("generate", str(data), *sizes))
    as_of = json.loads((data / "truth.json").read_text("utf-8"))["as_of"]
    hand = _fastest(repeat, lambda: python("-m", "bench.handwritten", str(data), "csv", as_of))
    by_hand: dict[str, list[int]] = json.loads(hand.output)

    def scan(*rules: str) -> Run:
        chosen = [option for rule in rules for option in ("--rule", rule)]
        given = ("--workspace", str(workspace), "--as-of", as_of, "--format", "json")
        return graphchannel("scan", *given, "--from-scratch", *chosen)

    measured.add("plain read_csv", _fastest(repeat, lambda: _plain(folder, data)))
    measured.add("load", _fastest(repeat, lambda: _load(workspace, data)))
    measured.add("scan, rules by hand", _fastest(repeat, lambda: scan(*by_hand)))
    everything = _fastest(repeat, scan)
    measured.add("scan, all rules", everything)
    measured.add("by hand", hand)
    measured.compare("load : plain read_csv", ["load"], ["plain read_csv"])
    measured.compare("load and scan : by hand", ["load", "scan, rules by hand"], ["by hand"])
    measured.compare("all rules : rules by hand", ["scan, all rules"], ["scan, rules by hand"])
    found = {
        rule["id"]: [rule["findings"], rule["lines"]]
        for rule in json.loads(everything.output)["rules"]
        if rule["status"] == "evaluated"
    }
    _compare_findings(measured, found, by_hand)
    _ask_peers(measured, folder, repeat, found, as_of)
    return asdict(measured)


def _fastest(repeat: int, run: Callable[[], Run]) -> Run:
    return min((run() for _ in range(repeat)), key=lambda one: one.cpu)


def _plain(folder: Path, data: Path) -> Run:
    target = folder / "plain.duckdb"
    target.unlink(missing_ok=True)
    return python("-c", _PLAIN, str(data / "shipments.csv"), str(target))


def _load(workspace: Path, data: Path) -> Run:
    workspace.unlink(missing_ok=True)
    return graphchannel("load", str(data), "--workspace", str(workspace))


def _compare_findings(
    measured: Measured, found: dict[str, list[int]], by_hand: dict[str, list[int]]
) -> None:
    """Note which rules find something else by hand: other numbers of findings or lines."""
    for rule in sorted(found.keys() & by_hand.keys()):
        measured.rules_compared += 1
        if found[rule] != by_hand[rule]:
            measured.different.append(f"{rule}: {found[rule]}, by hand {by_hand[rule]}")


def _ask_peers(
    measured: Measured, folder: Path, repeat: int, found: dict[str, list[int]], as_of: str
) -> None:
    """Let other libraries answer the same questions from the same files."""
    workspace, data = str(folder / "channel.duckdb"), str(folder / "data")
    asked = {
        "uncertified": lambda: graphchannel(
            "scan", "--workspace", workspace, "--as-of", as_of, "--format", "json",
            "--from-scratch", "--rule", "supply/uncertified-seller",
        ),
        "both-ways": lambda: graphchannel(
            "query", "--workspace", workspace, "--format", "json", _BOTH_WAYS
        ),
    }  # fmt: skip
    answers: dict[str, Any] = {}
    for question, ask in asked.items():
        ours = _fastest(repeat, ask)
        measured.add(f"{question}, graphchannel", ours)
        answers[question] = ours.output
    expected: dict[str, Any] = {
        "uncertified": found["supply/uncertified-seller"],
        "both-ways": [len(json.loads(answers["both-ways"]))],
    }
    for peer, question in PEERS:
        name = f"{question}, {peer}"
        run = _fastest(repeat, lambda: python("-m", "bench.peers", peer, question, data, as_of))  # noqa: B023 - called at once
        answer = json.loads(run.output)
        if answer == ABSENT:
            measured.absent.append(peer)
            continue
        measured.add(name, run)
        if answer != expected[question]:
            measured.different.append(f"{name}: {answer}, graphchannel {expected[question]}")
        measured.compare(
            f"load and {question} : {peer}", ["load", f"{question}, graphchannel"], [name]
        )

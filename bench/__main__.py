"""`python -m bench [--lines N …]`: load and scan against hand-written DuckDB scripts.

Every figure is a ratio of two whole processes of one run on one machine; machines are shared and
noisy, so single seconds say little. Findings are compared before times are.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from bench.process import Run, graphchannel, python
from bench.rules import compare_rules

_PLAIN = """
import duckdb, sys
with duckdb.connect(sys.argv[2]) as connection:
    connection.execute(f"CREATE TABLE lines AS FROM '{sys.argv[1]}'")
"""


def main() -> None:
    """Measure for each number of lines, then how time grows between them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[2_000_000])
    parser.add_argument("--partners", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=2, help="the fastest of so many runs counts")
    options = parser.parse_args()
    whole: dict[int, float] = {}
    for lines in options.lines:
        with tempfile.TemporaryDirectory(prefix="graphchannel-bench-") as folder:
            whole[lines] = measure(Path(folder), options.partners, lines, options.repeat)
    smallest, largest = min(whole), max(whole)
    if smallest < largest:
        growth = whole[largest] / whole[smallest]
        print(f"\ngrowth from {smallest:,} to {largest:,} lines: {growth:.2f}x (goal 5.5x for 5x)")


def measure(folder: Path, partners: int, lines: int, repeat: int) -> float:
    """Print the figures for one number of lines; return the seconds from CSV to findings."""
    print(f"\n{lines:,} lines, {partners:,} partners")
    data = folder / "data"
    made = graphchannel(
        "generate", str(data), "--partners", str(partners), "--lines", str(lines), "--seed", "1"
    )
    print(f"  generate            {made.seconds:8.2f} s {made.mebibytes:8.0f} MiB")
    as_of = json.loads((data / "truth.json").read_text("utf-8"))["as_of"]
    plain = fastest(repeat, lambda: _plain(folder, data))
    load = fastest(repeat, lambda: _load(folder, data))
    hand = fastest(repeat, lambda: python("-m", "bench.handwritten", str(data), "csv", as_of))
    rules = sorted(json.loads(hand.output))  # analyses are not written by hand
    scan = fastest(repeat, lambda: _scan(folder, as_of, *rules))
    everything = fastest(repeat, lambda: _scan(folder, as_of))
    _row("plain read_csv", plain)
    _row("load", load, plain, "goal 3.2x")
    _row("scan", scan)
    _row("scan, all rules", everything)
    _row("hand-written", hand)
    both = Run(load.seconds + scan.seconds, max(load.mebibytes, scan.mebibytes), scan.output)
    _row("load and scan", both, hand, "goal 2x, 4096 MiB")
    _compare_findings(json.loads(everything.output), json.loads(hand.output))
    compare_rules(folder / "channel.duckdb", as_of)
    return both.seconds


def fastest(repeat: int, run: Any) -> Run:
    """Return the fastest of several runs."""
    runs: list[Run] = [run() for _ in range(repeat)]
    return min(runs, key=lambda one: one.seconds)


def _plain(folder: Path, data: Path) -> Run:
    target = folder / "plain.duckdb"
    target.unlink(missing_ok=True)
    return python("-c", _PLAIN, str(data / "shipments.csv"), str(target))


def _load(folder: Path, data: Path) -> Run:
    target = folder / "channel.duckdb"
    target.unlink(missing_ok=True)
    return graphchannel("load", str(data), "--workspace", str(target))


def _scan(folder: Path, as_of: str, *rules: str) -> Run:
    """Run these rules, all of them where none is named."""
    options = [option for rule in rules for option in ("--rule", rule)]
    workspace = str(folder / "channel.duckdb")
    return graphchannel(
        "scan", "--workspace", workspace, "--as-of", as_of, "--format", "json", *options
    )


def _row(name: str, run: Run, base: Run | None = None, goal: str = "") -> None:
    ratio = f"{run.seconds / base.seconds:6.2f}x ({goal})" if base else ""
    print(f"  {name:<20}{run.seconds:8.2f} s {run.mebibytes:8.0f} MiB {ratio}".rstrip())


def _compare_findings(scan: dict[str, Any], hand: dict[str, list[int]]) -> None:
    """Say whether both found the same: findings and lines of each evaluated rule."""
    counts = {rule["id"]: [rule["findings"], rule["lines"]] for rule in scan["rules"]}
    evaluated = {rule["id"] for rule in scan["rules"] if rule["status"] == "evaluated"}
    differing = sorted(rule for rule in evaluated & hand.keys() if counts[rule] != hand[rule])
    for rule in differing:
        print(f"  DIFFERENT {rule}: scan {counts[rule]}, by hand {hand[rule]}")
    same = len(evaluated & hand.keys()) - len(differing)
    print(f"  findings: {same} rules equal, {len(differing)} different")
    for rule in sorted(evaluated ^ hand.keys()):
        print(f"  not compared: {rule}")


if __name__ == "__main__":
    main()

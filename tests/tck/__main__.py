"""Print how the compiler does on the TCK: `python -m tests.tck [--show PATTERN] [ROOT]`."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tck.engines import CompilerEngine, ReferenceEngine
from tests.tck.runner import Status, all_scenarios, returns_rows, run_scenario, tck_root

if TYPE_CHECKING:
    from tests.tck.runner import Outcome
    from tests.tck.scenarios import Scenario


def main() -> int:
    """Run everything; exit 1 when a scenario disagrees."""
    parser = argparse.ArgumentParser(prog="python -m tests.tck", description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=tck_root())
    parser.add_argument("--reference", action="store_true", help="try the interpreter instead")
    parser.add_argument("--by-labels", action="store_true", help="a table per set of labels")
    parser.add_argument("--show", help="print scenarios whose outcome matches this pattern")
    options = parser.parse_args()
    engine = ReferenceEngine() if options.reference else CompilerEngine(by_labels=options.by_labels)
    results = [
        (scenario, run_scenario(scenario, engine, options.root))
        for scenario in all_scenarios(options.root)
    ]
    for scenario, outcome in results:
        line = f"{outcome.status.value} {outcome.construct}: {outcome.detail}"
        shown = outcome.status is Status.DISAGREES or (
            options.show and re.search(options.show, f"{scenario.folder} {scenario.name} {line}")
        )
        if shown:
            print_scenario(scenario, line)
    print_counts(results)
    return int(any(outcome.status is Status.DISAGREES for _, outcome in results))


def print_scenario(scenario: Scenario, line: str) -> None:
    """Print what a scenario ran and how it ended."""
    write(f"{scenario.folder} / {scenario.name}\n  {line}\n")
    for text in (*scenario.setups, *(execution.query for execution in scenario.executions)):
        write("".join(f"    {row}\n" for row in text.splitlines()))


def print_counts(results: list[tuple[Scenario, Outcome]]) -> None:
    """Print outcomes by folder, and refusals by construct."""
    write(f"\n{'folder':40}" + "".join(f"{status.value:>11}" for status in Status) + "\n")
    folders = sorted({scenario.folder for scenario, _ in results})
    for folder in (*folders, ""):
        counts = Counter(o.status for s, o in results if not folder or s.folder == folder)
        numbers = "".join(f"{counts[status]:>11}" for status in Status)
        write(f"{folder or 'all':40}{numbers}\n")
    print_shares(results)
    errors = sum(o.status is Status.AGREES and o.construct == "an error" for _, o in results)
    write(f"\n{errors} of those that agree expect an error\n\nrefused for\n")
    constructs = Counter(o.construct for _, o in results if o.status is Status.REFUSED)
    for construct, number in constructs.most_common():
        write(f"{number:>6}  {construct}\n")


def print_shares(results: list[tuple[Scenario, Outcome]]) -> None:
    """Print how many of the scenarios that only read, and expect rows, agree."""
    for what, temporal in (("without temporal values", False), ("with them", True)):
        counted = [
            outcome
            for scenario, outcome in results
            if returns_rows(scenario) and (temporal or "temporal" not in scenario.folder)
        ]
        agree = sum(outcome.status is Status.AGREES for outcome in counted)
        share = 100 * agree / max(len(counted), 1)
        write(f"{agree} of {len(counted)} that return rows agree, {what}: {share:.1f} %\n")


def write(text: str) -> None:
    """Write to standard output."""
    sys.stdout.write(text)


if __name__ == "__main__":
    sys.exit(main())
